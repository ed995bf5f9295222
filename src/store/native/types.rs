//! The column types that the tables use, by ClickHouse's names.

/// The types that the tables use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    Text,
    /// LowCardinality(String)
    Low,
    U32,
    U64,
    I32,
    I64,
    Bool,
    MaybeBool,
    U16,
    MaybeI64,
    Time,
    MaybeTime,
    Texts,
    U8s,
    U16s,
    U32s,
    U64s,
    I32s,
    I64s,
    I8s,
    Bools,
    MaybeI64s,
    Times,
    MaybeTimes,
    /// Arrays of Enum8: standings, stages, outcomes, what a case can stand under.
    Standings,
    Stages,
    Outcomes,
    Dimensions,
}

const TIME: &str = "DateTime64(3, 'Asia/Shanghai')";
const STANDING: &str =
    "Enum8('open' = 1, 'suspended' = 2, 'closed' = 3, 'void' = 4, 'excluded' = 5, 'pending' = 6, 'answered' = 7)";
const STAGE: &str = "Enum8('ACCEPT' = 1, 'VERIFY' = 2, 'DISPATCH' = 3, 'SIGN' = 4, 'CONTACT' = 5, 'DISPOSE' = 6, \
    'CHECK' = 7, 'CLOSE' = 8, 'REVISIT' = 9, 'SUPERVISE' = 10, 'WHOLE_CASE' = 11)";
const DIMENSION: &str = "Enum8('kind' = 1, 'channel' = 2, 'category_standard' = 3, 'category_code' = 4, 'category_name' = 5, \
    'area' = 6, 'town' = 7, 'community' = 8, 'cell' = 9, 'duty_grid' = 10, 'urgency' = 11, 'external_no' = 12, \
    'repeat_of' = 13, 'unit' = 14, 'unit_name' = 15, 'how' = 16, 'result' = 17)";
const OUTCOME: &str = "Enum8('open' = 1, 'done' = 2, 'returned' = 3, 'withdrawn' = 4, 'passed_on' = 5)";

impl Type {
    pub(super) fn name(self) -> String {
        match self {
            Self::Text => "String".to_owned(),
            Self::Low => "LowCardinality(String)".to_owned(),
            Self::U32 => "UInt32".to_owned(),
            Self::U64 => "UInt64".to_owned(),
            Self::I32 => "Int32".to_owned(),
            Self::I64 => "Int64".to_owned(),
            Self::Bool => "Bool".to_owned(),
            Self::MaybeBool => "Nullable(Bool)".to_owned(),
            Self::U16 => "UInt16".to_owned(),
            Self::MaybeI64 => "Nullable(Int64)".to_owned(),
            Self::Texts => "Array(String)".to_owned(),
            Self::U8s => "Array(UInt8)".to_owned(),
            Self::U16s => "Array(UInt16)".to_owned(),
            Self::U32s => "Array(UInt32)".to_owned(),
            Self::U64s => "Array(UInt64)".to_owned(),
            Self::I32s => "Array(Int32)".to_owned(),
            Self::I64s => "Array(Int64)".to_owned(),
            Self::I8s => "Array(Int8)".to_owned(),
            Self::Bools => "Array(Bool)".to_owned(),
            Self::MaybeI64s => "Array(Nullable(Int64))".to_owned(),
            Self::Time => TIME.to_owned(),
            Self::MaybeTime => format!("Nullable({TIME})"),
            Self::Times => format!("Array({TIME})"),
            Self::MaybeTimes => format!("Array(Nullable({TIME}))"),
            Self::Standings => format!("Array({STANDING})"),
            Self::Stages => format!("Array({STAGE})"),
            Self::Outcomes => format!("Array({OUTCOME})"),
            Self::Dimensions => format!("Array({DIMENSION})"),
        }
    }

    /// How its values lie; none for a type that nobody wrote down here.
    pub(super) fn layout(self) -> Option<Layout> {
        let name = self.name();
        if self == Self::Low {
            return Some(Layout { is_array: false, is_nullable: false, width: Width::Keys });
        }
        let inner = |text: &str, outer: &str| {
            text.strip_prefix(outer).and_then(|text| text.strip_suffix(')')).map(str::to_owned)
        };
        let (is_array, name) = inner(&name, "Array(").map_or((false, name), |element| (true, element));
        let (is_nullable, name) = inner(&name, "Nullable(").map_or((false, name), |element| (true, element));
        let width = match name.split('(').next()? {
            "String" => Width::Text,
            "UInt8" | "Int8" | "Bool" | "Enum8" => Width::Bytes(1),
            "UInt16" => Width::Bytes(2),
            "UInt32" | "Int32" => Width::Bytes(4),
            "UInt64" | "Int64" | "DateTime64" => Width::Bytes(8),
            _ => return None,
        };
        Some(Layout { is_array, is_nullable, width })
    }
}

/// How the values of a column lie, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) is_array: bool,
    pub(super) is_nullable: bool,
    pub width: Width,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Width {
    Bytes(usize),
    /// Each after its length.
    Text,
    /// Indices into a dictionary that comes before them.
    Keys,
}
