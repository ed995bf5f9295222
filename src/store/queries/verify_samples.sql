-- Who is at these places, to be compared with what Kafka has there.
SELECT toString(topic) AS topic, partition, offset, case_id, source, event_id
FROM {{database}}.events
WHERE (topic, partition, offset) IN ({{places}})
