-- What some figures meant in the editions that there are, each text once.
SELECT DISTINCT figure, definition
FROM {{database}}.edition_figures
WHERE figure IN {figures:Array(String)} AND attempt IN (SELECT attempt FROM {{database}}.editions)
