//! Files as they are really written and damaged; each test is a kind that lost tickets in silence once.

use super::*;

/// Reasons by name, with the lines on which the rows begin.
fn rejected(ran: &Ran) -> Vec<(String, u64)> {
    ran.summary.reasons.iter().map(|((name, _), reason)| ((*name).to_owned(), reason.first_line)).collect()
}

fn with_field(field: &str) -> String {
    format!("{BASIC}\n[fields]\n{field}\n")
}

#[test]
fn a_quote_left_open_and_closed_by_that_of_a_later_row_costs_one_ticket_and_hides_none() {
    let describing = with_field("description = \"text\"");
    for newline in ["\n", "\r\n", "\r"] {
        // Closed by an opening quote, by a quote at the line's end, and by one before a delimiter.
        for last in
            ["7,2021-03-07,\"灯\"\"坏\"\"了\"", "7,2021-03-07,灯坏了\"", "7,2021-03-07,灯\",", "\"7\",2021-03-07,x"]
        {
            let rows = "id,opened,text\n1,2021-03-01,\"路灯坏了\n2,2021-03-02,b\n3,2021-03-03,c\n4,2021-03-04,d\n\
                        5,2021-03-05,e\n6,2021-03-06,f\n"
                .to_owned()
                + last
                + "\n8,2021-03-08,h\n";
            let ran = import(&describing, rows.replace('\n', newline));
            assert_eq!(rejected(&ran), [("open_quote".to_owned(), 2)], "{last} {newline:?}");
            assert_eq!((ran.summary.rows, ran.events.len()), (8, 7), "{last} {newline:?}");
            let told: String = ran.events.iter().map(|event| event["data"].to_string()).collect();
            assert!(!told.contains("2021-03"), "no row stands in another's description: {told}");
        }
    }
}

#[test]
fn a_text_of_several_lines_is_one_field_as_long_as_it_holds_no_rows() {
    let text = "第一行\n\n2,第二行\n第三行，\"引号\"";
    let ran = import(
        &with_field("title = \"text\""),
        format!("id,opened,text\n1,2021-03-01,\"{}\"\n", text.replace('"', "\"\"")),
    );
    assert_eq!(ran.events[0]["data"]["title"], text);
    let many = format!("id,opened,text\n1,2021-03-01,\"{}\"\n2,2021-03-01,\n", "x\n".repeat(4));
    let ran = import(&format!("{BASIC}[csv]\nmax_lines = 4\n"), &many);
    assert!(rejected(&ran).contains(&("open_quote".to_owned(), 2)), "{}", ran.rejects);
    assert!(ran.ids().contains(&"2:accepted:20210228T160000Z"));
    assert_eq!(import(&format!("{BASIC}[csv]\nmax_lines = 5\n"), &many).events.len(), 2);
}

#[test]
fn behind_a_closing_quote_stands_a_delimiter_or_nothing() {
    for cell in ["\"路灯\"坏了", "\"路灯\" ", "\"路\"\"灯\"x", "\"路灯\"\"", "\"a\"\"b\"c"] {
        let ran = import(BASIC, format!("id,opened,text\n1,2021-03-01,{cell}\n2,2021-03-02,x\n"));
        assert_eq!((ran.events.len(), ran.summary.rejected), (1, 1), "{cell}");
        let (name, line) = rejected(&ran)[0].clone();
        assert!(matches!(name.as_str(), "stray_quote" | "open_quote") && line == 2, "{cell}: {name}");
        assert_eq!(ran.reasons()[0].1, "text");
        assert!(ran.rejects.contains(&cell.replace('"', "\"\"")), "as it came: {}", ran.rejects);
    }
    // Inside a field that begins without a quote it is a letter like any other.
    let kept = with_field("title = \"text\"");
    let ran = import(
        &kept,
        "id,opened,text\n1,2021-03-01,路\"灯\"坏了\n2,2021-03-01, \"x\"\n3,2021-03-01,\"路\"\"灯\"\"坏了\"\n",
    );
    let titles: Vec<&str> = ran.events.iter().map(|event| event["data"]["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["路\"灯\"坏了", "\"x\"", "路\"灯\"坏了"]);
}

