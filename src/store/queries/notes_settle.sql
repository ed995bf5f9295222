-- Settles the ripe notes of cases that are folded from everything the ledger holds of them.
INSERT INTO {{database}}.behind (writer, note_no, stream, case_id, noted_at, settled_at)
WITH chosen AS
(
{{ripe}})
SELECT writer, note_no, stream, case_id, noted_at, now64(3)
FROM {{database}}.behind FINAL
WHERE settled_at = toDateTime64(0, 3)
    AND (stream, case_id) IN (SELECT stream, case_id FROM chosen)
    AND (stream, case_id) NOT IN
    (
{{differing}})
