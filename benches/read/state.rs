//! The states of the table: merged into one part, or as a rebuild leaves it: every row once more under a later generation,
//! and nothing merged yet.

use super::bench::Bench;

/// What one generation adds to a version (`store::cases::version`).
const GENERATION: &str = "bitShiftLeft(toUInt64(1), 32)";

pub async fn merged(bench: &Bench) {
    bench.execute("SYSTEM START MERGES {{database}}.cases").await;
    bench.execute("OPTIMIZE TABLE {{database}}.cases FINAL SETTINGS optimize_skip_merged_partitions = 1").await;
}

/// By one thread, in the order of the sorting key, as a rebuild writes: a part then holds neighbours, and what an index finds in it
/// lies side by side.
pub async fn rebuilt(bench: &Bench) {
    bench.execute("SYSTEM STOP MERGES {{database}}.cases").await;
    let again = format!(
        "INSERT INTO {{{{database}}}}.cases SELECT * REPLACE (version + {GENERATION} AS version) FROM {{{{database}}}}.cases
         SETTINGS max_threads = 1, max_block_size = 8192, min_insert_block_size_rows = 65536, min_insert_block_size_bytes = 67108864"
    );
    bench.execute(&again).await;
}

pub async fn described(bench: &Bench) -> String {
    let of_parts = |what: &str| {
        format!(
            "SELECT toUInt64({what}) AS number FROM system.parts WHERE active AND database = '{{{{database}}}}' AND table = 'cases'"
        )
    };
    let (parts, rows) = (bench.number(&of_parts("count()")).await, bench.number(&of_parts("sum(rows)")).await);
    let bytes = bench.number(&of_parts("sum(bytes_on_disk)")).await;
    let cases = bench.number("SELECT count() AS number FROM {{database}}.cases FINAL").await;
    format!("{cases} cases in {rows} rows, {parts} parts, {} MB", bytes >> 20)
}
