-- One case towards many figures of a period: what it adds to each, and why it is not in it. Each of `figures` is kpi_side.sql.
SELECT
    [
        {{figures}}
    ] AS figures
FROM {{flags}}
WHERE stream = {case_stream:String} AND case_id = {case_id:String}
