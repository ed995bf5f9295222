-- Open and overdue at the as-of (K07), by when they were received: in the period, before it, after it.
SELECT
    stream,
    countIf({{received}})                                            AS within,
    countIf(received_at < {from:DateTime64(3, 'Asia/Shanghai')})     AS before,
    countIf(received_at >= {to:DateTime64(3, 'Asia/Shanghai')})      AS after
FROM {{flags}}
WHERE is_in_base AND bucket = 'overdue' AND {{rows}}
GROUP BY stream
ORDER BY stream
