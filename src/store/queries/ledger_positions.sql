-- How far the ledger goes, by partition.
SELECT toString(topic) AS topic, partition, max(offset) + 1 AS next
FROM {{database}}.events
GROUP BY topic, partition
ORDER BY topic, partition
