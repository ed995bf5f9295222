//! How satisfied a citizen is, in the words of either language.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::domain::fact;

/// 满意度
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Satisfaction {
    /// 满意
    #[serde(alias = "满意")]
    Satisfied,
    /// 基本满意
    #[serde(alias = "基本满意")]
    BasicallySatisfied,
    /// 一般
    #[serde(alias = "一般")]
    Neutral,
    /// 不满意
    #[serde(alias = "不满意")]
    Dissatisfied,
}

/// By hand, because a derived schema does not know the aliases. In line and as one list, so that the words are named
/// when another one is refused.
impl JsonSchema for Satisfaction {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Satisfaction".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let words: Vec<&str> = fact::Satisfaction::ALL.iter().flat_map(|(_, en, zh, _)| [*en, *zh]).collect();
        json_schema!({ "type": "string", "enum": words })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(word: &str) -> Option<Satisfaction> {
        serde_json::from_value(word.into()).ok()
    }

    #[test]
    fn both_words_of_a_pair_are_read_and_the_english_one_is_written() {
        for (_, en, zh, _) in fact::Satisfaction::ALL {
            assert!(read(en).is_some() && read(en) == read(zh), "{en} {zh}");
            assert_eq!(serde_json::to_value(read(zh)).unwrap(), en);
        }
        assert_eq!(read("很满意"), None);
    }
}
