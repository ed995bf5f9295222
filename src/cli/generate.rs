//! `tongguan generate`: puts a synthetic year on Kafka, and writes down the figures that must come of it.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context as _, bail, ensure};
use indicatif::{ProgressBar, ProgressStyle};
use tokio::time::Instant;

use crate::{
    feed::{cluster::Cluster, producer::Producer},
    report::count::grouped,
    simulate::{
        Options, Plan, SimulatedMessage, YearExpected,
        expected::{FigureExpected, StreamExpected, planned},
    },
};

/// Produce a synthetic year of cases, the same for the same seed, and the figures it must lead to
#[derive(Debug, clap::Args)]
pub struct GenerateArgs {
    /// Which place and year
    #[arg(long, default_value = "miaohang-2021")]
    pub profile: String,
    /// Another seed, another year of the same size
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Factor on the number of cases
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0)]
    pub cases: f64,
    /// Cases, of those that count, that are never closed and fall due
    #[arg(long, value_name = "CASES", default_value_t = 0)]
    pub open: u64,
    /// Cases, of those that count, that are closed after their due
    #[arg(long, value_name = "CASES", default_value_t = 0)]
    pub late: u64,
    /// Voided cases, on top of those that count
    #[arg(long, value_name = "CASES", default_value_t = 0)]
    pub void: u64,
    /// Share of the events that are sent twice, 0 to 1
    #[arg(long, value_name = "SHARE", default_value_t = 0.0)]
    pub duplicates: f64,
    /// Share of the events that arrive after a later event of their case, 0 to 1
    #[arg(long, value_name = "SHARE", default_value_t = 0.0)]
    pub disorder: f64,
    /// Messages that are no events, on top
    #[arg(long, value_name = "MESSAGES", default_value_t = 0)]
    pub malformed: u64,
    /// Where to write the expected figures [default: <PROFILE>.expected.json]
    #[arg(long, value_name = "FILE")]
    pub expected: Option<PathBuf>,
    /// Make up everything, send nothing
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Clone, Copy, Debug)]
pub struct GenerateTarget<'a> {
    pub name: &'a str,
    pub topic: &'a str,
}

/// Where the messages go.
#[derive(Clone, Debug)]
pub struct Target<'a> {
    pub cluster: Cluster,
    pub streams: Vec<GenerateTarget<'a>>,
}

/// How long the brokers may take to acknowledge what is still on the way at the end.
const PATIENCE: Duration = Duration::from_secs(60);
/// How many messages pass between two looks at the progress bar.
const STRIDE: u64 = 4096;
const DAY_MS: i64 = 24 * 3600 * 1000;

pub fn run(args: &GenerateArgs, target: &Target<'_>, out: &mut impl Write) -> anyhow::Result<()> {
    let plan = Plan::new(&args.profile, args.options())?;
    let topics = topics(&plan, target)?;
    let progress = Progress::new(&plan);
    let began = Instant::now();
    let expected = if args.dry_run {
        plan.run(|message| progress.passed(message))?
    } else {
        produce(&plan, &target.cluster, &topics, &progress)?
    };
    progress.bar.finish_and_clear();
    let path = args.expected.clone().unwrap_or_else(|| format!("{}.expected.json", args.profile).into());
    write_expected(&path, &expected)?;
    report(&expected, began.elapsed(), args.dry_run, out)?;
    writeln!(out, "expected figures written to {}", path.display())?;
    Ok(())
}

impl GenerateArgs {
    fn options(&self) -> Options {
        Options {
            seed: self.seed,
            cases: self.cases,
            open: self.open,
            late: self.late,
            void: self.void,
            duplicates: self.duplicates,
            disorder: self.disorder,
            malformed: self.malformed,
        }
    }
}

/// Where each stream of the year goes.
fn topics<'a>(plan: &Plan, target: &Target<'a>) -> anyhow::Result<Vec<GenerateTarget<'a>>> {
    let topic = |name: &str| {
        target.streams.iter().find(|stream| stream.name == name).copied().with_context(|| {
            format!(
                "no stream `{name}` is configured; the synthetic year needs one. Set streams.built_in to \"all\", for \
                 this command and for `tongguan run`"
            )
        })
    };
    plan.streams().into_iter().map(topic).collect()
}

