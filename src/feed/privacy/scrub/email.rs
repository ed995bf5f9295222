//! E-mail addresses: what stands around an `@`.

use super::{
    ScrubFound,
    view::{Span, View},
};

pub(super) fn all(view: &View) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    for at in (0..view.len()).filter(|place| view.get(*place) == '@') {
        let floor = found.last().map_or(0, |span| span.to);
        if let Some(span) = around(view, at, floor) {
            found.push(span);
        }
    }
    found
}

fn around(view: &View, at: usize, floor: usize) -> Option<Span> {
    let local = (floor..at).rev().take_while(|place| is_local(view.get(*place))).last()?;
    let mut to = view.run_end(at + 1, |letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.'));
    while to > at && matches!(view.get(to - 1), '-' | '.') {
        to -= 1;
    }
    // A dot inside: `abc@qq.com`, not `3楼@5号`. What the run ends with is taken whole, it may be a phone number.
    let domain = view.slice(at + 1, to.max(at + 1));
    let is_domain = domain.first().is_some_and(char::is_ascii_alphanumeric) && domain.contains(&'.');
    is_domain.then_some(Span { from: local, to, found: ScrubFound::Email })
}

fn is_local(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '%' | '+' | '-')
}
