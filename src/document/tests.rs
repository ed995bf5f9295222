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
fn what_stands_first_in_the_file_is_told_whenever_it_is_found() {
    let keys: String = (0..60).map(|key| format!("k{key} = 1\n")).collect();
    // Of [a] the faults are found before those of the keys above it.
    let all = told(&format!("{keys}[a]\nname = \"x\"\none = 1\nlist = [{}]\n", "1, ".repeat(70)));
    assert_eq!((all.len(), all[50].as_str()), (51, "f.toml: and 80 more; they are told when these are mended"));
    for (at, one) in all[..50].iter().enumerate() {
        assert!(one.starts_with(&format!("f.toml, line {}, k{at}: ", at + 1)), "{one}");
    }
}

#[test]
fn names_of_the_file_are_shown_short_and_without_what_a_terminal_obeys() {
    let all = told("[a]\nname = \"x\"\none = 1\n\"b\\n\\u001b[31m\" = 1\nlight = \"\\u001b\\u202e\"\n");
    let wanted = "f.toml, line 4, a.b\\n\\u{1b}[31m: unknown key `b\\n\\u{1b}[31m`; there are";
    assert!(all[0].starts_with(wanted), "{all:?}");
    assert!(all[1].contains("there is no \"\\u{1b}\\u{202e}\" here"), "{all:?}");
    let long = "k".repeat(1_000_000);
    let all = told(&format!("{long} = 1\n[a]\nname = \"x\"\none = 1\nlight = \"{long}\"\n[{long}x.y]\n"));
    assert_eq!(all.len(), 3, "{}", all.len());
    for one in all {
        assert!(one.len() < 500 && one.contains(&format!("{}…", &long[..80])), "{one}");
    }
}

#[test]
fn a_key_that_only_resembles_one_that_is_missing_hides_nothing() {
    // `nme` is a slip of `name`; `lime` would be near enough for a suggestion.
    assert_eq!(told("[a]\nnme = \"x\"\none = 1\n").len(), 1);
    let all = told("[a]\nlime = \"x\"\nremark = 1\n");
    let parts = ["has none of `one`, `other`", "a.name: is missing", "unknown key `lime`", "unknown key `remark`"];
    assert_eq!(all.len(), parts.len(), "{all:?}");
    assert!(parts.iter().all(|part| all.iter().any(|one| one.contains(part))), "{all:?}");
}

#[test]
fn a_section_in_the_wrong_brackets_is_told_and_read() {
    let all = told("[[a]]\nname = 1\none = 1\n");
    assert!(all[0].contains("line 1, a: is a list of sections") && all[0].contains("one pair of brackets"), "{all:?}");
    assert!(all.len() == 2 && all[1].contains("line 2, a.name: is no text"), "{all:?}");
    let sections = |text: &str| {
        let doc = Document::new("f.toml", text);
        let table = doc.parse().unwrap();
        let found = doc.top(&table).get("x").unwrap().some_sections().len();
        (found, doc.take_problems().iter().map(Problem::to_string).collect::<String>())
    };
    let twice = "write it as [[x]], in two pairs of brackets";
    assert_eq!(sections("[[x]]\n[[x]]\n"), (2, String::new()));
    assert_eq!(sections("[x]\n"), (1, format!("f.toml, line 1, x: is no list, but one section; {twice}")));
    assert_eq!(sections("x = []\n"), (0, format!("f.toml, line 1, x: is an empty list; {twice}")));
    assert_eq!(sections("x = 1\n"), (0, format!("f.toml, line 1, x: is no list of sections; {twice}")));
}

#[test]
fn what_may_be_a_text_or_several_says_so() {
    let doc = Document::new("f.toml", "a = 5\nb = \"x\"\nc = [\"x\", \"y\"]\n");
    let table = doc.parse().unwrap();
    let texts = |key| doc.top(&table).get(key).unwrap().texts().map(|texts| texts.len());
    assert_eq!((texts("a"), texts("b"), texts("c")), (None, Some(1), Some(2)));
    let told = doc.take_problems()[0].to_string();
    assert_eq!(told, "f.toml, line 1, a: is no text and no list of texts; write a text in quotes, or several in [ ]");
}

#[test]
fn a_number_out_of_range_is_told_with_both_bounds() {
    let all = told("[a]\nname = \"x\"\none = 1\ncount = 4294967296\n");
    assert!(all[0].ends_with("a.count: is out of range; write a whole number from 0 to 4294967295"), "{all:?}");
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
fn a_mark_at_the_beginning_is_no_column() {
    let text = "\u{feff}a : 1\n";
    let error = text.parse::<toml::Table>().unwrap_err();
    let said = Problem::not_toml("f.toml", text, &error).to_string();
    assert!(said.starts_with("f.toml, line 1, column 3: "), "{said}");
}

#[test]
fn a_key_of_too_many_parts_has_its_line() {
    let parse = |parts: usize, above: &str| {
        let text = format!("{above}  {} = 1\nb = 2\n", vec!["a"; parts].join("."));
        Document::new("f.toml", &text).parse().map(drop).map_err(|problem| problem.to_string())
    };
    assert_eq!(parse(80, ""), Ok(()));
    let told = Err("f.toml, line 2, column 3: a key has more than 80 parts; the file must be valid TOML".to_owned());
    assert_eq!(parse(81, "x = 1\n"), told);
    assert_eq!(parse(10_000, &format!("x = \"{}\"\n", ".".repeat(100))), told);
}

#[test]
fn names_are_compared_no_longer_than_can_be_waited_for() {
    let many: Vec<String> = (0..5_000).map(|at| format!("{}{at:04}", "m".repeat(100))).collect();
    let names: Vec<&str> = many.iter().map(String::as_str).collect();
    let comparing = Comparing::default();
    assert_eq!(comparing.nearest(&many[7].replace('7', "x"), &names), None);
    // What did not cost anything leaves room for others, until there is none; what is known is known.
    let known =
        |at: usize| comparing.nearest(&format!("open_at_{at:05}"), &["open_at_x0000", "open_at_y0000"]).is_some();
    let found = (0..100_000).take_while(|at| known(*at)).count();
    assert!((10_000..99_999).contains(&found), "{found}");
    assert!(known(7) && !known(99_999));
}

#[test]
fn a_slip_of_the_pen_finds_its_name_and_nonsense_finds_none() {
    let nearest = |wanted: &str, names: &[&'static str]| Comparing::default().nearest(wanted, names);
    let names = ["OPEN_DT", "CLOSED_DT", "受理时间"];
    assert_eq!(nearest("OPENED_DT", &names), Some("OPEN_DT"));
    assert_eq!(nearest("closed_dt", &names), Some("CLOSED_DT"));
    assert_eq!(nearest("受理日期", &names), Some("受理时间"));
    assert_eq!(nearest("xyz", &names), None);
    assert_eq!(remedy("xyz", &[]), "there is none");
    let long = "x".repeat(100_000);
    assert_eq!(Comparing::default().nearest(&long, &[&long[1..]]), None);
    let many: Vec<String> = (0..100).map(|name| format!("n{name}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert!(listed(&many).ends_with("`n79` and 20 more"));
}
