-- How many messages wait in quarantine, by stream, and since when the oldest does.
SELECT stream, count() AS messages, toUnixTimestamp64Milli(min(ingested_at)) AS oldest_at
FROM {{database}}.quarantine FINAL
WHERE state = 'waiting'
GROUP BY stream
