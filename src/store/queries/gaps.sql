-- What was accepted as lost, in the order of the topics.
SELECT toString(topic) AS topic, partition, first, next, toString(reason) AS reason, note, toUnixTimestamp64Milli(noted_at) AS noted_at
FROM {{database}}.gaps FINAL
ORDER BY topic, partition, first
