-- Cases that have a row.
SELECT uniqExact(stream, case_id) AS n
FROM {{database}}.cases
WHERE {{chunk}} AND stream IN {streams:Array(String)}
