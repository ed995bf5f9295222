-- Cases of which something became known only after an instant.
SELECT case_id, stream FROM {{database}}.cases FINAL WHERE last_recorded_at > fromUnixTimestamp64Milli({since:Int64})
