SELECT
            stream, case_id,
            {{numerators}} AS bits_n,
            {{denominators}} AS bits_d,
            arrayFilter(one -> one.2 > 0 OR one.3 > 0, CAST({{amounts}}, 'Array(Tuple(UInt8, UInt64, UInt64))')) AS every,
            arrayMap(one -> one.1, every) AS figure,
            arrayMap(one -> one.2, every) AS n,
            arrayMap(one -> one.3, every) AS d
        FROM {{flags}}
        WHERE bits_n > 0 OR bits_d > 0
