-- Up to when the data go: the last message taken in, and the last that happened. Asked of the cases, which are a tenth of the ledger.
SELECT toUnixTimestamp64Milli(max(last_ingested_at)) AS taken_at, toUnixTimestamp64Milli(max(last_event_at)) AS occurred_at
FROM {{database}}.cases
