-- Closed, of what was received in the period.
SELECT {{keys}}countIf(standing = 'closed') AS n, count() AS d
FROM {{cases}}
WHERE received_at >= {{from}} AND received_at < {{to}}
    AND standing IN ('open', 'answered', 'suspended', 'closed') AND received_at <= {{as_of}} AND NOT bitTest(marks, 8)
{{group}}
