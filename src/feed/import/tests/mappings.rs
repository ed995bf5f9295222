//! What is wrong with a mapping is said when it is loaded: file, line, key, and what would be right.

use super::*;

/// The mapping with one text replaced by another, and why it is refused for a plain file.
fn changed(from: &str, to: &str) -> String {
    assert!(BASIC.contains(from), "{from}");
    refusal(&BASIC.replacen(from, to, 1), "id,opened,closed\n")
}

fn assert_says(refusal: &str, parts: &[&str]) {
    for part in parts {
        assert!(refusal.contains(part), "`{part}` is not in: {refusal}");
    }
}

#[test]
fn a_column_that_the_file_lacks_gets_the_nearest_name() {
    let said = changed("time = \"opened\"", "time = \"openned\"");
    assert_says(
        &said,
        &["test.toml, line 11, event[1].time:", "no column `openned`", "the nearest right one is `opened`", "`closed`"],
    );
}

#[test]
fn a_wrong_delimiter_is_suspected_when_there_is_one_column() {
    assert_says(&refusal(BASIC, "id;opened\n"), &["one column", "csv.delimiter", "\";\""]);
}

#[test]
fn a_column_that_the_file_has_twice_is_refused_only_where_it_matters() {
    assert_says(&refusal(BASIC, "id,opened,opened\n"), &["two columns `opened`"]);
    assert_eq!(import(BASIC, "id,opened,x,x\n1,2021-03-01,,\n").events.len(), 1);
}

#[test]
fn columns_are_checked_at_once_where_the_mapping_names_them() {
    let said = refusal(&format!("{BASIC}[csv]\nheader = [\"id\", \"open\"]"), "");
    assert_says(&said, &["no column `opened`", "the nearest right one is `open`"]);
}

#[test]
fn event_types_fields_streams_and_maps_get_the_nearest_name() {
    assert_says(
        &changed("accepted.v1", "acepted.v1"),
        &["event[1].type", "\"case.acepted.v1\"", "is `case.accepted.v1`;"],
    );
    assert_says(
        &changed("\"hotline\"", "\"hotlin\""),
        &["test.toml, line 2, stream:", "the nearest right one is `hotline`", "`grid`"],
    );
    let with = |rest: &str| refusal(&format!("{BASIC}{rest}\n"), "id,opened\n");
    assert_says(
        &with("data.chanel = \"id\""),
        &["event[1].data.chanel", "the nearest right one is `channel`", "`category.code`"],
    );
    assert_says(&with("data.town = \"id\""), &["event[1].data.town", "the nearest right one is `place.town`"]);
    assert_says(&with("data.category = \"id\""), &["has parts of its own", "`category.code`"]);
    assert_says(&with("[fields]\ncategory.cod = \"id\""), &["fields.category.cod", "is `category.code`;"]);
    let map = "data.kind = { column = \"id\", map = \"kins\" }\n[values.kinds]\nkeep = true";
    assert_says(&with(map), &["event[1].data.kind.map", "values.kins", "the nearest right one is `kinds`"]);
}

#[test]
fn a_key_that_means_nothing_is_refused_with_the_allowed_ones() {
    let with = |rest: &str| refusal(&format!("{BASIC}{rest}\n"), "id,opened\n");
    assert_says(
        &with("tiem = \"id\""),
        &["test.toml, line 12, event[1].tiem: unknown key", "is `time`;", "`missing_time`"],
    );
    assert_says(&with("[csv]\ndelimeter = \";\""), &["csv.delimeter", "the nearest right one is `delimiter`"]);
    assert_says(&with("[csvs]"), &["test.toml, line 12, csvs", "the nearest right one is `csv`", "`timezone`"]);
    assert_says(
        &with("[[filter]]\ncolumn = \"id\"\nequal = \"1\""),
        &["filter[1].equal", "the nearest right one is `equals`"],
    );
    assert_says(&with("data.kind = { colum = \"id\" }"), &["event[1].data.kind.colum", "is `column`;"]);
    assert_says(&with("[values.x]\nmpa = {}"), &["values.x.mpa", "`map`"]);
}

