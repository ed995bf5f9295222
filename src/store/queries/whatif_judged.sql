-- By what some cases are judged.
SELECT case_id, stream, policy, policy_rule, calendar
FROM {{database}}.cases FINAL
WHERE (stream, case_id) IN ({{keys}})
