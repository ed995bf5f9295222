-- Every ledger row of some cases except those that the caller has in hand, in no order. The ids come as one text.
SELECT case_id, source, event_id, topic, partition, offset, stream, envelope, occurred_at, recorded_at, ingested_at, seq, data
FROM {{database}}.events
WHERE case_id IN (JSONExtract({{ids}}, 'Array(String)')){{others}}
