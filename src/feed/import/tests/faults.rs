//! All that is wrong with a mapping is told at once, and nothing that follows from another fault only.

use super::{
    documents::{at, read},
    *,
};
use crate::feed::import::MappingError;

const FAULTS: &str = "tests/fixtures/import/faults";

fn error_of(text: &str) -> MappingError {
    Mapping::parse("test.toml", text, STREAMS).unwrap_err()
}

/// Place and what is wrong, without what to do.
fn told(text: &str) -> Vec<String> {
    error_of(text).problems().into_iter().map(|problem| format!("{}: {}", problem.place, problem.what)).collect()
}

#[test]
fn the_guide_shows_what_is_told_of_a_mapping_with_several_faults() {
    let (mapping, path) = (read(&format!("{FAULTS}/mapping.toml")), format!("{FAULTS}/told.txt"));
    let told = format!("{}\n", Mapping::parse("mapping.toml", &mapping, STREAMS).unwrap_err());
    if std::env::var_os("TONGGUAN_BLESS").is_some() {
        std::fs::write(at(&path), &told).unwrap();
    }
    assert_eq!(told, read(&path), "{path}; with TONGGUAN_BLESS=1 it is written anew");
    let guide = read("docs/import.md");
    for (language, text) in [("toml", mapping), ("text", told)] {
        assert!(guide.contains(&format!("```{language}\n{text}```\n")), "{language} differs in docs/import.md");
    }
}

#[test]
fn a_fault_in_any_part_leaves_the_others_read() {
    let mapping = r#"
stream = "hotlin"
timezone = 8
unmatched = "keep"
[csv]
delimiter = ";;"
max_lines = 0
[time]
formats = ["%Y-%m-%d %H:%M:%J", "%Y-%m-%d", "%H:%M"]
[case]
id = 5
[[filter]]
column = "x"
equals = ""
[[filter]]
matches = "("
[values.x]
map = { a = [] }
[fields]
kind = "{id"
channel = { column = "x", map = "y" }
[[event]]
type = "case.acepted.v1"
time = ["", "opened"]
[[event]]
type = "case.dispatched.v1"
time = "sent"
sequence = true
data.level = { value = "high" }
"#;
    let (told, wanted) = (
        told(mapping),
        [
            "test.toml, line 1, source: is missing",
            "test.toml, line 2, stream: there is no stream \"hotlin\"",
            "test.toml, line 3, timezone: is no text",
            "test.toml, line 4, unmatched: there is no \"keep\" here",
            "test.toml, line 6, csv.delimiter: is not one ASCII character",
            "test.toml, line 7, csv.max_lines: is out of range",
            "test.toml, line 9, time.formats[1]: is not a time format",
            "test.toml, line 9, time.formats[3]: does not give a date",
            "test.toml, line 11, case.id: is no column",
            "test.toml, line 14, filter[1].equals: counts as empty (csv.null_values)",
            "test.toml, line 15, filter[2].column: is missing",
            "test.toml, line 16, filter[2].matches: is not a regular expression: unclosed group",
            "test.toml, line 18, values.x.map.a: is no text, whole number, true or false",
            "test.toml, line 20, fields.kind: has a brace without its partner",
            "test.toml, line 21, fields.channel.map: there is no [values.y]",
            "test.toml, line 23, event[1].type: \"case.acepted.v1\" is no event type",
            "test.toml, line 24, event[1].time[1]: is empty",
            "test.toml, line 25, event[2]: case.dispatched.v1 needs data.unit",
            "test.toml, line 28, event[2].sequence: is no column",
            "test.toml, line 29, event[2].data.level: cannot become `high`: must be a whole number from 0 to 255",
        ],
    );
    assert_eq!(told.len(), wanted.len(), "{told:#?}");
    for (told, wanted) in told.iter().zip(wanted) {
        assert!(told.starts_with(wanted), "{told}\n{wanted}");
    }
}

