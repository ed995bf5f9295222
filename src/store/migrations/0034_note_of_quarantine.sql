-- Why somebody gave up on a message, or had it tried again.
ALTER TABLE {{database}}.quarantine
    ADD COLUMN IF NOT EXISTS note String COMMENT '处理说明 | What was said when it was discarded or replayed'
