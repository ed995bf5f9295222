//! The parts that pages are made of.

use super::frame::Link;

#[derive(Clone, Debug, Default)]
pub(super) struct Tile {
    pub(super) id: String,
    pub(super) href: String,
    pub(super) name: String,
    pub(super) code: String,
    pub(super) value: String,
    pub(super) unit: String,
    pub(super) parts: Vec<Part>,
    pub(super) deltas: Vec<Delta>,
    pub(super) basis: String,
    pub(super) size: String,
    pub(super) sparks: Vec<Spark>,
    pub(super) states: Vec<State>,
    pub(super) is_ok: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Panel {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) sub: String,
    pub(super) links: Vec<Link>,
    pub(super) cls: String,
    pub(super) states: Vec<State>,
    pub(super) chips: Vec<Chips>,
    pub(super) lines: Vec<Lines>,
    pub(super) tables: Vec<Table>,
}

/// Shares of a whole as one bar, and under it what they are and that they add up.
#[derive(Clone, Debug, Default)]
pub(super) struct Stack {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) sub: String,
    pub(super) pieces: Vec<StackPiece>,
    pub(super) items: Vec<StackItem>,
    pub(super) sum_name: String,
    pub(super) sum: String,
    pub(super) sum_href: String,
}

#[derive(Clone, Debug, Default)]
pub(super) struct StackPiece {
    pub(super) href: String,
    pub(super) cls: String,
    pub(super) x: f64,
    pub(super) w: f64,
    pub(super) label: String,
}

#[derive(Clone, Debug, Default)]
pub(super) struct StackItem {
    pub(super) href: String,
    pub(super) cls: String,
    pub(super) name: String,
    pub(super) n: String,
    pub(super) share: String,
    pub(super) tone: String,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Paging {
    pub(super) line: String,
    pub(super) check: String,
    pub(super) tone: String,
    pub(super) has_first: bool,
    pub(super) first: String,
    pub(super) has_next: bool,
    pub(super) next: String,
}

#[derive(Clone, Debug, Default)]
pub(super) struct State {
    pub(super) kind: String,
    pub(super) sign: String,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) links: Vec<Link>,
    pub(super) is_busy: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    pub(super) label: String,
    pub(super) text: String,
    pub(super) href: String,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Delta {
    pub(super) label: String,
    pub(super) mark: String,
    pub(super) text: String,
    pub(super) tone: String,
    pub(super) was: String,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Spark {
    pub(super) w: i64,
    pub(super) h: i64,
    pub(super) label: String,
    pub(super) path: String,
    pub(super) ref_path: String,
    pub(super) x: f64,
    pub(super) y: f64,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Chips {
    pub(super) label: String,
    pub(super) chips: Vec<Chip>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Lines {
    pub(super) title: String,
    pub(super) label: String,
    pub(super) w: i64,
    pub(super) h: i64,
    pub(super) x0: i64,
    pub(super) x1: i64,
    pub(super) tx: i64,
    pub(super) ty: i64,
    pub(super) ys: Vec<TickY>,
    pub(super) xs: Vec<TickX>,
    pub(super) series: Vec<Series>,
    pub(super) keys: Vec<Key>,
    pub(super) twins: Vec<Table>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    pub(super) caption: String,
    pub(super) is_caption_hidden: bool,
    pub(super) is_linkless: bool,
    pub(super) cls: String,
    pub(super) cols: Vec<Col>,
    pub(super) rows: Vec<Row>,
    pub(super) notes: Vec<String>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Chip {
    pub(super) href: String,
    pub(super) text: String,
    pub(super) has_n: bool,
    pub(super) n: String,
    pub(super) is_here: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct TickY {
    pub(super) y: f64,
    pub(super) text: String,
}

#[derive(Clone, Debug, Default)]
pub(super) struct TickX {
    pub(super) x: f64,
    pub(super) text: String,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Series {
    pub(super) cls: String,
    pub(super) path: String,
    pub(super) end: String,
    pub(super) end_x: f64,
    pub(super) end_y: f64,
    pub(super) points: Vec<Point>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Key {
    pub(super) cls: String,
    pub(super) text: String,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Col {
    pub(super) text: String,
    pub(super) has_text: bool,
    pub(super) cls: String,
    pub(super) href: String,
    pub(super) has_href: bool,
    pub(super) is_sorted: bool,
    pub(super) order: String,
    pub(super) mark: String,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    pub(super) cls: String,
    pub(super) cells: Vec<Cell>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) href: String,
    pub(super) label: String,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) cls: String,
    pub(super) href: String,
    pub(super) has_href: bool,
    pub(super) sub: String,
    pub(super) has_sub: bool,
    pub(super) bars: Vec<CellBar>,
    pub(super) is_head: bool,
    pub(super) links: Vec<CellLink>,
    pub(super) label: String,
}

#[derive(Clone, Debug, Default)]
pub(super) struct CellBar {
    pub(super) cls: String,
    pub(super) w: f64,
}

#[derive(Clone, Debug, Default)]
pub(super) struct CellLink {
    pub(super) before: String,
    pub(super) href: String,
    pub(super) text: String,
}
