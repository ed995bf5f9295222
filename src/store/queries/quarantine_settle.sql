-- Messages that wait in quarantine although the ledger has them: they were read again, under looser rules. They are replayed.
INSERT INTO {{database}}.quarantine
SELECT * REPLACE
(
    'replayed' AS state,
    now64(3, 'Asia/Shanghai') AS changed_at,
    toUInt64(toUnixTimestamp64Milli(now64(3))) AS version
)
FROM
(
    SELECT *
    FROM {{database}}.quarantine FINAL
    WHERE state = 'waiting' AND (topic, partition, offset) IN
    (
        SELECT topic, partition, offset
        FROM {{database}}.events
        WHERE (topic, partition, offset) IN
            (SELECT topic, partition, offset FROM {{database}}.quarantine WHERE state = 'waiting')
    )
)
