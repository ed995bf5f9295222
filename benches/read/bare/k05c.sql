-- Closed, of what fell due in the period or was carried into it, and is closed or overdue.
SELECT {{keys}}
    countIf(standing = 'closed') AS n,
    n + countIf(standing = 'open' AND if(bitTest(marks, 0), due_at <= {{as_of}}, due_at < {{as_of}})) AS d
FROM {{cases}}
WHERE due_at < {{to}} AND (due_at >= {{from}} OR finished_at IS NULL OR finished_at >= {{from}})
    AND standing IN ('open', 'answered', 'suspended', 'closed') AND received_at <= {{as_of}} AND NOT bitTest(marks, 8)
{{group}}
