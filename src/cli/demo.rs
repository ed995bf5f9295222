//! `tongguan demo`: the main job on real servers, from an empty database to the sentence of the annual report,
//! compared figure by figure with what the synthetic year expects of itself.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context as _, ensure};
use tokio::time::Instant;

use super::{Exit, serve, setup::Setup};
use crate::{
    domain::{kpi::Period, time::Millis},
    feed::topics,
    pipeline::clock,
    report::rate::percent,
    simulate::expected::{StreamExpected, YearExpected, planned},
    store::{
        Store,
        kpi::{Question, answers},
        migrate::{drop_all, migrate},
        quarantine, tally,
    },
};

/// Its own database, because it is emptied first.
const DATABASE: &str = "tongguan_demo";
const GENERATE: [&str; 10] = [
    "generate",
    "--profile",
    "miaohang-2021",
    "--void",
    "5",
    "--duplicates",
    "0.01",
    "--disorder",
    "0.01",
    "--malformed",
];
const MALFORMED: &str = "40";

/// What was found for one stream, in the same words as what is expected of it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Found {
    messages: u64,
    events: u64,
    duplicates: u64,
    out_of_order: u64,
    quarantined: BTreeMap<String, u64>,
    /// Numerator and denominator, in the order of the plan.
    figures: Vec<(u64, u64)>,
}

pub async fn run(setup: &Setup, out: &mut impl Write) -> anyhow::Result<Exit> {
    writeln!(out, "统管演示 Tongguan demo: a year of Miaohang town (2021), from Kafka to the rates\n")?;
    let store = setup.store_in(DATABASE)?;
    drop_all(&store).await.context("ClickHouse is needed for the demo: `make up` starts one")?;
    migrate(&store).await?;
    writeln!(out, "1  schema: database `{DATABASE}` made anew")?;
    let file = expected_file(setup)?;
    let prefix = format!("demo-{}.", clock::now().0);
    let outcome = play(setup, &store, &prefix, &file, out).await;
    let topics: Vec<String> =
        setup.streams.iter().filter_map(|stream| demo_topic(setup, &stream.name, &prefix)).collect();
    let names: Vec<&str> = topics.iter().map(String::as_str).collect();
    if let Err(error) = topics::delete(&setup.cluster(), &names).await {
        writeln!(out, "the demo's topics are left behind: {error}")?;
    }
    outcome
}

/// Kept, so that the plan's figures can be read afterwards. In the user's own folder and not where everybody may write: somebody
/// else could have put a link or a file of the same name there.
fn expected_file(setup: &Setup) -> anyhow::Result<PathBuf> {
    let key = setup.settings.privacy.default_key_file.as_deref().and_then(Path::parent);
    let folder = key.context("the demo keeps its plan in the state folder: set XDG_STATE_HOME or HOME")?;
    fs::create_dir_all(folder).with_context(|| format!("the state folder {}", folder.display()))?;
    let file = folder.join("demo-expected.json");
    match fs::remove_file(&file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot replace {}", file.display()))
        }
        _ => Ok(file),
    }
}

async fn play(setup: &Setup, store: &Store, prefix: &str, file: &Path, out: &mut impl Write) -> anyhow::Result<Exit> {
    writeln!(out, "2  generate: the year onto Kafka\n")?;
    out.flush()?;
    let file_name = file.to_string_lossy().into_owned();
    let generate: Vec<&str> = GENERATE.into_iter().chain([MALFORMED, "--expected", &file_name]).collect();
    child(&generate, prefix)?;
    let expected: YearExpected = serde_json::from_slice(&fs::read(file).context("the expected figures")?)?;
    writeln!(out, "\n3  run: Kafka → ledger → cases")?;
    out.flush()?;
    let started = Instant::now();
    child(&["run", "--until-caught-up"], prefix)?;
    speed(&expected, started.elapsed(), out)?;
    let (mut differences, mut all) = (Vec::new(), Vec::new());
    for stream in &expected.streams {
        let found = found(store, stream, &expected).await?;
        write_stream(setup, stream, &found, out)?;
        differences.extend(compare(stream, &found));
        all.push(found);
    }
    sentence(&all, &differences, out)?;
    go_on(setup, out)?;
    Ok(if differences.is_empty() { Exit::Ok } else { Exit::Failed })
}

