    SELECT stream, case_id, standing, received_at, closed_at, due_at,
        multiIf(NOT has_due, 'no_limit', is_on_time, 'on_time', standing = 'closed', 'late', is_overdue_open, 'overdue',
            standing = 'answered', 'answered',
            standing = 'suspended', 'suspended', 'not_due') AS verdict
    FROM {{flags}}
    WHERE is_counted AND received_at < {to:DateTime64(3, 'Asia/Shanghai')} AND case_id > {after:String}
        AND ({stream:String} = '' OR stream = {stream:String})