#[test]
fn rows_may_end_in_a_carriage_return_alone() {
    let rows = "id,opened,text\n1,2021-03-01,\"two\nlines\"\n2,soon,x\n3,2021-03-03,x";
    let newline = import(BASIC, rows);
    for end in ["\r", "\r\n", "\n\r", "\r\r\n"] {
        let ran = import(BASIC, rows.replace('\n', end));
        assert_eq!(ran.bytes, newline.bytes, "{end:?}");
        assert_eq!(ran.summary.rows, 3, "{end:?}");
    }
    let mixed = import(BASIC, "id,opened\r\n1,2021-03-01\r2,2021-03-02\r3,2021-03-03\r");
    assert_eq!(mixed.events.len(), 3);
}

#[test]
fn utf16_is_read_in_both_orders_with_and_without_its_mark() {
    let rows = "id,opened,text\n1,2021-03-01,路灯\n2,2021-03-02,𬱖\n";
    let mapping = with_field("kind = \"text\"");
    let utf8 = import(&mapping, rows);
    let little: Vec<u8> = rows.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = rows.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for (mark, bytes) in [(&b""[..], &little), (b"\xFF\xFE", &little), (b"", &big), (b"\xFE\xFF", &big)] {
        assert_eq!(import(&mapping, [mark, bytes].concat()).bytes, utf8.bytes, "{mark:?}");
    }
}

#[test]
fn what_is_too_long_for_a_message_is_rejected_with_its_line_and_the_rest_goes_on() {
    let long = "长".repeat(500_000);
    let rows = format!("id,opened,text\n1,2021-03-01,{long}\n2,2021-03-02,x\n");
    let ran = import(&with_field("description = \"text\""), &rows);
    assert_eq!((ran.events.len(), ran.ids()), (1, vec!["2:accepted:20210301T160000Z"]));
    let (line, column, reason) = ran.reasons()[0].clone();
    assert_eq!((line.as_str(), column.as_str()), ("2", "text"));
    assert!(reason.contains("990000 bytes"), "{reason}");
    // A column that the mapping does not use is as long as it likes.
    assert_eq!(import(BASIC, &rows).events.len(), 2);
}

#[test]
fn a_line_that_no_memory_should_hold_is_passed_over() {
    let rows = format!("id,opened,text\n1,2021-03-01,{}\n2,2021-03-02,x\n", "x".repeat(17 * 1024 * 1024));
    let ran = import(BASIC, &rows);
    assert_eq!((rejected(&ran), ran.events.len()), (vec![("too_long".to_owned(), 2)], 1));
    assert!(ran.rejects.len() < 1000);
    let all_in_one =
        try_import(&mapping(BASIC), "secret,".repeat(3 * 1024 * 1024).as_bytes()).err().unwrap().to_string();
    assert!(all_in_one.contains("16 MiB") && !all_in_one.contains("secret"), "{all_in_one}");
}

#[test]
fn a_case_number_is_measured_in_bytes_on_both_sides() {
    for (id, is_taken) in
        [("号".repeat(50), false), ("号".repeat(42), true), ("9".repeat(128), true), ("9".repeat(129), false)]
    {
        let ran = import(BASIC, format!("id,opened\n{id},2021-03-01\n"));
        assert_eq!(ran.events.len(), usize::from(is_taken), "{id}");
        if !is_taken {
            assert!(ran.reasons()[0].2.contains("128 bytes"), "{}", ran.rejects);
        }
    }
    let unseen = import(BASIC, "id,opened\n1\u{200b},2021-03-01\n");
    assert_eq!(rejected(&unseen), [("case_id".to_owned(), 2)]);
}

