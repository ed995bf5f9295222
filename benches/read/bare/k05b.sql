-- Closed, of what was received in the period and is closed or overdue.
SELECT {{keys}}
    countIf(standing = 'closed') AS n,
    n + countIf(standing = 'open' AND if(bitTest(marks, 0), due_at <= {{as_of}}, due_at < {{as_of}})) AS d
FROM {{cases}}
WHERE received_at >= {{from}} AND received_at < {{to}}
    AND standing IN ('open', 'answered', 'suspended', 'closed') AND received_at <= {{as_of}} AND NOT bitTest(marks, 8)
{{group}}
