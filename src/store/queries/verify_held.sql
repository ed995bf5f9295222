-- How far the ledger and the quarantine go, by partition, and whether anything of it was taken in since.
SELECT toString(topic) AS topic, partition, max(offset) + 1 AS next, count() AS messages,
    toBool(max(ingested_at) >= fromUnixTimestamp64Milli({since:Int64})) AS is_recent
FROM
(
    SELECT topic, partition, offset, ingested_at FROM {{database}}.events
    UNION ALL
    SELECT topic, partition, offset, ingested_at FROM {{database}}.quarantine WHERE state != 'replayed'
)
GROUP BY topic, partition
ORDER BY topic, partition
