-- The views that stand, by the definition that each was made from; one that somebody dropped by hand does not.
SELECT name, sha256
FROM {{database}}.views FINAL
WHERE sha256 != '' AND name IN (SELECT name FROM system.tables WHERE database = '{{database}}_mart')
ORDER BY name
