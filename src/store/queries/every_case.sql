-- Every case that has a row.
SELECT case_id, stream FROM {{database}}.cases
