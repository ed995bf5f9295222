//! One message, and what the service would make of it.

use serde::Serialize;
use smol_str::SmolStr;

use super::{FeedLook, InReport};
use crate::{
    domain::{event::Event, time::Millis},
    feed::{
        consumer::Taken,
        decode::{self, Decoded, Message, NamedBy, UnknownFields},
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

/// What a look wants of a message.
#[derive(Clone, Copy)]
pub(super) struct JudgedFor<'a> {
    pub(super) in_report: InReport<'a>,
    /// Whether it is compared with others, and its unknown fields are named: what costs more than to read it.
    pub(super) is_weighed: bool,
}

/// What a text may have that is shown of a message that could not be taken.
const SHOWN_MAX: usize = 256;

/// And the report that it counts in. None: it is not of this look.
pub(super) fn judge(
    taken: &Taken<'_>,
    look: &FeedLook<'_>,
    door: &mut Door,
    wanted: JudgedFor<'_>,
) -> Option<(SmolStr, JudgedMessage)> {
    let at = taken.timestamp().unwrap_or_else(look.now);
    let place = FeedPlace { partition: taken.partition(), offset: taken.offset() };
    taken.read_whole(at, |message| {
        let read = || match taken.too_large() {
            Some(bytes) => Err(Rejection::new(RejectReason::TooLarge, "", format!("{bytes} bytes when unpacked"))),
            None => decode::decode(message, look.stream, door, &look.limits),
        };
        match unharmed(read).unwrap_or_else(|_| Err(Rejection::new(RejectReason::Internal, "", BROKEN))) {
            Ok(decoded) => taken_event(decoded, message, wanted, (place, at)),
            Err(rejection) => {
                let named = decode::named(message);
                let source = SmolStr::from(named.source_or(&look.stream.source_default));
                let report = (wanted.in_report)(&source)?;
                Some((report, refused(rejection, source, &named, (place, at))))
            }
        }
    })
}

const BROKEN: &str = "a fault of Tongguan, not of the event; tell its operator";

fn taken_event(
    decoded: Decoded,
    message: &Message<'_>,
    wanted: JudgedFor<'_>,
    (place, at): (FeedPlace, Millis),
) -> Option<(SmolStr, JudgedMessage)> {
    let Decoded { event, unknown_fields } = decoded;
    let report = (wanted.in_report)(&event.source)?;
    let unknown = if wanted.is_weighed && unknown_fields > 0 { UnknownFields::told(message) } else { Vec::new() };
    let content = if wanted.is_weighed { seen::content(&event) } else { String::new() };
    let (is_ahead, Event { occurred_at, seq, source, id, case_id, .. }) = (event.is_ahead(), event);
    let verdict = FeedVerdict::Taken(TakenEvent { occurred_at, seq, is_ahead, content, unknown });
    Some((report, JudgedMessage { place, at, source, id: Some(id), case_id: Some(case_id), verdict }))
}

fn refused(
    rejection: Rejection,
    source: SmolStr,
    named: &NamedBy<'_>,
    (place, at): (FeedPlace, Millis),
) -> JudgedMessage {
    let text = |text: &str| (1..=SHOWN_MAX).contains(&text.len()).then(|| SmolStr::from(text));
    JudgedMessage {
        place,
        at,
        source,
        id: text(&named.id),
        case_id: text(&named.subject),
        verdict: FeedVerdict::Refused(rejection),
    }
}
