-- The verdicts of an edition, in the order in which they are hashed.
SELECT stream, case_id, version, policy, policy_rule, calendar, standing, unit, unit_name, community, received_at, due_at,
    finished_at, closed_at, worked_ms, numerators, denominators, amounts.figure, amounts.n, amounts.d
FROM {{database}}.edition_verdicts
WHERE attempt = {attempt:String}
ORDER BY stream, case_id
