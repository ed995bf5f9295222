use proptest::{prelude::*, sample::select};

use super::*;

const MINUTE: i64 = 60_000;

pub(super) fn stages() -> impl Strategy<Value = Stage> {
    let conventions = Convention::ALL.map(Some).into_iter().chain([None]);
    let kinds: Vec<_> = Unit::ALL
        .into_iter()
        .flat_map(|unit| conventions.clone().map(move |convention| (unit, convention)))
        .filter(|(unit, convention)| Limit::new(1, *unit, *convention).is_ok())
        .collect();
    let reworks = select(vec![Rework::Continue, Rework::Restart, Rework::Fixed(limit(3, Unit::WorkHour))]);
    let modes = select(vec![
        ExtensionMode::AddOriginal,
        ExtensionMode::AddN(limit(1, Unit::WorkDay)),
        ExtensionMode::SetDue(Some(limit(3, Unit::WorkDay))),
    ]);
    (select(kinds), 1..12_u32, reworks, modes, any::<bool>(), any::<bool>()).prop_map(
        |((unit, convention), count, rework, mode, must_request_before_due, return_stops_clock)| {
            let rule = Extension { max_times: 3, mode, must_request_before_due, cures_lateness: false };
            let limit = Limit::new(count, unit, convention).unwrap();
            Stage { limit, rework, extension: Some(rule), return_stops_clock, ..stage(1, Unit::WorkDay) }
        },
    )
}

/// After a start in the first days of the month, in steps of up to three days.
pub(super) fn happening(kinds: Vec<Happening>, most: usize) -> impl Strategy<Value = Vec<(Millis, Happening)>> {
    let steps = prop::collection::vec((0..3 * 1440_i64, select(kinds)), 0..most);
    (0..4 * 1440_i64, steps).prop_map(|(start, steps)| {
        let mut now = at("1 00:00").plus(start * MINUTE);
        let mut happenings = vec![(now, H::Start)];
        for (step, happening) in steps {
            now = now.plus(step * MINUTE);
            happenings.push((now, happening));
        }
        happenings
    })
}

fn any_happening() -> Vec<Happening> {
    let named = H::ExtensionApproved { due: Some(due("20 12:00")) };
    vec![
        H::Start,
        H::Stop,
        H::Pause,
        H::Resume { due: None },
        H::ExtensionRequested,
        APPROVED,
        named,
        H::Rework,
        H::Reopened { due: None },
        H::Returned,
    ]
}

fn after(stage: &Stage, calendar: &Calendar, happenings: &[(Millis, Happening)]) -> Clock {
    run(stage, calendar.working(), happenings.iter().copied()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn no_order_of_pauses_makes_a_due_earlier(
        stage in stages(),
        happenings in happening(vec![H::Pause, H::Resume { due: None }], 12),
    ) {
        let calendar = calendar();
        let dues: Vec<Due> = (1..=happenings.len()).map(|n| after(&stage, &calendar, &happenings[..n]).due).collect();
        for (earlier, later) in dues.iter().zip(&dues[1..]) {
            prop_assert!(earlier.at <= later.at && earlier.on_time_until() <= later.on_time_until());
        }
    }

    #[test]
    fn a_pause_in_time_leaves_time_to_finish(stage in stages(), happenings in happening(vec![H::Pause, H::Resume { due: None }], 12)) {
        let calendar = calendar();
        let clock = after(&stage, &calendar, &happenings);
        let (last, _) = happenings[happenings.len() - 1];
        // Only who is not late when it is resumed can still be in time.
        let resumed = after(&stage, &calendar, &[&happenings[..], &[(last, H::Resume { due: None })]].concat());
        if clock.state == State::Paused && !clock.ever_red {
            prop_assert!(resumed.due.is_met_at(last), "{resumed:?}");
        }
    }

    #[test]
    fn a_late_extension_cures_nothing(stage in stages(), happenings in happening(any_happening(), 8), late in 1..5000_i64) {
        let calendar = calendar();
        let clock = after(&stage, &calendar, &happenings);
        let (last, _) = happenings[happenings.len() - 1];
        let approved_at = clock.due.at.max(last).plus(late * MINUTE);
        for due in [None, Some(Due { at: approved_at.plus(late * MINUTE), is_exclusive: false })] {
            let approved = (approved_at, H::ExtensionApproved { due });
            let extended = after(&stage, &calendar, &[&happenings[..], &[approved]].concat());
            if clock.state != State::Paused {
                prop_assert_eq!(extended.due, clock.due);
                prop_assert_eq!(extended.ever_red, clock.ever_red || clock.state == State::Running);
            }
        }
    }

    #[test]
    fn red_stays_red(stage in stages(), happenings in happening(any_happening(), 12)) {
        let calendar = calendar();
        let mut was_red = false;
        for n in 1..=happenings.len() {
            let clock = after(&stage, &calendar, &happenings[..n]);
            let (now, _) = happenings[n - 1];
            let is_red = clock.light(now) == Light::Red;
            prop_assert!(is_red || !was_red, "{clock:?}");
            prop_assert_eq!(clock.ever_red, is_red);
            let next = happenings.get(n).map_or(now.plus(1), |(next, _)| *next);
            was_red = clock.light(next) == Light::Red;
        }
    }

    #[test]
    fn a_verdict_is_late_only_for_who_was_red(stage in stages(), happenings in happening(any_happening(), 12)) {
        let clock = after(&stage, &calendar(), &happenings);
        match clock.state {
            State::Met => prop_assert!(!clock.ever_red && clock.stopped_at.is_some()),
            State::Breached => prop_assert!(clock.ever_red && clock.stopped_at.is_some()),
            _ => prop_assert_eq!(clock.stopped_at, None),
        }
    }
}
