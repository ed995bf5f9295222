use super::*;
use crate::config::streams;

const TOWN: &str = SHIPPED[0].1;

fn streams() -> Vec<&'static str> {
    streams::SHIPPED.map(|(name, _)| name).to_vec()
}

fn told(from: &str, to: &str) -> String {
    assert!(TOWN.contains(from), "{from}");
    parse("own.toml", &TOWN.replacen(from, to, 1), &streams()).unwrap_err().to_string()
}

#[test]
fn the_shipped_report_can_be_used_and_every_indicator_stands_in_a_paragraph_of_both_languages() {
    let file = load("town", &streams()).unwrap();
    let paragraphs: Vec<_> = file.sections.iter().flat_map(|section| &section.paragraphs).collect();
    for indicator in file.indicators() {
        let slot = format!("{{{}}}", indicator.id.get_ref());
        for text in [|one: &ParagraphFile| one.zh.clone(), |one: &ParagraphFile| one.en.clone()] {
            assert!(paragraphs.iter().any(|one| text(one).get_ref().contains(&slot)), "{slot}");
        }
    }
    assert!(file.indicators().count() > 40);
}

#[test]
fn what_is_wrong_is_told_with_file_line_and_reason() {
    let line = |text: &str| TOWN.lines().position(|line| line.trim() == text).unwrap() + 1;
    for (from, to, at, wanted) in [
        (
            "stream = \"petitions\"",
            "stream = \"petition\"",
            "stream = \"petitions\"",
            "no stream \"petition\"; the nearest right one is \"petitions\"",
        ),
        (
            "figure = \"K02b\"",
            "figure = \"K02c\"",
            "figure = \"K02b\"",
            "no figure \"K02c\"; the nearest right one is \"K02a\"",
        ),
        (
            "only = { how =",
            "only = { hows =",
            "only = { how = \"民转刑\" }",
            "unknown dimension \"hows\"; the nearest right one is \"how\"",
        ),
        (
            "id = \"petitions-change\"",
            "id = \"petitions\"",
            "id = \"petitions-change\"",
            "indicator \"petitions\" is already declared in line",
        ),
        ("id = \"rentals\"", "id = \"Group rentals\"", "id = \"rentals\"", "cannot stand in a paragraph"),
        ("shows = \"change\"", "shows = \"rate\"", "shows = \"change\"", "K01 is a count and has no rate"),
        ("shows = \"rate\"", "shows = \"change\"", "shows = \"rate\"", "K05a is a rate"),
        ("shows = \"count\"", "shows = \"counts\"", "shows = \"count\"", "unknown variant `counts`"),
        ("stream = \"hazards\"", "streams = \"hazards\"", "stream = \"hazards\"", "unknown field `streams`"),
    ] {
        let message = told(from, to);
        let wanted = wanted.replace("K02a", if message.contains("K02\"") { "K02" } else { "K02b" });
        assert!(message.contains(&wanted), "{message}");
        assert!(message.contains(&format!("own.toml, line {}", line(at))), "{message} not in line {}", line(at));
    }
    assert!(
        told("同比{fraud-change}", "同比{fraud-chang}")
            .contains("{fraud-chang} stands for no indicator; the nearest right one is \"fraud-change\"")
    );
    assert!(told("id = \"town\"", "id = town").contains("own.toml, line"));
}

#[test]
fn another_name_is_answered_with_what_there_is_and_a_path_is_read() {
    let message = load("village", &streams()).unwrap_err().to_string();
    assert!(message.contains("no report `village`") && message.contains("town"), "{message}");
    assert!(load("/nowhere/own.toml", &streams()).unwrap_err().to_string().contains("cannot read /nowhere/own.toml"));
    let message = parse("own.toml", "id = \"x\"\nsections = []\ntitle = { zh = \"空\", en = \"empty\" }\n", &[]);
    assert!(message.unwrap_err().to_string().contains("no indicator"));
}
