-- When a verification of everything last found nothing amiss; 0 for never.
SELECT toUnixTimestamp64Milli(max(ifNull(finished_at, toDateTime64(0, 3)))) AS verified_at
FROM {{database}}.verifications
WHERE is_clean AND scope = 'all'
