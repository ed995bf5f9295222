-- Up to where each partition was accounted for by the latest verification that came so far.
SELECT place.1 AS topic, place.2 AS partition, argMax(place.3, (place.3, started_at)) AS next, argMax(place.4, (place.3, started_at)) AS held
FROM
(
    SELECT started_at, arrayJoin(arrayZip(places.topic, places.partition, places.next, places.held)) AS place
    FROM {{database}}.verifications
)
GROUP BY topic, partition
