-- Every head, of one serial the one that came first before the others.
SELECT serial, report, edition, attempt, zone, period_from, period_to, as_of, published_at, published_by, note, program,
    generation, policy, calendar, figures, judged.policy, judged.calendar, judged.cases, positions.topic, positions.partition,
    positions.next, cases, verdicts_sha256, figures_sha256, previous, sha256
FROM {{database}}.editions
ORDER BY serial, _block_number
