//! The statements that are put to a database. Values in them are numbers and times of ours, written here; names are quoted.

use super::{
    growth::{GrowingKind, Growth, TICKS_PER_S, plain},
    task::{DatabaseKind, PullRows},
};

const MICROS_PER_S: i128 = 1_000_000;

/// Which rows of the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PullRange {
    /// So many, from here on.
    Page(PullFrom, u64),
    /// All rows of one value.
    Ties(Growth),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PullFrom {
    Beginning,
    At(Growth),
    Behind(Growth),
}

impl DatabaseKind {
    /// A name as it stands there, whatever it is.
    pub(super) fn quoted(self, name: &str) -> String {
        match self {
            Self::Postgres | Self::Oracle => format!("\"{}\"", name.replace('"', "\"\"")),
            Self::MySql => format!("`{}`", name.replace('`', "``")),
            Self::SqlServer => format!("[{}]", name.replace(']', "]]")),
        }
    }

    /// What rows are taken from: the task's table or query, under the name `q`.
    pub(super) fn source(self, rows: &PullRows) -> String {
        let Some(table) = &rows.table else {
            let query = rows.query.as_deref().unwrap_or_default().trim().trim_end_matches(';');
            return format!("({query}\n) q");
        };
        let parts: Vec<String> = table.trim().split('.').map(|part| self.quoted_part(part)).collect();
        format!("{} q", parts.join("."))
    }

    /// As a task writes a table's name: in PostgreSQL and Oracle without quotes it is of any case, as SQL has it.
    fn quoted_part(self, part: &str) -> String {
        let is_plain = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && !part.starts_with(|first: char| first.is_ascii_digit());
        match self {
            Self::Postgres | Self::Oracle if is_plain || part.starts_with('"') => part.to_owned(),
            _ => self.quoted(part.trim_matches(['"', '`', '[', ']'])),
        }
    }

    /// No row, and all columns.
    pub(super) fn of_no_row(self, rows: &PullRows) -> String {
        let source = self.source(rows);
        match self {
            Self::SqlServer => format!("SELECT TOP 0 * FROM {source}"),
            Self::Oracle => format!("SELECT * FROM {source} WHERE 1 = 0"),
            _ => format!("SELECT * FROM {source} LIMIT 0"),
        }
    }

    /// Whether there is a row that has no place in the order.
    pub(super) fn of_null(self, rows: &PullRows, growing: &str) -> String {
        let (source, growing, condition) = (self.source(rows), self.growing(growing), condition(rows, "AND"));
        match self {
            Self::SqlServer => format!("SELECT TOP 1 1 FROM {source} WHERE {growing} IS NULL{condition}"),
            Self::Oracle => format!("SELECT '1' FROM {source} WHERE {growing} IS NULL{condition} AND ROWNUM = 1"),
            _ => format!("SELECT 1 FROM {source} WHERE {growing} IS NULL{condition} LIMIT 1"),
        }
    }

