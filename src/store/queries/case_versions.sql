-- The versions of some cases, and by what they are judged.
SELECT stream, case_id, version, policy, policy_rule, calendar
FROM {{database}}.cases FINAL
WHERE (stream, case_id) IN ({{keys}})
