//! Each type of a column, as the text that the mapping sees.

use serde_json::Value;

use crate::{
    database::{Database, Kind},
    task::{SIMPLE, Task},
    town::Town,
};

/// The text of `c` in each of the queries' only row; none for an empty cell, the reason for one that is rejected.
fn texts(town: &Town, database: &Database, query: &dyn Fn(&str) -> String, expressions: &[&str]) -> Vec<String> {
    let each = |expression: &&str| {
        let mapping = SIMPLE.replace("id = [\"g\", \"v\"]", "id = [\"g\"]");
        let task = Task::with(
            town,
            database,
            &mapping,
            &format!("query = {}\ngrowing = \"g\"", toml::Value::String(query(expression))),
        );
        let ended = task.run(&["--dry-run", "--print", "1"]);
        let event = ended.stdout.lines().next().and_then(|line| serde_json::from_str::<Value>(line).ok());
        match event {
            Some(event) => event["data"]["title"].as_str().unwrap_or("-").to_owned(),
            None => format!("{:?} {}{}", ended.code, ended.stdout, ended.stderr),
        }
    };
    expressions.iter().map(each).collect()
}

fn hold(town: &Town, database: &Database, query: &dyn Fn(&str) -> String, wanted: &[(&str, &str)]) {
    let expressions: Vec<&str> = wanted.iter().map(|(expression, _)| *expression).collect();
    let found = texts(town, database, query, &expressions);
    for ((expression, wanted), found) in wanted.iter().zip(&found) {
        assert_eq!(found, wanted, "{expression}");
    }
}

#[test]
fn every_type_of_postgres_is_the_text_that_the_document_says() {
    let (town, database) = (Town::without_topics(), Database::new(Kind::Postgres));
    database.run(&["CREATE TYPE mood AS ENUM ('好', '坏')"]);
    let query = |expression: &str| format!("SELECT 1 AS id, 7 AS g, {expression} AS v");
    hold(
        &town,
        &database,
        &query,
        &[
            ("NULL::text", "-"),
            ("'路灯''坏'''::text", "路灯'坏'"),
            ("'ab'::char(5)", "ab"),
            ("'好'::mood", "好"),
            ("'0bcd0000-0000-0000-0000-000000000001'::uuid", "0bcd0000-0000-0000-0000-000000000001"),
            ("'{\"a\": [1, 2]}'::jsonb", "{\"a\": [1, 2]}"),
            ("ARRAY['x','y']", "{x,y}"),
            ("int4range(1, 5)", "[1,5)"),
            ("32767::smallint", "32767"),
            ("9223372036854775807::bigint", "9223372036854775807"),
            ("12345678901234567890.123456789012345678::numeric", "12345678901234567890.123456789012345678"),
            ("0.1::real", "0.1"),
            ("121.4737::double precision", "121.4737"),
            ("true", "true"),
            ("timestamp '2021-03-06 10:00:00'", "2021-03-06 10:00:00"),
            ("timestamp '2021-03-06 10:00:00.123456'", "2021-03-06 10:00:00.123456"),
            ("timestamptz '2021-03-06 02:00:00+00'", "2021-03-06 10:00:00"),
            ("timestamptz '2021-03-06 10:00:00.5+08'", "2021-03-06 10:00:00.5"),
            ("date '2021-03-06'", "2021-03-06"),
            ("time '10:00:00'", "10:00:00"),
            ("interval '1 day 2 hours'", "1 day 02:00:00"),
            ("timestamp 'infinity'", "infinity"),
            ("date '0044-03-15 BC'", "0044-03-15 BC"),
            ("'\\x00ff'::bytea", "\\x00ff"),
            ("inet '10.0.0.1'", "10.0.0.1"),
        ],
    );
    // The first million characters of a cell, and the event is too long.
    let long = texts(&town, &database, &query, &["repeat('字', 2000000)"]).remove(0);
    assert!(long.contains("too_long"), "{long}");
}