    /// What its clock shows, in universal time.
    pub(super) fn of_now(self) -> &'static str {
        match self {
            Self::Postgres => "SELECT (clock_timestamp() AT TIME ZONE 'UTC')::text",
            Self::MySql => "SELECT CAST(UTC_TIMESTAMP(6) AS CHAR)",
            Self::SqlServer => "SELECT CONVERT(varchar(30), SYSUTCDATETIME(), 121)",
            Self::Oracle => "SELECT TO_CHAR(SYS_EXTRACT_UTC(SYSTIMESTAMP), 'YYYY-MM-DD HH24:MI:SS.FF6') FROM DUAL",
        }
    }

    /// The rows of a range, in their order. `selected` is what is asked of each.
    pub(super) fn of_rows(
        self,
        rows: &PullRows,
        selected: &[String],
        (name, kind): (&str, GrowingKind),
        range: PullRange,
    ) -> String {
        let (source, growing) = (self.source(rows), self.growing(name));
        let at = |at: Growth| self.literal(kind, at);
        let (within, limit) = match range {
            PullRange::Page(PullFrom::Beginning, limit) => (format!("{growing} IS NOT NULL"), Some(limit)),
            PullRange::Page(PullFrom::At(from), limit) => (format!("{growing} >= {}", at(from)), Some(limit)),
            PullRange::Page(PullFrom::Behind(from), limit) => (format!("{growing} > {}", at(from)), Some(limit)),
            PullRange::Ties(value) => (format!("{growing} = {}", at(value)), None),
        };
        let (selected, condition) = (selected.join(", "), condition(rows, "AND"));
        let (top, end) = match (self, limit) {
            (_, None) => (String::new(), String::new()),
            (Self::SqlServer, Some(limit)) => (format!("TOP {limit} "), String::new()),
            // Counted before the order, were it not for the brackets.
            (Self::Oracle, Some(_)) => (String::new(), String::new()),
            (_, Some(limit)) => (String::new(), format!(" LIMIT {limit}")),
        };
        let said = format!("SELECT {top}{selected} FROM {source} WHERE {within}{condition} ORDER BY {growing}{end}");
        match (self, limit) {
            (Self::Oracle, Some(limit)) => format!("SELECT * FROM ({said}) WHERE ROWNUM <= {limit}"),
            _ => said,
        }
    }

    fn growing(self, name: &str) -> String {
        format!("q.{}", self.quoted(name))
    }

    fn literal(self, kind: GrowingKind, at: Growth) -> String {
        let time = plain(at.civil());
        let day = at.civil().date();
        match (self, kind) {
            // Whole numbers of SQL Server beyond an int would be decimals, by which no index is searched.
            (Self::SqlServer, GrowingKind::Number) if i64::try_from(at.0).is_ok() => {
                format!("CAST({} AS bigint)", at.0)
            }
            (_, GrowingKind::Number) => at.0.to_string(),
            (Self::Postgres, GrowingKind::Instant) => format!("timestamptz '{time}+00'"),
            (Self::Postgres, GrowingKind::Day) => format!("date '{day}'"),
            (Self::Postgres, _) => format!("timestamp '{time}'"),
            (Self::MySql, GrowingKind::Day) => format!("'{day}'"),
            // The same instant whatever the session's clock.
            (Self::MySql, GrowingKind::Instant) => {
                let micros = at.0.div_euclid(TICKS_PER_S / MICROS_PER_S);
                format!("FROM_UNIXTIME({}.{:06})", micros.div_euclid(MICROS_PER_S), micros.rem_euclid(MICROS_PER_S))
            }
            (Self::MySql, _) => format!("'{time}'"),
            (Self::SqlServer, GrowingKind::Day) => format!("CAST('{day}' AS date)"),
            (Self::SqlServer, GrowingKind::Instant) => format!("CAST('{time} +00:00' AS datetimeoffset(7))"),
            (Self::SqlServer, GrowingKind::Coarse) => format!("CAST('{}' AS datetime)", time.replacen(' ', "T", 1)),
            (Self::SqlServer, _) => format!("CAST('{time}' AS datetime2(7))"),
            (Self::Oracle, GrowingKind::Instant) => format!("TIMESTAMP '{time} +00:00'"),
            // By a time of another type no index of a `DATE` is searched. It has whole seconds.
            (Self::Oracle, GrowingKind::Coarse | GrowingKind::Day) => {
                format!("TO_DATE('{}', 'YYYY-MM-DD HH24:MI:SS')", time.split('.').next().unwrap_or_default())
            }
            (Self::Oracle, _) => format!("TIMESTAMP '{time}'"),
        }
    }
}