#[test]
fn a_number_that_a_spreadsheet_damaged_is_no_number_of_a_case() {
    let rows = "id,opened,x\n2.10101E+15,2021-03-01,\n2.10101E+15,2021-03-02,\n####,2021-03-03,\n#N/A,2021-03-03,\n1,2021-03-04,1.38E+10\n";
    let ran = import(&with_field("reporter.phone = \"x\""), rows);
    assert_eq!((ran.events.len(), ran.summary.rejected), (0, 5));
    assert!(ran.reasons().iter().all(|(_, _, reason)| !reason.contains("2.10101")), "{}", ran.rejects);
    assert!(ran.summary.reasons.keys().all(|(name, _)| *name == "damaged"));
    let codes = import(BASIC, "id,opened\n1E5,2021-03-01\nE12,2021-03-01\n");
    assert_eq!(codes.events.len(), 2);
}

#[test]
fn the_formula_that_keeps_zeros_is_the_text_in_it() {
    let rows = "id,opened,x\n=\"001001\",=\"2021-03-01\",\"=\"\"007\"\"\"\n";
    let ran = import(&with_field("category.code = \"x\""), rows);
    assert_eq!(ran.ids(), ["001001:accepted:20210228T160000Z"]);
    assert_eq!(ran.events[0]["data"]["category"]["code"], "007");
}

#[test]
fn titles_above_the_header_are_passed_over_and_a_file_without_one_is_not_quoted() {
    let ran = import(BASIC, "三月工单,,\n制表:城运中心,,\nid,opened,text\n1,2021-03-01,x\n");
    assert_eq!((ran.events.len(), ran.summary.header_line), (1, Some(3)));
    let refused = refusal(BASIC, "张三,13800138000\n李四,13900139000\n");
    assert!(refused.contains("csv.header") && !refused.contains("张三") && !refused.contains("138"), "{refused}");
}

#[test]
fn rules_that_are_all_repeated_say_what_a_row_is_there_for() {
    let ran = import(&format!("{BASIC}repeated = true\n"), "id,opened\n1,2021-03-01\n1,2021-03-01\n");
    assert_eq!((ran.events.len(), ran.summary.identical(), ran.summary.rejected), (1, 1, 0));
}

/// 115 rows that the condition takes, 289 that it does not, and one that is open.
fn closures() -> Ran {
    let closed = "[[event]]\ntype = \"case.closed.v1\"\ntime = \"closed\"\nwhen = { column = \"status\", equals = \"已办结\" }\n";
    let row = |number: usize| match number {
        0..115 => format!("{number},2021-03-01,2021-03-02,已办结\n"),
        115..315 => format!("{number},2021-03-01,2021-03-02,办结\n"),
        315..404 => format!("{number},2021-03-01,2021-03-02,已归档\n"),
        _ => format!("{number},2021-03-01,,办理中\n"),
    };
    import(&format!("{BASIC}{closed}"), "id,opened,closed,status\n".to_owned() + &(0..405).map(row).collect::<String>())
}

#[test]
fn times_that_no_rule_took_are_counted_with_what_the_condition_found() {
    let ran = closures();
    let [passed] = ran.summary.passed_over.as_slice() else { panic!("{:?}", ran.summary.passed_over) };
    assert_eq!((passed.column.as_str(), passed.type_name.as_str(), passed.rows), ("closed", "case.closed.v1", 289));
    assert_eq!((passed.asked.as_str(), passed.values.most()), ("status", vec![("办结", 200), ("已归档", 89)]));
    let status = ran.summary.columns.iter().find(|column| column.name == "status").unwrap();
    assert_eq!(status.unknown.most(), [("办结", 200), ("已归档", 89), ("办理中", 1)]);
    assert_eq!((ran.summary.cases, ran.summary.without_due), (405, 405));
    assert_eq!(ran.summary.first.as_deref(), Some("2021-03-01 00:00:00"));
    assert_eq!(ran.summary.last.as_deref(), Some("2021-03-02 00:00:00"));
}

#[test]
fn a_time_that_another_rule_took_is_not_passed_over() {
    let rule = |name: &str, action: &str| {
        format!(
            "[[event]]\ntype = \"case.{name}.v1\"\ntime = \"at\"\nwhen = {{ column = \"action\", equals = \"{action}\" }}\n"
        )
    };
    let mapping = format!("{BASIC}repeated = true\n{}{}", rule("filed", "立案"), rule("closed", "结案"));
    let ran = import(&mapping, "id,opened,action,at\n1,2021-03-01,立案,2021-03-01\n1,2021-03-01,结案,2021-03-02\n");
    assert_eq!(ran.summary.passed_over, []);
}

