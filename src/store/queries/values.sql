-- What stands in a dimension, of the cases that there are.
SELECT DISTINCT toString({key}) AS text
FROM {{database}}.cases
WHERE text != ''
LIMIT 10000
