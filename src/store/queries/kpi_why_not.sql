-- Why a case is not in a figure: the first thing that keeps it out. A branch is written for the figures that stand before it (`for:`), by
-- cohort or by what they ask; others would make the question longer, and planning it is what takes the time. {{due}} is the due by which
-- the cohort takes cases, {{other_due}} the other of the two (the one in force, and the original one).
multiIf(
    standing = 'void', 'void',
    standing = 'excluded', 'excluded',
    standing = 'pending', 'pending',
    NOT is_counted, 'not_counted',
    -- for: in_base
    is_out_of_base, 'out_of_base',
    -- What puts a case into the period.
    -- for: CREATED CREATED_MATURE
    received_at < {from:DateTime64(3, 'Asia/Shanghai')}, 'received_before',
    -- for: CREATED CREATED_MATURE PERIOD_END
    received_at >= {to:DateTime64(3, 'Asia/Shanghai')}, 'received_after',
    -- for: PERIOD_END
    true, 'closed_before_end',
    -- for: REVISITED
    revisited_at IS NULL, 'not_revisited',
    revisited_at < {from:DateTime64(3, 'Asia/Shanghai')} OR revisited_at >= {to:DateTime64(3, 'Asia/Shanghai')}, 'revisited_elsewhere',
    -- for: ASSIGNED
    true, 'not_assigned',
    -- for: CLOSED
    standing = 'suspended', 'suspended',
    standing IN ('open', 'answered'), 'not_closed',
    closed_at < {from:DateTime64(3, 'Asia/Shanghai')}, 'closed_before',
    closed_at >= {to:DateTime64(3, 'Asia/Shanghai')}, 'closed_after',
    -- for: by_due
    NOT has_due, 'no_due',
    -- for: DUE DUE_CARRY
    is_due_held, 'suspended',
    -- for: by_due
    {{due}} = {as_of:DateTime64(3, 'Asia/Shanghai')} AND standing = 'open', 'due_now',
    {{due}} > {as_of:DateTime64(3, 'Asia/Shanghai')}, if(standing = 'closed', 'closed_early', 'not_due'),
    ({{due}} < {from:DateTime64(3, 'Asia/Shanghai')} OR {{due}} >= {to:DateTime64(3, 'Asia/Shanghai')})
        AND {{other_due}} >= {from:DateTime64(3, 'Asia/Shanghai')} AND {{other_due}} < {to:DateTime64(3, 'Asia/Shanghai')}, 'due_moved',
    {{due}} < {from:DateTime64(3, 'Asia/Shanghai')}, 'due_before',
    {{due}} >= {to:DateTime64(3, 'Asia/Shanghai')}, 'due_after',
    -- The period holds it, and the figure asks for more.
    -- for: lacks_due
    NOT has_due, 'no_due',
    standing = 'suspended', 'suspended',
    standing = 'answered', 'answered',
    standing = 'closed', 'lacks',
    due_at = {as_of:DateTime64(3, 'Asia/Shanghai')}, 'due_now',
    'not_due')
    -- for: lacks_other
    'lacks')
