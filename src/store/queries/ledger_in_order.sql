-- The ledger in the order of its sorting key, so that a case comes whole and nothing has to be sorted or kept. Behind the last
-- row comes one without a topic and under a number that no case has: an answer that was cut off does not have it.
SELECT *
FROM
(
    SELECT case_id, source, event_id, topic, partition, offset, stream, envelope, occurred_at, recorded_at, ingested_at, seq, data
    FROM {{database}}.events
    WHERE case_id > {after:String}{{conditions}}
    UNION ALL
    SELECT repeat('\xF4\x8F\xBF\xBF', 64), '', '', '', 0, 0, '', '', toDateTime64(0, 3, 'Asia/Shanghai'), NULL,
        toDateTime64(0, 3, 'Asia/Shanghai'), 0, ''
)
ORDER BY case_id
