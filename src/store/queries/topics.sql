-- The partitions that this ledger was filled from, each with the id of its topic that was seen first.
SELECT topic, partition, argMin(topic_id, first_seen) AS topic_id
FROM {{database}}.topics
GROUP BY topic, partition
ORDER BY topic, partition
