//! How far a printed page has got: a chart is not cut in two, and a table does not begin with its last line.

/// Beyond this many places a page lies.
pub const UPRIGHT_PLACES: usize = 96;

/// Points of A4 within the margins, long and short side; a little less, because programs round differently.
const LONG: f64 = 735.0;
const SHORT: f64 = 480.0;
const WIDE_UPRIGHT: f64 = 523.0;
const WIDE_LYING: f64 = 770.0;
/// Of one place of a column.
const PLACE: f64 = 5.4;
/// The title is on every page.
const REPEATED: f64 = 35.0;

#[derive(Debug, Default)]
pub struct PaperPage {
    pub is_lying: bool,
    /// Rows before which a page ends.
    pub breaks: Vec<u32>,
    capacity: f64,
    used: f64,
}

impl PaperPage {
    /// The sheet is made as narrow as the page; then more of it fits in height.
    pub fn of(places: usize) -> Self {
        let is_lying = places > UPRIGHT_PLACES;
        let (wide, high) = if is_lying { (WIDE_LYING, SHORT) } else { (WIDE_UPRIGHT, LONG) };
        let scale = (wide / (places as f64 * PLACE)).min(1.0);
        Self { is_lying, breaks: Vec::new(), capacity: high / scale, used: 0.0 }
    }

    pub fn add(&mut self, high: f64) {
        if self.used + high > self.capacity {
            self.used = REPEATED;
        }
        self.used += high;
    }

    /// What begins at this row stays together, if a page can hold it.
    pub fn keep(&mut self, row: u32, high: f64) {
        if self.used + high > self.capacity && self.used > REPEATED + 1.0 {
            self.breaks.push(row);
            self.used = REPEATED;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_begins_a_page() {
        let mut page = PaperPage::of(80);
        page.add(600.0);
        for row in [40, 50] {
            page.keep(row, 200.0);
            page.add(200.0);
        }
        assert_eq!((page.breaks.as_slice(), page.is_lying), (&[40][..], false));
        page.keep(60, 5000.0);
        page.add(5000.0);
        page.keep(90, 100.0);
        assert_eq!(page.breaks, [40, 60, 90]);
    }
}
