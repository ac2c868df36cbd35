//! How often the API may be asked: so many times at once, and as many again over each minute.
//!
//! One moment is kept for each key: that at which all it took is forgiven (GCRA). The table is bounded; networks stand in it, not
//! addresses. What must never be here: the answer to who asks too often.

use std::{
    collections::HashMap,
    hash::Hash,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use axum::http::HeaderMap;
use gp_kernel::{ApiRates, UserId};

/// Most keys that are kept. When there are more, those that are forgiven first are forgotten.
const KEYS: usize = 50_000;

/// The network of an address: what is counted and kept instead of it.
pub fn network(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// Where a visitor comes from. A proxy on the same computer or the same private network says it (the last of
/// `X-Forwarded-For`, which it wrote itself); without this, all visitors behind it would wait for the haste of one.
/// Who is on that network may lie here, and is then held up by the count of the account alone.
pub fn visitor(peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let near = match peer.to_canonical() {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local(),
    };
    let lines = headers.get_all("x-forwarded-for");
    let said = lines.iter().next_back().and_then(|line| line.to_str().ok());
    let last = said
        .and_then(|line| line.rsplit(',').next())
        .and_then(|ip| ip.trim().parse().ok());
    last.filter(|_| near).unwrap_or(peer)
}

/// What is counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Visitors(String),
    Account(UserId),
    Writes(String),
    Refused(String),
}

/// What somebody is about to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Ask for something, without an account.
    Visit,
    /// Send something, without an account: a comment.
    Send,
    /// Ask or send, with this account.
    Work(UserId),
}

/// What is counted of everybody.
#[derive(Debug)]
pub struct Rates {
    allowed: ApiRates,
    table: Mutex<HashMap<Key, i64>>,
}

impl Rates {
    /// As the operator sets it.
    pub fn new(allowed: ApiRates) -> Self {
        Self {
            allowed,
            table: Mutex::default(),
        }
    }

    /// Takes a turn at a moment (milliseconds since 1970); else the seconds to wait.
    ///
    /// # Errors
    /// The seconds after which there is a turn again.
    pub fn take(&self, from: IpAddr, turn: Turn, now: i64) -> Result<(), i64> {
        if free(from) {
            return Ok(());
        }
        match turn {
            Turn::Visit => self.count(Key::Visitors(network(from)), self.allowed.visitors, now),
            Turn::Work(user) => self.count(Key::Account(user), self.allowed.account, now),
            Turn::Send => {
                self.count(Key::Visitors(network(from)), self.allowed.visitors, now)?;
                self.count(Key::Writes(network(from)), self.allowed.writes, now)
            }
        }
    }

    /// Whether a password from there is looked at; else the seconds to wait.
    ///
    /// # Errors
    /// The seconds after which one is looked at again.
    pub fn may_try(&self, from: IpAddr, now: i64) -> Result<(), i64> {
        if free(from) || self.allowed.refused == 0 {
            return Ok(());
        }
        let table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = table.get(&Key::Refused(network(from))).copied();
        wait(kept.unwrap_or(now), self.allowed.refused, now).map(drop)
    }

    /// A password from there was wrong.
    pub fn refused(&self, from: IpAddr, now: i64) {
        if !free(from) {
            let _ = self.count(Key::Refused(network(from)), self.allowed.refused, now);
        }
    }

    fn count(&self, key: Key, a_minute: u32, now: i64) -> Result<(), i64> {
        if a_minute == 0 {
            return Ok(());
        }
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = table.get(&key).copied();
        let next = wait(kept.unwrap_or(now), a_minute, now)?;
        if kept.is_none() && table.len() >= KEYS {
            make_room(&mut table, now);
        }
        table.insert(key, next);
        Ok(())
    }
}

/// Whoever is on the same computer: the operator's own programs, and everybody behind a proxy that does not say who asks.
fn free(from: IpAddr) -> bool {
    from.to_canonical().is_loopback()
}

/// When all is forgiven after one more; else the seconds to wait.
fn wait(forgiven: i64, a_minute: u32, now: i64) -> Result<i64, i64> {
    let each = (60_000 / i64::from(a_minute)).max(1);
    let next = forgiven.max(now) + each;
    let over = next - now - each * i64::from(a_minute);
    if over > 0 { Err((over + 999) / 1000) } else { Ok(next) }
}

