//! Whether a stream that is bound to its producers would take what this program puts on its topic. It is better said before than by the
//! quarantine, row by row.

use smol_str::SmolStr;

use crate::{
    config::{ConfigError, Problem},
    domain::stream::{Producers, Stream},
};

/// Why this program may not send to a stream.
#[derive(Debug, PartialEq, Eq)]
pub struct NotAFeeder {
    stream: String,
    /// `kafka.feeder`.
    feeder: String,
    /// Of all that is to be sent, where there is one.
    source: Option<String>,
    /// Names that would do.
    may: Vec<String>,
}

pub fn check(stream: &Stream, feeder: &str, source: Option<&str>) -> Result<(), NotAFeeder> {
    let Some(Producers(producers)) = &stream.producers else { return Ok(()) };
    let speaks = |sources: &[SmolStr]| source.is_none_or(|source| sources.iter().any(|one| one == source));
    if producers.get(feeder).is_some_and(|own| speaks(own)) {
        return Ok(());
    }
    let may = producers.iter().filter(|(_, sources)| speaks(sources)).map(|(name, _)| name.to_string());
    Err(NotAFeeder {
        stream: stream.name.to_string(),
        feeder: feeder.to_owned(),
        source: source.map(str::to_owned),
        may: may.collect(),
    })
}

impl NotAFeeder {
    /// For the page.
    pub fn in_chinese(&self) -> String {
        let Self { stream, feeder, source, may } = self;
        let is = if feeder.is_empty() { "还没有设".to_owned() } else { format!("是“{feeder}”") };
        let of = source.as_ref().map(|source| format!("（来源 {source}）")).unwrap_or_default();
        let remedy = match &may[..] {
            [] => format!("在业务流文件的 [producers] 里写上谁可以送{of}，再把 kafka.feeder 设成它"),
            names => format!("把 kafka.feeder 设成 {} 里属于本系统的那个", names.join("、")),
        };
        format!("kafka.feeder {is}，业务流 {stream} 的 [producers] 不收它送的数据{of}；{remedy}")
    }
}

impl From<NotAFeeder> for ConfigError {
    fn from(refused: NotAFeeder) -> Self {
        let NotAFeeder { stream, feeder, source, may } = refused;
        let who = if feeder.is_empty() { "it is not set".to_owned() } else { format!("`{feeder}`") };
        let of = source.map(|source| format!(" of source {source}")).unwrap_or_default();
        let what = format!("{who}, and by its [producers] stream {stream} would refuse every message{of} from here");
        let remedy = match &may[..] {
            [] => format!("write who may send{of} into [producers] of the stream's file, and set this to it"),
            names => format!("set it to the name that is this program's: {}", names.join(", ")),
        };
        Self::Invalid(vec![Problem::new("kafka.feeder", what, remedy)])
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    fn said(feeder: &str, source: Option<&str>) -> Option<String> {
        let mut stream = Stream::new("hotline", "t", TimeZone::UTC);
        let sources =
            |(name, sources): (&str, &[&str])| (name.into(), sources.iter().map(|one| (*one).into()).collect());
        let all: [(&str, &[&str]); 2] = [("centre", &["urn:own", "urn:other"]), ("vendor", &["urn:other"])];
        stream.producers = Some(Producers(all.into_iter().map(sources).collect()));
        let refused = check(&stream, feeder, source).err()?;
        let zh = refused.in_chinese();
        assert!(zh.contains("kafka.feeder") && zh.contains("hotline"), "{zh}");
        Some(ConfigError::from(refused).to_string())
    }

    #[test]
    fn who_is_listed_for_the_source_may_send() {
        assert_eq!(said("centre", None), None);
        assert_eq!(said("centre", Some("urn:own")), None);
        assert!(check(&Stream::new("hotline", "t", TimeZone::UTC), "", Some("urn:any")).is_ok(), "nobody is bound");
    }

    #[test]
    fn who_is_not_is_told_the_setting_and_who_might() {
        let unset = said("", None).unwrap();
        assert!(
            unset.contains("kafka.feeder") && unset.contains("not set") && unset.contains("centre, vendor"),
            "{unset}"
        );
        let other = said("vendor", Some("urn:own")).unwrap();
        assert!(
            other.contains("`vendor`") && other.contains("urn:own") && other.contains("this program's: centre"),
            "{other}"
        );
        let nobody = said("centre", Some("urn:none")).unwrap();
        assert!(nobody.contains("write who may send of source urn:none into [producers]"), "{nobody}");
    }
}
