//! What rows come to mean: times, values, conditions, ids, and rows that repeat each other.

use super::*;

fn opened(mapping: &str, text: &str) -> Ran {
    import(mapping, format!("id,opened\n1,\"{text}\"\n"))
}

fn with_formats(formats: &str, zone: &str) -> String {
    BASIC.replace("[\"%Y-%m-%d %H:%M:%S\", \"%Y-%m-%d\"]", formats).replace("Asia/Shanghai", zone)
}

/// The mapping with one more field of the accepted event.
fn with_field(field: &str) -> String {
    format!("{BASIC}\n[fields]\n{field}\n")
}

#[test]
fn formats_are_tried_in_order() {
    for (formats, text, expected) in [
        (r#"["%d/%m/%Y", "%m/%d/%Y"]"#, "03/04/2021", "2021-04-03T00:00:00+08:00"),
        (r#"["%d/%m/%Y", "%m/%d/%Y"]"#, "03/14/2021", "2021-03-14T00:00:00+08:00"),
        (r#"["%Y年%m月%d日 %H时%M分"]"#, "2021年3月6日 9时05分", "2021-03-06T09:05:00+08:00"),
        (r#"["%Y/%m/%d %p %I:%M"]"#, "2021/3/6 下午 3:05", "2021-03-06T15:05:00+08:00"),
        (r#"["%Y-%m-%d %H:%M:%S%.f"]"#, "2021-03-06 10:00:00.250", "2021-03-06T10:00:00.250+08:00"),
        (r#"["%Y-%m-%dT%H:%M:%S%:z"]"#, "2021-03-06T10:00:00+09:00", "2021-03-06T10:00:00+09:00"),
        (r#"["%s"]"#, "1614996000", "2021-03-06T10:00:00+08:00"),
        (r#"["unix_ms"]"#, "1614996000250", "2021-03-06T10:00:00.250+08:00"),
        (r#"["%Y%m%d%H%M%S"]"#, "20210306100000", "2021-03-06T10:00:00+08:00"),
    ] {
        let ran = opened(&with_formats(formats, "Asia/Shanghai"), text);
        assert_eq!(ran.times(), [format!("accepted {expected}")], "{text} by {formats}: {}", ran.rejects);
    }
}

#[test]
fn a_time_that_no_clock_showed_is_rejected_or_moved_on() {
    let new_york = with_formats(r#"["%Y-%m-%d %H:%M:%S"]"#, "America/New_York");
    let rejected = opened(&new_york, "2015-03-08 02:30:00");
    assert_eq!(rejected.summary.reasons.keys().next().unwrap(), &("time_skipped", "opened".to_owned()));
    let moved = opened(&format!("nonexistent = \"later\"\n{new_york}"), "2015-03-08 02:30:00");
    assert_eq!(moved.times(), ["accepted 2015-03-08T03:30:00-04:00"]);
}

#[test]
fn a_time_that_came_twice_is_the_earlier_unless_told() {
    let new_york = with_formats(r#"["%Y-%m-%d %H:%M:%S"]"#, "America/New_York");
    assert_eq!(opened(&new_york, "2015-11-01 01:16:00").times(), ["accepted 2015-11-01T01:16:00-04:00"]);
    let later = format!("ambiguous = \"later\"\n{new_york}");
    assert_eq!(opened(&later, "2015-11-01 01:16:00").times(), ["accepted 2015-11-01T01:16:00-05:00"]);
}

#[test]
fn a_year_out_of_all_range_is_a_stand_in_for_none() {
    for text in ["1900-01-01", "0001-01-01", "9999-12-31"] {
        assert_eq!(opened(BASIC, text).summary.reasons.keys().next().unwrap().0, "time_out_of_range", "{text}");
    }
}

#[test]
fn a_bare_date_starts_the_day_but_a_due_ends_it() {
    let mapping = with_field("due_at = \"x\"");
    assert_eq!(data_of(&mapping, "2021-03-05").unwrap(), r#"{"due_at":"2021-03-06T00:00:00+08:00"}"#);
    assert_eq!(data_of(&mapping, "2021-03-05 18:00:00").unwrap(), r#"{"due_at":"2021-03-05T18:00:00+08:00"}"#);
    assert_eq!(opened(BASIC, "2021-03-05").times(), ["accepted 2021-03-05T00:00:00+08:00"]);
}

#[test]
fn an_empty_time_is_no_event_unless_a_condition_says_that_it_happened() {
    let closed = "[[event]]\ntype = \"case.closed.v1\"\ntime = \"closed\"\n";
    let rows = "id,opened,closed,status\n1,2021-03-01,,办结\n2,2021-03-01,2021-03-02,办结\n";
    let by_time = import(&format!("{BASIC}{closed}"), rows);
    assert_eq!(by_time.ids().len(), 3);
    assert_eq!(by_time.summary.events.values().map(|tally| tally.without_time).sum::<u64>(), 1);
    let condition = "when = { column = \"status\", equals = \"办结\" }\n";
    let by_status = import(&format!("{BASIC}{closed}{condition}"), rows);
    assert_eq!((by_status.events.len(), by_status.summary.rejected), (2, 1));
    assert_eq!(by_status.summary.reasons.keys().next().unwrap(), &("missing", "closed".to_owned()));
    let lenient = import(&format!("{BASIC}{closed}{condition}missing_time = \"skip\"\n"), rows);
    assert_eq!(lenient.bytes, by_time.bytes);
}

#[test]
fn values_are_mapped_kept_defaulted_or_rejected() {
    let mapping = |rest: &str| {
        let map = "[values.words]\nmap = { \"电话\" = \"HOTLINE\", \"无\" = \"\" }\n";
        with_field("channel = { column = \"x\", map = \"words\", default = \"NONE\" }") + map + rest
    };
    let channel = |rest, cell| data_of(&mapping(rest), cell);
    assert_eq!(channel("", "电话").unwrap(), r#"{"channel":"HOTLINE"}"#);
    assert_eq!(channel("", "").unwrap(), r#"{"channel":"NONE"}"#);
    assert_eq!(channel("", "无").unwrap(), r#"{"channel":"NONE"}"#);
    assert!(channel("", "微信").unwrap_err().contains("not listed in values.words"));
    assert_eq!(channel("keep = true", "微信").unwrap(), r#"{"channel":"微信"}"#);
    assert_eq!(channel("default = \"OTHER\"", "微信").unwrap(), r#"{"channel":"OTHER"}"#);
}

#[test]
fn fields_have_the_kind_that_the_contract_wants() {
    for (field, cell, expected) in [
        ("patrol_dealt = \"x\"", "是", Ok(r#"{"patrol_dealt":true}"#)),
        ("patrol_dealt = \"x\"", "N", Ok(r#"{"patrol_dealt":false}"#)),
        ("patrol_dealt = \"x\"", "maybe", Err("true or false")),
        ("media_count = \"x\"", "3", Ok(r#"{"media_count":3}"#)),
        ("media_count = \"x\"", "-3", Err("a whole number")),
        ("media_count = { value = 2 }", "", Ok(r#"{"media_count":2}"#)),
        ("place.town = \"x\"", "310113112", Ok(r#"{"place":{"town":"310113112"}}"#)),
        ("\"place.town\" = \"x\"", "310113112", Ok(r#"{"place":{"town":"310113112"}}"#)),
        ("place = { town = \"x\" }", "", Ok("{}")),
        ("title = { template = \"{x} ({id})\" }", "a", Ok(r#"{"title":"a (1)"}"#)),
        ("title = { template = \"{x}\" }", "", Ok("{}")),
        ("title = [\"x\", \"id\"]", "", Ok(r#"{"title":"1"}"#)),
    ] {
        match (data_of(&with_field(field), cell), expected) {
            (Ok(data), Ok(expected)) => assert_eq!(data, expected, "{field}"),
            (Err(reason), Err(expected)) => assert!(reason.contains(expected), "{field}: {reason}"),
            (found, _) => panic!("{field}: {found:?}"),
        }
    }
}

#[test]
fn every_test_of_a_condition_keeps_the_rows_it_says() {
    let rows = "id,opened,x\n1,2021-03-01,a\n2,2021-03-01,b\n3,2021-03-01,\n";
    for (test, kept) in [
        ("equals = \"a\"", "1"),
        ("not_equals = \"a\"", "23"),
        ("in = [\"a\", \"b\"]", "12"),
        ("not_in = [\"a\", \"b\"]", "3"),
        ("empty = true", "3"),
        ("empty = false", "12"),
        ("not_empty = true", "12"),
        ("matches = \"^[ac]$\"", "1"),
        ("not_matches = \"^[ac]$\"", "23"),
    ] {
        let ran = import(&format!("{BASIC}\n[[filter]]\ncolumn = \"x\"\n{test}\n"), rows);
        let subjects: String = ran.events.iter().map(|event| event["subject"].as_str().unwrap()).collect();
        assert_eq!(subjects, kept, "{test}");
        assert_eq!(ran.summary.filtered, 3 - kept.len() as u64);
    }
}

#[test]
fn the_case_id_may_be_a_template() {
    let ran = opened(&BASIC.replace("id = \"id\"", "id = \"BJ-{id}\""), "2021-03-01");
    assert_eq!(ran.ids(), ["BJ-1:accepted:20210228T160000Z"]);
}

#[test]
fn a_row_without_a_case_id_or_with_an_endless_one_is_rejected() {
    let long = "9".repeat(129);
    let ran = import(BASIC, format!("id,opened\n,2021-03-01\n{long},2021-03-01\n"));
    let names: Vec<&str> = ran.summary.reasons.keys().map(|(name, _)| *name).collect();
    assert_eq!(names, ["missing", "too_long"]);
}

/// Several rows a case, with the opening repeated on each.
const STEPS: &str = r#"
[[event]]
type = "case.dispatched.v1"
when = { column = "action", equals = "dispatch" }
time = "at"
sequence = "no"
recorded = "at"
data.unit = "unit"
"#;

fn steps(rest: &str) -> String {
    format!("{BASIC}repeated = true\n{STEPS}{rest}")
}

#[test]
fn what_stands_on_every_row_of_a_case_is_one_event() {
    let rows = "id,opened,action,at,no,unit\n\
                1,2021-03-01,dispatch,2021-03-02,2,A\n1,2021-03-01,dispatch,2021-03-03,007,B\n";
    let ran = import(&steps(""), rows);
    assert_eq!(ran.times().len(), 3);
    assert_eq!((ran.summary.identical(), ran.summary.conflicting()), (1, 0));
    assert_eq!(ran.events[2]["sequence"], "7");
    assert_eq!(ran.events[2]["recordedtime"], "2021-03-03T00:00:00+08:00");
}

#[test]
fn an_action_without_a_rule_is_seen_though_the_row_repeats_the_opening() {
    let rows = "id,opened,action,at,no,unit\n1,2021-03-01,extend,2021-03-02,2,A\n";
    let strict = import(&steps(""), rows);
    assert_eq!((strict.events.len(), strict.summary.reasons.keys().next().unwrap().0), (0, "no_rule"));
    let lenient = import(&format!("unmatched = \"skip\"\n{}", steps("")), rows);
    assert_eq!((lenient.times().len(), lenient.summary.no_event, lenient.summary.rejected), (1, 1, 0));
}

#[test]
fn a_duplicate_is_linked_and_closed_with_its_parent() {
    let mapping = format!(
        "{BASIC}repeated = true
        [[event]]
        type = \"case.duplicate_linked.v1\"
        time = \"linked\"
        data.parent = \"parent\"
        [[event]]
        type = \"case.closed.v1\"
        time = \"closed\"
        data.how = {{ column = \"parent\", map = \"duplicates\" }}
        [values.duplicates]
        map = {{ \"\" = \"normal\" }}
        default = \"duplicate_auto\""
    );
    let rows = "id,opened,linked,parent,closed\n1,2021-03-01,,,2021-03-04\n2,2021-03-02,2021-03-02,1,2021-03-04\n";
    let ran = import(&mapping, rows);
    assert_eq!(ran.summary.rejected, 0, "{}", ran.rejects);
    let told: Vec<String> = ran.events.iter().map(|event| format!("{} {}", event["id"], event["data"])).collect();
    assert_eq!(told.len(), 5, "{told:?}");
    assert!(told[3].contains("duplicate_linked") && told[3].contains(r#"{"parent":"1"}"#), "{told:?}");
    assert!(told[4].contains(r#"{"how":"duplicate_auto"}"#), "{told:?}");
}

#[test]
fn different_events_under_one_id_are_sent_and_counted_until_id_columns_tell_them_apart() {
    let rows = "id,opened,action,at,no,unit\n\
                1,2021-03-01,dispatch,2021-03-02,2,A\n1,2021-03-01,dispatch,2021-03-02,3,B\n\
                1,2021-03-01,dispatch,2021-03-02,3,B\n";
    let ran = import(&steps(""), rows);
    let tally = &ran.summary.events[&crate::domain::fact::FactKind::Dispatched];
    assert_eq!((tally.sent, tally.conflicting, tally.first_conflict, tally.identical), (2, 1, 3, 1));
    let told = import(&steps("id = [\"no\", \"unit\"]"), rows);
    assert_eq!(told.summary.conflicting(), 0);
    assert_eq!(told.ids()[1..], ["1:dispatched:2:A", "1:dispatched:3:B"]);
}

#[test]
fn a_row_is_sent_whole_or_not_at_all() {
    let rows = "id,opened,action,at,no,unit\n1,2021-03-01,dispatch,2021-03-02,2,\n";
    let ran = import(&steps(""), rows);
    assert_eq!((ran.events.len(), ran.summary.rejected), (0, 1));
    assert!(ran.reasons()[0].2.starts_with("`unit`"), "{}", ran.rejects);
}

#[test]
fn reasons_never_quote_the_row() {
    let mapping = with_field("media_count = \"x\"\ndue_at = \"due\"");
    let ran =
        import(&mapping, "id,opened,x,due\n1,13800138000,1,1\n2,2021-03-01,13800138000,\n3,2021-03-01,,13800138000\n");
    assert_eq!(ran.summary.rejected, 3);
    let reasons: String = ran.reasons().into_iter().map(|(_, column, reason)| column + &reason).collect();
    assert!(!(reasons + &format!("{:?}", ran.summary)).contains("13800138000"));
}

#[test]
fn a_row_of_a_list_of_activities_is_a_tally_with_its_quantity() {
    let mapping = BASIC.replace("case.accepted.v1", "case.tallied.v1")
        + "[event.data]\nkind = \"item\"\nquantity = \"copies\"\nunit_name = \"office\"\n";
    let ran =
        import(&mapping, "id,opened,item,copies,office\n1,2021-03-01,宣传资料,120,社区办\n2,2021-03-02,专题讲座,,\n");
    assert_eq!(ran.times()[0], "tallied 2021-03-01T00:00:00+08:00");
    assert_eq!(
        ran.events[0]["data"],
        serde_json::json!({ "kind": "宣传资料", "quantity": 120, "unit_name": "社区办" })
    );
    assert_eq!(ran.events[1]["data"], serde_json::json!({ "kind": "专题讲座" }), "none stated: one");
    assert!(!import(&mapping, "id,opened,item,copies,office\n1,2021-03-01,宣传资料,-3,\n").rejects.is_empty());
}
