-- Messages of streams that are not declared.
SELECT stream, count() AS messages
FROM {{database}}.events
WHERE stream NOT IN {streams:Array(String)}
GROUP BY stream
ORDER BY stream
