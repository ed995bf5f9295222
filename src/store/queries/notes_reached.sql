-- How far each writer has noted.
SELECT writer, max(note_no) AS note_no
FROM {{database}}.behind
WHERE writer != {me:UInt64}
GROUP BY writer
