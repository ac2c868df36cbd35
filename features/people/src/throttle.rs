//! How long somebody waits who types wrong passwords.
//!
//! Counted are three things: wrong passwords for an account from one network, from one network whatever the account, and for an
//! account from everywhere. The first two make the network wait, longer each time. The third makes only networks wait from which
//! nobody is signed in to the account, and never for long: nobody can lock somebody else out. What must never be here: the
//! passwords, or a name that was typed.

use gp_kernel::Result;
use gp_store::Conn;
use sha2::{Digest as _, Sha256};

use crate::{
    passwords::hex,
    store::{self, Attempts},
};

/// A way of counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rule {
    /// So many are free.
    free: i64,
    /// The first wait in seconds; each further one is twice as long.
    first: i64,
    /// The longest.
    most: i64,
}

/// One account from one network.
pub(crate) const PAIR: Rule = Rule {
    free: 10,
    first: 30,
    most: 3600,
};
/// One network: an office may have many people behind one address.
pub(crate) const NETWORK: Rule = Rule {
    free: 60,
    first: 60,
    most: 3600,
};
/// One account from everywhere.
pub(crate) const ACCOUNT: Rule = Rule {
    free: 100,
    first: 20,
    most: 60,
};
/// Mails that somebody asks for.
pub(crate) const MAILS: Rule = Rule {
    free: 5,
    first: 600,
    most: 3600,
};
/// Challenges for passkeys that nobody has answered yet.
pub(crate) const CHALLENGES: Rule = Rule {
    free: 120,
    first: 30,
    most: 600,
};
/// Who has been quiet for so long begins anew.
const FORGIVEN: i64 = 3600;

/// What an account is counted under, whether there is one or not: the name that was typed may be a password by mistake.
pub(crate) fn account(user: Option<i64>, typed: &str) -> String {
    match user {
        Some(id) => format!("u{id}"),
        None => hex(&Sha256::digest(typed.trim().to_lowercase())[..12]),
    }
}

/// One try more; a wait when it is one too many.
pub(crate) fn counted(before: Attempts, rule: Rule, now: i64) -> Attempts {
    let forgiven = now > before.until.max(before.last) + FORGIVEN;
    let failures = if forgiven { 1 } else { before.failures + 1 };
    let over = failures - rule.free;
    let wait = match over {
        ..0 => 0,
        0..16 => (rule.first << over).min(rule.most),
        _ => rule.most,
    };
    Attempts {
        failures,
        last: now,
        until: if wait == 0 { 0 } else { now + wait },
    }
}

/// Counts a try before it is looked at, so that many at once are counted too. `Some`: it is not looked at; seconds to wait.
pub(crate) async fn knock(tx: &mut Conn, scopes: &[(String, Rule)], now: i64) -> Result<Option<i64>> {
    let mut found = Vec::with_capacity(scopes.len());
    for (scope, rule) in scopes {
        store::hold_attempts(tx, scope).await?;
        let before = store::attempts(tx, scope).await?;
        if before.until > now {
            return Ok(Some(before.until - now));
        }
        found.push(counted(before, *rule, now));
    }
    for ((scope, _), attempts) in scopes.iter().zip(found) {
        store::keep_attempts(tx, scope, attempts).await?;
    }
    Ok(None)
}

/// The try was a good one.
pub(crate) async fn good(tx: &mut Conn, scopes: &[(String, Rule)]) -> Result<()> {
    for (scope, rule) in scopes {
        if *rule == NETWORK {
            // Others of the network may still be guessing.
            let before = store::attempts(tx, scope).await?;
            let failures = (before.failures - 1).max(0);
            store::keep_attempts(
                tx,
                scope,
                Attempts {
                    failures,
                    until: 0,
                    ..before
                },
            )
            .await?;
        } else {
            store::forget_attempts(tx, scope).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        let mut attempts = Attempts::default();
        for _ in 0..9 {
            attempts = counted(attempts, PAIR, 1000);
            assert_eq!(attempts.until, 0);
        }
        let waits: Vec<i64> = (0..9)
            .map(|_| {
                attempts = counted(attempts, PAIR, 1000);
                attempts.until - 1000
            })
            .collect();
        assert_eq!(waits, [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
        let later = counted(attempts, PAIR, attempts.until + FORGIVEN + 1);
        assert_eq!((later.failures, later.until), (1, 0));
        let many = Attempts {
            failures: i64::MAX - 1,
            last: 1,
            until: 0,
        };
        assert_eq!(counted(many, ACCOUNT, 2).until, 62);
    }

    #[test]
    fn names_are_counted_without_being_kept() {
        assert_eq!(account(Some(7), "anna"), "u7");
        assert_eq!(account(None, " Anna "), account(None, "anna"));
        assert!(!account(None, "anna").contains("anna"));
    }
}
