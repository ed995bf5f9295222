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
