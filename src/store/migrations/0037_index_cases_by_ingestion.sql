-- What lets the sender of alerts find the cases that changed lately without reading all of them.
ALTER TABLE {{database}}.cases
    ADD INDEX IF NOT EXISTS last_ingested_at_minmax last_ingested_at TYPE minmax GRANULARITY 1
