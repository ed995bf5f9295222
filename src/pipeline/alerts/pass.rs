//! One look at everything that may have arisen.

use std::collections::HashSet;

use smol_str::SmolStr;
use tokio::time::{Duration, Instant};

use super::{ReignError, TOGETHER, reign::Reign};
use crate::{
    domain::{
        alert::{Alert, AlertFate, AlertKind, AlertQuarantine, AlertRules, SentAlert, found},
        time::Millis,
    },
    metrics,
    store::alerts::{self, AlertChoice, AlertReached},
};

/// Dues are looked at again from so far back: a row may have been written a little after its due.
const DUE_OVERLAP_MS: i64 = 600_000;

/// Changes are looked at again from so far back: at every pass, for what was taken in and is being written …
const OVERLAP_MS: i64 = 60_000;
/// … and now and then for what a writer could only write late.
const WIDE_OVERLAP_MS: i64 = 86_400_000;
const WIDE_EVERY: Duration = Duration::from_secs(600);

struct Pass<'r, 'a> {
    reign: &'r mut Reign<'a>,
    now: Millis,
    /// Changes are looked at from messages on that were taken in then.
    changed_from: Millis,
}

impl Reign<'_> {
    /// Everything that has arisen, unless it is quiet; and a note that we are here.
    pub(super) async fn pass(&mut self) -> Result<(), ReignError> {
        let parts = self.parts;
        let now = parts.now();
        let is_quiet = parts.quiet.is_quiet(now, &parts.limits.calendar);
        metrics::alerts_quiet(is_quiet);
        if !is_quiet {
            let is_wide = self.wide_at.is_none_or(|at| at.elapsed() >= WIDE_EVERY);
            let overlap = if is_wide { WIDE_OVERLAP_MS } else { OVERLAP_MS };
            let changed_from = self.reached.taken_in_at.plus(-overlap);
            let taken_in_at = alerts::taken_in(&parts.store, changed_from).await?.max(self.reached.taken_in_at);
            Pass { reign: self, now, changed_from }.run().await?;
            self.reached = AlertReached { clock_at: now, taken_in_at, ..self.reached };
            if is_wide {
                self.wide_at = Some(Instant::now());
            }
            metrics::alerts_passed(clock_seconds(now));
        }
        self.note().await
    }
}

impl Pass<'_, '_> {
    async fn run(mut self) -> Result<(), ReignError> {
        let parts = self.reign.parts;
        let rules = AlertRules {
            since: self.reign.reached.since,
            now: self.now,
            old_after_ms: parts.old_after_ms,
            kinds: parts.kinds.clone(),
            of_case: parts.of_case,
            stages: parts.stages.clone(),
        };
        // A clock that was set back leaves a note from the future.
        let looked_at = self.reign.reached.clock_at.min(self.now);
        let due_from = looked_at.plus(-DUE_OVERLAP_MS).max(rules.since);
        self.of(AlertChoice::Due(due_from), &rules).await?;
        if !parts.stages.is_empty() {
            self.of(AlertChoice::Clock(due_from), &rules).await?;
        }
        let floor = rules.since.max(self.now.plus(-parts.old_after_ms));
        self.of(AlertChoice::Change(self.changed_from, floor), &rules).await?;
        if parts.kinds.contains(&AlertKind::Quarantined) {
            self.of_quarantine(&rules).await?;
        }
        Ok(())
    }

    async fn of(&mut self, choice: AlertChoice, rules: &AlertRules) -> Result<(), ReignError> {
        let parts = self.reign.parts;
        let mut after = Some((SmolStr::default(), SmolStr::default()));
        while let Some(from) = after {
            let page = alerts::page(&parts.store, choice, self.now, &parts.stages, &from).await?;
            let all: Vec<(Alert, AlertFate)> = page.cases.iter().flat_map(|case| found(case, rules)).collect();
            self.tell(all).await?;
            self.reign.still_here().await?;
            after = page.next;
        }
        Ok(())
    }

    async fn of_quarantine(&mut self, rules: &AlertRules) -> Result<(), ReignError> {
        let groups = alerts::quarantined(&self.reign.parts.store, self.changed_from).await?;
        let all = groups.into_iter().map(AlertQuarantine::alert).filter(|alert| alert.arose_at >= rules.since);
        let all: Vec<(Alert, AlertFate)> = all.map(|alert| (alert, AlertFate::Send)).collect();
        self.tell(all).await
    }

    /// Each that is new is sent or counted as dropped.
    async fn tell(&mut self, mut all: Vec<(Alert, AlertFate)>) -> Result<(), ReignError> {
        all.retain(|(alert, _)| !self.reign.remembered.has(&alert.id));
        // Oldest first, over all cases; of one case they are in order in any case.
        all.sort_by_key(|(alert, _)| alert.arose_at);
        let mut seen = HashSet::new();
        all.retain(|(alert, _)| seen.insert(alert.id.clone()));
        for some in all.chunks(TOGETHER) {
            let looked_up: Vec<&Alert> = some.iter().map(|(alert, _)| alert).collect();
            let unsent: HashSet<SmolStr> = self.reign.unsent(&looked_up).await?.into_iter().collect();
            let new = || some.iter().filter(|(alert, _)| unsent.contains(&alert.id));
            for (alert, fate) in new() {
                let why = match fate {
                    AlertFate::Send => continue,
                    AlertFate::Overtaken => "overtaken",
                    AlertFate::Old => "old",
                };
                metrics::alert_dropped(why);
                self.reign.remembered.add(alert.id.clone());
            }
            let to_send = new().filter(|(_, fate)| *fate == AlertFate::Send).map(|(alert, _)| alert.clone());
            let sent: Vec<SentAlert> = to_send.map(|alert| self.outgoing(alert)).collect();
            if !sent.is_empty() {
                self.reign.send(sent).await?;
            }
        }
        Ok(())
    }

    fn outgoing(&self, alert: Alert) -> SentAlert {
        let parts = self.reign.parts;
        let calendar = &parts.limits.calendar;
        let sent_at = parts.now();
        let could_be_sent_at = parts.quiet.end(alert.arose_at, calendar);
        let is_due_soon = alert.kind == AlertKind::DueSoon;
        let work_left = |due| calendar.working_of(&alert.unit).work_between(sent_at, due) / 60_000;
        SentAlert {
            work_left_min: alert.due.filter(|_| is_due_soon).map(work_left),
            sent_at,
            is_late: sent_at.since(could_be_sent_at) > parts.late_after_ms,
            alert,
        }
    }
}

fn clock_seconds(at: Millis) -> f64 {
    at.0 as f64 / 1000.0
}
