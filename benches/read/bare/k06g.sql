-- Done in time, of what fell due in the period or was carried into it, and is done or past its due.
SELECT {{keys}}
    countIf(if(bitTest(marks, 0), finished_at < due_at, finished_at <= due_at)) AS n,
    countIf(finished_at IS NOT NULL
        OR if(bitTest(marks, 0), due_at <= {{as_of}}, due_at < {{as_of}}) AND NOT bitTest(marks, 13)) AS d
FROM {{cases}}
WHERE due_at < {{to}} AND (due_at >= {{from}} OR finished_at IS NULL OR finished_at >= {{from}})
    AND standing IN ('open', 'answered', 'suspended', 'closed') AND received_at <= {{as_of}} AND NOT bitTest(marks, 8)
{{group}}
