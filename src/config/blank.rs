//! In a file an empty text means "not set"; in the program it is `None`.

/// For values that are written as text: names, addresses.
pub(super) mod text {
    use std::{fmt::Display, str::FromStr};

    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(in crate::config) fn deserialize<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        let text = String::deserialize(deserializer)?;
        (!text.is_empty()).then(|| text.parse().map_err(Error::custom)).transpose()
    }

    pub(in crate::config) fn serialize<T, S>(value: &Option<T>, to: S) -> Result<S::Ok, S::Error>
    where
        T: Display,
        S: Serializer,
    {
        match value {
            Some(value) => to.collect_str(value),
            None => to.serialize_str(""),
        }
    }
}

/// For paths, which have no `Display` of their own.
pub(super) mod path {
    use std::path::PathBuf;

    use serde::{Deserializer, Serializer};

    pub(in crate::config) fn deserialize<'de, D>(from: D) -> Result<Option<PathBuf>, D::Error>
    where
        D: Deserializer<'de>,
    {
        super::text::deserialize(from)
    }

    pub(in crate::config) fn serialize<S>(value: &Option<PathBuf>, to: S) -> Result<S::Ok, S::Error>
    where
        S: Serializer,
    {
        super::text::serialize(&value.as_ref().map(|path| path.display()), to)
    }
}
