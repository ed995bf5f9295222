-- `unreserved` would leave out what merges have reserved just now; free is what an operator sees too.
SELECT name, free_space AS free, total_space AS total, keep_free_space AS kept, is_read_only OR is_broken AS is_unusable
FROM system.disks
ORDER BY name
