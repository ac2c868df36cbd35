//! Passkeys (WebAuthn): made and used with challenges that are good once (decision 0018).
//!
//! What must never be here: HTTP.

#[cfg(test)]
mod authenticator;
mod cbor;
mod ceremony;
mod key;
mod store;
#[cfg(test)]
mod tests;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gp_content::{
    Grant, User,
    actions::{self, Act},
};
use gp_kernel::{Error, ErrorKind, Result, UserId};
use gp_store::Conn;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::passwords::{hex, same};
use ceremony::{Client, Credential, Deed};

pub(crate) use ceremony::{Refusal, RelyingParty};
pub(crate) use store::{Passkey, of};

/// How long somebody may look for their device.
const PATIENCE: i64 = 300;
/// Most that an account may have.
pub(crate) const MOST: usize = 20;

/// What a challenge is given out for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Purpose<'a> {
    /// A new passkey, in this session.
    Make(&'a str),
    /// Signing in, whoever it is.
    SignIn,
    /// The second step of an account.
    SecondStep(UserId),
}

impl Purpose<'_> {
    fn word(&self) -> String {
        match self {
            Self::Make(session) => format!("make {session}"),
            Self::SignIn => "sign in".to_owned(),
            Self::SecondStep(user) => format!("second step {user}"),
        }
    }
}

/// What a page's script sends: all in Base64 for addresses.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Sent {
    id: String,
    client: String,
    attestation: String,
    data: String,
    signature: String,
    handle: String,
}

fn decoded(text: &str) -> std::result::Result<Vec<u8>, Refusal> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| Refusal("unreadable"))
}

/// Gives a challenge out.
async fn challenge(
    tx: &mut Conn,
    purpose: &Purpose<'_>,
    user: UserId,
    handle: &str,
    now: i64,
    random: &[u8; 32],
) -> Result<String> {
    let text = URL_SAFE_NO_PAD.encode(random);
    let kept = store::Challenge {
        id: hex(&Sha256::digest(&text)),
        purpose: purpose.word(),
        user,
        user_handle: handle.to_owned(),
        expires: now + PATIENCE,
    };
    store::add_challenge(tx, &kept, now).await?;
    Ok(text)
}

async fn taken(tx: &mut Conn, client: &Client, purpose: &Purpose<'_>, now: i64) -> Result<Option<store::Challenge>> {
    let id = hex(&Sha256::digest(&client.challenge));
    store::take_challenge(tx, &id, &purpose.word(), now).await
}

fn named(passkeys: &[Passkey], party: &RelyingParty) -> Vec<Value> {
    let here = passkeys.iter().filter(|passkey| passkey.rp_id == party.id);
    here.map(|passkey| json!({"type": "public-key", "id": passkey.id}))
        .collect()
}

/// What a page's script asks the browser for, to make a passkey.
///
/// # Errors
/// `Conflict` for an account that has as many as it may have.
pub(crate) async fn creation_options(
    tx: &mut Conn,
    party: &RelyingParty,
    library: &str,
    account: &User,
    session: &str,
    now: i64,
    random: &[u8; 64],
) -> Result<Value> {
    let known = of(tx, account.id).await?;
    if known.len() >= MOST {
        let message = format!("An account has {MOST} passkeys at most: remove one that is not used any more.");
        return Err(Error::new(ErrorKind::Conflict, message));
    }
    let (first, second) = random.split_at(32);
    // All passkeys of an account know it by the same handle, so that a device keeps one of them only.
    let handle = match known.first() {
        Some(passkey) => passkey.user_handle.clone(),
        None => URL_SAFE_NO_PAD.encode(second),
    };
    let first: &[u8; 32] = first.try_into().map_err(|_| Error::internal("32 of 64 bytes"))?;
    let challenge = challenge(tx, &Purpose::Make(session), account.id, &handle, now, first).await?;
    let ways: Vec<Value> = ceremony::ALGORITHMS
        .iter()
        .map(|number| json!({"type": "public-key", "alg": number}))
        .collect();
    Ok(json!({
        "rp": {"id": party.id, "name": library},
        "user": {"id": handle, "name": account.login, "displayName": account.display_name},
        "challenge": challenge,
        "pubKeyCredParams": ways,
        "timeout": PATIENCE * 1000,
        "excludeCredentials": named(&known, party),
        "authenticatorSelection": {
            "residentKey": "required", "requireResidentKey": true, "userVerification": "required",
        },
        "attestation": "none",
    }))
}

/// What a page's script asks the browser for, to use a passkey: any of this site, or one of an account.
pub(crate) async fn request_options(
    tx: &mut Conn,
    party: &RelyingParty,
    account: Option<UserId>,
    now: i64,
    random: &[u8; 32],
) -> Result<Value> {
    let (purpose, user) = match account {
        Some(user) => (Purpose::SecondStep(user), user),
        None => (Purpose::SignIn, UserId(0)),
    };
    let known = match account {
        Some(user) => of(tx, user).await?,
        None => Vec::new(),
    };
    let challenge = challenge(tx, &purpose, user, "", now, random).await?;
    // After a password it is enough that somebody touches the device.
    let verification = if account.is_some() { "preferred" } else { "required" };
    Ok(json!({
        "rpId": party.id,
        "challenge": challenge,
        "timeout": PATIENCE * 1000,
        "allowCredentials": named(&known, party),
        "userVerification": verification,
    }))
}