/// Another process of this program, as a user would start it.
fn child(words: &[&str], prefix: &str) -> anyhow::Result<()> {
    let status = Command::new(std::env::current_exe()?)
        .args(words)
        .env("TONGGUAN__CLICKHOUSE__DATABASE", DATABASE)
        .env("TONGGUAN__KAFKA__TOPIC_PREFIX", prefix)
        .env("TONGGUAN__KAFKA__GROUP", format!("{prefix}group"))
        .env("TONGGUAN__HTTP__LISTEN", "127.0.0.1:0")
        .env("TONGGUAN__LOG__LEVEL", "warn")
        .stdin(Stdio::null())
        .status()?;
    ensure!(status.success(), "`tongguan {}` ended with {status}", words.join(" "));
    Ok(())
}

fn demo_topic(setup: &Setup, name: &str, prefix: &str) -> Option<String> {
    let stream = setup.stream(name).ok()?;
    let own = stream.topic.strip_prefix(setup.settings.kafka.topic_prefix.as_str())?;
    Some(format!("{prefix}{own}"))
}

fn speed(expected: &YearExpected, took: Duration, out: &mut impl Write) -> anyhow::Result<()> {
    let seconds = took.as_secs_f64();
    let rate = expected.messages as f64 / seconds;
    writeln!(
        out,
        "   {} messages in {seconds:.1} s, start and stop included: {rate:.0} a second\n",
        expected.messages
    )?;
    Ok(())
}

async fn found(store: &Store, stream: &StreamExpected, expected: &YearExpected) -> anyhow::Result<Found> {
    let mut found = Found::default();
    if let Some(tally) = tally::tally(store).await?.into_iter().find(|tally| tally.stream == stream.stream) {
        found.messages = tally.messages;
        found.events = tally.events;
        found.duplicates = tally.duplicates;
        found.out_of_order = tally.out_of_order;
    }
    for tally in quarantine::tally(store, &quarantine::QuarantineSelection { state: None, ..Default::default() })
        .await?
        .into_iter()
        .filter(|tally| tally.stream == stream.stream)
    {
        found.messages += tally.messages;
        found.quarantined.insert(tally.reason, tally.messages);
    }
    let instant = |text: &str| Millis::parse(text).with_context(|| format!("expected figures: `{text}` is no time"));
    let period =
        Period { from: instant(&expected.from)?, to: instant(&expected.to)?, as_of: instant(&expected.as_of)? };
    for figure in planned() {
        let question =
            Question { stream: Some(stream.stream.clone()), ..Question::new(figure, period, "Asia/Shanghai") };
        let answer = answers(store, &question).await?;
        found
            .figures
            .extend(answer.first().map(|answer| (answer.numerator.unsigned_abs(), answer.denominator.unwrap_or(0))));
    }
    Ok(found)
}

fn write_stream(setup: &Setup, stream: &StreamExpected, found: &Found, out: &mut impl Write) -> anyhow::Result<()> {
    let titles = setup.stream(&stream.stream)?;
    writeln!(out, "{} {}", titles.title_zh, titles.title_en)?;
    writeln!(out, "   messages received      {:>9}   (events {})", found.messages, found.events)?;
    writeln!(out, "   duplicates             {:>9}", found.duplicates)?;
    writeln!(out, "   out of order           {:>9}", found.out_of_order)?;
    let reasons: Vec<String> = found.quarantined.iter().map(|(reason, n)| format!("{reason} {n}")).collect();
    let quarantined: u64 = found.quarantined.values().sum();
    writeln!(out, "   quarantined            {quarantined:>9}   ({})", reasons.join(", "))?;
    for (figure, (numerator, denominator)) in planned().zip(&found.figures).filter(|(figure, _)| figure.is_rate()) {
        let rate = percent(*numerator, Some(*denominator));
        let counts = format!("{numerator}/{denominator}");
        writeln!(
            out,
            "   {:<5}{:<17}{:>10}  {counts:>13}  {} {}",
            figure.id, figure.convention, rate, figure.title.zh, figure.title.en
        )?;
    }
    writeln!(out)?;
    Ok(())
}

