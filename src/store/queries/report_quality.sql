-- 校核: what is odd about the messages of the cases received in a period, and about the cases, as the ledger holds them now:
-- what was sent twice, or is missing, has no instant of its own that an as-of could be compared with.
SELECT
    stream,
    count()                                     AS cases,
    toUInt64(sum(rows))                         AS messages,
    toUInt64(sum(events))                       AS events,
    toUInt64(sum(duplicates))                   AS duplicates,
    toUInt64(sum(conflicts))                    AS conflicts,
    toUInt64(sum(out_of_order))                 AS out_of_order,
    toUInt64(sum(irregular))                    AS irregular,
    toUInt64(sum(gaps))                         AS gaps,
    toUInt64(sum(clock_skew))                   AS clock_skew,
    toUInt64(sum(unknown_codes))                AS unknown_codes,
    toUInt64(sum(late_extensions))              AS late_extensions,
    toUInt64(sum(corrections))                  AS corrections,
    countIf(is_incomplete)                      AS incomplete,
    countIf(is_closed_before_receipt)           AS closed_before_receipt,
    countIf(is_history_limited)                 AS history_limited,
    countIf(is_provisional)                     AS provisional,
    countIf(due_at IS NULL)                     AS without_due,
    countIf(unit = '' AND unit_name = '')       AS without_unit,
    countIf(community = '')                     AS without_community,
    countIf(category_code = '' AND category_name = '') AS without_category,
    countIf(standing = 'void')                  AS void
FROM {{database}}_mart.cases
WHERE {{received}} AND {{rows}}
GROUP BY stream
ORDER BY stream
