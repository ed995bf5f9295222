-- Everything that a figure could have counted: what it counts, and how many rows only come to be later than as_of, because a
-- correction moved their receipt. With what is left out (kpi_left_out.sql) it is all.
SELECT
    countIf(({{n}} OR {{d}}) AND {{assessed}}) AS counted,
    countIf(NOT ({{n}} OR {{d}}) AND standing NOT IN ('void', 'excluded', 'pending') AND NOT is_counted) AS not_yet,
    count() AS everything
FROM {{flags}}
WHERE {{rows}} AND ({{known}})
