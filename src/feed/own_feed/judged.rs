//! One message, and what the service would make of it.

use serde::Serialize;
use smol_str::SmolStr;

use super::FeedLook;
use crate::{
    domain::{event::Event, time::Millis},
    feed::{
        consumer::Taken,
        decode::{self, Decoded, Message},
        door::Door,
        rejection::{RejectReason, Rejection},
        seen,
        unharmed::unharmed,
    },
};

/// Where a message stands on its topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct FeedPlace {
    pub partition: i32,
    pub offset: i64,
}

#[derive(Debug)]
pub struct JudgedMessage {
    pub place: FeedPlace,
    /// By the stamp of the message.
    pub at: Millis,
    pub source: SmolStr,
    /// None: it cannot be read, or there is none.
    pub id: Option<SmolStr>,
    pub case_id: Option<SmolStr>,
    pub verdict: FeedVerdict,
}

#[derive(Debug)]
pub enum FeedVerdict {
    Taken(TakenEvent),
    Refused(Rejection),
}

/// What is worth a word of an event that the service takes.
#[derive(Debug)]
pub struct TakenEvent {
    pub(super) occurred_at: Millis,
    pub(super) seq: u64,
    pub(super) is_ahead: bool,
    pub(super) content: String,
    /// Fields that the contract does not name.
    pub(super) unknown: Vec<String>,
}

/// What a text may have that is shown of a message that could not be taken.
const SHOWN_MAX: usize = 256;

pub(super) fn judge(taken: &Taken<'_>, look: &FeedLook<'_>, door: &mut Door) -> JudgedMessage {
    let at = taken.timestamp().unwrap_or_else(look.now);
    let place = FeedPlace { partition: taken.partition(), offset: taken.offset() };
    taken.read_whole(at, |message| {
        let read = || match taken.too_large() {
            Some(bytes) => Err(Rejection::new(RejectReason::TooLarge, "", format!("{bytes} bytes when unpacked"))),
            None => decode::decode(message, look.stream, door, &look.limits),
        };
        match unharmed(read).unwrap_or_else(|_| Err(Rejection::new(RejectReason::Internal, "", BROKEN))) {
            Ok(decoded) => taken_event(decoded, message, (place, at)),
            Err(rejection) => refused(rejection, message, look, (place, at)),
        }
    })
}

const BROKEN: &str = "a fault of Tongguan, not of the event; tell its operator";

fn taken_event(decoded: Decoded, message: &Message<'_>, (place, at): (FeedPlace, Millis)) -> JudgedMessage {
    let Decoded { event, unknown_fields } = decoded;
    let unknown = if unknown_fields > 0 { decode::unknown_fields(message) } else { Vec::new() };
    let content = seen::content(&event);
    let (is_ahead, Event { occurred_at, seq, source, id, case_id, .. }) = (event.is_ahead(), event);
    let verdict = FeedVerdict::Taken(TakenEvent { occurred_at, seq, is_ahead, content, unknown });
    JudgedMessage { place, at, source, id: Some(id), case_id: Some(case_id), verdict }
}

fn refused(
    rejection: Rejection,
    message: &Message<'_>,
    look: &FeedLook<'_>,
    (place, at): (FeedPlace, Millis),
) -> JudgedMessage {
    let named = decode::named(message);
    let text = |text: &str| (1..=SHOWN_MAX).contains(&text.len()).then(|| SmolStr::from(text));
    let source = decode::source(message, look.stream);
    JudgedMessage {
        place,
        at,
        source: SmolStr::from(&*source),
        id: text(&named.id),
        case_id: text(&named.subject),
        verdict: FeedVerdict::Refused(rejection),
    }
}
