-- Is an identity used in more than one case? Of one part of the identities, by hash: as many pairs of identity and case as identities
-- means no. Which 64th of the part differs is all that is needed to look closer.
SELECT toUInt32(intDiv(identity, {parts:UInt64}) % 64) AS class
FROM
(
    SELECT cityHash64(source, event_id) AS identity, cityHash64(source, event_id, stream, case_id) AS of_case
    FROM {{database}}.events
    WHERE cityHash64(source, event_id) % {parts:UInt64} = {part:UInt64}{{touched}}
)
GROUP BY class
HAVING uniqExact(identity) != uniqExact(of_case)