fn produce(
    plan: &Plan,
    cluster: &Cluster,
    topics: &[GenerateTarget<'_>],
    progress: &Progress,
) -> anyhow::Result<YearExpected> {
    let producer = Producer::new(cluster)?;
    let expected = plan.run(|message| {
        let stream = topics.iter().find(|stream| stream.name == message.stream).context("a stream without a topic")?;
        producer.send(stream.topic, message.key, message.payload, message.wrapping)?;
        progress.passed(message)
    })?;
    let delivered = producer.finish(PATIENCE)?;
    ensure!(delivered == expected.messages, "{delivered} of {} messages were acknowledged", expected.messages);
    Ok(expected)
}

/// The days of the year as a bar, on a terminal only.
struct Progress {
    bar: ProgressBar,
    from_ms: i64,
    passed: std::cell::Cell<u64>,
}

impl Progress {
    fn new(plan: &Plan) -> Self {
        let (from, to) = plan.span();
        let bar = ProgressBar::new((to.since(from) / DAY_MS).unsigned_abs());
        if let Ok(style) = ProgressStyle::with_template("{bar:40} day {pos}/{len}  {msg} messages  {elapsed}") {
            bar.set_style(style);
        }
        Self { bar, from_ms: from.0, passed: std::cell::Cell::new(0) }
    }

    fn passed(&self, message: &SimulatedMessage<'_>) -> anyhow::Result<()> {
        let passed = self.passed.get() + 1;
        self.passed.set(passed);
        if passed.is_multiple_of(STRIDE) && !self.bar.is_hidden() {
            self.bar.set_position(((message.at.0 - self.from_ms) / DAY_MS).max(0).unsigned_abs());
            self.bar.set_message(grouped(passed));
        }
        Ok(())
    }
}

fn write_expected(path: &Path, expected: &YearExpected) -> anyhow::Result<()> {
    let mut text = serde_json::to_string_pretty(expected)?;
    text.push('\n');
    fs::write(path, text).with_context(|| format!("cannot write the expected figures to {}", path.display()))
}

fn report(expected: &YearExpected, took: Duration, is_dry: bool, out: &mut impl Write) -> anyhow::Result<()> {
    let [first, second] = expected.streams.as_slice() else { bail!("a synthetic year has two streams") };
    let verb = if is_dry { "made up, nothing sent:" } else { "sent and acknowledged:" };
    let rate = expected.messages as f64 / took.as_secs_f64().max(0.001);
    let (messages, rate) = (grouped(expected.messages), grouped(rate as u64));
    writeln!(out, "{verb} {messages} messages in {:.1} s ({rate}/s)\n", took.as_secs_f64())?;
    writeln!(out, "{} to {}, as of {}", expected.from, expected.to, expected.as_of)?;
    writeln!(out, "{:<28}{:>18}{:>18}", "", first.stream, second.stream)?;
    let mut line = |name: &str, of: &dyn Fn(&StreamExpected) -> String| {
        writeln!(out, "{name:<28}{:>18}{:>18}", of(first), of(second))
    };
    line("messages", &|stream| grouped(stream.messages))?;
    line("events", &|stream| grouped(stream.events))?;
    line("duplicates", &|stream| grouped(stream.duplicates))?;
    line("out of order", &|stream| grouped(stream.out_of_order))?;
    line("to be quarantined", &|stream| grouped(stream.quarantined.values().sum()))?;
    line("cases received", &|stream| grouped(stream.received))?;
    line("cases voided", &|stream| grouped(stream.voided))?;
    for (index, figure) in planned().enumerate().filter(|(_, figure)| figure.is_rate()) {
        line(&format!("{} {} ({})", figure.id, figure.name, figure.convention), &|stream| {
            rate_of(&stream.figures[index])
        })?;
    }
    write_affairs(expected, out)
}

/// The other streams, one line a figure.
fn write_affairs(expected: &YearExpected, out: &mut impl Write) -> anyhow::Result<()> {
    if !expected.affairs.is_empty() {
        writeln!(out)?;
    }
    for figure in &expected.affairs {
        let only: Vec<String> = figure.only.iter().map(|(name, value)| format!(" {name}={value}")).collect();
        let of = if figure.denominator > 0 { format!("/{}", grouped(figure.denominator)) } else { String::new() };
        let head = format!("{} {} {}", figure.stream, figure.year, figure.kpi);
        writeln!(out, "{head:<28}{:>18}{}", format!("{}{of}", grouped(figure.numerator)), only.concat())?;
    }
    Ok(())
}

fn rate_of(figure: &FigureExpected) -> String {
    format!("{}/{}", figure.numerator, figure.denominator)
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    #[derive(clap::Parser)]
    struct Alone {
        #[command(flatten)]
        args: GenerateArgs,
    }

    fn target(first: &'static str) -> Target<'static> {
        let stream = |name| GenerateTarget { name, topic: "none" };
        Target { cluster: Cluster::default(), streams: vec![stream(first), stream("grid")] }
    }

    #[test]
    fn a_dry_run_writes_and_shows_what_is_expected_without_any_broker() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("figures.json");
        let words = ["generate", "--cases", "0.05", "--late", "3", "--dry-run", "--expected", file.to_str().unwrap()];
        let mut out = Vec::new();
        run(&Alone::parse_from(words).args, &target("hotline"), &mut out).unwrap();
        let shown = String::from_utf8(out).unwrap();
        assert!(shown.contains("nothing sent") && shown.contains("1887/1890"), "{shown}");
        let expected: YearExpected = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
        assert_eq!(expected.streams[1].received, 1_890);
    }

    #[test]
    fn the_other_streams_are_asked_for_by_name_and_their_figures_shown() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("figures.json");
        let all = "generate --profile miaohang-2021-all --cases 0.01 --dry-run --expected";
        let words = all.split(' ').chain([file.to_str().unwrap()]);
        let args = Alone::parse_from(words).args;
        let error = run(&args, &target("hotline"), &mut Vec::new()).unwrap_err();
        assert!(error.to_string().contains("streams.built_in to \"all\""), "{error}");
        let plan = Plan::new("miaohang-2021-all", Options::default()).unwrap();
        let mut made = plan.streams();
        made.sort_unstable();
        let mut shipped = crate::config::streams::SHIPPED.map(|(name, _)| name);
        shipped.sort_unstable();
        assert_eq!(made, shipped, "every stream that is shipped has its part of the year");
        let streams = crate::config::streams::SHIPPED.map(|(name, _)| GenerateTarget { name, topic: "none" });
        let mut out = Vec::new();
        run(&args, &Target { cluster: Cluster::default(), streams: streams.to_vec() }, &mut out).unwrap();
        let shown = String::from_utf8(out).unwrap();
        assert!(shown.contains("mediation 2021 K14") && shown.contains("166/168"), "{shown}");
    }

    #[test]
    fn a_stream_that_is_not_configured_is_named() {
        let args = Alone::parse_from(["generate", "--dry-run"]).args;
        let error = run(&args, &target("calls"), &mut Vec::new()).unwrap_err();
        assert!(error.to_string().contains("`hotline`"), "{error}");
    }
}
