-- A ledger of more than ten million rows in which every case of the topics is an old one: the first three messages of each,
-- as if they had come last year on another topic, and between them four further copies of everything under other numbers.
INSERT INTO {{old}}.events
SELECT * REPLACE (concat(topic, '.before') AS topic, ingested_at - INTERVAL 1 YEAR AS ingested_at)
FROM {{fresh}}.events
ORDER BY case_id, occurred_at, offset
LIMIT 3 BY case_id;
INSERT INTO {{old}}.events
SELECT * REPLACE (
    concat(case_id, '-', toString(copy)) AS case_id,
    concat(topic, '.before') AS topic,
    ingested_at - INTERVAL 1 YEAR AS ingested_at)
FROM {{fresh}}.events
ARRAY JOIN range({{copies}}) AS copy
SETTINGS max_insert_threads = 1;
