-- Which of the cases' rows, as of an instant after which nothing was said of any: the plain columns say what holds, and how a case stood
-- before is not read. The instant was found to be such a one before; if that has changed since, the question fails, and is asked again of
-- all (cases_at.sql). Both subqueries see the same rows, because ClickHouse reads one state of a table for one question.
c.standing != ''{{reach}}
    AND NOT throwIf(EXISTS(SELECT 1 FROM {{database}}.cases WHERE last_event_at > instant), 'something was said later')
