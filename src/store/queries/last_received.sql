-- When the newest case was received, what is said to be of the future left out; 0 where there is none.
SELECT ifNull(toUnixTimestamp64Milli(max(received_at)), 0) AS at
FROM {cases}
WHERE received_at <= {now:DateTime64(3, 'Asia/Shanghai')}
