-- Cases with a message between the bounds, without those of which a note is open: these are compared until they agree.
    SELECT DISTINCT stream, case_id
    FROM {{database}}.events
    INNER JOIN
    (
        SELECT one.1 AS stream, one.2 AS topic, one.3 AS partition, one.4 AS first, one.5 AS next
        FROM (SELECT arrayJoin(JSONExtract({{bounds}}, 'Array(Tuple(String, String, Int32, Int64, Int64))')) AS one)
    ) AS bounds USING (stream, topic, partition)
    WHERE offset >= bounds.first AND offset < bounds.next AND cityHash64(case_id) % {slices:UInt64} = {slice:UInt64}
        AND (stream, case_id) NOT IN
        (
            SELECT stream, case_id FROM {{database}}.behind FINAL WHERE settled_at = toDateTime64(0, 3)
        )
