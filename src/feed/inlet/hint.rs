//! A rejection as whoever wrote the event reads it: its pointer points into what he sent, and a missing field that stands there under
//! almost its name is told.

use serde_json::Value;

use crate::feed::{
    explain::missing,
    rejection::{RejectReason, Rejection},
};

/// What is longer is not taken apart to say more of it.
const TAKEN_APART_MAX: usize = 64 * 1024;
/// Where the contract has the fields of the data; a bare event may have them beside the others.
const DATA: &str = "/data";

pub(super) fn hinted(rejection: Rejection, payload: &[u8]) -> Rejection {
    let is_short = payload.len() <= TAKEN_APART_MAX;
    let Some(event) = is_short.then(|| serde_json::from_slice::<Value>(payload).ok()).flatten() else {
        return rejection;
    };
    let is_flat = event.is_object() && event.get("specversion").is_none() && event.get("data").is_none();
    let inside = rejection.field.strip_prefix(DATA).filter(|rest| is_flat && rest.starts_with('/'));
    let field = inside.unwrap_or(&rejection.field).to_owned();
    let detail = match almost(&rejection, &event, &field) {
        Some(name) => format!("{}; is it what stands there as {name}?", rejection.detail),
        None => rejection.detail,
    };
    Rejection { reason: rejection.reason, field, detail }
}

fn almost<'a>(rejection: &Rejection, event: &'a Value, field: &str) -> Option<&'a str> {
    let name = field.rsplit('/').next().filter(|_| rejection.reason == RejectReason::MissingField)?;
    // One that is there and empty is not written otherwise.
    missing::almost(missing::beside(event, field).into_iter().filter(|one| *one != name), name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_points_into_what_was_sent_and_a_name_that_is_almost_right_is_told() {
        for (event, field, wanted) in [
            (
                r#"{"caseId":"1","type":"x"}"#,
                "/case_id",
                "missing_field at /case_id: required, and not there or empty; is it what stands there as caseId?",
            ),
            (
                r#"{"case_id":"1","Unit":"u"}"#,
                "/data/unit",
                "missing_field at /unit: required, and not there or empty; is it what stands there as Unit?",
            ),
            (
                r#"{"case_id":"1","data":{"danwei":"u"}}"#,
                "/data/unit",
                "missing_field at /data/unit: required, and not there or empty",
            ),
            (
                r#"{"specversion":"1.0","unit":"u"}"#,
                "/data/unit",
                "missing_field at /data/unit: required, and not there or empty",
            ),
            (r#"{"13800138000 unit":"u"}"#, "/data/unit", "missing_field at /unit: required, and not there or empty"),
            (r#"{"unit":""}"#, "/data/unit", "missing_field at /unit: required, and not there or empty"),
            ("[]", "/data/unit", "missing_field at /data/unit: required, and not there or empty"),
            ("no json", "/data/unit", "missing_field at /data/unit: required, and not there or empty"),
        ] {
            assert_eq!(hinted(Rejection::missing(field), event.as_bytes()).to_string(), wanted, "{event}");
        }
        let other = Rejection::invalid("/data/due_at", "expected a time");
        assert_eq!(
            hinted(other, br#"{"due_at":5,"dueAt":5}"#).to_string(),
            "invalid_field at /due_at: expected a time"
        );
    }
}
