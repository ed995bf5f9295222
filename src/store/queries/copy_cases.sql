-- Into another database, as they are: the cases that will not be folded there.
INSERT INTO {{scratch}}.cases
SELECT *
FROM {{database}}.cases FINAL
WHERE (case_id, stream) NOT IN
(
{{chosen}})
