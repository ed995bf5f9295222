-- Numerator and denominator of several figures over everything, in one pass.
SELECT [{{totals}}] AS totals
FROM {{flags}}{{join}}
WHERE {{rows}} AND {{assessed}} AND {{within}}
