//! `tongguan rebuild`: folds cases again from the ledger, under the policy and the calendar that are configured now.

use std::{io::Write, time::Duration};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use tokio::time::Instant;

use super::{
    Exit,
    lines::{write_json, write_line},
    setup::Setup,
};
use crate::{
    pipeline::{
        generation::Judges,
        rebuild::{Rebuild, RebuildError, RebuildOrder},
        refold::{RefoldError, RefoldTally},
    },
    report::count::grouped,
    store::{
        ledger_stream::{self, Size},
        migrate,
        rebuilds::{Generation, Scope},
    },
};

/// Fold cases again from the ledger, under the policy and calendar configured now; `run` may go on meanwhile
#[derive(Debug, clap::Args)]
pub struct RebuildArgs {
    /// Only cases of this stream
    #[arg(long, value_name = "NAME")]
    stream: Option<String>,
    /// Finished cases too: their verdicts may change [default: only cases that are not finished]
    #[arg(long)]
    all: bool,
    /// Say what would be folded, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub async fn run(args: &RebuildArgs, setup: &Setup, out: &mut impl Write) -> anyhow::Result<Exit> {
    let store = setup.store()?;
    migrate::check(&store).await?;
    let stream = args.stream.as_deref().map(|name| setup.stream(name)).transpose()?;
    let order = RebuildOrder {
        scope: if args.all { Scope::All } else { Scope::Open },
        stream: stream.map(|stream| stream.name.clone()),
        judges: Judges::of(&setup.limits),
    };
    let rebuild = Rebuild::plan(&store, order).await?;
    let size = ledger_stream::size(&store, &rebuild.selection()).await?;
    let told = Told { rebuild: rebuild.clone(), is_dry: args.dry_run };
    if args.dry_run {
        told.write(&RefoldTally { cases: size.cases, events: size.events, left_alone: 0 }, None, args.json, out)?;
        return Ok(Exit::Ok);
    }
    let (bar, started) = (bar(size), Instant::now());
    let outcome = rebuild
        .run(&store, setup.rules(), setup.retry(), |tally| {
            bar.set_position(tally.events);
            bar.set_message(grouped(tally.cases));
        })
        .await;
    bar.finish_and_clear();
    told.write(&outcome.map_err(plain)?, Some(started.elapsed()), args.json, out)?;
    Ok(Exit::Ok)
}

/// As the exit codes look for it.
fn plain(error: RebuildError) -> anyhow::Error {
    match error {
        RebuildError::Store(error) | RebuildError::Refold(RefoldError::Store(error)) => error.into(),
        other => other.into(),
    }
}

fn bar(size: Size) -> ProgressBar {
    let bar = ProgressBar::new(size.events);
    let template = "{bar:40} {human_pos}/{human_len} 条消息 messages ({per_sec}), {msg} 件案件 cases  {elapsed}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

struct Told {
    rebuild: Rebuild,
    is_dry: bool,
}

impl Told {
    fn write(
        &self,
        tally: &RefoldTally,
        took: Option<Duration>,
        json: bool,
        out: &mut impl Write,
    ) -> anyhow::Result<()> {
        let seconds = took.map(|took| took.as_secs_f64());
        let speed = seconds.map(|seconds| (tally.events as f64 / seconds.max(0.001)) as u64);
        let Rebuild { made, before } = &self.rebuild;
        if json {
            return write_json(
                &json!({
                    "generation": made.generation,
                    "scope": made.scope.name(),
                    "stream": (!made.stream.is_empty()).then_some(&made.stream),
                    "policy": made.policy,
                    "calendar": made.calendar,
                    "before": before.as_ref().map(before_json),
                    "is_dry_run": self.is_dry,
                    "is_resumed": self.rebuild.is_resumed(),
                    "cases": tally.cases,
                    "events": tally.events,
                    "left_alone": tally.left_alone,
                    "seconds": seconds,
                    "events_per_s": speed,
                }),
                out,
            );
        }
        self.write_rules(out)?;
        let cases = grouped(tally.cases);
        if self.is_dry {
            write_line(
                "将重新折叠 would fold",
                &format!("{cases} 件案件 cases, {} 条消息 messages", grouped(tally.events)),
                out,
            )?;
            return Ok(writeln!(out, "没有写入 nothing was written")?);
        }
        write_line(
            "已重新折叠 folded",
            &format!("{cases} 件案件 cases, {} 条消息 messages", grouped(tally.events)),
            out,
        )?;
        if tally.left_alone > 0 {
            let text =
                format!("{} 件案件 cases, 业务流未声明 of streams that are not declared", grouped(tally.left_alone));
            write_line("未动 left alone", &text, out)?;
        }
        if let (Some(seconds), Some(speed)) = (seconds, speed) {
            write_line("用时 took", &format!("{seconds:.1} s, {} 条 messages/s", grouped(speed)), out)?;
        }
        Ok(())
    }

    fn write_rules(&self, out: &mut impl Write) -> std::io::Result<()> {
        let Rebuild { made, before } = &self.rebuild;
        let scope = match made.scope {
            Scope::All => "全部案件 all cases",
            Scope::Open | Scope::Founding => "未了结案件 cases that are not finished (--all: 全部 all)",
        };
        let resumed = if self.rebuild.is_resumed() {
            " （继续上次中断的 going on with one that was cut off）"
        } else {
            ""
        };
        write_line("代次 generation", &format!("{}{resumed}", made.generation), out)?;
        write_line("范围 scope", scope, out)?;
        if !made.stream.is_empty() {
            write_line("业务流 stream", &made.stream, out)?;
        }
        write_line(
            "时限规则 policy",
            &changed(before.as_ref().map(|before| before.policy.as_str()), &made.policy),
            out,
        )?;
        write_line(
            "日历 calendar",
            &changed(before.as_ref().map(|before| before.calendar.as_str()), &made.calendar),
            out,
        )?;
        if let Some(left) = self.rebuild.left_unfinished() {
            let text = format!(
                "代次 {0} ({1}) 未完成，部分案件已按 {2} 折叠；用 --all 可使全部案件一致 generation {0} was never finished: some cases \
                 are judged by {2}; --all makes all alike",
                left.generation,
                left.scope.name(),
                left.policy
            );
            write_line("注意 note", &text, out)?;
        }
        Ok(())
    }
}

fn before_json(before: &Generation) -> serde_json::Value {
    json!({
        "generation": before.generation,
        "scope": before.scope.name(),
        "policy": before.policy,
        "calendar": before.calendar,
        "is_finished": before.finished_at.is_some(),
    })
}

fn changed(before: Option<&str>, now: &str) -> String {
    match before {
        Some(before) if before != now => format!("{now} （原为 was {before}）"),
        _ => now.to_owned(),
    }
}
