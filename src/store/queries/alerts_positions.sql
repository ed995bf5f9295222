-- How far the topic is in the table, by partition. Transactions are written one after the other, so that nothing before the last is missing.
SELECT partition, max(offset) + 1 AS next
FROM {{database}}.alerts
WHERE topic = {topic:String}
GROUP BY partition
ORDER BY partition
