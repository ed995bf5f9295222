//! `tongguan alerts list`.

use std::io::Write;

use clap::{Args, ValueEnum};
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::{
    ask::{instant, unclear::no_such},
    cli::{Exit, lines::write_json, setup::Setup},
    domain::{alert::AlertKind, time::Millis},
    report::{kpi_csv, table::TextTable},
    store::alerts::{self, AlertRow, AlertSelection},
};

#[derive(Debug, Args)]
pub struct AlertListArgs {
    /// Sent then or later: a date, or a time
    #[arg(long)]
    since: Option<String>,
    /// Sent before that
    #[arg(long)]
    until: Option<String>,
    /// Of that case only
    #[arg(long, value_name = "ID")]
    case: Option<String>,
    #[arg(long)]
    stream: Option<String>,
    /// Only that: due_soon, overdue, answered, closed, reopened, quarantined
    #[arg(long)]
    kind: Option<String>,
    /// About that unit, by its code
    #[arg(long)]
    unit: Option<String>,
    /// So many at most, the last ones
    #[arg(long, default_value_t = 1_000)]
    limit: u64,
    #[arg(long, value_enum, default_value_t = AlertFormat::Text)]
    format: AlertFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum AlertFormat {
    Text,
    Json,
    Csv,
}

pub(super) async fn run(args: &AlertListArgs, setup: &Setup, out: &mut impl Write) -> anyhow::Result<Exit> {
    let zone = &setup.settings.timezone;
    args.stream.as_deref().map(|stream| setup.stream(stream)).transpose()?;
    if let Some(kind) = args.kind.as_deref().filter(|kind| AlertKind::from_name(kind).is_none()) {
        return Err(no_such(("提醒类型", "kind of alert"), kind, &AlertKind::ALL.map(|(_, name)| name)).into());
    }
    let time = |name: &str, text: &Option<String>, otherwise| {
        text.as_deref().map_or(Ok(Millis(otherwise)), |text| instant(name, text, zone))
    };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let selection = AlertSelection {
        since: time("--since", &args.since, i64::MIN)?,
        until: time("--until", &args.until, i64::MAX)?,
        case_id: text(&args.case),
        stream: text(&args.stream),
        kind: text(&args.kind),
        unit: text(&args.unit),
        limit: args.limit,
    };
    let rows = alerts::listed(&setup.store()?, &selection).await?;
    let fields: Vec<Vec<(String, Value)>> = rows.into_iter().map(|row| fields(row, zone)).collect();
    match args.format {
        AlertFormat::Csv => kpi_csv::write(fields, out)?,
        AlertFormat::Json => {
            let all: Vec<Value> = fields.into_iter().map(|row| row.into_iter().collect()).collect();
            write_json(&serde_json::json!({ "alerts": all }), out)?;
        }
        AlertFormat::Text if fields.is_empty() => writeln!(out, "没有提醒 no alerts")?,
        AlertFormat::Text => table(&fields).write(out)?,
    }
    Ok(Exit::Ok)
}

fn fields(row: AlertRow, zone: &TimeZone) -> Vec<(String, Value)> {
    let time = |at: i64| Value::from(Millis(at).rfc3339(zone));
    let all: [(&str, Value); 18] = [
        ("sent_at", time(row.sent_at)),
        ("arose_at", time(row.arose_at)),
        ("kind", row.kind.into()),
        ("light", row.light.into()),
        ("stream", row.stream.into()),
        ("case_id", row.case_id.into()),
        ("clock", row.clock.into()),
        ("assignment", row.assignment.into()),
        ("round", row.round.into()),
        ("due_at", row.due_at.map_or(Value::Null, time)),
        ("unit", row.unit.into()),
        ("unit_name", row.unit_name.into()),
        ("late", row.is_late.into()),
        ("reason", row.reason.into()),
        ("messages", row.messages.into()),
        ("id", row.id.into()),
        ("partition", row.partition.into()),
        ("offset", row.offset.into()),
    ];
    all.map(|(name, value)| (name.to_owned(), value)).into()
}

fn table(rows: &[Vec<(String, Value)>]) -> TextTable {
    const SHOWN: [&str; 9] = ["sent_at", "kind", "stream", "case_id", "clock", "due_at", "unit", "late", "reason"];
    let heads = [
        "发出 sent",
        "类型 kind",
        "业务流 stream",
        "案件 case",
        "计时 clock",
        "时限 due",
        "单位 unit",
        "迟发 late",
        "原因 reason",
    ];
    let mut table = TextTable::of_texts(heads);
    for row in rows {
        let cell = |name: &str| match row.iter().find(|(known, _)| known == name).map(|(_, value)| value) {
            Some(Value::String(text)) if !text.is_empty() => text.clone(),
            Some(Value::Bool(true)) => "是 yes".to_owned(),
            _ => "–".to_owned(),
        };
        table.push(SHOWN.iter().map(|name| cell(name)).collect());
    }
    table
}
