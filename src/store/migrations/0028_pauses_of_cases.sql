-- Since when a case is suspended, and how long it had been before, at any instant: a pause that has not ended counts up to as_of.
ALTER TABLE {{database}}.cases
    ADD COLUMN IF NOT EXISTS suspended_since Nullable(DateTime64(3, 'Asia/Shanghai')) COMMENT '本次挂账起始时间；未挂账为空 | Suspended since then; none while it is not' AFTER suspended_at,
    ADD COLUMN IF NOT EXISTS `steps.suspended_since` Array(Nullable(DateTime64(3, 'Asia/Shanghai'))) COMMENT '历程：本次挂账起始时间 | History: suspended since',
    ADD COLUMN IF NOT EXISTS `steps.paused_s` Array(Int64) COMMENT '历程：已结束的挂账总时长（秒） | History: pauses that have ended, seconds',
    ADD COLUMN IF NOT EXISTS `steps.longest_pause_s` Array(Int64) COMMENT '历程：已结束的最长一次挂账（秒） | History: longest of them, seconds'
