-- How much there is to fold, for a progress bar and a dry run. A redelivered message may be counted twice.
SELECT uniq(case_id, stream) AS cases, count() AS events
FROM {{database}}.events
WHERE case_id > {after:String}{{conditions}}
