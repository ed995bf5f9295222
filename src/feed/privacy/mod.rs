//! What keeps personal data at the door: keyed pseudonyms, scrubbing of free text, previews of messages that could not
//! be understood, and sealing of their bytes. Pure functions; only the key file touches the disk.
//!
//! Limit: names cannot be found in free text in general. Only names that the same event states elsewhere are removed
//! ([`scrub_known`]), so scrubbed text is still personal data and stays behind the same doors as the rest.

mod check_digit;
mod fold;
mod key;
mod key_file;
mod normalise;
mod preview;
mod pseudonym;
mod scrub;
mod seal;

pub use key::{Key, KeyError};
pub(crate) use preview::{preview, preview_of_code};
pub(crate) use pseudonym::{PersonalKind, id_region};
pub(crate) use scrub::{ScrubFound, scrub, scrub_known};
pub(crate) use seal::seal;
pub use seal::{OpenError, open};