/// Every number that is not as the plan says.
fn compare(stream: &StreamExpected, found: &Found) -> Vec<String> {
    let mut differences = Vec::new();
    let mut check = |what: String, expected: String, found: String| {
        if expected != found {
            differences.push(format!("{} {what}: expected {expected}, found {found}", stream.stream));
        }
    };
    check("messages".into(), stream.messages.to_string(), found.messages.to_string());
    check("events".into(), stream.events.to_string(), found.events.to_string());
    check("duplicates".into(), stream.duplicates.to_string(), found.duplicates.to_string());
    check("out of order".into(), stream.out_of_order.to_string(), found.out_of_order.to_string());
    check("quarantined".into(), format!("{:?}", stream.quarantined), format!("{:?}", found.quarantined));
    for (index, figure) in stream.figures.iter().enumerate() {
        let (numerator, denominator) = found.figures.get(index).copied().unwrap_or_default();
        check(
            figure.kpi.clone(),
            format!("{}/{}", figure.numerator, figure.denominator),
            format!("{numerator}/{denominator}"),
        );
    }
    differences
}

/// The sentence of the town's annual report, with the figures found.
fn sentence(all: &[Found], differences: &[String], out: &mut impl Write) -> anyhow::Result<()> {
    let figure = |found: &Found, id: &str| {
        let index = planned().position(|figure| figure.id == id);
        index.and_then(|index| found.figures.get(index)).copied().unwrap_or_default()
    };
    let both = |id: &str| {
        let (n, d) = all.iter().map(|found| figure(found, id)).fold((0, 0), |(n, d), (a, b)| (n + a, d + b));
        percent(n, Some(d))
    };
    if let [hotline, grid] = all {
        let (hotline, grid) = (figure(hotline, "K01").0, figure(grid, "K01").0);
        let (closure, timeliness) = (both("K05a"), both("K06a"));
        writeln!(out, "年报 Annual report (K05a, K06a):")?;
        writeln!(
            out,
            "   2021年，庙行镇受理12345热线工单{hotline}件、网格案件{grid}件，结案率{closure}，及时率{timeliness}。"
        )?;
        writeln!(
            out,
            "   In 2021 Miaohang town took in {hotline} hotline tickets and {grid} grid cases; closed {closure}, in time {timeliness}.\n"
        )?;
    }
    if differences.is_empty() {
        writeln!(out, "Every number is the one that the plan of the year expects.\n")?;
        return Ok(());
    }
    writeln!(out, "{} numbers are not as the plan of the year expects:", differences.len())?;
    for difference in differences {
        writeln!(out, "   {difference}")?;
    }
    writeln!(out)?;
    Ok(())
}

/// Lines to paste. Each names the demo's database by itself: a variable left in the shell would send the next command there.
fn go_on(setup: &Setup, out: &mut impl Write) -> anyhow::Result<()> {
    let url = &setup.settings.clickhouse.url;
    let program = std::env::current_exe()?;
    let here = std::env::current_dir()?;
    let program = program.strip_prefix(&here).map_or(program.as_path(), |inside| inside).display().to_string();
    let with = format!("TONGGUAN__CLICKHOUSE__URL={url} TONGGUAN__CLICKHOUSE__DATABASE={DATABASE}");
    writeln!(out, "Go on:")?;
    writeln!(out, "   {with} '{program}' kpi closure --from 2021-01-01 --to 2022-01-01 --group-by stream,month")?;
    writeln!(out, "   {with} '{program}' quarantine list")?;
    writeln!(
        out,
        "   {with} '{program}' serve        # the page: {}://{}/",
        serve::scheme(&setup.settings),
        setup.settings.page.listen
    )?;
    writeln!(
        out,
        "   curl '{url}' --data-binary 'SELECT town, phase, count() FROM {DATABASE}_mart.cases GROUP BY ALL FORMAT PrettyCompact'"
    )?;
    writeln!(out, "   make down        # stops the servers; the data stays")?;
    Ok(())
}
