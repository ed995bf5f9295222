-- What stands in each of some dimensions, of the cases that there are.
SELECT [{{lists}}] AS values
FROM {cases}
