-- Those of the zones asked for that the server does not know.
SELECT arrayJoin({zones:Array(String)}) AS zone
WHERE zone NOT IN (SELECT time_zone FROM system.time_zones)
