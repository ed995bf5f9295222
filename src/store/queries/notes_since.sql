-- Notes of other writers that a reader has not seen: of each writer, those behind the number it has reached. The notes of one
-- writer become visible in the order of their numbers, because it sends the next when the one before is acknowledged.
SELECT writer, note_no, stream, case_id
FROM {{database}}.behind
WHERE writer != {me:UInt64}{{unseen}}
LIMIT {most:UInt64}
