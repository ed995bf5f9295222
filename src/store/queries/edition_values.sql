-- What a figure was in the editions of a period, the oldest first. Of one serial the head that came first is the edition.
SELECT heads.report AS report, heads.edition AS edition, toUnixTimestamp64Milli(heads.as_of) AS as_of,
    toUnixTimestamp64Milli(heads.published_at) AS published_at, figures.numerator AS numerator, figures.denominator AS denominator
FROM
(
    SELECT serial, report, edition, attempt, period_from, period_to, as_of, published_at
    FROM {{database}}.editions
    ORDER BY serial, _block_number
    LIMIT 1 BY serial
) AS heads
INNER JOIN {{database}}.edition_figures AS figures ON figures.attempt = heads.attempt
WHERE toUnixTimestamp64Milli(heads.period_from) = {from:Int64} AND toUnixTimestamp64Milli(heads.period_to) = {to:Int64}
    AND figures.figure = {figure:String} AND figures.grouped_by = {grouped_by:Array(String)} AND figures.groups = {groups:Array(String)}
ORDER BY heads.serial
