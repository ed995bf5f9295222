-- Messages that could not be understood, by stream, reason and state. They have no time but that of their intake, so all of
-- them are counted, and beside it how many were taken in during the period.
SELECT
    stream, reason, state,
    count() AS messages,
    countIf(ingested_at >= {from:DateTime64(3, 'Asia/Shanghai')} AND ingested_at < {to:DateTime64(3, 'Asia/Shanghai')})
        AS within
FROM {{database}}.quarantine FINAL
WHERE {{rows}}
GROUP BY stream, reason, state
ORDER BY stream, reason, state
