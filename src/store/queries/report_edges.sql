-- Dues at the very edges of a period (月末时限): "24:00 of the last day" is the first instant of the next period, and counts there.
SELECT
    stream,
    countIf(due_at = {from:DateTime64(3, 'Asia/Shanghai')}) AS at_begin,
    countIf(due_at = {to:DateTime64(3, 'Asia/Shanghai')})   AS at_end
FROM {{flags}}
WHERE is_in_base AND {{rows}}
    AND due_at IN ({from:DateTime64(3, 'Asia/Shanghai')}, {to:DateTime64(3, 'Asia/Shanghai')})
GROUP BY stream
ORDER BY stream
