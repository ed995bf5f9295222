-- 待结: what the due is about has been done, and the case is not closed yet.
ALTER TABLE {{database}}.cases
    MODIFY COLUMN `steps.standing` Array(Enum8('open' = 1, 'suspended' = 2, 'closed' = 3, 'void' = 4, 'excluded' = 5, 'pending' = 6, 'answered' = 7))
