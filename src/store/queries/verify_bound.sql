-- Where the next chunk of the ledger ends: a case so many rows behind the last.
SELECT case_id
FROM {{database}}.events
WHERE case_id > {after:String}
ORDER BY case_id
LIMIT 1 OFFSET {rows:UInt64}
