//! Many events, in pieces: no more memory than there are events, and each piece is given back as soon as it is taken. One
//! long list grows by doubling, and an empty one of a full batch is as large as the batch.

use super::event::Event;

/// 300 KB: enough that to make one costs nothing beside its events.
const PIECE: usize = 1024;

/// Those of one batch, in the order in which they were read.
#[derive(Debug, Default)]
pub struct Events {
    pieces: Vec<Vec<Event>>,
    len: usize,
}

impl Events {
    pub fn push(&mut self, event: Event) {
        match self.pieces.last_mut() {
            Some(last) if last.len() < PIECE => last.push(event),
            _ => {
                // The first grows by itself: most batches of a quiet town are a few events.
                let mut piece = if self.pieces.is_empty() { Vec::new() } else { Vec::with_capacity(PIECE) };
                piece.push(event);
                self.pieces.push(piece);
            }
        }
        self.len += 1;
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub fn iter(&self) -> impl Iterator<Item = &Event> {
        self.pieces.iter().flatten()
    }

    /// Keeps those that satisfy it, in their order; pieces that become empty stay.
    pub fn retain(&mut self, is_kept: impl Fn(&Event) -> bool) {
        self.pieces.iter_mut().for_each(|piece| piece.retain(&is_kept));
        self.len = self.pieces.iter().map(Vec::len).sum();
    }
}

impl IntoIterator for Events {
    type Item = Event;
    type IntoIter = std::iter::Flatten<std::vec::IntoIter<Vec<Event>>>;

    /// Piece by piece, each given back before the next.
    fn into_iter(self) -> Self::IntoIter {
        self.pieces.into_iter().flatten()
    }
}

impl FromIterator<Event> for Events {
    fn from_iter<I: IntoIterator<Item = Event>>(events: I) -> Self {
        let mut all = Self::default();
        events.into_iter().for_each(|event| all.push(event));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offsets(of: impl Iterator<Item = i64>) -> Vec<i64> {
        of.collect()
    }

    #[test]
    fn what_is_pushed_comes_back_in_order_over_the_ends_of_pieces_and_after_some_are_let_go() {
        assert!(Events::default().is_empty());
        let all = 3 * PIECE as i64 + 5;
        let mut events: Events = (0..all).map(|offset| Event::any(0, offset)).collect();
        assert_eq!(events.len(), all as usize);
        assert_eq!(events.pieces.len(), 4);
        events.retain(|event| event.place.offset % 3 == 0);
        events.push(Event::any(0, all));
        let left: Vec<i64> = (0..all).filter(|offset| offset % 3 == 0).chain([all]).collect();
        assert_eq!(events.len(), left.len());
        assert_eq!(offsets(events.iter().map(|event| event.place.offset)), left);
        assert_eq!(offsets(events.into_iter().map(|event| event.place.offset)), left);
    }
}