/// One fault, and what could be taken for a second one.
#[test]
fn a_fault_makes_no_others() {
    let (dispatched, snapshot) = (BASIC.replace("accepted", "dispatched"), BASIC.replace("accepted", "snapshot"));
    for (mapping, fault) in [
        // The maps that are used are there, but cannot be read.
        (format!("{BASIC}data.kind = {{ column = \"id\", map = \"x\" }}\n[values]\nx = 1"), "values.x: is no table"),
        (format!("values = 1\n{BASIC}data.kind = {{ column = \"id\", map = \"x\" }}"), "values: is no table"),
        (
            format!("{BASIC}data.kind = {{ column = \"id\", map = \"x\" }}\n[valeus.x]\nkeep = true"),
            "unknown key `valeus`",
        ),
        // How times are read is not known.
        (BASIC.replace("Asia/Shanghai", "Asia/Shangai") + "data.due_at = { value = \"soon\" }", "no IANA time zone"),
        (BASIC.replace("%H", "%J") + "data.due_at = { value = \"2021-03-01 08:00:00\" }", "is not a time format"),
        // The quote is another character than the delimiter that was meant.
        (format!("{BASIC}[csv]\ndelimiter = \"；\"\nquote = \",\""), "csv.delimiter: is not one ASCII character"),
        // What the event needs is there, but cannot be read.
        (format!("{dispatched}data.unit = 1"), "event[1].data.unit: is no column"),
        (format!("{dispatched}data.unti = \"id\""), "the contract has no field `unti` here"),
        (format!("{dispatched}dat.unit = \"id\""), "unknown key `dat`"),
        (format!("{dispatched}data = \"id\""), "event[1].data: is no table"),
        (format!("{snapshot}data.status = \"id\"\ndata.assignments = [{{ unit = 5 }}]"), "unit: is no column"),
        // Which event it is may be the one that takes the fields.
        (BASIC.replace("accepted", "acepted") + "[fields]\nkind = \"id\"", "is no event type"),
        (format!("{dispatched}data.level = \"id\"\ndtaa.unit = \"id\""), "unknown key `dtaa`"),
        (BASIC.replace("type = ", "tpye = ") + "data.kind = \"id\"", "unknown key `tpye`"),
        // The columns that the header has are not known.
        (format!("{BASIC}[csv]\nheader = [\"id\", 5]"), "csv.header[2]: is no text"),
        // A misspelt key is not missing too.
        (BASIC.replace("time = \"opened\"", "tiem = \"opened\""), "unknown key `tiem`"),
        (format!("{BASIC}[[filter]]\ncolumn = \"id\"\nequal = \"1\""), "unknown key `equal`"),
        (format!("{BASIC}[values.x]\nmpa = {{ a = \"b\" }}"), "unknown key `mpa`"),
        (format!("{BASIC}[values.x]\nkeep = \"yes\""), "neither true nor false"),
    ] {
        let told = told(&mapping);
        assert!(told.len() == 1 && told[0].contains(fault), "{fault}: {told:#?}\n{mapping}");
    }
}

/// Faults of which each was told only when another was mended.
#[test]
fn a_fault_hides_no_others() {
    let (above, dispatched) = (BASIC.split("[[event]]").next().unwrap(), BASIC.replace("accepted", "dispatched"));
    let of_type = |named: &str| BASIC.replace("case.accepted.v1", named) + "data.kind = 5\ndata.kinds = \"id\"";
    let data: &[&str] =
        &["event[1].data.kind: is no column", "the contract has no field `kinds` here", "event[1].type"];
    let when = "when = { column = \"id\" }";
    for (mapping, faults) in [
        (format!("{above}[fields]\nkind = 5"), &["event: is missing", "fields.kind: is no column"][..]),
        (format!("event = []\n{above}"), &["event: is an empty list"]),
        (
            BASIC.replace("[[event]]", "[[events]]") + "[fields]\nkind = 5",
            &["key `events`", "fields.kind: is no column"],
        ),
        (
            BASIC.replace("[[event]]", "[event]") + "data.kind = 5",
            &["event: is no list", "event.data.kind: is no column"],
        ),
        (BASIC.replace("[case]", "[[case]]").replace("\"id\"", "5"), &["case: is a list", "case.id: is no column"]),
        (of_type("case.acepted.v1"), data),
        (of_type("accepted"), data),
        (of_type("something"), data),
        (of_type("5").replace("\"5\"", "5"), data),
        (of_type("case.closed.v1").replace("type =", "typ ="), &["key `typ`", data[0], data[1]]),
        (dispatched.replace("dispatched", "dispached"), &["is no event type", "needs data.unit"]),
        (format!("{BASIC}[[filter]]\ncolumn = \"id\"\nremark = \"x\""), &["has none of `equals`", "key `remark`"]),
        (BASIC.replace("time = \"opened\"", "name = \"x\""), &["event[1].time: is missing", "unknown key `name`"]),
        (
            format!("{BASIC}data.due_at = {{ column = \"opened\", default = \"soon\", {when} }}"),
            &["when: has none of", "cannot become `soon`"],
        ),
        (
            format!("{BASIC}data.due_at = {{ column = \"opened\", plus = {{ value = \"x\", unit = \"day\" }} }}"),
            &["there is no \"day\" here", "`value` is no number"],
        ),
        (
            format!(
                "{BASIC}data.kind = {{ column = \"id\", bare_date = \"end\", plus = {{ value = 1, unit = \"days\" }} }}"
            ),
            &["`plus` is for times", "`bare_date` is for times"],
        ),
        (format!("{BASIC}[values.x]\nkeep = \"yes\"\ndefault = []"), &["keep: is neither", "default: is no text"]),
        (format!("{BASIC}data.kind = 5\n[csv]\nheader = [\"id\"]"), &["no column `opened`", "data.kind: is no column"]),
    ] {
        let told = told(&mapping);
        assert!(
            told.len() == faults.len() && faults.iter().all(|fault| told.iter().any(|one| one.contains(fault))),
            "{faults:?}: {told:#?}\n{mapping}"
        );
    }
}

