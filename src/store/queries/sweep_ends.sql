-- How far the ledger goes, by partition.
SELECT stream, topic, partition, max(offset) + 1 AS seen
FROM {{database}}.events
WHERE stream IN {streams:Array(String)}
GROUP BY stream, topic, partition
