-- The cases received by the end of the period that are open and overdue at the as-of, the longest first.
SELECT
    stream,
    case_id,
    category_code,
    category_name,
    if(unit = '', unit_name, unit)                     AS responsible,
    community,
    toUnixTimestamp64Milli(assumeNotNull(received_at)) AS received_ms,
    toUnixTimestamp64Milli(assumeNotNull(due_at))      AS due_ms
FROM {{flags}}
WHERE is_in_base AND bucket = 'overdue' AND received_at < {to:DateTime64(3, 'Asia/Shanghai')} AND {{rows}}
ORDER BY due_ms, stream, case_id
LIMIT {listed:UInt64}
