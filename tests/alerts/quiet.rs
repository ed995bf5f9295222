//! Quiet hours: what arises in them comes after their end, if it still holds.

use serde_json::json;

use crate::sender::{Alerted, accepted, said};

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
