-- What a policy asks of a case and by what it is judged, from its row in every stream that has the number. The filing condition is that of the latest
-- filing in the ledger.
SELECT stream, kind, channel, category_standard, category_code, category_name, town, unit, unit_name, urgency, received_at,
    filing_condition, policy, policy_rule, calendar
FROM
(
    SELECT stream, kind, channel, category_standard, category_code, category_name, town, unit, unit_name, urgency, received_at,
        policy, policy_rule, calendar
    FROM {{database}}.cases FINAL
    WHERE case_id = {case_id:String} AND ({stream:String} = '' OR stream = {stream:String})
) AS cases
LEFT JOIN
(
    SELECT stream,
        argMax(JSONExtractString(data, 'filed', 'filing_condition'), (occurred_at, seq, partition, offset)) AS filing_condition
    FROM {{database}}.events
    WHERE case_id = {case_id:String} AND type = 'filed'
    GROUP BY stream
) AS filed USING (stream)
ORDER BY stream
