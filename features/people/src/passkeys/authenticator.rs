//! An authenticator in software, for tests: it makes passkeys and signs with them, rightly or as it is told. Tests from outside have it, too.
#![allow(dead_code, reason = "each test binary uses its part")]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::{
    rand::SystemRandom,
    rsa::KeyPair as RsaKeyPair,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256},
};
use sha2::{Digest as _, Sha256};

/// Ways of signing by their COSE numbers.
pub const ES256: i64 = -7;
pub const EDDSA: i64 = -8;
pub const RS256: i64 = -257;

/// Somebody is there, and known to the device.
pub const HELD: u8 = 0b101;

enum Pair {
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    Rsa(Box<RsaKeyPair>),
}

/// One passkey on one device.
pub struct Authenticator {
    pair: Pair,
    /// What the passkey is known by.
    pub id: Vec<u8>,
    /// The host that it is for.
    pub party: String,
    /// What pages of this origin say.
    pub origin: String,
    /// What it says of whoever holds it.
    pub flags: u8,
    /// How often it says it was used; 0: it does not count.
    pub counter: u32,
    /// What it knows the account by.
    pub handle: String,
}

pub fn base64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Authenticator {
    pub fn new(way: i64, id: &[u8], origin: &str) -> Self {
        let random = SystemRandom::new();
        let pair = match way {
            EDDSA => {
                let made = Ed25519KeyPair::generate_pkcs8(&random).unwrap();
                Pair::Ed25519(Ed25519KeyPair::from_pkcs8(made.as_ref()).unwrap())
            }
            RS256 => {
                let kept = include_bytes!("test_data/rsa-of-tests.pk8");
                Pair::Rsa(Box::new(RsaKeyPair::from_pkcs8(kept).unwrap()))
            }
            _ => {
                let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
                let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, made.as_ref(), &random);
                Pair::P256(pair.unwrap())
            }
        };
        let host = origin.split_once("://").map_or(origin, |(_, host)| host);
        Self {
            pair,
            id: id.to_vec(),
            party: host.split(':').next().unwrap().to_owned(),
            origin: origin.to_owned(),
            flags: HELD,
            counter: 0,
            handle: String::new(),
        }
    }

    /// The public key in COSE.
    pub fn key(&self) -> Vec<u8> {
        match &self.pair {
            Pair::P256(pair) => {
                let point = pair.public_key().as_ref();
                let (x, y) = (&point[1..33], &point[33..]);
                [&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21][..], &bytes(x), &[0x22], &bytes(y)].concat()
            }
            Pair::Ed25519(pair) => {
                let x = bytes(pair.public_key().as_ref());
                [&[0xa4, 1, 1, 3, 0x27, 0x20, 6, 0x21][..], &x].concat()
            }
            Pair::Rsa(pair) => {
                let parts: ring::rsa::PublicKeyComponents<Vec<u8>> = pair.public().into();
                let start = [0xa4, 1, 3, 3, 0x39, 0x01, 0x00, 0x20];
                [&start[..], &bytes(&parts.n), &[0x21], &bytes(&parts.e)].concat()
            }
        }
    }

    /// What a browser says.
    pub fn client(&self, kind: &str, challenge: &str) -> Vec<u8> {
        let said = serde_json::json!({
            "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false, "added_later": [1],
        });
        said.to_string().into_bytes()
    }

    /// What the device says, before the key of a new passkey.
    pub fn data(&self, more: u8) -> Vec<u8> {
        let mut out = Sha256::digest(&self.party).to_vec();
        out.push(self.flags | more);
        out.extend(self.counter.to_be_bytes());
        out
    }

    /// What it says when the passkey is made.
    pub fn made(&self) -> Vec<u8> {
        let length = u16::try_from(self.id.len()).unwrap().to_be_bytes();
        [
            self.data(0x40),
            vec![0; 16],
            length.to_vec(),
            self.id.clone(),
            self.key(),
        ]
        .concat()
    }

    /// The same with a statement about the device: none.
    pub fn attestation(&self) -> Vec<u8> {
        object(&self.made())
    }

    /// What a page's script sends of a new passkey, when it was asked like this.
    pub fn make(&mut self, asked: &serde_json::Value) -> String {
        let challenge = asked["challenge"].as_str().unwrap();
        self.handle = asked["user"]["id"].as_str().unwrap().to_owned();
        let client = base64(&self.client("webauthn.create", challenge));
        let sent = serde_json::json!({
            "id": base64(&self.id), "client": client, "attestation": base64(&self.attestation()),
        });
        sent.to_string()
    }

    /// What a page's script sends when the passkey is used.
    pub fn answer(&self, asked: &serde_json::Value) -> String {
        let client = self.client("webauthn.get", asked["challenge"].as_str().unwrap());
        let data = self.data(0);
        let sent = serde_json::json!({
            "id": base64(&self.id), "client": base64(&client), "data": base64(&data),
            "signature": base64(&self.sign(&data, &client)), "handle": self.handle,
        });
        sent.to_string()
    }

    /// Signs what it says, and what the browser says.
    pub fn sign(&self, data: &[u8], client: &[u8]) -> Vec<u8> {
        let message = [data, &Sha256::digest(client)[..]].concat();
        let random = SystemRandom::new();
        match &self.pair {
            Pair::P256(pair) => pair.sign(&random, &message).unwrap().as_ref().to_vec(),
            Pair::Ed25519(pair) => pair.sign(&message).as_ref().to_vec(),
            Pair::Rsa(pair) => {
                let mut out = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, &message, &mut out).unwrap();
                out
            }
        }
    }
}

/// Bytes in CBOR.
pub fn bytes(of: &[u8]) -> Vec<u8> {
    let length = u16::try_from(of.len()).unwrap();
    let [high, low] = length.to_be_bytes();
    let head = match length {
        0..24 => vec![0x40 | low],
        24..256 => vec![0x58, low],
        _ => vec![0x59, high, low],
    };
    [head, of.to_vec()].concat()
}

/// `{"fmt": "none", "attStmt": {}, "authData": …}`.
pub fn object(data: &[u8]) -> Vec<u8> {
    [
        b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData".as_slice(),
        &bytes(data),
    ]
    .concat()
}
