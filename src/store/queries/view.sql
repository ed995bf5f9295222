-- A view of the mart, made from its definition (store::relation). A column that a query does not name is not read, however heavy it
-- is. SQL SECURITY DEFINER: whoever may read this database needs no right on the tables behind it. Where it has parameters, they are
-- given in Shanghai time, as text or as DateTime64 of that zone: one is taken by its wall clock, so that a value of another zone is
-- silently another instant; toTimeZone(…, 'Asia/Shanghai') around it makes it right.
CREATE OR REPLACE VIEW {{database}}_mart.{{view}}
(
{{columns}}
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS
SELECT {{names}}
FROM
(
{{select}}
)
COMMENT {{title}}
