-- The cases that are overdue or open, a page of a hundred in the order of their numbers.
SELECT case_id AS line
FROM {{database}}.cases FINAL
WHERE standing = 'open' AND received_at <= {{as_of}} AND NOT bitTest(marks, 8)
ORDER BY case_id
LIMIT 100 WITH TIES
