-- What is known of one case, as lines of text.
SELECT formatRowNoNewline('TSV', event_id, topic, partition, offset, envelope, occurred_at, recorded_at, ingested_at, seq, data) AS line
FROM {{database}}.events
WHERE case_id = {case_id:String}
