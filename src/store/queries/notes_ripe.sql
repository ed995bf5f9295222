-- The oldest open notes that nobody has renewed for a while, however old.
    SELECT stream, case_id
    FROM {{database}}.behind FINAL
    WHERE settled_at = toDateTime64(0, 3) AND stream IN {streams:Array(String)}
    GROUP BY stream, case_id
    HAVING max(noted_at) < now64(3) - toIntervalMillisecond({grace_ms:UInt64})
    ORDER BY min(noted_at), stream, case_id
    LIMIT {most:UInt64}
