//! How often somebody may be wrong. Counted before a password is looked at, so that many at once are no way around it.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::token::{self, TokenHash};
use crate::domain::time::Millis;

/// Wrong in a row for an account from an address, within the time, which is also how long it is refused after it.
const WRONG_MAX: u32 = 5;
const WINDOW_MS: i64 = 15 * 60_000;
/// From one address, whatever the names.
const FROM_ADDRESS_MAX: u32 = 100;
/// Wrong in a row for an account, wherever from, until it is locked.
pub(super) const IN_A_ROW_MAX: u32 = 100;
/// Who is remembered at most: two megabytes.
const REMEMBERED_MAX: usize = 16_384;

#[derive(Debug, Default)]
pub(super) struct AttemptTable {
    of: Mutex<HashMap<TokenHash, Tries>>,
    in_a_row: Mutex<HashMap<String, u32>>,
}

#[derive(Clone, Copy, Debug)]
struct Tries {
    count: u32,
    last: Millis,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum May {
    Try,
    /// Refused, and for the first time since it could try.
    Refused {
        is_first: bool,
    },
}

impl AttemptTable {
    /// Counts the attempt as a wrong one, until `right` takes it back.
    pub(super) fn begin(&self, name: &str, address: IpAddr, now: Millis) -> May {
        let mut of = self.of();
        if of.len() >= REMEMBERED_MAX {
            make_room(&mut of, now);
        }
        let by_address = count(&mut of, address_key(address), FROM_ADDRESS_MAX, now);
        if by_address != May::Try {
            return by_address;
        }
        count(&mut of, key(name, address), WRONG_MAX, now)
    }

    pub(super) fn right(&self, name: &str, address: IpAddr) {
        let mut of = self.of();
        of.remove(&key(name, address));
        if let Some(tries) = of.get_mut(&address_key(address)) {
            tries.count = tries.count.saturating_sub(1);
        }
        self.in_a_row().remove(name);
    }

    /// Of an account that there is. Whether it is to be locked now.
    pub(super) fn wrong(&self, name: &str) -> bool {
        let mut in_a_row = self.in_a_row();
        let count = in_a_row.entry(name.to_owned()).or_default();
        *count += 1;
        let is_too_many = *count >= IN_A_ROW_MAX;
        if is_too_many {
            in_a_row.remove(name);
        }
        is_too_many
    }

    fn of(&self) -> MutexGuard<'_, HashMap<TokenHash, Tries>> {
        self.of.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn in_a_row(&self) -> MutexGuard<'_, HashMap<String, u32>> {
        self.in_a_row.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The time goes on only while somebody may try: who waits is let in again, who goes on trying is not kept out for longer.
fn count(of: &mut HashMap<TokenHash, Tries>, key: TokenHash, most: u32, now: Millis) -> May {
    let tries = of.entry(key).or_insert(Tries { count: 0, last: now });
    if now.0 - tries.last.0 >= WINDOW_MS {
        tries.count = 0;
    }
    tries.count = tries.count.saturating_add(1);
    if tries.count <= most {
        tries.last = now;
        return May::Try;
    }
    May::Refused { is_first: tries.count == most + 1 }
}

/// What is over goes; and if that is not enough, who was wrong least often and longest ago: a flood of names drives out its own.
fn make_room(of: &mut HashMap<TokenHash, Tries>, now: Millis) {
    of.retain(|_, tries| now.0 - tries.last.0 < WINDOW_MS);
    if of.len() < REMEMBERED_MAX {
        return;
    }
    let mut all: Vec<(u32, Millis, TokenHash)> =
        of.iter().map(|(key, tries)| (tries.count, tries.last, *key)).collect();
    all.sort_unstable();
    for (.., key) in all.iter().take(REMEMBERED_MAX / 4) {
        of.remove(key);
    }
}

/// Of a fixed size, however long a name is.
fn key(name: &str, address: IpAddr) -> TokenHash {
    token::hash(&format!("{} {name}", network(address)))
}

fn address_key(address: IpAddr) -> TokenHash {
    token::hash(&network(address))
}

/// One subscriber of IPv6 has 2^64 addresses.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("{:x}", address.to_bits() >> 64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1));
    const MINUTE: i64 = 60_000;

    #[test]
    fn five_times_wrong_is_refused_for_a_quarter_of_an_hour_and_no_longer() {
        let table = AttemptTable::default();
        let at = |minute: i64| table.begin("li", HERE, Millis(minute * MINUTE));
        (0..5).for_each(|minute| assert_eq!(at(minute), May::Try));
        assert_eq!(at(5), May::Refused { is_first: true });
        (6..19).for_each(|minute| assert_eq!(at(minute), May::Refused { is_first: false }, "{minute}"));
        assert_eq!(table.begin("wang", HERE, Millis(6 * MINUTE)), May::Try, "another account");
        let elsewhere = IpAddr::from([10, 0, 0, 2]);
        assert_eq!(table.begin("li", elsewhere, Millis(6 * MINUTE)), May::Try, "another address");
        assert_eq!(at(19), May::Try, "a quarter of an hour after the fifth");
    }

    #[test]
    fn a_right_one_between_begins_anew() {
        let table = AttemptTable::default();
        for _ in 0..50 {
            (0..4).for_each(|_| assert_eq!(table.begin("li", HERE, Millis(0)), May::Try));
            table.right("li", HERE);
            // Three of the four stay counted for the address.
            table.of().remove(&address_key(HERE));
        }
        let table = AttemptTable::default();
        for n in 0..200 {
            assert_eq!(table.begin("li", HERE, Millis(0)), May::Try, "{n}: who is always right is never refused");
            table.right("li", HERE);
        }
    }

    #[test]
    fn one_address_may_be_wrong_a_hundred_times_whatever_the_names() {
        let table = AttemptTable::default();
        let tried = (0..10_000).filter(|n| table.begin(&format!("n{n}"), HERE, Millis(0)) == May::Try).count();
        assert_eq!(tried, 100);
        assert_eq!(table.of().len(), 101);
    }

    #[test]
    fn a_hundred_in_a_row_lock_the_account() {
        let table = AttemptTable::default();
        assert!((0..99).all(|_| !table.wrong("li")));
        table.right("li", HERE);
        assert!((0..99).all(|_| !table.wrong("li")));
        assert!(table.wrong("li"));
    }

    #[test]
    fn a_flood_of_names_from_everywhere_takes_no_more_than_there_is_and_does_not_let_in_who_was_refused() {
        let table = AttemptTable::default();
        (0..9).for_each(|_| _ = table.begin("li", HERE, Millis(0)));
        for n in 0..60_000_u32 {
            let address = IpAddr::from((n + (11 << 24)).to_be_bytes());
            table.begin(&format!("{n}{}", "x".repeat(64)), address, Millis(1));
        }
        assert!(table.of().len() <= REMEMBERED_MAX + 2, "{}", table.of().len());
        assert_eq!(table.begin("li", HERE, Millis(2)), May::Refused { is_first: false });
    }
}
