//! A table as it is written: of each column its name, its type, and what a row says in it. One list, so that a column that is
//! written and not named, or the other way round, cannot be.

use super::{Block, Body, Type};

/// `R` is what a row is made from, `C` what all rows of a table have in common.
#[derive(Debug)]
pub struct Column<R, C: ?Sized = ()>(pub &'static str, pub Type, pub fn(&mut Block, &R, &C));

/// Rows under construction. Encoded, they are empty again and keep their memory.
pub struct Table<R: 'static, C: ?Sized + 'static = ()> {
    block: Block,
    columns: &'static [Column<R, C>],
}

impl<R, C: ?Sized> std::fmt::Debug for Table<R, C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.block.fmt(f)
    }
}

impl<R, C: ?Sized> Table<R, C> {
    pub fn new(columns: &'static [Column<R, C>]) -> Self {
        Self { block: Block::new(columns.iter().map(|Column(name, kind, _)| (*name, *kind))), columns }
    }

    pub fn push(&mut self, row: &R, common: &C) {
        for Column(_, _, say) in self.columns {
            say(&mut self.block, row, common);
        }
        self.block.end_row();
    }

    pub fn rows(&self) -> usize {
        self.block.rows()
    }

    pub fn encode(&mut self) -> Body {
        self.block.encode()
    }

    /// Takes back a body that was sent, for the memory that it is in.
    pub fn give_back(&mut self, body: Body) {
        self.block.give_back(body);
    }

    /// Some rows at once.
    pub fn of<'a>(columns: &'static [Column<R, C>], rows: impl IntoIterator<Item = &'a R>, common: &C) -> Body {
        let mut table = Self::new(columns);
        rows.into_iter().for_each(|row| table.push(row, common));
        table.encode()
    }
}
