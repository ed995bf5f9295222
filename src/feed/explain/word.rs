//! Which of the words that are allowed was meant.

use super::NEAR;
use crate::document::most_alike;

/// What people write for them in Chinese.
#[rustfmt::skip]
const CHINESE: &[(&str, &str)] = &[
    ("办结", "closed"), ("结案", "closed"), ("归档", "closed"), ("完成", "closed"), ("关闭", "closed"),
    ("办理中", "open"), ("处理中", "open"), ("处置中", "open"), ("在办", "open"), ("待", "open"), ("未结", "open"), ("未办结", "open"), ("受理", "open"),
    ("挂账", "suspended"), ("挂起", "suspended"), ("中止", "suspended"), ("暂停", "suspended"),
    ("作废", "void"), ("撤销", "void"), ("不予受理", "rejected"), ("不受理", "rejected"), ("不予立案", "not_filed"),
    ("不满意", "dissatisfied"), ("满意", "satisfied"), ("基本满意", "basically_satisfied"), ("一般", "neutral"),
    ("红", "red"), ("黄", "yellow"), ("绿", "green"),
];

/// Of what stands there nothing is said.
pub(super) fn nearest<'w>(found: &str, words: &[&'w str]) -> Option<&'w str> {
    let meant = CHINESE.iter().filter(|(zh, word)| found.contains(zh) && words.contains(word));
    if let Some((_, word)) = meant.max_by_key(|(zh, _)| zh.len()) {
        return words.iter().copied().find(|one| one == word);
    }
    let plain = |text: &str| text.trim().to_lowercase().replace(['-', ' '], "_");
    let likeness = |word: &str| strsim::normalized_damerau_levenshtein(word, &plain(found));
    most_alike(words.iter().copied(), likeness, NEAR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_is_one_of_the_words_that_are_allowed() {
        let status = ["open", "suspended", "closed", "void", "rejected", "not_filed"];
        for (found, word) in [
            ("已办结", "closed"),
            ("未办结", "open"),
            ("Closed", "closed"),
            ("suspend", "suspended"),
            ("not-filed", "not_filed"),
            ("不予受理", "rejected"),
        ] {
            assert_eq!(nearest(found, &status), Some(word), "{found}");
        }
        for found in ["", "王小明", "13800138000", "红"] {
            assert_eq!(nearest(found, &status), None, "{found}");
        }
    }
}
