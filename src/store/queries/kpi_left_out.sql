-- Why the other cases of the period are not in a figure. With those that are in it, they are all that were known.
-- A figure by dues (`is_by_due`) also says how many cases were received in the period without any.
SELECT
    countIf(reason = 1) AS void,
    countIf(reason = 2) AS excluded,
    countIf(reason = 3) AS no_due,
    countIf(reason = 4) AS suspended,
    countIf(reason = 5) AS not_due
FROM
(
    SELECT
        -- A case that a correction moved behind as_of (0) is not known yet.
        multiIf(
            {{n}} OR {{d}}, 0,
            standing = 'void', 1,
            standing = 'excluded', 2,
            NOT is_counted, 0,
            NOT has_due, 3,
            standing = 'suspended', 4,
            5) AS reason
    FROM {{flags}}
    WHERE {{stream}}
        AND (
            ({{at}} >= {from:DateTime64(3, 'Asia/Shanghai')} AND {{at}} < {to:DateTime64(3, 'Asia/Shanghai')})
            OR ({{is_by_due}} AND due_at IS NULL
                AND received_at >= {from:DateTime64(3, 'Asia/Shanghai')}
                AND received_at < {to:DateTime64(3, 'Asia/Shanghai')}))
)
