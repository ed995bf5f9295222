-- Keeps the verdicts of a period under an attempt, where they are published.
INSERT INTO {{live}}.edition_verdicts
    (attempt, stream, case_id, version, policy, policy_rule, calendar, standing, unit, unit_name, community, received_at, due_at,
     finished_at, closed_at, worked_ms, numerators, denominators, amounts.figure, amounts.n, amounts.d)
