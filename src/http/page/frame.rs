//! The frame of every page.

mod filled;

use jiff::tz::TimeZone;

use crate::domain::time::Millis;

#[derive(Clone, Debug, Default)]
pub(super) struct Page {
    pub(super) lang: String,
    pub(super) lang_other: String,
    pub(super) lang_text: String,
    pub(super) lang_href: String,
    pub(super) theme: String,
    pub(super) view: String,
    pub(super) title: String,
    pub(super) town: String,
    pub(super) home: String,
    pub(super) icon: String,
    pub(super) css: String,
    pub(super) js: String,
    pub(super) address: String,
    pub(super) twins: Vec<Twin>,
    pub(super) again: Vec<Again>,
    pub(super) nav: Vec<Nav>,
    pub(super) user: Vec<User>,
    pub(super) live: Vec<Live>,
    pub(super) filters: Vec<Filter>,
    pub(super) facts: Vec<Fact>,
    pub(super) banners: Vec<Banner>,
    pub(super) basis: Vec<Basis>,
    pub(super) took: String,
    /// What every form that changes something brings along, as `csrf`.
    pub(super) csrf: String,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Twin {
    pub(super) mime: String,
    pub(super) href: String,
    pub(super) text: String,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Again {
    pub(super) seconds: i64,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Nav {
    pub(super) href: String,
    pub(super) text: String,
    pub(super) is_here: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct User {
    pub(super) name: String,
    pub(super) role: String,
    /// Empty where somebody else does it.
    pub(super) account: String,
    pub(super) logout: String,
    pub(super) csrf: String,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Live {
    pub(super) href: String,
    pub(super) poll: String,
    pub(super) stale_s: i64,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Filter {
    pub(super) action: String,
    pub(super) hidden: Vec<Hidden>,
    pub(super) steps: Vec<Steps>,
    pub(super) inputs: Vec<Input>,
    pub(super) selects: Vec<Select>,
    pub(super) checks: Vec<Check>,
    pub(super) has_reset: bool,
    pub(super) reset: String,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Fact {
    pub(super) k: String,
    pub(super) v: String,
    pub(super) cls: String,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Banner {
    pub(super) kind: String,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) links: Vec<Link>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Basis {
    pub(super) text: String,
    pub(super) href: String,
    pub(super) has_href: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Hidden {
    pub(super) name: String,
    pub(super) value: String,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Steps {
    pub(super) text: String,
    pub(super) prev: String,
    pub(super) has_next: bool,
    pub(super) next: String,
    pub(super) grains: Vec<Nav>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Input {
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) label: String,
    pub(super) value: String,
    pub(super) hint: String,
    pub(super) is_wide: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Select {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) options: Vec<SelectOption>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Check {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) label: String,
    pub(super) is_on: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Link {
    pub(super) href: String,
    pub(super) text: String,
}

#[derive(Clone, Debug, Default)]
pub(super) struct SelectOption {
    pub(super) value: String,
    pub(super) text: String,
    pub(super) is_on: bool,
}

/// By the minute, in the zone of the question.
pub(super) fn shown(at: Millis, zone: &TimeZone) -> String {
    let text = at.rfc3339(zone);
    let (day, time) = text.split_once('T').unwrap_or((&text, ""));
    match time.get(..5) {
        Some("00:00") | None => day.to_owned(),
        Some(minute) => format!("{day} {minute}"),
    }
}
