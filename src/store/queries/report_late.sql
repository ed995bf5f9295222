-- Late arrivals: messages about the period that were recorded more than a day after what they tell, by their source or, where
-- it does not say when, by us. After its end they change figures that may have been read; after as_of they would change this
-- report. A message that was delivered twice is one.
SELECT
    stream,
    uniqExact(topic, partition, offset)                                                AS late,
    uniqExactIf((topic, partition, offset), arrived_at >= {to:DateTime64(3, 'Asia/Shanghai')})  AS after_end,
    uniqExactIf((topic, partition, offset), arrived_at > {as_of:DateTime64(3, 'Asia/Shanghai')}) AS after_as_of,
    max(dateDiff('millisecond', occurred_at, arrived_at))                              AS longest_ms
FROM
(
    SELECT stream, topic, partition, offset, occurred_at, ifNull(recorded_at, ingested_at) AS arrived_at
    FROM {{database}}.events
    WHERE occurred_at >= {from:DateTime64(3, 'Asia/Shanghai')} AND occurred_at < {to:DateTime64(3, 'Asia/Shanghai')}
        AND {{rows}}
)
WHERE arrived_at > occurred_at + INTERVAL 1 DAY
GROUP BY stream
ORDER BY stream
