-- Attempts of which something is kept.
SELECT attempt FROM {{database}}.edition_verdicts
UNION DISTINCT
SELECT attempt FROM {{database}}.edition_figures
ORDER BY attempt
