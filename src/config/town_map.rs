//! The map of a town: areas of a GeoJSON file (RFC 7946), each known by one of its properties. Nothing else of the file is used.

use std::{
    collections::BTreeMap,
    fmt,
    fs::File,
    io::{self, Read as _},
    path::Path,
};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, SeqAccess, Visitor},
};
use serde_json::{Value, value::RawValue};

use super::{
    ConfigError,
    problem::{Problem, nearest},
};
use crate::domain::town_map::{Degrees, Outline, POINTS_MAX, SPAN_MAX, TownMap, TownMapFault};

/// Of the file (MiB).
const SIZE_MAX_MIB: u64 = 8;
/// More cannot be told apart on a wall.
const AREAS_MAX: usize = 500;
const KEY_MAX: usize = 100;
/// Faults of single areas that are told at once.
const TOLD_MAX: usize = 20;

#[derive(Deserialize)]
struct Collection {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    #[serde(default)]
    properties: Option<BTreeMap<String, Value>>,
    #[serde(default)]
    geometry: Option<Geometry>,
}

#[derive(Deserialize)]
struct Geometry {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    coordinates: Option<Box<RawValue>>,
}

/// Longitude, latitude, and whatever follows, such as a height.
struct Position(Degrees);

impl<'de> Deserialize<'de> for Position {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Numbers;
        impl<'de> Visitor<'de> for Numbers {
            type Value = Position;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a longitude and a latitude")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<Position, A::Error> {
                let short = |at| serde::de::Error::invalid_length(at, &self);
                let longitude = all.next_element()?.ok_or_else(|| short(0))?;
                let latitude = all.next_element()?.ok_or_else(|| short(1))?;
                while all.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Position(Degrees { longitude, latitude }))
            }
        }
        from.deserialize_seq(Numbers)
    }
}

type Rings = Vec<Vec<Position>>;

/// What is wrong, and what to do.
type Fault = (String, String);

/// `key` is the property that says which area it is.
pub fn load(path: &Path, key: &str) -> Result<TownMap, ConfigError> {
    let place = path.display().to_string();
    let bytes = bytes(path).map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
    if bytes.len() as u64 > SIZE_MAX_MIB << 20 {
        let what = format!("larger than {SIZE_MAX_MIB} MiB");
        return invalid(vec![Problem::new(place, what, SIMPLER)]);
    }
    from_bytes(&place, &bytes, key)
}

const SIMPLER: &str = "simplify it: a wall shows no more than a few hundred points of each area";

