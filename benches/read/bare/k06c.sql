-- Done in time, of what fell due in the period. A due that stands still in a pause does not fall.
SELECT {{keys}}
    countIf(if(bitTest(marks, 0), finished_at < due_at, finished_at <= due_at)) AS n,
    count() AS d
FROM {{cases}}
WHERE due_at >= {{from}} AND due_at < {{to}} AND due_at <= {{as_of}} AND NOT bitTest(marks, 13)
    AND standing IN ('open', 'answered', 'suspended', 'closed') AND received_at <= {{as_of}} AND NOT bitTest(marks, 8)
{{group}}
