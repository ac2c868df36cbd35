//! What a browser and an authenticator say when a passkey is made or used, checked as WebAuthn wants it (Level 3, 7.1 and 7.2).
//!
//! Pure: bytes in, a passkey or a reason out. What must never be here: whose passkey it is, or whether a challenge was given out; the
//! caller takes [`Client::challenge`] out of its store, once.

use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use url::{Host, Url};

use super::{cbor, key::Key};

pub(crate) use super::key::ALGORITHMS;

/// Why a passkey is not taken: a word for the audit log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refusal(pub(crate) &'static str);

type Checked<T> = Result<T, Refusal>;

/// The site as passkeys know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RelyingParty {
    /// Its host, without a port: passkeys are for that, and for no other.
    pub(crate) id: String,
    /// The one origin that its pages have.
    origin: String,
}

impl RelyingParty {
    /// By the address of the site. Browsers let passkeys be used by https only, and on the very computer that is called localhost;
    /// `None` for an address by number, which no passkey is for. What stands before the host is not believed: a proxy may have taken
    /// https away.
    pub(crate) fn of(base_url: &str) -> Option<Self> {
        let mut address = Url::parse(base_url).ok()?;
        let Host::Domain(host) = address.host()? else {
            return None;
        };
        let id = host.to_owned();
        if address.scheme() != "https" && id != "localhost" {
            address.set_scheme("https").ok()?;
        }
        Some(Self {
            id,
            origin: address.origin().ascii_serialization(),
        })
    }

    fn hash(&self) -> [u8; 32] {
        Sha256::digest(&self.id).into()
    }
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    /// A passkey is made.
    Create,
    /// A passkey is used.
    Get,
}

/// What the browser says, as far as it is of use.
#[derive(Debug, Deserialize)]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(rename = "crossOrigin", default)]
    cross_origin: bool,
    #[serde(rename = "topOrigin", default)]
    top_origin: Option<String>,
}

/// What a browser said, and said rightly: on a page of this site, for this deed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Client {
    /// The challenge that it answers, as it was given out.
    pub(crate) challenge: String,
    deed: Deed,
    hash: [u8; 32],
}

impl Client {
    /// Checks what the browser says of itself (`clientDataJSON`).
    pub(crate) fn read(bytes: &[u8], deed: Deed, party: &RelyingParty) -> Checked<Self> {
        let said: ClientData = serde_json::from_slice(bytes).map_err(|_| Refusal("unreadable"))?;
        let kind = match deed {
            Deed::Create => "webauthn.create",
            Deed::Get => "webauthn.get",
        };
        if said.kind != kind {
            return Err(Refusal("another deed"));
        }
        if said.origin != party.origin {
            return Err(Refusal("another origin"));
        }
        if said.cross_origin || said.top_origin.is_some() {
            return Err(Refusal("inside a page of others"));
        }
        Ok(Self {
            challenge: said.challenge,
            deed,
            hash: Sha256::digest(bytes).into(),
        })
    }
}

const USER_PRESENT: u8 = 1;
const USER_VERIFIED: u8 = 1 << 2;
const BACKUP_ELIGIBLE: u8 = 1 << 3;
const BACKED_UP: u8 = 1 << 4;
const HAS_CREDENTIAL: u8 = 1 << 6;
const HAS_EXTENSIONS: u8 = 1 << 7;

/// What an authenticator says.
#[derive(Debug, Clone, PartialEq, Eq)]
struct AuthenticatorData<'a> {
    party: &'a [u8],
    flags: u8,
    counter: u32,
    /// The id of a new passkey and its key.
    made: Option<(&'a [u8], &'a [u8])>,
}