/// One byte more than is allowed tells that it is too large.
fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take((SIZE_MAX_MIB << 20) + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn invalid<T>(problems: Vec<Problem>) -> Result<T, ConfigError> {
    Err(ConfigError::Invalid(problems))
}

fn from_bytes(place: &str, bytes: &[u8], key: &str) -> Result<TownMap, ConfigError> {
    let one = |what: String, remedy: String| invalid(vec![Problem::new(place, what, remedy)]);
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let Collection { kind, features } = match serde_json::from_slice(bytes) {
        Ok(collection) => collection,
        Err(error) => return one(error.to_string(), "the file must be GeoJSON, in UTF-8".to_owned()),
    };
    if kind != "FeatureCollection" {
        return one(format!("a {kind:?}"), "the file must be a FeatureCollection".to_owned());
    }
    if features.is_empty() || features.len() > AREAS_MAX {
        let remedy = format!("a map has from 1 to {AREAS_MAX}");
        return one(format!("{} features", features.len()), remedy);
    }
    let (mut outlines, mut problems) = (Vec::new(), Vec::new());
    for (index, feature) in features.iter().enumerate() {
        match feature.outline(key) {
            Ok(outline) => outlines.push(outline),
            Err((what, remedy)) => problems.push(Problem::new(feature.place(place, index, key), what, remedy)),
        }
    }
    if !problems.is_empty() {
        problems.truncate(TOLD_MAX);
        return invalid(problems);
    }
    TownMap::of(&outlines).or_else(|fault| {
        let (what, remedy) = told(&fault, key);
        one(what, remedy)
    })
}

fn told(fault: &TownMapFault, key: &str) -> Fault {
    match fault {
        TownMapFault::TooWide(degrees) => (
            format!("it spans {degrees:.1} degrees"),
            format!("a town spans no more than {SPAN_MAX}: it is drawn flat, without a projection"),
        ),
        TownMapFault::TooSmall(area) => (
            format!("the area whose {key:?} is {area:?} is too small to be drawn"),
            "take it out, or what lies far from the town".to_owned(),
        ),
        TownMapFault::TooFine(points) => {
            (format!("{points} points would be drawn, and {POINTS_MAX} may be"), SIMPLER.to_owned())
        }
    }
}

impl Feature {
    fn outline(&self, key: &str) -> Result<Outline, Fault> {
        let rings = self.geometry.as_ref().map_or_else(|| Err(no_area("null")), Geometry::rings)?;
        Ok(Outline { key: self.key(key)?, rings })
    }

    /// `town.json, feature 3 ("code" "310113112903")`, counted from 1.
    fn place(&self, place: &str, index: usize, key: &str) -> String {
        let key = self.key(key).map_or_else(|_| String::new(), |found| format!(" ({key:?} {found:?})"));
        format!("{place}, feature {}{key}", index + 1)
    }

    /// Text, or a whole number, as codes often stand there.
    fn key(&self, key: &str) -> Result<String, Fault> {
        let none = BTreeMap::new();
        let properties = self.properties.as_ref().unwrap_or(&none);
        let found = match properties.get(key) {
            Some(Value::String(text)) => text.trim().to_owned(),
            Some(Value::Number(number)) if !number.is_f64() => number.to_string(),
            Some(_) => return Err((format!("its {key:?} is neither a text nor a whole number"), KEYED.to_owned())),
            None => {
                let remedy = format!("set page.map_key; {}", nearest(key, properties.keys().map(String::as_str)));
                return Err((format!("it has no property {key:?}"), remedy));
            }
        };
        match found.chars().count() {
            1..=KEY_MAX => Ok(found),
            0 => Err((format!("its {key:?} is empty"), KEYED.to_owned())),
            _ => Err((format!("its {key:?} is longer than {KEY_MAX} characters"), KEYED.to_owned())),
        }
    }
}

const KEYED: &str = "page.map_key names the property with the code by which figures are grouped, or its name";

fn no_area(kind: &str) -> Fault {
    (format!("its geometry is {kind}"), "only areas are drawn: a Polygon or a MultiPolygon".to_owned())
}

impl Geometry {
    fn rings(&self) -> Result<Vec<Vec<Degrees>>, Fault> {
        let text = self.coordinates.as_ref().map_or("null", |raw| raw.get());
        let rings = match self.kind.as_str() {
            "Polygon" => serde_json::from_str::<Rings>(text),
            "MultiPolygon" => serde_json::from_str::<Vec<Rings>>(text).map(|all| all.into_iter().flatten().collect()),
            kind => return Err(no_area(&format!("a {kind:?}"))),
        };
        let shape = format!("write them as those of a {}, [longitude, latitude] each", self.kind);
        let rings = rings.map_err(|error| (format!("its coordinates cannot be read: {error}"), shape))?;
        rings.into_iter().map(ring).collect()
    }
}

fn ring(ring: Vec<Position>) -> Result<Vec<Degrees>, Fault> {
    if ring.len() < 4 {
        let remedy = "a ring has four or more, the last as the first";
        return Err((format!("a ring of {} points", ring.len()), remedy.to_owned()));
    }
    let is_out = |at: &Degrees| !(-180.0..=180.0).contains(&at.longitude) || !(-85.0..=85.0).contains(&at.latitude);
    let ring: Vec<Degrees> = ring.into_iter().map(|Position(at)| at).collect();
    match ring.iter().find(|at| is_out(at)) {
        None => Ok(ring),
        Some(Degrees { longitude, latitude }) => Err((
            format!("[{longitude}, {latitude}] is out of range"),
            "write degrees, the longitude first; metres of a plane must be turned into degrees".to_owned(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(properties: &str, geometry: &str) -> String {
        format!(r#"{{"type":"Feature","properties":{properties},"geometry":{geometry}}}"#)
    }

    fn file(features: &[String]) -> String {
        format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
    }

    const RING: &str = "[[121.4,31.3],[121.5,31.3],[121.5,31.4],[121.4,31.3]]";

    fn polygon(ring: &str) -> String {
        format!(r#"{{"type":"Polygon","coordinates":[{ring}]}}"#)
    }

    fn read(text: &str) -> Result<TownMap, String> {
        from_bytes("town.json", text.as_bytes(), "code").map_err(|error| error.to_string())
    }

    #[test]
    fn areas_are_known_by_text_or_number_and_heights_and_holes_are_no_fault() {
        let hole = "[[121.47,31.33,4.5],[121.48,31.33,4.5],[121.48,31.34,4.5],[121.47,31.33,4.5]]";
        let text = file(&[
            area(r#"{"code":310113112901,"name":"a"}"#, &polygon(&format!("{RING},{hole}"))),
            area(r#"{"code":" <b> "}"#, &format!(r#"{{"type":"MultiPolygon","coordinates":[[{RING}],[{RING}]]}}"#)),
        ]);
        let map = read(&format!("\u{feff}{text}")).unwrap();
        let told: Vec<(&str, usize)> = map.areas.iter().map(|area| (area.key.as_str(), area.rings.len())).collect();
        assert_eq!(told, [("310113112901", 2), ("<b>", 2)]);
    }

    #[test]
    fn what_cannot_be_drawn_is_told_with_the_feature_and_what_to_do() {
        let code = r#"{"code":"A"}"#;
        let coded = |length: usize| format!(r#"{{"code":"{}"}}"#, "村".repeat(length));
        let of = |properties: &str, geometry: &str| file(&[area(code, &polygon(RING)), area(properties, geometry)]);
        for (text, wanted) in [
            ("{".to_owned(), &["town.json", "line 1", "GeoJSON"][..]),
            (r#"{"type":"Topology"}"#.to_owned(), &["\"Topology\"", "FeatureCollection"]),
            (file(&[]), &["0 features", "from 1 to 500"]),
            (
                of(r#"{"cdoe":"B"}"#, &polygon(RING)),
                &["town.json, feature 2:", "no property \"code\"", "map_key", "\"cdoe\""],
            ),
            (of("null", &polygon(RING)), &["feature 2", "no property"]),
            (of(r#"{"code":""}"#, &polygon(RING)), &["feature 2", "empty"]),
            (of(&coded(101), &polygon(RING)), &["feature 2:", "longer than 100 characters"]),
            (of(r#"{"code":[1]}"#, &polygon(RING)), &["neither a text nor a whole number"]),
            (of(code, "null"), &["feature 2 (\"code\" \"A\")", "geometry is null", "MultiPolygon"]),
            (of(code, r#"{"type":"Point","coordinates":[1,2]}"#), &["a \"Point\"", "only areas"]),
            (of(code, r#"{"type":"GeometryCollection","geometries":[]}"#), &["a \"GeometryCollection\""]),
            (of(code, r#"{"type":"Polygon"}"#), &["coordinates cannot be read"]),
            (of(code, r#"{"type":"Polygon","coordinates":[[1,2]]}"#), &["coordinates cannot be read"]),
            (of(code, &polygon("[[1,2],[1,3],[1,2]]")), &["ring of 3 points"]),
            (of(code, &polygon("[[355012.3,3460001.5],[1,3],[2,2],[1,2]]")), &["355012.3", "out of range", "metres"]),
            (of(code, &polygon("[[31.3,121.4],[31.4,121.4],[31.4,121.5],[31.3,121.4]]")), &["longitude first"]),
            (of(code, &polygon("[[100,30],[101,30],[101,31],[100,30]]")), &["spans 21.5 degrees", "flat"]),
            (
                of(r#"{"code":"dot"}"#, &polygon("[[121.4,31.3],[121.4,31.3],[121.4,31.3],[121.4,31.3]]")),
                &["\"dot\"", "too small"],
            ),
        ] {
            let said = read(&text).unwrap_err();
            for words in wanted {
                assert!(said.contains(words), "{words}: {said}");
            }
        }
        assert!(read(&of(&coded(100), &polygon(RING))).is_ok());
        let many = |properties: &str, n: usize| file(&vec![area(properties, &polygon(RING)); n]);
        assert!(read(&many(code, 500)).is_ok());
        assert!(read(&many(code, 501)).unwrap_err().contains("501 features"));
        assert_eq!(read(&many("{}", 30)).unwrap_err().matches("no property").count(), 20, "not all of them");
    }

    #[test]
    fn a_file_that_is_too_large_is_not_read_to_its_end() {
        let file = tempfile::NamedTempFile::new().unwrap();
        file.as_file().set_len(1 << 40).unwrap();
        let said = load(file.path(), "code").unwrap_err().to_string();
        assert!(said.contains("larger than 8 MiB") && said.contains("simplify"), "{said}");
        let said = load(Path::new("/nowhere/town.json"), "code").unwrap_err().to_string();
        assert!(said.contains("/nowhere/town.json") && said.contains("cannot read"), "{said}");
    }
}
