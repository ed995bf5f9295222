//! Whether a stream that is bound to its producers would take what this program puts on its topic. It is better said before than by the
//! quarantine, row by row.

use crate::{
    config::{ConfigError, Problem},
    domain::stream::{Producers, Stream},
};

/// `source` is that of all that is to be sent, where there is one.
pub fn check(stream: &Stream, feeder: &str, source: Option<&str>) -> Result<(), ConfigError> {
    let Some(Producers(producers)) = &stream.producers else { return Ok(()) };
    let name = &stream.name;
    let may: Vec<&str> = match (producers.get(feeder), source) {
        (Some(_), None) => return Ok(()),
        (Some(own), Some(source)) if own.iter().any(|one| one == source) => return Ok(()),
        (_, None) => producers.keys().map(AsRef::as_ref).collect(),
        (_, Some(source)) => {
            let speaks = |(_, sources): &(_, &Vec<_>)| sources.iter().any(|one| one == source);
            producers.iter().filter(speaks).map(|(one, _)| one.as_ref()).collect()
        }
    };
    let who = if feeder.is_empty() { "it is not set".to_owned() } else { format!("`{feeder}`") };
    let of = source.map(|source| format!(" of source {source}")).unwrap_or_default();
    let what = format!("{who}, and by its [producers] stream {name} would refuse every message{of} from here");
    let remedy = match &may[..] {
        [] => format!("write who may send{of} into [producers] of the stream's file, and set this to it"),
        names => format!("set it to the name that is this program's: {}", names.join(", ")),
    };
    Err(ConfigError::Invalid(vec![Problem::new("kafka.feeder", what, &remedy)]))
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
        check(&stream, feeder, source).err().map(|error| error.to_string())
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
