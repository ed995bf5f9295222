//! The binary; everything is in the library.

use std::process::ExitCode;

/// Events are allocated by one thread and dropped by another, which the system's allocator does slowly and gives back late. Of those
/// that do it fast this one holds the least beside what is in use: 5 % under a backlog, where others hold 20 to 60 % (decision 0013).
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// What is free goes back to the system within a fifth of a second; as it comes, after ten. Four arenas, as many as there are busy threads:
/// as it comes four for each processor, each with free memory of its own. What is large is nobody's own.
#[allow(unsafe_code, reason = "the allocator looks for its settings under this name, before anything runs")]
#[unsafe(export_name = "malloc_conf")]
pub static SETTINGS: &[u8; 62] = b"dirty_decay_ms:200,muzzy_decay_ms:0,narenas:4,tcache_max:4096\0";

fn main() -> ExitCode {
    tongguan::cli::main()
}
