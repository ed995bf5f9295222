//! The files of the page: part of the program, named by what is in them, so that they may be kept for ever.

use std::sync::LazyLock;

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use sha2::{Digest as _, Sha256};

#[derive(Debug)]
pub(in crate::http) struct Asset {
    /// With a hash of what is in it.
    name: String,
    mime: &'static str,
    text: &'static str,
}

pub(in crate::http) static CSS: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("page", "css", "text/css; charset=utf-8", include_str!("static/page.css")));
pub(super) static JS: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("live", "js", "text/javascript; charset=utf-8", include_str!("static/live.js")));
pub(super) static ICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("icon", "svg", "image/svg+xml", include_str!("static/icon.svg")));

impl Asset {
    fn new(stem: &str, ending: &str, mime: &'static str, text: &'static str) -> Self {
        let hash = Sha256::digest(text);
        let short: String = hash.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        Self { name: format!("{stem}-{short}.{ending}"), mime, text }
    }

    pub(in crate::http) fn href(&self) -> String {
        format!("/static/{}", self.name)
    }
}

pub(in crate::http) async fn asset(Path(name): Path<String>) -> Response {
    match [&*CSS, &*JS, &*ICON].into_iter().find(|asset| asset.name == name) {
        Some(asset) => {
            let head =
                [(header::CONTENT_TYPE, asset.mime), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
            (head, asset.text).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