#[test]
fn every_type_of_mariadb_is_the_text_that_the_document_says() {
    let (town, database) = (Town::without_topics(), Database::new(Kind::MariaDb));
    let columns = [
        ("a", "VARCHAR(20)", "NULL", "-"),
        ("b", "TEXT", "'路灯''坏'''", "路灯'坏'"),
        ("c", "ENUM('好', '坏')", "'好'", "好"),
        ("d", "SET('x', 'y')", "'x,y'", "x,y"),
        ("e", "JSON", "'{\"a\": [1, 2]}'", "{\"a\": [1, 2]}"),
        ("f", "BIGINT UNSIGNED", "18446744073709551615", "18446744073709551615"),
        ("h", "DECIMAL(38, 18)", "12345678901234567890.123456789012345678", "12345678901234567890.123456789012345678"),
        ("i", "BIT(10)", "b'0100000001'", "257"),
        ("j", "YEAR", "2021", "2021"),
        ("k", "DOUBLE", "121.4737", "121.4737"),
        ("l", "FLOAT", "0.1", "0.1"),
        ("m", "BOOL", "true", "1"),
        ("n", "DATETIME", "'2021-03-06 10:00:00'", "2021-03-06 10:00:00"),
        ("o", "DATETIME(6)", "'2021-03-06 10:00:00.123456'", "2021-03-06 10:00:00.123456"),
        // By the clock of the session that writes it, which is UTC here.
        ("p", "TIMESTAMP(1) NULL", "'2021-03-06 02:00:00.5'", "2021-03-06 10:00:00.5"),
        ("q", "DATE", "'2021-03-06'", "2021-03-06"),
        ("r", "TIME", "'10:00:00'", "10:00:00"),
        ("s", "DATETIME", "'0000-00-00 00:00:00'", "-"),
        ("t", "DATE", "'0000-00-00'", "-"),
        ("u", "DATE", "'2021-00-00'", "2021-00-00"),
        ("w", "VARBINARY(4)", "x'00ff'", "\\x00ff"),
        ("x", "BLOB", "'ab'", "\\x6162"),
        ("y", "VARCHAR(20) CHARACTER SET gbk", "'路灯'", "路灯"),
    ];
    let of = |what: fn(&(&str, &str, &str, &str)) -> String| columns.iter().map(what).collect::<Vec<_>>().join(", ");
    let (named, values) = (of(|(name, kind, ..)| format!("{name} {kind}")), of(|(_, _, value, _)| (*value).to_owned()));
    database.run(&[
        "SET sql_mode = ''",
        "SET time_zone = '+00:00'",
        &format!("CREATE TABLE t ({named})"),
        &format!("INSERT INTO t VALUES ({values})"),
    ]);
    let query = |column: &str| format!("SELECT 1 AS id, 7 AS g, {column} AS v FROM t");
    let wanted: Vec<(&str, &str)> = columns.iter().map(|(name, _, _, wanted)| (*name, *wanted)).collect();
    hold(&town, &database, &query, &wanted);
}

#[test]
fn one_bad_cell_costs_its_row_and_the_clock_of_the_database_may_be_another() {
    let (town, database) = (Town::new(), Database::new(Kind::Postgres));
    database.run(&[
        "CREATE TABLE t (id int, v text, g int, at timestamp)",
        "INSERT INTO t VALUES (1, 'a', 1, '2021-03-01 00:00:00'), (2, 'b', 2, 'infinity'), (3, 'c', 3, '2021-03-01 01:00:00')",
    ]);
    let mapping = SIMPLE.replace("time = { value = \"2021-03-01 08:00:00\" }", "time = \"at\"");
    let mut task = Task::with(&town, &database, &mapping, "table = \"t\"\ngrowing = \"g\"\nkey = [\"id\"]");
    task.change("[rows]", "timezone = \"UTC\"\n[rows]");
    assert_eq!(task.counts(5), [3, 2, 0, 1, 0]);
    let refused = std::fs::read_to_string(task.state("rejects.csv")).unwrap();
    let line = refused.lines().nth(1).unwrap();
    assert!(line.ends_with(",2,2,at,fits none of time.formats"), "{refused}");
    assert_eq!(task.counts(0), [3, 0, 3, 0, 0], "rejected once");
    town.run_until_caught_up();
    let first = town.query("SELECT toString(occurred_at, 'UTC') FROM {db}.events WHERE case_id = 'P1'");
    assert!(first.starts_with("2021-03-01 00:00:00"), "{first}");
}
