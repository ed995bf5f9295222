-- What cases call the codes of a dimension; where they differ, what the newest says.
SELECT toString({code}) AS code, argMax({name}, ifNull(received_at, toDateTime64(0, 3))) AS name
FROM {cases}
WHERE {code} != '' AND {name} != ''
GROUP BY code
