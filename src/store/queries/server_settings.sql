-- What holds for this account, of the settings asked for. Each is a number.
SELECT name, toUInt64OrZero(value) AS value
FROM system.settings
WHERE name IN {names:Array(String)}
ORDER BY name
