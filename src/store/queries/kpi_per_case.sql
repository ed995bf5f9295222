-- What clocks, assignments or checks add to a figure, summed up for each case.
    AS cases
    LEFT JOIN
    (
        SELECT stream, case_id, toUInt64(sum({{n}})) AS sum_n, toUInt64(sum({{d}})) AS sum_d
        FROM {{flags}}
        WHERE {{rows}} AND {{assessed}} AND {{within}}
        GROUP BY stream, case_id
    ) AS parts USING (stream, case_id)