impl<'a> AuthenticatorData<'a> {
    /// All of these bytes, or nothing.
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let (party, rest) = bytes.split_at_checked(32)?;
        let ([flags, a, b, c, d], mut rest) = rest.split_first_chunk::<5>()?;
        let mut made = None;
        if flags & HAS_CREDENTIAL != 0 {
            // Which model it is (AAGUID) is of no interest.
            let (_, after) = rest.split_at_checked(16)?;
            let ([high, low], after) = after.split_first_chunk::<2>()?;
            let length = usize::from(u16::from_be_bytes([*high, *low]));
            let (id, after) = after
                .split_at_checked(length)
                .filter(|_| (1..=1023).contains(&length))?;
            let (_, more) = cbor::first(after)?;
            made = Some((id, &after[..after.len() - more.len()]));
            rest = more;
        }
        if flags & HAS_EXTENSIONS != 0 {
            let (more, after) = cbor::first(rest)?;
            matches!(more, cbor::Value::Map(_)).then_some(())?;
            rest = after;
        }
        rest.is_empty().then_some(Self {
            party,
            flags: *flags,
            counter: u32::from_be_bytes([*a, *b, *c, *d]),
            made,
        })
    }

    fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    /// What holds whatever is done.
    fn check(&self, party: &RelyingParty, verified: bool) -> Checked<()> {
        if self.party != party.hash() {
            return Err(Refusal("for another site"));
        }
        if !self.has(USER_PRESENT) {
            return Err(Refusal("nobody was there"));
        }
        if verified && !self.has(USER_VERIFIED) {
            return Err(Refusal("whose hand it was in is not known"));
        }
        if self.has(BACKED_UP) && !self.has(BACKUP_ELIGIBLE) {
            return Err(Refusal("contradicts itself"));
        }
        Ok(())
    }
}

/// A passkey that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Registered {
    /// What it is known by.
    pub(crate) id: Vec<u8>,
    /// Its public key (COSE).
    pub(crate) key: Vec<u8>,
    /// How often it was used, where it counts.
    pub(crate) counter: u32,
    /// It may be on several devices.
    pub(crate) backup_eligible: bool,
}

/// A new passkey (`attestationObject`). Who made the device is not asked: its statement counts for nothing, whatever its form.
pub(crate) fn register(client: &Client, party: &RelyingParty, attestation: &[u8]) -> Checked<Registered> {
    if client.deed != Deed::Create {
        return Err(Refusal("another deed"));
    }
    let unreadable = Refusal("unreadable");
    let object = cbor::whole(attestation).ok_or(unreadable)?;
    let of_a_form = matches!(object.named("fmt"), Some(cbor::Value::Text(_)));
    let stated = matches!(object.named("attStmt"), Some(cbor::Value::Map(_)));
    let data = object.named("authData").and_then(cbor::Value::bytes);
    let data = data
        .filter(|_| of_a_form && stated)
        .and_then(AuthenticatorData::read)
        .ok_or(unreadable)?;
    data.check(party, true)?;
    let (id, key) = data.made.ok_or(unreadable)?;
    Key::read(key).ok_or(Refusal("a way of signing that was not asked for"))?;
    Ok(Registered {
        id: id.to_vec(),
        key: key.to_vec(),
        counter: data.counter,
        backup_eligible: data.has(BACKUP_ELIGIBLE),
    })
}

/// What is known of a passkey that is used.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Credential<'a> {
    /// Its public key (COSE).
    pub(crate) key: &'a [u8],
    /// How often it had been used.
    pub(crate) counter: u32,
    /// It may be on several devices.
    pub(crate) backup_eligible: bool,
}

/// A passkey that was used; how often it has been, now. `verified`: the device must know whose hand it is in.
pub(crate) fn authenticate(
    client: &Client,
    party: &RelyingParty,
    known: Credential<'_>,
    said: &[u8],
    signature: &[u8],
    verified: bool,
) -> Checked<u32> {
    if client.deed != Deed::Get {
        return Err(Refusal("another deed"));
    }
    let data = AuthenticatorData::read(said).ok_or(Refusal("unreadable"))?;
    data.check(party, verified)?;
    if data.has(BACKUP_ELIGIBLE) != known.backup_eligible {
        return Err(Refusal("contradicts itself"));
    }
    let key = Key::read(known.key).ok_or(Refusal("unreadable"))?;
    if !key.signed(&[said, &client.hash].concat(), signature) {
        return Err(Refusal("not signed by it"));
    }
    let counts = data.counter != 0 || known.counter != 0;
    if counts && data.counter <= known.counter {
        // Somebody else has the same key, and has used it.
        return Err(Refusal("its counter went back: there may be a copy"));
    }
    Ok(data.counter)
}
