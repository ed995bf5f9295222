//! 重复工单: a case that repeats another is closed by an event of its own, which says that it was closed with its parent.

use serde_json::json;

use crate::{
    figures::counts,
    messages::{Message, event},
    town::Town,
};

/// A parent, a child that its source closes with it, one closed so too late, and one of which the source says nothing more.
fn family() -> Vec<Message> {
    let accepted = |case, due| event(case, "accepted", "2021-03-01T09:00:00+08:00", json!({ "due_at": due }));
    let linked = |case| event(case, "duplicate_linked", "2021-03-01T10:00:00+08:00", json!({ "parent": "P" }));
    let closed = |case, how| event(case, "closed", "2021-03-04T10:00:00+08:00", json!({ "how": how }));
    let (early, late) = ("2021-03-03T18:00:00+08:00", "2021-03-05T18:00:00+08:00");
    vec![
        accepted("P", late),
        accepted("in-time", late),
        accepted("late", early),
        accepted("forgotten", early),
        linked("in-time"),
        linked("late"),
        linked("forgotten"),
        closed("P", "normal"),
        closed("in-time", "duplicate_auto"),
        closed("late", "duplicate_auto"),
    ]
}

#[test]
fn a_child_closed_with_its_parent_counts_by_its_own_due_where_the_stream_counts_duplicates() {
    let town = Town::new();
    for stream in ["hotline", "grid"] {
        town.send(stream, &family());
    }
    town.run_until_caught_up();
    let asked = |figure: &str, stream: &str| {
        let march = "--from 2021-03-01 --to 2021-04-01 --as-of 2021-03-20";
        counts(&town, &format!("{figure} {march} --stream {stream}"))
    };
    // The hotline counts every citizen; of the grid's four reports of one heap only the parent is asked for.
    for (figure, hotline, grid) in [
        ("K05a", (3, 4), (1, 1)),
        ("K05b", (3, 4), (1, 1)),
        ("K06c", (2, 4), (1, 1)),
        ("K07", (1, 1), (0, 0)),
        ("K11e", (3, 4), (3, 4)),
    ] {
        assert_eq!([asked(figure, "hotline"), asked(figure, "grid")], [hotline, grid], "{figure}");
    }
    let how = "SELECT arrayStringConcat(groupArray(how), ',') FROM         (SELECT how FROM {db}.cases FINAL WHERE stream = 'hotline' AND repeat_of = 'P' ORDER BY case_id)";
    assert_eq!(town.query(how), ",duplicate_auto,duplicate_auto");
}
