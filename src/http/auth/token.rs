//! What is random, and what is derived from it. A token is known to its browser only; we keep its hash.

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, Mac as _};
use rand::{TryRngCore as _, rngs::OsRng};
use sha2::{Digest as _, Sha256};

pub(super) type TokenHash = [u8; 32];

#[derive(Debug, thiserror::Error)]
#[error("the system gives no random numbers: {0}")]
pub struct NoRandomness(String);

pub(in crate::http) fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    OsRng.try_fill_bytes(&mut bytes).map_err(|error| NoRandomness(error.to_string()))?;
    Ok(bytes)
}

/// 256 bits, as a text that may stand in a cookie or an address.
pub fn fresh() -> Result<String, NoRandomness> {
    Ok(BASE64URL_NOPAD.encode(&random::<32>()?))
}

pub(super) fn hash(token: &str) -> TokenHash {
    Sha256::digest(token).into()
}

/// Of a session, or of a name where there are none: what every form that changes something has to bring along.
pub(super) fn csrf(key: &[u8; 32], of: &[u8]) -> String {
    BASE64URL_NOPAD.encode(&mac(key, of).finalize().into_bytes())
}

/// In the same time, however much of it is right: of hashes, nobody learns anything from where they differ.
pub(super) fn is_same(wanted: &str, given: &str) -> bool {
    hash(wanted) == hash(given)
}

fn mac(key: &[u8; 32], of: &[u8]) -> Hmac<Sha256> {
    let keyed = Hmac::<Sha256>::new_from_slice(key);
    keyed.unwrap_or_else(|_| unreachable!("HMAC takes keys of every length")).chain_update(of)
}
