//! Up to when the data are that pages show, for the head of each of them.

use jiff::tz::TimeZone;

use super::{
    say::clock,
    seen::{RunningVerdict, VerdictTone},
};
use crate::http::page::{
    address::Address,
    frame::{Banner, Fact, Link},
    site::Site,
    words::Lang,
};

pub(in crate::http::page) fn facts(site: &Site, lang: Lang) -> Vec<Fact> {
    let Some(seen) = site.running.last() else { return Vec::new() };
    let zone = TimeZone::get(&site.zone).unwrap_or(TimeZone::UTC);
    let now = (site.now)();
    let is_old = seen.age(now, site.running.given.stale_after_ms).is_some();
    let fact = |at| Fact {
        k: lang.of("数据截至", "data up to").to_owned(),
        v: clock(at, now, &zone),
        cls: if is_old { "late".to_owned() } else { String::new() },
    };
    seen.taken_until().map(fact).into_iter().collect()
}

/// That they are old, and why.
pub(in crate::http::page) fn banners(site: &Site, lang: Lang) -> Vec<Banner> {
    let Some(seen) = site.running.last() else { return Vec::new() };
    let banner = |why: RunningVerdict| Banner {
        kind: if why.tone == VerdictTone::Worse { "failed" } else { "stale" }.to_owned(),
        title: lang.of("数据可能不是最新的：", "The data may be old: ").to_owned() + why.title(lang),
        text: why.text,
        links: vec![Link {
            href: Address::new("/running", Vec::new()).with("lang", lang.of("", "en")).href(),
            text: lang.of("运行情况", "how the service is").to_owned(),
        }],
    };
    seen.age((site.now)(), site.running.given.stale_after_ms).map(banner).into_iter().collect()
}
