-- The topics that anything was taken from.
SELECT DISTINCT toString(topic) AS topic
FROM
(
    SELECT DISTINCT topic FROM {{database}}.events
    UNION ALL
    SELECT DISTINCT topic FROM {{database}}.quarantine
)