#[test]
fn what_people_wrote_is_counted_and_not_shown() {
    let field = "reporter.name = { column = \"x\", map = \"m\" }\nkind = { column = \"y\", map = \"m\" }\n[values.m]\nkeep = true\n";
    let ran = import(&with_field(field), "id,opened,x,y\n1,2021-03-01,张三,13800138000\n2,2021-03-01,李四,投诉\n");
    assert!(ran.summary.columns.iter().all(|column| column.unknown.most().is_empty()), "{:?}", ran.summary.columns);
    let noisy =
        "[[event]]\ntype = \"case.closed.v1\"\ntime = \"closed\"\nwhen = { column = \"x\", matches = \"噪音\" }\n";
    let ran_by_pattern = import(&format!("{BASIC}{noisy}"), "id,opened,x,closed\n1,2021-03-01,张三说太吵,2021-03-02\n");
    assert_eq!(ran_by_pattern.summary.passed_over[0].rows, 1);
    let text = format!("{:?}{:?}", ran.summary, ran_by_pattern.summary);
    assert!(!text.contains("张三") && !text.contains("13800138000"), "{text}");
}

#[test]
fn a_bare_date_is_the_start_or_the_end_of_its_day_for_all_times_or_for_one() {
    let closed = "[[event]]\ntype = \"case.closed.v1\"\ntime = \"closed\"\n";
    let times = |time: &str, rule: &str, due: &str| {
        let mapping = BASIC.replace("[case]", &format!("{time}\n[case]")) + closed + rule + "\n[fields]\n" + due;
        let ran = import(&mapping, "id,opened,closed,due\n1,2021-03-01 08:00:00,2021-03-01,2021-03-05\n");
        assert_eq!(ran.summary.rejected, 0, "{}", ran.rejects);
        let of = |kind: &str, at: &str| {
            let event = ran.events.iter().find(|event| event["type"] == format!("case.{kind}.v1")).unwrap();
            event.pointer(at).unwrap().as_str().unwrap().trim_end_matches("+08:00").to_owned()
        };
        (of("closed", "/time"), of("accepted", "/data/due_at"))
    };
    let (start, end) = ("2021-03-01T00:00:00".to_owned(), "2021-03-01T23:59:59".to_owned());
    let (first, next) = ("2021-03-05T00:00:00".to_owned(), "2021-03-06T00:00:00".to_owned());
    assert_eq!(times("", "", "due_at = \"due\""), (start.clone(), next.clone()));
    assert_eq!(times("bare_date = \"end\"", "", "due_at = \"due\""), (end.clone(), next));
    assert_eq!(times("bare_date = \"start\"", "", "due_at = \"due\""), (start, first.clone()));
    let one = "due_at = { column = \"due\", bare_date = \"start\" }";
    assert_eq!(times("", "bare_date = \"end\"", one), (end, first));
}

#[test]
fn a_due_may_be_the_opening_and_a_limit() {
    let due = |plus: &str, limit: &str| {
        let field = format!("due_at = {{ column = \"opened\", plus = {{ column = \"limit\", {plus} }} }}");
        let ran = import(&with_field(&field), format!("id,opened,limit\n1,2021-03-01 08:30:00,{limit}\n"));
        match ran.events.first() {
            Some(event) => event["data"]["due_at"].as_str().unwrap_or("none").to_owned(),
            None => ran.reasons()[0].1.clone() + ": " + &ran.reasons()[0].2,
        }
    };
    assert_eq!(due("unit = \"days\"", "5"), "2021-03-06T08:30:00+08:00");
    assert_eq!(due("unit = \"days\"", "1.5"), "2021-03-02T20:30:00+08:00");
    assert_eq!(due("unit = \"hours\"", "2"), "2021-03-01T10:30:00+08:00");
    assert_eq!(due("unit = \"minutes\"", "90"), "2021-03-01T10:00:00+08:00");
    assert_eq!(due("unit = \"days\"", ""), "none");
    assert_eq!(due("unit = \"days\"", "5个工作日"), "limit: must be a number, as a limit");
    let mapped = "due_at = { column = \"opened\", plus = { column = \"limit\", unit = \"hours\", map = \"limits\" } }\n\
                  [values.limits]\nmap = { \"紧急\" = 2, \"一般\" = 24, \"不限\" = \"\" }\n";
    let ran = import(&with_field(mapped), "id,opened,limit\n1,2021-03-01,紧急\n2,2021-03-01,不限\n");
    // An opening that is a bare date counts from the end of its day.
    assert_eq!(ran.events[0]["data"]["due_at"], "2021-03-02T02:00:00+08:00");
    assert!(ran.events[1]["data"]["due_at"].is_null());
    let working = with_field("due_at = { column = \"opened\", plus = { column = \"x\", unit = \"workdays\" } }");
    assert!(refusal(&working, "id,opened,x\n").contains("policy"));
}

