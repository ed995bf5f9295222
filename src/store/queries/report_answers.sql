-- What the citizens said whose cases were first revisited in the period (the cohort of K15): 1 satisfied to 4 dissatisfied,
-- 0 not said.
SELECT stream, satisfaction, count() AS cases
FROM {{cases_at}}
WHERE is_counted AND {{rows}}
    AND revisited_at >= {from:DateTime64(3, 'Asia/Shanghai')} AND revisited_at < {to:DateTime64(3, 'Asia/Shanghai')}
GROUP BY stream, satisfaction
ORDER BY stream, satisfaction
