-- When the last message of each stream was taken in: up to then the figures know what was said.
SELECT stream, toUnixTimestamp64Milli(ifNull(max(last_ingested_at), toDateTime64(0, 3))) AS last_at
FROM {{database}}.cases
GROUP BY stream
ORDER BY stream
