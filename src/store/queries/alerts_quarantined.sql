-- What waits in quarantine of the hours since `from`, by stream and reason.
SELECT stream, reason, toDateTime64(toStartOfHour(ingested_at), 3, 'Asia/Shanghai') AS hour, min(ingested_at) AS first_at, count() AS messages
FROM {{database}}.quarantine FINAL
WHERE ingested_at >= toStartOfHour({from:DateTime64(3, 'Asia/Shanghai')}) AND state = 'waiting'
GROUP BY stream, reason, hour
ORDER BY hour, stream, reason
LIMIT {most:UInt64}
