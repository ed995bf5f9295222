//! The lines for a shell of a page of the reference, and what each is answered with when it is pasted.

use std::process::Command;

/// Each `curl` of the page, with the status that the page says.
pub fn lines(page: &str) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    for piece in page.split("\n```sh\n").skip(1) {
        let (line, rest) = piece.split_once("\n```").unwrap();
        if line.starts_with("curl ") {
            let status = rest.trim_start().strip_prefix("→ `").expect("a line has its status below it");
            lines.push((line.to_owned(), status.split('`').next().unwrap().to_owned()));
        }
    }
    lines
}

/// The status that comes. What the line prints goes elsewhere, so that the status is alone.
pub fn answered(line: &str, settings: &[(&str, &str)]) -> String {
    let mut shell = Command::new("bash");
    shell.args(["-c", &format!("{line} -o /dev/null -w '%{{http_code}}'")]).envs(settings.iter().copied());
    let ended = shell.env("no_proxy", "*").output().unwrap();
    assert!(ended.status.success(), "{line}: {}", String::from_utf8_lossy(&ended.stderr));
    String::from_utf8(ended.stdout).unwrap()
}

pub fn every_line_is_answered_as_the_page_says(page: &str, settings: &[(&str, &str)]) -> usize {
    let lines = lines(page);
    for (line, status) in &lines {
        assert_eq!(answered(line, settings), *status, "{line}");
    }
    lines.len()
}
