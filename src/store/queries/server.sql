-- Which server this is, where its clock stands, and the zone in which it shows times when nobody states one.
SELECT version() AS version, timezone() AS zone, toUnixTimestamp64Milli(now64(3)) AS now_ms
