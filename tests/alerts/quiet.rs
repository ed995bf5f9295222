//! Quiet hours: what arises in them comes after their end, if it still holds. And what is not sent at all is counted.

use std::time::Duration;

use serde_json::json;

use crate::{
    sender::{Alerted, accepted, said},
    service::wait_for,
};

#[test]
fn what_arises_while_it_is_quiet_is_sent_after_it_if_it_still_holds() {
    let alerted = Alerted::new();
    // The 6th is a Saturday.
    let quiet = [("ALERTS__QUIET_FROM", "22:00"), ("ALERTS__QUIET_TO", "08:00"), ("ALERTS__QUIET_DAYS", "sat")];
    alerted.at("05 21:00", &quiet);
    alerted.tell(&[accepted("A", "05 21:30", "05 23:00"), accepted("B", "05 21:30", "06 06:00")]);
    alerted.at("05 23:30", &quiet);
    alerted.tell(&[said("B", "closed", "06 07:00", json!({}))]);
    for time in ["06 07:30", "06 12:00", "07 07:59"] {
        alerted.at(time, &quiet);
    }
    assert_eq!(alerted.told(), [""; 0]);
    alerted.at("07 08:00", &quiet);
    assert_eq!(alerted.told(), ["overdue A", "closed B"]);
    let events = alerted.events();
    assert!(events.iter().all(|event| event["data"]["late"] == false), "waiting for the end of quiet is not late");
    let refused = alerted.command(&["run", "--once"], &[("ALERTS__QUIET_FROM", "22:00")]);
    assert_eq!(refused.code, Some(3), "{}", refused.stderr);
    assert!(refused.stderr.contains("alerts.quiet_from"), "{}", refused.stderr);
}

/// A was never finished; B was finished late, so that its being overdue is overtaken, as their being due soon is.
#[test]
fn what_is_years_old_or_overtaken_is_not_sent_and_is_counted() {
    let alerted = Alerted::new();
    alerted.at("05 09:00", &[]);
    alerted.tell(&[
        accepted("A", "05 09:30", "05 19:00"),
        accepted("B", "05 09:30", "05 19:00"),
        said("B", "closed", "05 20:00", json!({})),
    ]);
    let mut sender = alerted.start(&["run"], &[("ALERTS__LISTEN", "127.0.0.1:0")]);
    let dropped = |why: &str| sender.metric_so_far(&format!("tongguan_alerts_dropped_total{{why=\"{why}\"}}"));
    wait_for("what is dropped", Duration::from_secs(60), || dropped("old") >= Some(2.0));
    assert_eq!(
        (dropped("old"), dropped("overtaken")),
        (Some(2.0), Some(3.0)),
        "A overdue and B closed; A due soon, B due soon and overdue"
    );
    assert_eq!(alerted.told(), [""; 0]);
    assert_eq!(sender.stop().code, Some(0));
}
