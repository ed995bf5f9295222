//! Who besides us may read a file that holds a secret.

use std::{fs, io, os::unix::fs::MetadataExt as _, path::Path};

/// Who, and the mode by which; none: nobody else.
pub fn readers(path: &Path) -> io::Result<Option<(&'static str, u32)>> {
    let us = fs::metadata("/proc/self").map(|process| process.uid()).unwrap_or_default();
    let file = fs::metadata(path)?;
    Ok(by_mode(file.mode(), file.uid() == us))
}

/// A file of another owner has to be readable by our group, or we could not read it.
fn by_mode(mode: u32, is_ours: bool) -> Option<(&'static str, u32)> {
    let mode = mode & 0o7777;
    if mode & 0o007 != 0 {
        return Some(("everybody on this machine", mode));
    }
    let group = if is_ours { 0o070 } else { 0o020 };
    (mode & group != 0).then_some(("its group", mode))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_for_its_owner_and_where_that_is_another_for_our_group() {
        for (mode, is_ours, who) in [
            (0o100600, true, None),
            (0o100400, true, None),
            (0o100640, true, Some("its group")),
            (0o100440, false, None),
            (0o100460, false, Some("its group")),
            (0o100444, true, Some("everybody on this machine")),
            (0o100444, false, Some("everybody on this machine")),
            (0o100602, true, Some("everybody on this machine")),
        ] {
            assert_eq!(by_mode(mode, is_ours).map(|(who, _)| who), who, "{mode:o} {is_ours}");
        }
    }
}
