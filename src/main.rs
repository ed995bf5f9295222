//! The binary; everything is in the library.

use std::process::ExitCode;

/// Events are allocated by one thread and dropped by another, which the
/// system's allocator does slowly and gives back late.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    tongguan::cli::main()
}
