-- Cases whose due may lie in a period, now or under another policy or calendar: received before its end, and not more than a
-- year before its beginning, or with something happening since, or not finished. A limit that is longer than a year would be
-- needed for any other.
SELECT case_id, stream
FROM {{database}}.cases FINAL
WHERE received_at < fromUnixTimestamp64Milli({to:Int64})
    AND (received_at >= fromUnixTimestamp64Milli({from:Int64}) - INTERVAL 1 YEAR
        OR last_event_at >= fromUnixTimestamp64Milli({from:Int64})
        OR standing IN ('open', 'answered', 'suspended'))
