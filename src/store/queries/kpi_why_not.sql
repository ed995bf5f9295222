-- Why a case is not in a figure: the first thing that keeps it out. {{cohort}} is the figure's, {{due}} the due by which the
-- cohort takes cases, {{other_due}} the other of the two (the one in force, and the original one).
multiIf(
    standing = 'void', 'void',
    standing = 'excluded', 'excluded',
    standing = 'pending', 'pending',
    NOT is_counted, 'not_counted',
    {{is_in_base}} AND is_out_of_base, 'out_of_base',
    -- What puts a case into the period.
    '{{cohort}}' IN ('CREATED', 'CREATED_MATURE') AND received_at < {from:DateTime64(3, 'Asia/Shanghai')}, 'received_before',
    '{{cohort}}' IN ('CREATED', 'CREATED_MATURE', 'PERIOD_END') AND received_at >= {to:DateTime64(3, 'Asia/Shanghai')}, 'received_after',
    '{{cohort}}' = 'PERIOD_END', 'closed_before_end',
    '{{cohort}}' = 'REVISITED' AND revisited_at IS NULL, 'not_revisited',
    '{{cohort}}' = 'REVISITED' AND (revisited_at < {from:DateTime64(3, 'Asia/Shanghai')} OR revisited_at >= {to:DateTime64(3, 'Asia/Shanghai')}), 'revisited_elsewhere',
    '{{cohort}}' = 'ASSIGNED', 'not_assigned',
    '{{cohort}}' = 'CLOSED' AND standing = 'suspended', 'suspended',
    '{{cohort}}' = 'CLOSED' AND standing IN ('open', 'answered'), 'not_closed',
    '{{cohort}}' = 'CLOSED' AND closed_at < {from:DateTime64(3, 'Asia/Shanghai')}, 'closed_before',
    '{{cohort}}' = 'CLOSED' AND closed_at >= {to:DateTime64(3, 'Asia/Shanghai')}, 'closed_after',
    {{is_by_due}} AND NOT has_due, 'no_due',
    '{{cohort}}' IN ('DUE', 'DUE_CARRY') AND is_due_held, 'suspended',
    {{is_by_due}} AND {{due}} = {as_of:DateTime64(3, 'Asia/Shanghai')} AND standing = 'open', 'due_now',
    {{is_by_due}} AND {{due}} > {as_of:DateTime64(3, 'Asia/Shanghai')}, if(standing = 'closed', 'closed_early', 'not_due'),
    {{is_by_due}} AND ({{due}} < {from:DateTime64(3, 'Asia/Shanghai')} OR {{due}} >= {to:DateTime64(3, 'Asia/Shanghai')})
        AND {{other_due}} >= {from:DateTime64(3, 'Asia/Shanghai')} AND {{other_due}} < {to:DateTime64(3, 'Asia/Shanghai')}, 'due_moved',
    {{is_by_due}} AND {{due}} < {from:DateTime64(3, 'Asia/Shanghai')}, 'due_before',
    {{is_by_due}} AND {{due}} >= {to:DateTime64(3, 'Asia/Shanghai')}, 'due_after',
    -- The period holds it, and the figure asks for more.
    NOT {{lacks_due}}, 'lacks',
    NOT has_due, 'no_due',
    standing = 'suspended', 'suspended',
    standing = 'answered', 'answered',
    standing = 'closed', 'lacks',
    due_at = {as_of:DateTime64(3, 'Asia/Shanghai')}, 'due_now',
    'not_due')
