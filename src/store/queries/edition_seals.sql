SELECT serial, report, edition, sha256
FROM {{database}}.edition_seals
ORDER BY serial, sealed_at
