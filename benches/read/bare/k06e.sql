-- Done by the original due, of what fell due in the period by it.
SELECT {{keys}}
    countIf(if(bitTest(marks, 1), finished_at < original_due_at, finished_at <= original_due_at) OR bitTest(marks, 15)) AS n,
    count() AS d
FROM {{cases}}
WHERE original_due_at >= {{from}} AND original_due_at < {{to}} AND original_due_at <= {{as_of}}
    AND standing IN ('open', 'answered', 'suspended', 'closed') AND received_at <= {{as_of}} AND NOT bitTest(marks, 8)
{{group}}
