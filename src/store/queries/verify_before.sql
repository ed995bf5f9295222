-- Where a hole would begin that lies right before what was taken in since: one behind the last offset held before that, by partition.
WITH places AS
(
    SELECT topic, partition, offset, ingested_at FROM {{database}}.events
    UNION ALL
    SELECT topic, partition, offset, ingested_at FROM {{database}}.quarantine WHERE state != 'replayed'
)
SELECT toString(topic) AS topic, partition, max(offset) + 1 AS next
FROM places
INNER JOIN
(
    SELECT topic, partition, min(offset) AS recent
    FROM places
    WHERE ingested_at >= fromUnixTimestamp64Milli({since:Int64})
    GROUP BY topic, partition
) AS lately USING (topic, partition)
WHERE offset < recent
GROUP BY topic, partition
