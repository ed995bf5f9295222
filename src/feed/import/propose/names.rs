//! Which meanings the name of a column may have, and how sure that is.

use std::sync::LazyLock;

use super::{
    meaning::{MEANINGS, ProposeMeaning},
    pinyin::{initials, spelt},
};

/// Pinyin and initials of every name, by the place of its meaning.
static SPELT: LazyLock<Vec<(usize, String, String)>> = LazyLock::new(|| {
    let of = |(at, meaning): (usize, &'static ProposeMeaning)| {
        meaning.names.iter().map(move |name| (at, spelt(name), initials(name)))
    };
    MEANINGS.iter().enumerate().flat_map(of).collect()
});

/// How the name was understood; the later the surer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProposeSure {
    /// A known name stands at its end.
    Near,
    /// Its pinyin, or the initials of it.
    Pinyin,
    /// A known name.
    Exact,
}

/// Initials that stand for too much.
const INITIALS_MIN: usize = 3;
/// 电话 or 地址 at the end of a longer name says little.
const NEAR_MIN: usize = 3;
/// What follows a name without making it another.
const TAILS: [&str; 4] = ["名称", "代码", "编码", "（必填）"];

/// Without case, blanks, marks, and what stands in brackets.
pub(super) fn plain(name: &str) -> String {
    let mut depth = 0_usize;
    let mut out = String::new();
    for letter in name.chars() {
        match letter {
            '(' | '（' | '[' | '【' => depth += 1,
            ')' | '）' | ']' | '】' => depth = depth.saturating_sub(1),
            _ if depth > 0 || letter.is_whitespace() || "_-.*:：/".contains(letter) => {}
            _ => out.extend(letter.to_lowercase()),
        }
    }
    out
}

/// The surest meanings of a name, all equally sure.
pub(super) fn meanings(name: &str) -> Option<(ProposeSure, Vec<&'static ProposeMeaning>)> {
    let name = plain(name);
    if name.is_empty() {
        return None;
    }
    let all = |is: &dyn Fn(&ProposeMeaning) -> bool| -> Vec<&'static ProposeMeaning> {
        MEANINGS.iter().filter(|meaning| is(meaning)).collect()
    };
    let exact = all(&|one| one.names.contains(&name.as_str()) || one.codes.contains(&name.as_str()));
    if !exact.is_empty() {
        return Some((ProposeSure::Exact, exact));
    }
    if name.is_ascii() {
        let by = |is: &dyn Fn(&(usize, String, String)) -> bool| {
            let mut places: Vec<usize> = SPELT.iter().filter(|one| is(one)).map(|(at, ..)| *at).collect();
            places.dedup();
            places.into_iter().map(|at| &MEANINGS[at]).collect::<Vec<_>>()
        };
        let long = by(&|(_, spelt, _)| *spelt == name);
        let short = by(&|(_, _, short)| name.len() >= INITIALS_MIN && *short == name);
        let found = if long.is_empty() { short } else { long };
        return (!found.is_empty()).then_some((ProposeSure::Pinyin, found));
    }
    near(&name).map(|found| (ProposeSure::Near, vec![found]))
}

/// The longest known name that it ends in.
fn near(name: &str) -> Option<&'static ProposeMeaning> {
    let stem = TAILS.iter().find_map(|tail| name.strip_suffix(tail)).filter(|stem| !stem.is_empty()).unwrap_or(name);
    let ends = |known: &&&str| stem == **known || (known.chars().count() >= NEAR_MIN && stem.ends_with(**known));
    let longest = |one: &ProposeMeaning| one.names.iter().filter(ends).map(|known| known.len()).max();
    let found = MEANINGS.iter().filter_map(|one| longest(one).map(|length| (length, one)));
    found.max_by_key(|(length, _)| *length).map(|(_, one)| one)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(name: &str) -> Vec<&'static str> {
        meanings(name).map(|(_, all)| all.iter().map(|one| one.id).collect()).unwrap_or_default()
    }

    #[test]
    fn names_are_known_in_chinese_in_pinyin_by_initials_and_as_platforms_write_them() {
        use ProposeSure::{Exact, Near, Pinyin};
        for (name, id, sure) in [
            ("工单编号", "case_id", Exact),
            (" 受理 时间*", "accepted", Exact),
            ("受理时间（年月日）", "accepted", Exact),
            ("PERCREATETIME", "accepted", Exact),
            ("CLOSED_DT", "closed", Exact),
            ("GDBH", "case_id", Pinyin),
            ("slsj", "accepted", Pinyin),
            ("BJSJ", "closed", Pinyin),
            ("CBDW", "unit", Pinyin),
            ("cheng_ban_dan_wei", "unit", Pinyin),
            ("12345工单编号", "external_no", Exact),
            ("区级受理时间", "accepted", Near),
            ("承办单位名称", "unit", Near),
            ("诉求人联系电话", "reporter.phone", Near),
            ("当前办理状态", "status", Near),
        ] {
            let (how, found) = meanings(name).unwrap_or_else(|| panic!("{name}"));
            assert_eq!((found.iter().map(|one| one.id).collect::<Vec<_>>(), how), (vec![id], sure), "{name}");
        }
    }

    #[test]
    fn what_may_be_two_things_is_both_and_what_is_unknown_nothing() {
        assert_eq!(ids("HFSJ"), ["submitted", "revisited"]);
        assert_eq!(ids("CREATE_TIME"), ["accepted", "filed"]);
        for name in ["", "备用1", "ZT", "处置部门联系人电话号", "x", "____", "是否超时"] {
            assert!(ids(name).is_empty(), "{name}: {:?}", ids(name));
        }
    }
}
