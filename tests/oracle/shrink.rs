//! A life on which the two sides differ, made as small as it goes.

use super::{
    instant::{DAY, HOUR, day, midnight},
    message::Life,
};

/// Greedy: as long as something can be left out or made plainer and they still differ.
pub fn shrink(mut life: Life, differs: impl Fn(&Life) -> bool) -> Life {
    loop {
        let smaller = candidates(&life).into_iter().find(|candidate| differs(candidate));
        match smaller {
            Some(smaller) => life = smaller,
            None => return life,
        }
    }
}

fn candidates(life: &Life) -> Vec<Life> {
    let mut candidates = Vec::new();
    let many = life.messages.len();
    for place in (0..many).rev().filter(|_| many > 1) {
        let mut smaller = life.clone();
        smaller.messages.remove(place);
        candidates.push(smaller);
    }
    for place in 0..many {
        let fields: Vec<String> =
            life.messages[place].data.as_object().map(|data| data.keys().cloned().collect()).unwrap_or_default();
        let needed = [
            "unit",
            "accepted",
            "approved",
            "passed",
            "upheld",
            "parent",
            "contacted",
            "confirmed",
            "reached",
            "field",
            "value",
        ];
        let is_needed =
            |field: &str| needed.contains(&field) && !(field == "unit" && life.messages[place].kind != "dispatched");
        for field in fields.iter().filter(|field| !is_needed(field)) {
            let mut smaller = life.clone();
            smaller.messages[place].data.as_object_mut().expect("an object").remove(field);
            candidates.push(smaller);
        }
        if life.messages[place].sequence.is_some() {
            let mut smaller = life.clone();
            smaller.messages[place].sequence = None;
            candidates.push(smaller);
        }
        let at = life.messages[place].at;
        for rounder in [midnight(day(at)) + 10 * HOUR, at - at % HOUR] {
            if rounder < at && at - rounder < DAY {
                let mut smaller = life.clone();
                smaller.messages[place].at = rounder;
                candidates.push(smaller);
            }
        }
    }
    let mut sorted = life.clone();
    sorted.messages.sort_by_key(|message| message.at);
    if sorted != *life {
        candidates.push(sorted);
    }
    candidates
}
