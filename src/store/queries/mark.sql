-- Another text after every change of what figures are made from: of each part of each table the number of its last block, which only
-- grows, and of its last mutation. Merging changes neither. It costs nothing, however long the ledger is.
SELECT arrayStringConcat(arraySort(groupArray(one)), ' ') AS mark
FROM
(
    SELECT concat(table, '/', partition_id, '/', toString(max(max_block_number)), '/', toString(max(data_version))) AS one
    FROM system.parts
    WHERE active AND database = {database:String} AND table IN ('events', 'cases', 'editions', 'rebuilds')
    GROUP BY table, partition_id
)
