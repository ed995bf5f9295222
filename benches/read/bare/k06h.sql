-- Closed in time, of what was received in the period with a due and is closed or due.
SELECT {{keys}}
    countIf(standing = 'closed' AND if(bitTest(marks, 0), finished_at < due_at, finished_at <= due_at)) AS n,
    countIf(standing = 'closed' OR standing = 'open' AND due_at <= {{as_of}}) AS d
FROM {{cases}}
WHERE received_at >= {{from}} AND received_at < {{to}} AND due_at IS NOT NULL
    AND standing IN ('open', 'answered', 'suspended', 'closed') AND received_at <= {{as_of}} AND NOT bitTest(marks, 8)
{{group}}
