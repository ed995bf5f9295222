//! The traffic light of a task row, in the words of either language.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// 灯 As the source shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Light {
    /// 绿
    #[serde(alias = "绿")]
    Green,
    /// 黄
    #[serde(alias = "黄")]
    Yellow,
    /// 红
    #[serde(alias = "红")]
    Red,
}

/// By hand, because a derived schema does not know the aliases.
impl JsonSchema for Light {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Light".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "enum": ["green", "绿", "yellow", "黄", "red", "红"] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_words_are_read_and_all_of_them_are_in_the_schema() {
        let schema = serde_json::to_value(schemars::schema_for!(Light)).unwrap();
        let words = schema["enum"].as_array().unwrap();
        for (pair, light) in words.chunks(2).zip([Light::Green, Light::Yellow, Light::Red]) {
            assert!(
                pair.iter().all(|word| serde_json::from_value::<Light>(word.clone()).unwrap() == light),
                "{pair:?}"
            );
        }
        assert_eq!(words.len(), 6);
        assert!(serde_json::from_str::<Light>("\"blue\"").is_err());
    }
}
