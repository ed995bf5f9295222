//! What `tongguan kpi` refuses, in which words, and with which exit code: 2 for a wrong command line and for a question that makes no
//! sense, 3 for the configuration, 4 where ClickHouse does not answer.

use crate::{
    program::{Ended, kpi, kpi_with},
    scratch::Scratch,
};

const YEAR: &str = "--from 2021-01-01 --to 2022-01-01";

/// Nothing on standard output, one line on standard error (usage and configuration take more), nothing of the inside.
fn refused(ended: &Ended, code: i32, words: &[&str]) {
    assert_eq!(ended.code, Some(code), "{ended:?}");
    assert_eq!(ended.stdout, "", "{ended:?}");
    assert!(words.iter().all(|word| ended.stderr.contains(word)), "{words:?}: {ended:?}");
    assert!(!ended.stderr.contains("panicked") && !ended.stderr.contains("DB::Exception"), "{ended:?}");
    let is_one_line = ended.stderr.starts_with("tongguan: ") && ended.stderr.lines().count() == 1;
    assert!(is_one_line || matches!(code, 2 | 3), "{ended:?}");
}

#[tokio::test]
async fn a_question_that_makes_no_sense_is_refused_with_what_would() {
    let scratch = Scratch::new("refusals").await;
    for (line, words) in [
        ("closure --from 2021-01-01 --to 2022-01-01 --timezone Mars/Base", &["`Mars/Base`", "Asia/Shanghai"][..]),
        ("closure --from 2021-01-01 --to 2022-01-01 --timezone +08:00", &["`+08:00`", "IANA"]),
        ("closure --from 2021-01-01 --to 2022-01-01 --group-by town,town", &["town twice"]),
        ("closure --from 2021-01-01 --to 2022-01-01 --group-by stream,month,town,unit", &["at most 3"]),
        ("closure --from 2021-01-01 --to 2022-01-01 --cases", &["one convention", "shanghai or need-close"]),
        ("K17c --from 2021-01-01 --to 2022-01-01 --cases", &["K17c", "K17a and K17b"]),
    ] {
        refused(&kpi(&scratch, line), 2, words);
    }
}

#[tokio::test]
async fn names_and_times_that_there_are_not_are_2_with_what_there_is() {
    let scratch = Scratch::new("names").await;
    for (line, words) in [
        (
            "happiness --from 2021-01-01 --to 2022-01-01",
            &["`happiness`", "received, acceptance", "closure, timeliness", "kpi list"][..],
        ),
        ("K99 --from 2021-01-01 --to 2022-01-01", &["`K99`", "kpi list"]),
        ("closure --from 2021-01-01 --to 2022-01-01 --convention beijing", &["`beijing`", "shanghai, need-close"]),
        ("closure --from 2021-01-01 --to 2022-01-01 --convention due", &["`due`", "shanghai, need-close"]),
        ("K06c --from 2021-01-01 --to 2022-01-01 --convention shanghai", &["K06c", "`shanghai`", "There are: due"]),
        ("closure --from 2022-01-01 --to 2021-01-01", &["empty", "--from 2022-01-01", "--to 2021-01-01"]),
        ("closure --from 2021-01-01 --to 2021-01-01", &["empty"]),
        ("closure --from 2021-13-01 --to 2022-01-01", &["--from `2021-13-01`", "2021-01-01T08:00:00+08:00"]),
        ("closure --from 2021-01-01 --to 31.12.2021", &["--to `31.12.2021`"]),
        ("closure --from 2021-02-29 --to 2022-01-01", &["--from `2021-02-29`"]),
        ("closure --from 2021-01-01 --to 2022-01-01 --as-of tomorrow", &["--as-of `tomorrow`"]),
    ] {
        refused(&kpi(&scratch, line), 2, words);
    }
}

#[tokio::test]
async fn a_wrong_command_line_is_2_and_shows_what_is_allowed() {
    let scratch = Scratch::new("usage").await;
    for (line, words) in [
        (String::new(), &["FIGURE"][..]),
        ("closure".to_owned(), &["--from", "--month"]),
        ("closure --from 2021-01-01".to_owned(), &["--to"]),
        (
            format!("closure {YEAR} --group-by village"),
            &["'village'", "stream, day, week, month", "unit, channel, kind, category"],
        ),
        (format!("closure {YEAR} --cases --sort rate"), &["'rate'", "case, received, due, closed, duration, unit"]),
        (format!("closure {YEAR} --compare mom"), &["'mom'", "yoy, pop"]),
        (format!("closure {YEAR} --json --csv"), &["--csv", "cannot be used with"]),
        (format!("K05a {YEAR} --cases --group-by town"), &["--cases", "cannot be used with"]),
        (format!("K05a {YEAR} --cases --limit 0"), &["--limit", "0"]),
        (format!("K05a {YEAR} --cases --limit many"), &["--limit", "many"]),
        (format!("K05a {YEAR} --after G1"), &["--cases"]),
        (format!("K05a {YEAR} --limit 5"), &["--cases"]),
        (format!("K05a {YEAR} --desc"), &["--cases"]),
        (format!("K05a {YEAR} --cases --sort due --after G1"), &["--after", "the page before"]),
        (format!("K05a {YEAR} --cases --sort due --after next-1.x.y"), &["--after", "as it was given out"]),
    ] {
        refused(&kpi(&scratch, &line), 2, words);
    }
}

#[tokio::test]
async fn a_missing_schema_a_silent_server_and_a_wrong_setting_have_codes_of_their_own() {
    let scratch = Scratch::new("codes").await;
    let line = format!("K05a {YEAR}");
    let elsewhere = [("CLICKHOUSE__DATABASE", "kpi_test_that_is_nowhere")];
    let ended = kpi_with(&scratch, &line, &elsewhere);
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""), "{ended:?}");
    assert!(ended.stderr.contains("the schema is missing") && ended.stderr.contains("`tongguan migrate`"), "{ended:?}");
    scratch.store.execute("DROP TABLE {{database}}.cases SYNC").await.unwrap();
    let ended = kpi(&scratch, &line);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stderr.contains("`tongguan migrate`"), "a table that is not there: {ended:?}");
    let silent = kpi_with(&scratch, &line, &[("CLICKHOUSE__URL", "http://127.0.0.1:1")]);
    refused(&silent, 4, &["http://127.0.0.1:1"]);
    refused(&kpi_with(&scratch, &line, &[("TIMEZONE", "Mars/Base")]), 3, &["timezone", "Mars/Base"]);
}
