-- The ledger in the order of its sorting key, so that a case comes whole and nothing has to be sorted or kept.
SELECT case_id, source, event_id, topic, partition, offset, stream, envelope, occurred_at, recorded_at, ingested_at, seq, data
FROM {{database}}.events
WHERE case_id > {after:String}{{conditions}}
ORDER BY case_id
