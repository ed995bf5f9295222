//! The fields of a form that was sent.

use axum::body::{Body, to_bytes};

/// A form of text; a rule file for a what-if is the largest, of which a character may take nine bytes.
pub(super) const FORM_BYTES_MAX: usize = 4 << 20;
/// Of whom we know nothing yet.
pub(super) const LOG_IN_BYTES_MAX: usize = 16 << 10;

#[derive(Debug, Default)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self(form_urlencoded::parse(bytes).into_owned().collect())
    }

    /// What passed the gate is no longer than this.
    pub(super) async fn read(body: Body) -> Self {
        to_bytes(body, FORM_BYTES_MAX).await.map(|bytes| Self::of(&bytes)).unwrap_or_default()
    }

    pub(super) fn find(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn get(&self, name: &str) -> &str {
        self.find(name).unwrap_or_default()
    }
}

/// A field as a page shows it.
#[derive(Clone, Debug, Default)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) label: String,
    pub(super) kind: &'static str,
    pub(super) value: String,
    /// What a browser may fill in.
    pub(super) auto: &'static str,
    pub(super) is_required: bool,
    pub(super) hint: String,
}
