-- What became of the cases received in a period, by stream, unit and community: every case is in exactly one of the counts after
-- `received`. Those outside the base of closure and timeliness stand apart, so that on_time + late + closed_without_due +
-- overdue is what should be closed by now (应结案, the denominator of K05b). Every table of a report sums these rows.
SELECT
    stream,
    if(unit = '', unit_name, unit)                                            AS responsible,
    community,
    count()                                                                   AS received,
    countIf(fate = 'out_of_base')                                             AS out_of_base,
    countIf(fate = 'closed_in_time')                                          AS on_time,
    countIf(fate = 'closed_late')                                             AS late,
    countIf(fate = 'closed_without_due')                                      AS closed_without_due,
    countIf(fate = 'answered')                                                AS answered,
    countIf(fate = 'not_due')                                                 AS not_due,
    countIf(fate = 'due_soon')                                                AS due_soon,
    countIf(fate = 'overdue')                                                 AS overdue,
    countIf(fate = 'suspended')                                               AS suspended,
    countIf(fate = 'no_limit')                                                AS no_limit
FROM {{flags}}
WHERE k01_n AND {{received}} AND {{rows}}
GROUP BY stream, responsible, community
ORDER BY stream, responsible, community
