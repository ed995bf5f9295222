-- When each source of our streams was last heard, of those heard since {since}. Asked once after a start, because the first
-- messages may be long in coming and a silence begins before them. The source is read only of rows that pass.
SELECT stream, source, toUnixTimestamp64Milli(max(ingested_at)) AS last_at
FROM {{database}}.events
PREWHERE ingested_at >= fromUnixTimestamp64Milli({since:Int64})
WHERE stream IN {streams:Array(String)}
GROUP BY stream, source
ORDER BY last_at DESC
LIMIT {most:UInt64}
