-- How far it was compared, and how long ago that was, whoever did it.
SELECT stream, topic, partition, next, seen,
    toUnixTimestamp64Milli(now64(3)) - toUnixTimestamp64Milli(swept_at) AS age_ms
FROM {{database}}.swept FINAL
WHERE stream IN {streams:Array(String)}