/// Keeps a passkey that a page's script has had made.
///
/// # Errors
/// `Forbidden` without leave for one's own account; else when the database does not answer. The inner error: it is not taken.
pub(crate) async fn add(
    act: &mut Act<'_>,
    grant: &Grant,
    party: &RelyingParty,
    session: &str,
    name: &str,
    sent: &str,
) -> Result<std::result::Result<Passkey, Refusal>> {
    let user = grant.actor();
    actions::check_account(grant, user)?;
    let now = act.now.as_second();
    let read = || -> std::result::Result<(Client, Vec<u8>), Refusal> {
        let sent: Sent = serde_json::from_str(sent).map_err(|_| Refusal("unreadable"))?;
        let client = Client::read(&decoded(&sent.client)?, Deed::Create, party)?;
        Ok((client, decoded(&sent.attestation)?))
    };
    let (client, attestation) = match read() {
        Ok(read) => read,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let challenge = taken(act.tx, &client, &Purpose::Make(session), now).await?;
    let Some(challenge) = challenge.filter(|challenge| challenge.user == user) else {
        return Ok(Err(Refusal("no such challenge")));
    };
    let made = match ceremony::register(&client, party, &attestation) {
        Ok(made) => made,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let passkey = Passkey {
        id: URL_SAFE_NO_PAD.encode(&made.id),
        user,
        user_handle: challenge.user_handle,
        rp_id: party.id.clone(),
        name: name.to_owned(),
        key: made.key,
        counter: made.counter,
        backup_eligible: made.backup_eligible,
        created: now,
        used: 0,
    };
    if of(act.tx, user).await?.len() >= MOST || !store::add(act.tx, &passkey).await? {
        return Ok(Err(Refusal("known already")));
    }
    Ok(Ok(passkey))
}

/// A passkey that was used, or why it is not taken, with the account that it would have been.
pub(crate) type Used = std::result::Result<Passkey, (Refusal, UserId)>;

/// Takes what a page's script has had signed, for signing in or as the second step of an account. It is kept that it was used.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn pass(
    tx: &mut Conn,
    party: &RelyingParty,
    account: Option<UserId>,
    sent: &str,
    now: i64,
) -> Result<Used> {
    let nobody = UserId(0);
    let unreadable = (Refusal("unreadable"), nobody);
    let Ok(sent) = serde_json::from_str::<Sent>(sent) else {
        return Ok(Err(unreadable));
    };
    let (Ok(said), Ok(data), Ok(signature)) = (decoded(&sent.client), decoded(&sent.data), decoded(&sent.signature))
    else {
        return Ok(Err(unreadable));
    };
    let client = match Client::read(&said, Deed::Get, party) {
        Ok(client) => client,
        Err(refusal) => return Ok(Err((refusal, nobody))),
    };
    let purpose = account.map_or(Purpose::SignIn, Purpose::SecondStep);
    if taken(tx, &client, &purpose, now).await?.is_none() {
        return Ok(Err((Refusal("no such challenge"), nobody)));
    }
    let Some(passkey) = store::by_id(tx, &sent.id).await? else {
        return Ok(Err((Refusal("not known here"), nobody)));
    };
    let refused = |refusal| Ok(Err((refusal, passkey.user)));
    if passkey.rp_id != party.id || account.is_some_and(|user| user != passkey.user) {
        return refused(Refusal("of another account or site"));
    }
    // Who is not asked for a name is known by the handle, which has to be there then.
    let handle = same(sent.handle.as_bytes(), passkey.user_handle.as_bytes());
    if !handle && (account.is_none() || !sent.handle.is_empty()) {
        return refused(Refusal("of another account or site"));
    }
    let known = Credential {
        key: &passkey.key,
        counter: passkey.counter,
        backup_eligible: passkey.backup_eligible,
    };
    match ceremony::authenticate(&client, party, known, &data, &signature, account.is_none()) {
        Ok(counter) if store::keep_use(tx, &passkey, counter, now).await? => Ok(Ok(passkey)),
        Ok(_) => refused(Refusal("its counter went back: there may be a copy")),
        Err(refusal) => refused(refusal),
    }
}

/// Forgets a passkey of one's own.
///
/// # Errors
/// `Forbidden` without leave; `NotFound`.
pub(crate) async fn remove(act: &mut Act<'_>, grant: &Grant, id: &str) -> Result<()> {
    let user = grant.actor();
    actions::check_account(grant, user)?;
    if !store::remove(act.tx, user, id).await? {
        return Err(Error::not_found("There is no such passkey any more."));
    }
    Ok(())
}

/// Forgets all passkeys of an account, for whoever may change it.
///
/// # Errors
/// `Forbidden` without leave.
pub(crate) async fn remove_all(act: &mut Act<'_>, grant: &Grant, user: UserId) -> Result<u64> {
    actions::check_account(grant, user)?;
    store::remove_all(act.tx, user).await
}
