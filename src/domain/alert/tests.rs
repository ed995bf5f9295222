//! Written from docs/alerts.md.
