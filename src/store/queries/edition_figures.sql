-- The figures of an edition, in the order in which they are hashed.
SELECT figure, grouped_by, groups, numerator, denominator, median_ms, p90_ms, mean_ms, max_ms, definition, definition_sha256
FROM {{database}}.edition_figures
WHERE attempt = {attempt:String}
ORDER BY figure, grouped_by, groups
