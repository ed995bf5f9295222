-- Up to when messages were taken in of which cases tell; an index leaves out what is older than `from`.
SELECT max(last_ingested_at) AS taken_in
FROM {{database}}.cases
WHERE last_ingested_at >= {from:DateTime64(3, 'Asia/Shanghai')}
