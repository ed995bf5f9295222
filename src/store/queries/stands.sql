-- Does a value stand in a dimension of any case: now, before it was corrected, or as the unit of an assignment?
SELECT count() > 0 AS stands
FROM
(
    SELECT 1
    FROM {{database}}.cases
    WHERE toString({key}) = {value:String}
        OR has(earlier.value, {value:String})
        OR has(assignments.unit, {value:String})
        OR has(assignments.unit_name, {value:String})
    LIMIT 1
)