#[test]
fn what_is_missing_is_named() {
    assert_says(&changed("stream = \"hotline\"", ""), &["stream: is missing"]);
    assert_says(&changed("source = \"urn:test\"", ""), &["source: is missing"]);
    assert_says(&changed("timezone = \"Asia/Shanghai\"", ""), &["timezone: is missing"]);
    assert_says(&changed("id = \"id\"", ""), &["case.id: is missing"]);
    assert_says(&changed("time = \"opened\"", ""), &["event[1].time: is missing"]);
    assert_says(&changed("case.accepted.v1", "case.dispatched.v1"), &["event[1]", "needs data.unit"]);
}

#[test]
fn formats_zones_and_constants_are_tried_at_once() {
    assert_says(&changed("%H:%M:%S", "%H:%M:%J"), &["time.formats[1]", "time format"]);
    assert_says(&changed("\"%Y-%m-%d\"", "\"%H:%M\""), &["time.formats[2]", "does not give a date"]);
    assert_says(&changed("Asia/Shanghai", "Asia/Shangai"), &["timezone", "no IANA time zone"]);
    let with = |rest: &str| refusal(&format!("{BASIC}{rest}\n"), "id,opened\n");
    assert_says(&with("data.media_count = { value = \"many\" }"), &["cannot become `many`", "a whole number"]);
    assert_says(&with("data.due_at = { value = \"soon\" }"), &["cannot become `soon`", "time.formats"]);
    let map = "data.patrol_dealt = { column = \"id\", map = \"x\" }\n[values.x]\nmap = { a = \"perhaps\" }";
    assert_says(&with(map), &["cannot become `perhaps`", "true or false"]);
    assert_says(&with("[[filter]]\ncolumn = \"id\"\nmatches = \"(\""), &["not a regular expression"]);
    assert_says(&with("[[filter]]\ncolumn = \"id\"\nequals = \"\""), &["empty = true"]);
    assert_says(&with("[csv]\nencoding = \"klingon\""), &["csv.encoding", "gb18030"]);
    assert_says(&with("data.title = \"{id\""), &["brace without its partner"]);
}

#[test]
fn two_ways_at_once_are_refused() {
    let with = |rest: &str| refusal(&format!("{BASIC}{rest}\n"), "id,opened\n");
    assert_says(
        &with("data.kind = { column = \"id\", value = \"x\" }"),
        &["several of `column`, `columns`", "exactly one of them"],
    );
    assert_says(
        &with("[[filter]]\ncolumn = \"id\"\nequals = \"1\"\nempty = true"),
        &["several of `equals`", "exactly one of them"],
    );
    assert_says(&with("[values.x]\ndefault = \"a\"\nkeep = true"), &["values.x.default", "only one of them"]);
}

#[test]
fn fields_that_no_event_takes_are_refused() {
    let mapping = BASIC.replace("accepted", "closed") + "[fields]\nkind = \"id\"\n";
    assert_says(&refusal(&mapping, "id,opened\n"), &["fields", "case.accepted.v1"]);
}

#[test]
fn a_slip_in_the_toml_itself_has_line_and_column() {
    assert_says(&changed("source = ", "source : "), &["test.toml, line 3, column 8: ", "must be valid TOML"]);
    let chinese = format!("{BASIC}[values.x]\nmap = {{ 电话 = \"HOTLINE\" }}");
    assert_says(&refusal(&chinese, ""), &["test.toml, line 13, column 9: ", "\"受理\" = …"]);
}

#[test]
fn the_stream_may_be_given_from_outside() {
    let mapping = Mapping::parse("x", &BASIC.replace("hotline", "elsewhere"), Streams::Always("grid")).unwrap();
    assert_eq!(mapping.stream(), "grid");
}
