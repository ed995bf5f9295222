//! Which commit this is, as `TONGGUAN_COMMIT`: what the environment says, else what git says, else "unknown". And which functions of
//! librdkafka are ours (`feed/packed/hook.rs`).

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

const NAME: &str = "TONGGUAN_COMMIT";

/// They unpack compressed batches.
const OURS: [&str; 6] = [
    "rd_gz_decompress",
    "rd_kafka_lz4_decompress",
    "rd_kafka_zstd_decompress",
    "rd_kafka_snappy_java_uncompress",
    "rd_kafka_snappy_uncompressed_length",
    "rd_kafka_snappy_uncompress",
];

fn main() {
    for function in OURS {
        println!("cargo::rustc-link-arg=-Wl,--wrap={function}");
    }
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed={NAME}");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let stated = env::var(NAME).ok().filter(|text| is_plain(text));
    let commit = stated.or_else(|| asked(&root)).unwrap_or_else(|| "unknown".to_owned());
    println!("cargo::rustc-env={NAME}={commit}");
}

/// From git, when these sources are its own: a tarball unpacked inside another repository is not.
fn asked(root: &Path) -> Option<String> {
    let top = PathBuf::from(git(root, &["rev-parse", "--show-toplevel"])?);
    if top.canonicalize().ok()? != root.canonicalize().ok()? {
        return None;
    }
    // It has a new line after every commit and checkout, and nothing else moves it.
    let log = root.join(git(root, &["rev-parse", "--git-path", "logs/HEAD"])?);
    if log.exists() {
        println!("cargo::rerun-if-changed={}", log.display());
    }
    git(root, &["rev-parse", "--short=12", "HEAD"]).filter(|text| is_plain(text))
}

fn git(root: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").arg("-C").arg(root).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.len() <= 40 && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
}
