use super::*;

/// What is told of a document of one section `a`, read with these keys.
fn told(text: &str) -> Vec<String> {
    let doc = Document::new("f.toml", text);
    let table = doc.parse().unwrap();
    let top = doc.top(&table);
    let section = top.require("a", "[a] with its keys").and_then(|entry| entry.section());
    if let Some(section) = section {
        section.require("name", "a name").and_then(|entry| entry.text().map(str::to_owned));
        section.optional("count", 1, TomlEntry::count);
        section.optional("light", 1, |entry| entry.choice(&[("red", 1), ("green", 2)]));
        section.optional("list", Vec::new(), |entry| entry.each(|item| item.flag()));
        section.one_of(&["one", "other"]);
        section.finish();
    }
    top.finish();
    doc.take_problems().iter().map(Problem::to_string).collect()
}

#[test]
fn all_faults_are_told_in_the_order_of_the_file() {
    let text = "b = 1\n[a]\nlist = [true, 1, false, 2]\nlight = \"gren\"\ncount = \"3\"\none = 1\nother = 2\n";
    let there = "there are `name`, `count`, `light`, `list`, `one`, `other`";
    assert!(told(&format!("{text}xyz = 1\n")).contains(&format!("f.toml, line 8, a.xyz: unknown key `xyz`; {there}")));
    assert_eq!(
        told(text),
        [
            "f.toml, line 1, b: unknown key `b`; there are `a`",
            "f.toml, line 2, a: has several of `one`, `other`; write exactly one of them",
            "f.toml, line 2, a.name: is missing; write a name",
            "f.toml, line 3, a.list[2]: is neither true nor false; write true or false, without quotes",
            "f.toml, line 3, a.list[4]: is neither true nor false; write true or false, without quotes",
            "f.toml, line 4, a.light: there is no \"gren\" here; the nearest right one is `green`; there are `red`, `green`",
            "f.toml, line 5, a.count: is no whole number; write a whole number, without quotes",
        ]
    );
    assert!(told("[a]\nname = \"x\"\none = 1\n").is_empty());
}

#[test]
fn a_key_that_is_misspelt_is_not_missing_too() {
    let misspelt = told("[a]\nnmae = \"x\"\nothr = 1\n");
    assert_eq!(misspelt.len(), 2, "{misspelt:?}");
    assert!(misspelt[0].contains("unknown key `nmae`; the nearest right one is `name`"), "{misspelt:?}");
    assert!(misspelt[1].contains("unknown key `othr`; the nearest right one is `other`"), "{misspelt:?}");
    assert_eq!(
        told("[a]\nname = \"x\"\n"),
        ["f.toml, line 1, a: has none of `one`, `other`; write exactly one of them"]
    );
    assert_eq!(told(""), ["f.toml, line 1, a: is missing; write [a] with its keys"]);
}

#[test]
fn of_many_faults_the_first_are_told_and_how_many_more_there_are() {
    let keys: String = (0..80).map(|key| format!("k{key} = 1\n")).collect();
    let all = told(&format!("{keys}[a]\nname = \"x\"\none = 1\n"));
    assert_eq!((all.len(), all[50].as_str()), (51, "f.toml: and 30 more; they are told when these are mended"));
}

#[test]
fn a_mistake_in_the_toml_has_line_and_column() {
    let refusal = |text| Document::new("f.toml", text).parse().unwrap_err().to_string();
    let said = refusal("\u{feff}a = 1\nb : 2\n");
    assert!(
        said.starts_with("f.toml, line 2, column 3: ") && said.ends_with("; the file must be valid TOML"),
        "{said}"
    );
    assert!(refusal("受理 = 1").contains("\"受理\" = …"));
}

#[test]
fn a_slip_of_the_pen_finds_its_name_and_nonsense_finds_none() {
    let names = ["OPEN_DT", "CLOSED_DT", "受理时间"];
    assert_eq!(nearest("OPENED_DT", &names), Some("OPEN_DT"));
    assert_eq!(nearest("closed_dt", &names), Some("CLOSED_DT"));
    assert_eq!(nearest("受理日期", &names), Some("受理时间"));
    assert_eq!(nearest("xyz", &names), None);
    assert_eq!(remedy("xyz", &[]), "there is none");
    let long = "x".repeat(100_000);
    assert_eq!(nearest(&long, &[&long[1..]]), None);
    let many: Vec<String> = (0..100).map(|name| format!("n{name}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert!(listed(&many).ends_with("`n79` and 20 more"));
}
