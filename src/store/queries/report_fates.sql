-- What became of the cases received in a period, by stream, unit and community: every case is in exactly one of the counts after
-- `received`. Those outside the base of closure and timeliness stand apart, so that on_time + late + closed_without_due +
-- overdue is what should be closed by now (应结案, the denominator of K05b). Every table of a report sums these rows.
SELECT
    stream,
    if(unit = '', unit_name, unit)                                            AS responsible,
    community,
    count()                                                                   AS received,
    countIf(NOT is_in_base)                                                   AS out_of_base,
    countIf(is_in_base AND is_on_time)                                        AS on_time,
    countIf(is_in_base AND is_late)                                           AS late,
    countIf(is_in_base AND bucket = 'closed' AND NOT is_on_time AND NOT is_late) AS closed_without_due,
    countIf(is_in_base AND bucket = 'answered')                               AS answered,
    countIf(is_in_base AND bucket = 'not_due')                                AS not_due,
    countIf(is_in_base AND bucket = 'due_soon')                               AS due_soon,
    countIf(is_in_base AND bucket = 'overdue')                                AS overdue,
    countIf(is_in_base AND bucket = 'suspended')                              AS suspended,
    countIf(is_in_base AND bucket = 'no_limit')                               AS no_limit
FROM {{flags}}
WHERE k01_n AND {{received}} AND {{rows}}
GROUP BY stream, responsible, community
ORDER BY stream, responsible, community