/// Of a table's rows, as the task says it.
fn condition(rows: &PullRows, before: &str) -> String {
    rows.condition.as_ref().map_or(String::new(), |condition| format!(" {before} ({condition})"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pull::task;

    fn rows(more: &str) -> PullRows {
        task::rows(&format!("growing = \"G\"\n{more}"))
    }

    fn at(text: &str) -> Growth {
        GrowingKind::Civil.read(text, &jiff::tz::TimeZone::UTC).unwrap()
    }

    #[test]
    fn a_page_is_asked_for_in_the_words_of_each_database() {
        let table = rows("table = \"gov.T_TASKINFO\"\nwhere = \"STATUS > 0\"");
        let selected = ["q.A".to_owned()];
        let range = PullRange::Page(PullFrom::At(at("2021-03-06 10:00:00.5")), 100);
        let asked = |kind: DatabaseKind| kind.of_rows(&table, &selected, ("G", GrowingKind::Civil), range);
        assert_eq!(
            asked(DatabaseKind::Postgres),
            "SELECT q.A FROM gov.T_TASKINFO q WHERE q.\"G\" >= timestamp '2021-03-06 10:00:00.5' AND (STATUS > 0) ORDER BY q.\"G\" LIMIT 100"
        );
        assert_eq!(
            asked(DatabaseKind::MySql),
            "SELECT q.A FROM `gov`.`T_TASKINFO` q WHERE q.`G` >= '2021-03-06 10:00:00.5' AND (STATUS > 0) ORDER BY q.`G` LIMIT 100"
        );
        assert_eq!(
            asked(DatabaseKind::SqlServer),
            "SELECT TOP 100 q.A FROM [gov].[T_TASKINFO] q WHERE q.[G] >= CAST('2021-03-06 10:00:00.5' AS datetime2(7)) AND (STATUS > 0) \
             ORDER BY q.[G]"
        );
        assert_eq!(
            asked(DatabaseKind::Oracle),
            "SELECT * FROM (SELECT q.A FROM gov.T_TASKINFO q WHERE q.\"G\" >= TIMESTAMP '2021-03-06 10:00:00.5' AND (STATUS > 0) \
             ORDER BY q.\"G\") WHERE ROWNUM <= 100"
        );
    }

    #[test]
    fn all_rows_of_one_value_have_no_bound_and_a_query_stands_inside() {
        let query = rows("query = \"SELECT 1 AS G -- so\\n ;\"");
        let asked = |kind: DatabaseKind, growing, range| kind.of_rows(&query, &["*".to_owned()], ("G", growing), range);
        assert_eq!(
            asked(DatabaseKind::Postgres, GrowingKind::Number, PullRange::Ties(Growth(7))),
            "SELECT * FROM (SELECT 1 AS G -- so\n \n) q WHERE q.\"G\" = 7 ORDER BY q.\"G\""
        );
        let behind = PullRange::Page(PullFrom::Behind(Growth(7)), 100);
        let told = asked(DatabaseKind::SqlServer, GrowingKind::Number, behind);
        assert!(told.contains("q.[G] > CAST(7 AS bigint)"), "{told}");
        let told = asked(DatabaseKind::Postgres, GrowingKind::Number, PullRange::Page(PullFrom::Beginning, 100));
        assert!(told.contains("q.\"G\" IS NOT NULL ORDER BY"), "{told}");
    }

    #[test]
    fn each_kind_of_time_is_written_so_that_it_is_compared_exactly() {
        let of = |database: DatabaseKind, kind, text| database.literal(kind, at(text));
        assert_eq!(
            of(DatabaseKind::Postgres, GrowingKind::Instant, "2021-03-06 02:00:00"),
            "timestamptz '2021-03-06 02:00:00+00'"
        );
        assert_eq!(of(DatabaseKind::Postgres, GrowingKind::Day, "2021-03-06"), "date '2021-03-06'");
        assert_eq!(
            of(DatabaseKind::SqlServer, GrowingKind::Coarse, "2021-03-06 02:00:00.007"),
            "CAST('2021-03-06T02:00:00.007' AS datetime)"
        );
        assert_eq!(
            of(DatabaseKind::SqlServer, GrowingKind::Instant, "2021-03-06 02:00:00.1234567"),
            "CAST('2021-03-06 02:00:00.1234567 +00:00' AS datetimeoffset(7))"
        );
        assert_eq!(
            of(DatabaseKind::MySql, GrowingKind::Instant, "2021-03-06 02:00:00.5"),
            "FROM_UNIXTIME(1614996000.500000)"
        );
        assert_eq!(of(DatabaseKind::MySql, GrowingKind::Day, "2021-03-06"), "'2021-03-06'");
        assert_eq!(
            of(DatabaseKind::Oracle, GrowingKind::Coarse, "2021-03-06 02:00:00.5"),
            "TO_DATE('2021-03-06 02:00:00', 'YYYY-MM-DD HH24:MI:SS')"
        );
        assert_eq!(
            of(DatabaseKind::Oracle, GrowingKind::Instant, "2021-03-06 02:00:00.5"),
            "TIMESTAMP '2021-03-06 02:00:00.5 +00:00'"
        );
    }

    #[test]
    fn a_name_cannot_end_its_quotes() {
        assert_eq!(DatabaseKind::Postgres.quoted("a\"b"), "\"a\"\"b\"");
        assert_eq!(DatabaseKind::MySql.quoted("a`b"), "`a``b`");
        assert_eq!(DatabaseKind::SqlServer.quoted("a]b"), "[a]]b]");
    }
}
