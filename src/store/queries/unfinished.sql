-- Cases that are not finished and whose row is older than a generation: open, answered, suspended or pending, or with a clock that
-- runs without anything having stopped it. The upper half of a version is the generation.
SELECT case_id, stream
FROM {{database}}.cases FINAL
WHERE bitShiftRight(version, 32) < {generation:UInt64}
    AND (standing IN ('open', 'answered', 'suspended', 'pending')
        OR arrayExists((until, stopped, unjudged) -> until IS NULL AND stopped IS NULL AND NOT unjudged,
            clocks.until, clocks.stopped_at, clocks.is_unjudged))