/// The mistakes that are made most, and what to write for them.
#[test]
fn whoever_made_a_mistake_is_told_what_to_write() {
    let with = |rest: &str| error_of(&format!("{BASIC}{rest}")).to_string();
    for (said, remedy) in [
        (with("when = \"closed\""), "write a condition, like { column = \"COLUMN\", equals = \"VALUE\" }"),
        (error_of(&BASIC.replace("case.accepted.v1", "accepted")).to_string(), "write \"case.accepted.v1\""),
        (
            error_of(&BASIC.replace("[[event]]", "[event]")).to_string(),
            "write it as [[event]], in two pairs of brackets",
        ),
        (with("[[fields]]\nkind = \"id\""), "write it once, in one pair of brackets"),
        (with("id = \"number\""), "write a list, like [\"number\"]"),
        (with("data = \"id\""), "write the fields of the event, like { unit = \"COLUMN\" }"),
        (with("data.due_at = { column = \"opened\", plus = 5 }"), "write { value = 5, unit = \"days\" }"),
        (
            with("data.kind = { column = \"id\", map = \"x\" }\n[values]\nx = \"a\""),
            "{ map = { \"THEIRS\" = \"OURS\" } }",
        ),
        (with("[values.x]\nmap = \"a\""), "write { \"THEIRS\" = \"OURS\" }, one for each value"),
        (with("[csv]\nskip_lines = 4294967296"), "write a whole number from 0 to 4294967295"),
        (with("[csv]\nmax_lines = 0"), "write a whole number from 1 to 10000"),
        (error_of(&BASIC.replace("time = \"opened\"", "")).to_string(), "write time = \"COLUMN\""),
        (with("[fields]\ncategory = \"id\""), "write one of `category.code`"),
    ] {
        assert!(said.contains(remedy), "{remedy}: {said}");
    }
    assert!(Mapping::parse("x", &format!("sheet = \"\"\n{BASIC}"), STREAMS).is_ok());
}

/// 1,500 maps with long names, none of which is the one that 50 fields name; and as many columns.
#[test]
fn many_names_that_are_wrong_cost_little() {
    let many = |row: fn(String) -> String| -> String {
        (0..1_500).map(|at| row(format!("{}{at:04}", "m".repeat(146)))).collect()
    };
    let rule = |rest: &str| format!("[[event]]\ntype = \"case.accepted.v1\"\n{rest}\n");
    let wrong = format!("time = \"opened\"\ndata.kind = {{ column = \"id\", map = \"{}\" }}", "n".repeat(150));
    let maps =
        format!("{BASIC}{}[values]\n{}", rule(&wrong).repeat(50), many(|name| format!("{name} = {{ keep = true }}\n")));
    assert_eq!(told(&maps).len(), 50);
    let columns: String = (0..50).map(|at| rule(&format!("time = \"{}{at}\"", "n".repeat(146)))).collect();
    let header = format!("{BASIC}{columns}[csv]\nheader = [{}]", many(|name| format!("\"{name}\",")));
    assert_eq!(told(&header).len(), 51, "and 2 more");
}

/// What thousands of fields share is tried once, and held once.
#[test]
fn many_fields_of_one_map_cost_little() {
    let map: String = (0..5_000).map(|at| format!("k{at} = \"w{at}\"\n")).collect();
    let rule = "[[event]]\ntype = \"case.accepted.v1\"\ntime = \"opened\"\ndata.patrol_dealt = { column = \"id\", map = \"m\" }\n";
    let told = told(&format!("{BASIC}{}[values.m.map]\n{map}", rule.repeat(1_500)));
    assert_eq!((told.len(), told[50].as_str()), (51, "test.toml: and 1450 more"));
    let first = "cannot become `w0`, `w1`, `w10`, `w100`, `w1000`, `w1001`, `w1002`, `w1003` and 4992 more of its map";
    assert!(told[0].contains(&format!("{first}: must be true or false")), "{}", told[0]);
}