/// Forgets whoever is forgiven, and if that is not enough, the half that would be next.
fn make_room(table: &mut HashMap<Key, i64>, now: i64) {
    table.retain(|_, forgiven| *forgiven > now);
    if table.len() >= KEYS {
        let mut moments: Vec<i64> = table.values().copied().collect();
        let (_, middle, _) = moments.select_nth_unstable(KEYS / 2);
        let middle = *middle;
        table.retain(|_, forgiven| *forgiven > middle);
    }
    table.shrink_to(KEYS);
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATES: ApiRates = ApiRates {
        visitors: 60,
        account: 6,
        writes: 2,
        refused: 3,
    };

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_network_is_what_a_household_shares() {
        let of = |text: &str| network(ip(text));
        assert_eq!(of("192.0.2.77"), "192.0.2.0/24");
        assert_eq!(of("::ffff:192.0.2.1"), "192.0.2.0/24");
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
    }

    #[test]
    fn only_a_near_proxy_says_where_a_visitor_comes_from() {
        let headers = |said: &'static str| {
            HeaderMap::from_iter([(
                "x-forwarded-for".parse().unwrap(),
                axum::http::HeaderValue::from_static(said),
            )])
        };
        let of = |peer: &str, said| visitor(ip(peer), &headers(said)).to_string();
        assert_eq!(of("127.0.0.1", "198.51.100.1, 192.0.2.7"), "192.0.2.7");
        assert_eq!(of("10.0.0.2", "2001:db8::1"), "2001:db8::1");
        assert_eq!(of("203.0.113.5", "192.0.2.7"), "203.0.113.5");
        assert_eq!(of("127.0.0.1", "unknown"), "127.0.0.1");
    }

    #[test]
    fn as_many_at_once_as_in_a_minute_and_then_one_by_one() {
        let rates = Rates::new(RATES);
        let (here, there) = (ip("192.0.2.1"), ip("198.51.100.1"));
        let now = 1_000_000_000_000;
        for _ in 0..60 {
            assert_eq!(rates.take(here, Turn::Visit, now), Ok(()));
        }
        assert_eq!(
            rates.take(ip("192.0.2.200"), Turn::Visit, now),
            Err(1),
            "the same network"
        );
        assert_eq!(rates.take(there, Turn::Visit, now), Ok(()));
        assert_eq!(rates.take(here, Turn::Visit, now + 1000), Ok(()));
        assert_eq!(rates.take(here, Turn::Visit, now + 1000), Err(1));
        assert_eq!(rates.take(here, Turn::Visit, now + 3_600_000), Ok(()));
        // What visitors send is counted more narrowly, and accounts apart, wherever they are.
        assert_eq!(rates.take(there, Turn::Send, now), Ok(()));
        assert_eq!(rates.take(there, Turn::Send, now), Ok(()));
        assert_eq!(rates.take(there, Turn::Send, now), Err(30));
        for n in 0..6 {
            let from = if n % 2 == 0 { here } else { there };
            assert_eq!(rates.take(from, Turn::Work(UserId(7)), now), Ok(()));
        }
        assert_eq!(rates.take(there, Turn::Work(UserId(7)), now), Err(10));
        assert_eq!(rates.take(there, Turn::Work(UserId(8)), now), Ok(()));
    }

    #[test]
    fn wrong_passwords_of_a_network_are_counted_right_ones_are_not() {
        let rates = Rates::new(RATES);
        let here = ip("2001:db8::1");
        for _ in 0..3 {
            assert_eq!(rates.may_try(here, 0), Ok(()));
            assert_eq!(rates.may_try(here, 0), Ok(()));
            rates.refused(here, 0);
        }
        assert_eq!(rates.may_try(here, 0), Err(20));
        assert_eq!(rates.may_try(ip("2001:db8:0:1::1"), 0), Ok(()));
        assert_eq!(rates.may_try(here, 20_000), Ok(()));
    }

    #[test]
    fn the_same_computer_and_who_sets_no_limit_are_free() {
        let none = ApiRates {
            visitors: 0,
            account: 0,
            writes: 0,
            refused: 0,
        };
        for (rates, from) in [(RATES, ip("127.0.0.1")), (RATES, ip("::1")), (none, ip("192.0.2.1"))] {
            let rates = Rates::new(rates);
            for _ in 0..100 {
                rates.refused(from, 0);
                assert_eq!(rates.take(from, Turn::Send, 0), Ok(()));
                assert_eq!(rates.may_try(from, 0), Ok(()));
            }
            assert_eq!(rates.table.lock().unwrap().len(), 0);
        }
    }

    #[test]
    fn the_table_does_not_grow_without_end() {
        let rates = Rates::new(RATES);
        let of = |n: usize| {
            let [a, b, c, d] = u32::try_from(n).unwrap().to_be_bytes();
            IpAddr::from([0x20, 1, 0xd, 0xb8, a, b, c, d, 0, 0, 0, 0, 0, 0, 0, 1])
        };
        for n in 0..KEYS + 10 {
            // Whoever came early is forgiven first.
            let now = i64::try_from(n).unwrap() / 1000;
            assert_eq!(rates.take(of(n), Turn::Visit, now), Ok(()));
        }
        let left = rates.table.lock().unwrap().len();
        assert!(left <= KEYS && left > KEYS / 3, "{left}");
    }
}
