-- People who came back in the period (重复反映), by category: reporters with more than one case of it. A reporter is a keyed
-- pseudonym of a telephone number; pseudonyms can be compared under one key only.
SELECT
    stream,
    category_standard AS standard,
    category_code     AS code,
    category_name     AS name,
    count()           AS reporters,
    sum(times)        AS cases,
    max(times)        AS most
FROM
(
    SELECT stream, category_standard, category_code, category_name, key_id, reporter_phone, count() AS times
    FROM {{flags}} AS flags
    INNER JOIN
    (
        SELECT stream, case_id, key_id, reporter_phone FROM {{database}}.cases FINAL WHERE reporter_phone != ''
    ) AS reporters USING (stream, case_id)
    WHERE k01_n AND {{received}} AND {{rows}}
    GROUP BY ALL
    HAVING times > 1
)
GROUP BY stream, standard, code, name
ORDER BY cases DESC, reporters DESC, stream, standard, code, name
