-- How many people called in the period, and how many of them more than once, whatever about.
SELECT
    stream,
    count()                     AS reporters,
    countIf(times > 1)          AS repeaters,
    sumIf(times, times > 1)     AS cases,
    max(times)                  AS most
FROM
(
    SELECT stream, key_id, reporter_phone, count() AS times
    FROM {{flags}} AS flags
    INNER JOIN
    (
        SELECT stream, case_id, key_id, reporter_phone FROM {{database}}.cases FINAL WHERE reporter_phone != ''
    ) AS reporters USING (stream, case_id)
    WHERE k01_n AND {{received}} AND {{rows}}
    GROUP BY stream, key_id, reporter_phone
)
GROUP BY stream
ORDER BY stream
