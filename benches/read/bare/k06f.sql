-- Closed, never red and not late, of what was received in the period.
SELECT {{keys}}
    countIf(standing = 'closed' AND NOT bitTest(marks, 11)
        AND (due_at IS NULL OR if(bitTest(marks, 0), finished_at < due_at, finished_at <= due_at))) AS n,
    count() AS d
FROM {{cases}}
WHERE received_at >= {{from}} AND received_at < {{to}}
    AND standing IN ('open', 'answered', 'suspended', 'closed') AND received_at <= {{as_of}} AND NOT bitTest(marks, 8)
{{group}}
