//! What the contract wants for each event type: the paths of its fields and their kinds, read from the schema.

use std::{collections::BTreeMap, sync::LazyLock};

use serde_json::Value;

use crate::{domain::fact::FactKind, feed::contract::Data};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Text,
    Bool,
    Integer {
        max: u64,
    },
    /// `ends_day`: a bare date means the end of that day.
    Time {
        ends_day: bool,
    },
    OneOf(Vec<String>),
    /// A list of objects, each with these fields.
    List(Targets),
}

impl Kind {
    pub(super) fn in_words(&self) -> String {
        match self {
            Self::Text => "text".to_owned(),
            Self::Bool => "true or false".to_owned(),
            Self::Integer { max } => format!("a whole number from 0 to {max}"),
            Self::Time { .. } => "a time".to_owned(),
            Self::OneOf(names) => format!("one of {}", names.join(", ")),
            Self::List(_) => "a list".to_owned(),
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Target {
    pub(super) kind: Kind,
    pub(super) is_required: bool,
}

/// The fields of a type's data by path, like `category.code`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Targets(pub(super) BTreeMap<String, Target>);

impl Targets {
    /// Read from the schema once: a mapping may have thousands of rules.
    pub(super) fn of(kind: FactKind) -> &'static Self {
        static OF_KINDS: LazyLock<Vec<(FactKind, Targets)>> =
            LazyLock::new(|| FactKind::ALL.iter().map(|(kind, _)| (*kind, Targets::of_schema(*kind))).collect());
        OF_KINDS.iter().find(|(known, _)| *known == kind).map_or_else(Self::of_any, |(_, targets)| targets)
    }

    /// Of a type that is not known: the fields of all of them, none of which it needs.
    pub(super) fn of_any() -> &'static Self {
        static OF_ANY: LazyLock<Targets> = LazyLock::new(|| {
            let mut any = Targets::default();
            FactKind::ALL.iter().for_each(|(kind, _)| any.join(Targets::of_schema(*kind)));
            any
        });
        &OF_ANY
    }

    /// What is of several kinds may be any text.
    fn join(&mut self, other: Self) {
        for (path, target) in other.0 {
            let known = self.0.entry(path).or_insert_with(|| target.clone());
            if known.kind != target.kind {
                known.kind = Kind::Text;
            }
            known.is_required = false;
        }
    }

    fn of_schema(kind: FactKind) -> Self {
        let schema = Data::schema(kind);
        let mut targets = Self::default();
        targets.walk(&schema, &schema, "", true);
        targets
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub(super) fn required(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter(|(_, target)| target.is_required).map(|(path, _)| path.as_str())
    }

    pub(super) fn is_group(&self, path: &str) -> bool {
        self.0.keys().any(|known| known.strip_prefix(path).is_some_and(|rest| rest.starts_with('.')))
    }

    fn walk(&mut self, root: &Value, schema: &Value, path: &str, is_required: bool) {
        let schema = resolved(root, schema);
        if schema["items"].is_object() {
            let mut of_each = Self::default();
            of_each.walk(root, &schema["items"], "", true);
            self.0.insert(path.to_owned(), Target { kind: Kind::List(of_each), is_required });
            return;
        }
        let Some(fields) = schema["properties"].as_object() else {
            self.0.insert(path.to_owned(), Target { kind: kind(schema, path), is_required });
            return;
        };
        let required = schema["required"].as_array().map(Vec::as_slice).unwrap_or_default();
        for (name, field) in fields {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            self.walk(root, field, &path, is_required && required.contains(&Value::from(name.as_str())));
        }
    }
}

/// Follows `$ref`, and of `anyOf` with null takes the other.
fn resolved<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    if let Some(pointer) = schema["$ref"].as_str().and_then(|text| text.strip_prefix('#')) {
        return root.pointer(pointer).map_or(schema, |found| resolved(root, found));
    }
    let other = schema["anyOf"].as_array().and_then(|all| all.iter().find(|one| one["type"] != "null"));
    other.map_or(schema, |found| resolved(root, found))
}

fn kind(schema: &Value, path: &str) -> Kind {
    let is = |name: &str| match &schema["type"] {
        Value::Array(types) => types.iter().any(|one| one == name),
        one => one == name,
    };
    let names = names(schema);
    if schema["format"] == "date-time" {
        Kind::Time { ends_day: path.ends_with("due_at") }
    } else if is("boolean") {
        Kind::Bool
    } else if is("integer") {
        let max = schema["maximum"].as_u64().unwrap_or(u64::from(u32::MAX));
        Kind::Integer { max }
    } else if names.is_empty() {
        Kind::Text
    } else {
        Kind::OneOf(names)
    }
}

/// The values of an enumeration, which the schema writes as `enum` or, with comments, as `oneOf` of `const`.
fn names(schema: &Value) -> Vec<String> {
    let listed = schema["enum"].as_array().into_iter().flatten();
    let each = schema["oneOf"].as_array().into_iter().flatten();
    let nested = each.flat_map(|one| one["enum"].as_array().into_iter().flatten().chain(one.get("const")));
    listed.chain(nested).filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(kind: &Kind) -> Value {
        match kind {
            Kind::Text => Value::from("x"),
            Kind::Bool => Value::from(true),
            Kind::Integer { max } => Value::from(*max),
            Kind::Time { .. } => Value::from("2021-03-06T10:00:00+08:00"),
            Kind::OneOf(names) => Value::from(names[0].as_str()),
            Kind::List(targets) => Value::from(vec![filled(targets)]),
        }
    }

    /// Every field with a value of its kind.
    fn filled(targets: &Targets) -> Value {
        let mut data = Value::Object(serde_json::Map::new());
        for (path, target) in &targets.0 {
            let (parents, leaf) = path.rsplit_once('.').unwrap_or(("", path));
            let mut place = &mut data;
            for parent in parents.split('.').filter(|parent| !parent.is_empty()) {
                place = &mut place[parent];
            }
            place[leaf] = sample(&target.kind);
        }
        data
    }

    #[test]
    fn the_contract_reads_every_target_and_knows_its_name() {
        for (fact, name) in FactKind::ALL {
            let data = filled(Targets::of(fact));
            let read = Data::parse(fact, &data.to_string(), |field| panic!("{name}: {field} is unknown"));
            assert_eq!(serde_json::to_value(read.unwrap()).unwrap(), data, "{name}");
        }
    }

    #[test]
    fn kinds_and_needs_come_from_the_schema() {
        let intake = Targets::of(FactKind::Accepted);
        assert_eq!(intake.0["due_at"].kind, Kind::Time { ends_day: true });
        assert_eq!(intake.0["patrol_dealt"].kind, Kind::Bool);
        assert_eq!(intake.0["category.code"].kind, Kind::Text);
        assert!(intake.is_group("category") && !intake.is_group("cat"));
        let dispatched = Targets::of(FactKind::Dispatched);
        assert!(dispatched.0["unit"].is_required && !dispatched.0["level"].is_required);
        assert_eq!(dispatched.0["level"].kind, Kind::Integer { max: 255 });
        let snapshot = Targets::of(FactKind::Snapshot);
        assert!(matches!(&snapshot.0["status"].kind, Kind::OneOf(names) if names.contains(&"closed".to_owned())));
        assert_eq!(snapshot.0["closed_at"].kind, Kind::Time { ends_day: false });
        assert_eq!(snapshot.0["details.due_at"].kind, Kind::Time { ends_day: true });
        let Kind::List(assignment) = &snapshot.0["assignments"].kind else { panic!("a list of objects") };
        assert!(assignment.0["unit"].is_required && !assignment.0["id"].is_required);
        assert_eq!(assignment.0["due_at"].kind, Kind::Time { ends_day: true });
        let revisited = Targets::of(FactKind::Revisited);
        assert!(revisited.0["reached"].is_required && !revisited.0["satisfaction"].is_required);
        assert_eq!(revisited.0["solved"].kind, Kind::Bool);
        let words =
            ["satisfied", "满意", "basically_satisfied", "基本满意", "neutral", "一般", "dissatisfied", "不满意"];
        assert_eq!(revisited.0["satisfaction"].kind, Kind::OneOf(words.map(str::to_owned).to_vec()));
    }
}
