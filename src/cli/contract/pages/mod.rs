//! The descriptions as pages that people read: docs/reference, one for the topics, one for the inlet, one for the interface for
//! programs. Nothing is said here that the descriptions do not say.

mod asyncapi;
mod curl;
mod markdown;
mod openapi;
mod schemas;

use super::descriptions;
use crate::{
    feed::{asyncapi as topics, contract::schema},
    http::{api, inlet},
};

/// Name and text of each.
pub fn all() -> anyhow::Result<Vec<(&'static str, String)>> {
    let topics = topics::document(&descriptions::streams()?);
    Ok(vec![
        ("events.md", asyncapi::page(&topics, &schema::all())),
        ("inlet.md", openapi::page(&inlet::openapi::document(), "inlet.openapi.json", "INLET")),
        ("interface.md", openapi::page(&api::openapi::document(), "openapi.json", "PAGE")),
    ])
}
