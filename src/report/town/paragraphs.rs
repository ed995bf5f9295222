//! The paragraphs of the report, with the figures filled in.

use super::{TownSection, TownTold};
use crate::report::{paper::Text, rate::NO_RATE};

pub fn of(told: &TownTold<'_>, section: &TownSection) -> Vec<Text> {
    let filled = |template: &Text| {
        Text::new(filled(&template.zh, |id| word(told, id).zh), filled(&template.en, |id| word(told, id).en))
    };
    section.paragraphs.iter().map(filled).collect()
}

fn word(told: &TownTold<'_>, id: &str) -> Text {
    if id == "year" {
        let year = told.order.span.name();
        return Text::new(year.clone(), year);
    }
    told.value(id).map_or(Text::new(NO_RATE, NO_RATE), |value| value.said())
}

/// Every `{id}` by its word; a brace without an end stays as it is.
pub fn filled(template: &str, word: impl Fn(&str) -> String) -> String {
    let mut parts = template.split('{');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once('}') {
            Some((id, rest)) => {
                text.push_str(&word(id));
                text.push_str(rest);
            }
            None => {
                text.push('{');
                text.push_str(part);
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slot_is_filled_and_the_rest_stays() {
        let word = |id: &str| format!("<{id}>");
        assert_eq!(filled("信访 {n} 件，{change}。", word), "信访 <n> 件，<change>。");
        assert_eq!(filled("nothing", word), "nothing");
        assert_eq!(filled("a { b", word), "a { b");
    }
}
