-- Identities with more than one content within a case of this chunk. The first place stands in the fold, the others are conflicts.
SELECT stream, case_id, source, event_id
FROM {{database}}.events
WHERE {{chunk}} AND stream IN {streams:Array(String)} AND (stream, case_id) IN
(
    SELECT stream, case_id
    FROM {{database}}.events
    WHERE {{chunk}} AND stream IN {streams:Array(String)}
    GROUP BY stream, case_id
    HAVING uniqExact(topic, partition, offset) > uniqExact(source, event_id)
)
GROUP BY stream, case_id, source, event_id
HAVING uniqExact(occurred_at, ifNull(toUnixTimestamp64Milli(recorded_at), -1), seq, data) > 1
ORDER BY stream, case_id, source, event_id
