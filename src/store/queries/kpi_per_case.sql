-- What clocks, assignments or checks add to a figure, summed up for each case.
SELECT stream, case_id, toUInt64(sum({{n}})) AS sum_n, toUInt64(sum({{d}})) AS sum_d
FROM {{flags}}
WHERE {{rows}} AND {{assessed}} AND {{within}}
GROUP BY stream, case_id
