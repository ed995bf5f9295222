-- Cases with an open note, and those of them that nobody has noted again for a while: their writers have had time to fold them.
SELECT count() AS cases, countIf(is_ripe) AS ripe
FROM
(
    SELECT stream, case_id, max(noted_at) < now64(3) - toIntervalMillisecond({grace_ms:UInt64}) AS is_ripe
    FROM {{database}}.behind FINAL
    WHERE settled_at = toDateTime64(0, 3) AND stream IN {streams:Array(String)}
    GROUP BY stream, case_id
)
