-- The cases received in a period by category, with closure and timeliness of those that should be closed (K05b, K06b). A
-- category is its code and its name: three standards number the same rubbish differently.
SELECT
    stream,
    category_standard                   AS standard,
    category_code                       AS code,
    category_name                       AS name,
    max(kind)                           AS kinds,
    count()                             AS received,
    toUInt64(sum(k05b_n))               AS closed,
    toUInt64(sum(k05b_d))               AS need_close,
    toUInt64(sum(k06b_n))               AS on_time,
    toUInt64(sum(k06b_d))               AS need_close_with_due
FROM {{flags}}
WHERE k01_n AND {{received}} AND {{rows}}
GROUP BY stream, standard, code, name
ORDER BY received DESC, stream, standard, code, name
