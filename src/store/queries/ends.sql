-- How far ledger and quarantine go together, by partition: every message ends in one of them.
SELECT toString(topic) AS topic, partition, max(next) AS next
FROM
(
    SELECT topic, partition, max(offset) + 1 AS next FROM {{database}}.events WHERE topic IN {topics:Array(String)} GROUP BY topic, partition
    UNION ALL
    SELECT topic, partition, max(offset) + 1 AS next FROM {{database}}.quarantine WHERE topic IN {topics:Array(String)} GROUP BY topic, partition
)
GROUP BY topic, partition
ORDER BY topic, partition
