-- In time, of what was closed in the period.
SELECT {{keys}}
    countIf(if(bitTest(marks, 0), finished_at < due_at, finished_at <= due_at)) AS n,
    count() AS d
FROM {{cases}}
WHERE closed_at >= {{from}} AND closed_at < {{to}} AND standing = 'closed' AND due_at IS NOT NULL
    AND standing IN ('open', 'answered', 'suspended', 'closed') AND received_at <= {{as_of}} AND NOT bitTest(marks, 8)
{{group}}
