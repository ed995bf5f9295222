-- Why the rest of what the period holds is not in a figure. With what is in it, it is all that was known.
-- A figure by dues also says how many cases were received in the period without any, and a figure of what was received how
-- many were reported in it and not taken in ({{known}}).
SELECT
    countIf(reason = 1) AS void,
    countIf(reason = 2) AS excluded,
    countIf(reason = 3) AS pending,
    countIf(reason = 4) AS out_of_base,
    countIf(reason = 5) AS unassessed,
    countIf(reason = 6) AS no_due,
    countIf(reason = 7) AS suspended,
    countIf(reason = 8) AS not_due,
    countIf(reason = 10) AS answered,
    countIf(reason = 9) AS other
FROM
(
    SELECT
        -- A case that a correction moved behind as_of (0) is not known yet.
        multiIf(
            {{n}} OR {{d}}, if({{assessed}}, 0, 5),
            standing = 'void', 1,
            standing = 'excluded', 2,
            standing = 'pending', 3,
            NOT is_counted, 0,
            NOT {{assessed}}, 5,
            {{is_in_base}} AND is_out_of_base, 4,
            NOT {{lacks_due}}, 9,
            NOT has_due, 6,
            standing = 'suspended', 7,
            standing = 'answered', 10,
            8) AS reason
    FROM {{flags}}
    WHERE {{rows}} AND ({{known}})
)