/// Each of a few letters, and all of them together a gigabyte when they are made.
#[test]
fn many_large_patterns_are_refused_before_they_cost_much() {
    let filter = |pattern: &str| format!("[[filter]]\ncolumn = \"id\"\nmatches = '{pattern}'\n");
    let usual: String = (0..200).map(|at| filter(&format!("^{at}(投诉|举报).*[0-9]{{11}}$"))).collect();
    assert!(Mapping::parse("x", &format!("{BASIC}{usual}"), STREAMS).is_ok());
    assert!(Mapping::parse("x", &format!("{BASIC}{}", filter(r"\w{20}").repeat(1_000)), STREAMS).is_ok());
    for usual in [r"^1\d{10}$", r"^(\d{15}|\d{17}[\dXx])$", r"\w+@\w+\.\w+", r"\p{Han}{2,50}", r".{0,200}", r"\w{100}"]
    {
        assert!(Mapping::parse("x", &format!("{BASIC}{}", filter(usual)), STREAMS).is_ok(), "{usual}");
    }
    let mobiles: String = (0..300).map(|at| filter(&format!(r"^{at}1\d{{10}}$"))).collect();
    assert!(Mapping::parse("x", &format!("{BASIC}{mobiles}"), STREAMS).is_ok());
    // What follows from that is not told, and what else is wrong is.
    let large: String = (0..400).map(|at| filter(&format!(r"{at}\w{{20}}"))).collect();
    let told = told(&format!("{BASIC}{large}{}{}", filter("abc"), filter("(")));
    assert!(told.len() == 2 && told[0].contains("too large together"), "{told:#?}");
    assert!(told[1].contains("unclosed group"), "{told:#?}");
    let folded = r"(?i)[A-z\x{80}-\x{10ffff}]".repeat(60);
    for long in [r"(?i)\pL".repeat(1_000), r"\pL{0}".repeat(700), folded] {
        let one = told_of_one(&filter(&long));
        assert!(one.contains("too large"), "{one}");
    }
    let one = told_of_one(&filter(r"(?:\w{60}){60}"));
    assert!(one.contains("filter[1].matches: is too large; write fewer or smaller repetitions"), "{one}");
}

fn told_of_one(rest: &str) -> String {
    error_of(&format!("{BASIC}{rest}")).to_string()
}

/// Each line of the template in turn has another value, or is left out.
#[test]
fn whatever_is_wrong_is_told() {
    let template = read("config/sources/template.toml");
    let lines: Vec<&str> = template.lines().collect();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| line.contains(" = ") && !line.starts_with('#')) {
        let key = line.split(" = ").next().unwrap_or_default();
        for wrong in ["5", "\"{\"", "{}", "[[]]", ""] {
            let mut changed: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
            changed[at] = if wrong.is_empty() { String::new() } else { format!("{key} = {wrong}") };
            let Err(error) = Mapping::parse("test.toml", &changed.join("\n"), STREAMS) else { continue };
            let told = error.problems();
            assert!(
                !told.is_empty() && told.iter().all(|one| one.what != "is not complete"),
                "{line} {wrong}: {told:#?}"
            );
        }
    }
}

#[test]
fn of_a_mapping_that_is_wrong_everywhere_the_first_faults_are_told() {
    let filters = "[[filter]]\ncolumn = 1\n".repeat(10_000);
    let filters = told(&format!("{BASIC}{filters}"));
    assert_eq!((filters.len(), filters[50].as_str()), (51, "test.toml: and 19950 more"));
    let fields: String = (0..20_000).map(|field| format!("f{field} = 1\n")).collect();
    let fields = told(&format!("{BASIC}[fields]\n{fields}"));
    assert_eq!((fields.len(), fields[50].as_str()), (51, "test.toml: and 19950 more"));
    // What follows from one of them is not counted either.
    let rule = "[[event]]\ntype = \"case.dispatched.v1\"\ntime = \"opened\"\ndata.unti = \"id\"\n";
    let rules = told(&format!("{BASIC}{}", rule.repeat(5_000)));
    assert_eq!((rules.len(), rules[50].as_str()), (51, "test.toml: and 4950 more"));
}

#[test]
fn all_columns_that_the_file_lacks_or_has_twice_are_told() {
    let said = refusal(&format!("{BASIC}data.kind = \"kind\"\n"), "idd,opened,opened\n");
    let columns = "does not fit the data file, which has the columns `idd`, `opened`, `opened`:";
    for part in
        [columns, "case.id: there is no column `id`", "two columns `opened`", "data.kind: there is no column `kind`"]
    {
        assert!(said.contains(part), "{part} is not in {said}");
    }
    let header = told(&format!("{BASIC}data.kind = 5\n[csv]\nheader = [\"idd\", \"open\"]"));
    assert_eq!(header.len(), 3, "{header:?}");
}
