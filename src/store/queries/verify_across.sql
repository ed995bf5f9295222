-- The identities of one class that are used in more than one case.
SELECT source, event_id, groupUniqArray(6)((toString(stream), case_id)) AS cases
FROM {{database}}.events
WHERE cityHash64(source, event_id) % {parts:UInt64} = {part:UInt64}
    AND intDiv(cityHash64(source, event_id), {parts:UInt64}) % 64 = {class:UInt32}{{touched}}
GROUP BY source, event_id
HAVING length(cases) > 1
ORDER BY source, event_id
