-- What stands in a dimension, of the cases that there are.
SELECT DISTINCT toString({key}) AS text
FROM {cases}
WHERE text != ''
LIMIT 10000
