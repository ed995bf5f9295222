//! The program under test.

use std::{env, ffi::OsString};

/// As it ships, where `make test` names it: what it weighs and how long it takes is said of that one. Else that of this build.
pub fn tested() -> OsString {
    env::var_os("TONGGUAN_TESTED").unwrap_or_else(|| env!("CARGO_BIN_EXE_tongguan").into())
}