#[test]
fn a_field_may_ask_other_columns_and_have_several_ways() {
    let field = "due_at = [{ column = \"a\", when = { column = \"x\", equals = \"急\" } }, { column = \"b\", when = [{ column = \"x\", \
                 not_equals = \"急\" }, { column = \"y\", empty = true }] }, \"c\"]";
    let ran = import(
        &with_field(field),
        "id,opened,x,y,a,b,c\n1,2021-03-01,急,,2021-03-02,2021-03-03,2021-03-04\n2,2021-03-01,缓,,2021-03-02,2021-03-03,2021-03-04\n\
         3,2021-03-01,缓,1,2021-03-02,2021-03-03,2021-03-04\n4,2021-03-01,急,,,2021-03-03,\n",
    );
    let dues: Vec<&str> = ran.events.iter().map(|event| event["data"]["due_at"].as_str().unwrap_or("none")).collect();
    assert_eq!(
        dues.iter().map(|due| &due[..due.len().min(10)]).collect::<Vec<_>>(),
        ["2021-03-03", "2021-03-04", "2021-03-05", "none"]
    );
    let wrong = with_field("kind = { column = \"x\", plus = { value = 1, unit = \"days\" } }");
    assert!(refusal(&wrong, "id,opened,x\n").contains("is for times"));
}

#[test]
fn a_date_that_lost_its_format_is_read_where_the_mapping_says_so() {
    let mapping = BASIC.replace("\"%Y-%m-%d\"]", "\"excel\"]");
    let ran = import(&mapping, "id,opened\n1,44256.3541666667\n2,44256\n");
    assert_eq!(ran.times(), ["accepted 2021-03-01T08:30:00+08:00", "accepted 2021-03-01T00:00:00+08:00"]);
}

#[test]
fn a_format_that_fits_nothing_is_shown_by_its_shape() {
    let ran = import(BASIC, "id,opened\n1,2021/3/1 8:30\n2,2021/3/2 9:00\n");
    assert!(ran.summary.took_nothing());
    assert_eq!(ran.summary.shape, Some(("9999/9/9 9:99".to_owned(), vec!["%Y/%m/%d %H:%M"])));
}

#[test]
fn a_value_that_a_condition_or_a_map_of_the_same_column_knows_is_no_stranger() {
    let mapping = format!(
        "{BASIC}repeated = true\n[[event]]\ntype = \"case.checked.v1\"\ntime = \"at\"\nwhen = {{ column = \"action\", in = [\"过\", \"不过\"] }}\n\
         data.passed = {{ column = \"action\", map = \"passed\" }}\n[[event]]\ntype = \"case.closed.v1\"\ntime = \"at\"\n\
         when = {{ column = \"action\", equals = \"结案\" }}\n[values.passed]\nmap = {{ \"过\" = true, \"不过\" = false }}\n"
    );
    let rows =
        "id,opened,action,at\n1,2021-03-01,过,2021-03-02\n1,2021-03-01,结案,2021-03-02\n1,2021-03-01,阅知,2021-03-02\n";
    let ran = import(&mapping, rows);
    let action = ran.summary.columns.iter().find(|column| column.name == "action").unwrap();
    assert_eq!(action.unknown.most(), [("阅知", 1)]);
}
