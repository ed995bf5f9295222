//! docs/feeding.md as a new user goes through it: each piece is pasted into a shell, and answered as the page says.

use std::process::Command;

use serde_json::Value;

use crate::{events::SOURCE, inlet::Feeders, keys::added};

const PAGE: &str = include_str!("../../docs/feeding.md");

/// Each shell piece that asks something, with the answer that stands below it.
fn pieces() -> Vec<(String, Value)> {
    let mut pieces = Vec::new();
    let mut asked = None;
    for piece in PAGE.split("\n```").skip(1).step_by(2) {
        match piece.split_once('\n') {
            Some(("sh", text)) if text.contains("curl") => asked = Some(text.to_owned()),
            Some(("json", text)) => pieces
                .push((asked.take().expect("an answer stands below what asks"), serde_json::from_str(text).unwrap())),
            _ => {}
        }
    }
    assert!(asked.is_none(), "a piece has no answer");
    pieces
}

/// Everything that the page says is so; what it does not say may be anything.
fn says(answer: &Value, page: &Value) -> bool {
    match (answer, page) {
        (Value::Object(answer), Value::Object(page)) => {
            page.iter().all(|(name, wanted)| answer.get(name).is_some_and(|found| says(found, wanted)))
        }
        (Value::Array(answer), Value::Array(page)) => {
            answer.len() == page.len() && answer.iter().zip(page).all(|(found, wanted)| says(found, wanted))
        }
        _ => answer == page,
    }
}

#[test]
fn every_piece_of_the_page_works_as_it_is_pasted() {
    let feeders = Feeders::new();
    let file = feeders.path("keys.toml");
    let key = added(&feeders, &file, "hotline", &["--source", SOURCE, "--stream", "hotline"]);
    let inlet = feeders.inlet(&[("INLET__KEYS_FILE", &file)]);
    inlet.wait_until_ready();
    let pieces = pieces();
    assert!(pieces.len() >= 12, "{} pieces", pieces.len());
    for (text, wanted) in pieces {
        let mut shell = Command::new("bash");
        shell
            .args(["-c", &text])
            .env("INLET", format!("http://{}", inlet.address))
            .env("KEY", &key)
            .env("no_proxy", "*");
        let ended = shell.output().unwrap();
        assert!(ended.status.success(), "{text}: {}", String::from_utf8_lossy(&ended.stderr));
        let answer: Value = serde_json::from_slice(&ended.stdout).expect("an answer in JSON");
        assert!(says(&answer, &wanted), "{text}\nis answered\n{answer}\nand not\n{wanted}");
    }
}
