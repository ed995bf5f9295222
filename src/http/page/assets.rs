//! The files of the page: part of the program, named by what is in them, so that they may be kept for ever.

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use sha2::{Digest as _, Sha256};

#[derive(Debug)]
pub(super) struct Asset {
    stem: &'static str,
    ending: &'static str,
    mime: &'static str,
    text: &'static str,
}

pub(super) const CSS: Asset =
    Asset { stem: "page", ending: "css", mime: "text/css; charset=utf-8", text: include_str!("static/page.css") };
pub(super) const JS: Asset =
    Asset { stem: "live", ending: "js", mime: "text/javascript; charset=utf-8", text: include_str!("static/live.js") };
pub(super) const ICON: Asset =
    Asset { stem: "icon", ending: "svg", mime: "image/svg+xml", text: include_str!("static/icon.svg") };

impl Asset {
    pub(super) fn href(&self) -> String {
        format!("/static/{}", self.name())
    }

    fn name(&self) -> String {
        let hash = Sha256::digest(self.text);
        let short: String = hash.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        format!("{}-{short}.{}", self.stem, self.ending)
    }
}

pub(super) async fn asset(Path(name): Path<String>) -> Response {
    match [CSS, JS, ICON].into_iter().find(|asset| asset.name() == name) {
        Some(asset) => {
            let head =
                [(header::CONTENT_TYPE, asset.mime), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
            (head, asset.text).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
