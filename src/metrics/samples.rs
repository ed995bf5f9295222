//! The text of `/metrics`, read by name. A metric that is not there is none, because versions differ.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct MetricSample {
    pub labels: BTreeMap<String, String>,
    pub value: f64,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
pub struct Samples(BTreeMap<String, Vec<MetricSample>>);

impl Samples {
    /// Lines that are not samples are passed over.
    pub fn parse(text: &str) -> Self {
        let mut all = Self::default();
        for (name, sample) in text.lines().filter_map(line) {
            all.0.entry(name).or_default().push(sample);
        }
        all
    }

    /// Only these.
    pub fn only(mut self, names: &[&str]) -> Self {
        self.0.retain(|name, _| names.contains(&name.as_str()));
        self
    }

    pub fn each(&self, name: &str) -> &[MetricSample] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// Over all its labels.
    pub fn sum(&self, name: &str) -> Option<f64> {
        self.0.get(name).map(|samples| samples.iter().map(|sample| sample.value).sum())
    }

    pub fn label(&self, name: &str, label: &str) -> Option<String> {
        self.each(name).first()?.labels.get(label).cloned()
    }

    /// By the value of one label, what `join` makes of those that share it.
    pub fn by(&self, name: &str, label: &str, join: fn(f64, f64) -> f64) -> BTreeMap<String, f64> {
        let mut found = BTreeMap::new();
        for sample in self.each(name) {
            let key = sample.labels.get(label).cloned().unwrap_or_default();
            found.entry(key).and_modify(|value| *value = join(*value, sample.value)).or_insert(sample.value);
        }
        found
    }
}

fn line(text: &str) -> Option<(String, MetricSample)> {
    let text = text.trim();
    if text.starts_with('#') {
        return None;
    }
    let end = text.find(['{', ' '])?;
    let (name, rest) = text.split_at(end);
    let (labels, rest) = match rest.strip_prefix('{') {
        Some(rest) => labels(rest)?,
        None => (BTreeMap::new(), rest),
    };
    let value = rest.split_whitespace().next()?.parse().ok()?;
    Some((name.to_owned(), MetricSample { labels, value }))
}

/// After the opening brace; what follows the closing one is given back.
fn labels(mut rest: &str) -> Option<(BTreeMap<String, String>, &str)> {
    let mut labels = BTreeMap::new();
    loop {
        rest = rest.trim_start_matches([',', ' ']);
        if let Some(after) = rest.strip_prefix('}') {
            return Some((labels, after));
        }
        let (name, quoted) = rest.split_once("=\"")?;
        let (value, after) = value(quoted)?;
        labels.insert(name.to_owned(), value);
        rest = after;
    }
}

/// Up to the closing quote; a backslash takes the next character as it is, but for `\n`.
fn value(quoted: &str) -> Option<(String, &str)> {
    let mut text = String::new();
    let mut chars = quoted.char_indices();
    while let Some((place, c)) = chars.next() {
        match c {
            '"' => return Some((text, &quoted[place + 1..])),
            '\\' => match chars.next()?.1 {
                'n' => text.push('\n'),
                other => text.push(other),
            },
            other => text.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_read_by_name_and_label_and_what_is_none_is_passed_over() {
        let text = "# HELP a x\n# TYPE a gauge\na{t=\"x\",p=\"0\"} 3\na{t=\"x\",p=\"1\"} 4\na{t=\"y\"} 1.5\n\
                    b 1e3\nc{q=\"say \\\"}, \\\\ \\n\"} 2 1700000000\nbroken{x=\"\n{} 1\nd NaN nonsense\ne\n";
        let samples = Samples::parse(text);
        assert_eq!(samples.sum("a"), Some(8.5));
        assert_eq!(samples.sum("b"), Some(1000.0));
        assert_eq!(samples.sum("nothing"), None);
        assert_eq!(samples.by("a", "t", |x, y| x + y), BTreeMap::from([("x".into(), 7.0), ("y".into(), 1.5)]));
        assert_eq!(samples.by("a", "t", f64::max)["x"], 4.0);
        assert_eq!(samples.label("c", "q").unwrap(), "say \"}, \\ \n");
        assert!(samples.each("broken").is_empty() && samples.each("e").is_empty());
    }
}
