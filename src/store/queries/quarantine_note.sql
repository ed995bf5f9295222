-- Notes the cases of messages that wait in quarantine although the ledger has them: a replay that was killed may have left
-- them unfolded.
INSERT INTO {{database}}.behind (writer, note_no, stream, case_id)
SELECT DISTINCT {writer:UInt64}, 1, stream, case_id
FROM {{database}}.events
WHERE (topic, partition, offset) IN
    (SELECT topic, partition, offset FROM {{database}}.quarantine FINAL WHERE state = 'waiting')
