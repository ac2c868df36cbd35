//! Public keys as authenticators give them (COSE, RFC 9053), and checking what was signed with them.
//!
//! What must never be here: a way of signing that was not asked for when the key was made.

use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};

use super::cbor::{self, Value};

/// The ways of signing that are taken, by their COSE numbers, the best first.
pub(crate) const ALGORITHMS: [i64; 3] = [EDDSA, ES256, RS256];
const ES256: i64 = -7;
const EDDSA: i64 = -8;
const RS256: i64 = -257;

/// A public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Key<'a> {
    /// ECDSA on P-256 with SHA-256: a point, not compressed.
    P256([u8; 65]),
    /// Ed25519.
    Ed25519(&'a [u8]),
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rsa { modulus: &'a [u8], exponent: &'a [u8] },
}

impl<'a> Key<'a> {
    /// The key that these bytes are.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        Self::of(&cbor::whole(bytes)?)
    }

    /// From a map of COSE. What it says of itself must agree: kind, way of signing, curve, lengths.
    pub(super) fn of(map: &Value<'a>) -> Option<Self> {
        let int = |label| map.at(label).and_then(Value::int);
        let bytes = |label| map.at(label).and_then(Value::bytes);
        match (int(1)?, int(3)?) {
            (2, ES256) if int(-1)? == 1 => {
                let (x, y) = (bytes(-2)?, bytes(-3)?);
                let mut point = [4; 65];
                point[1..33].copy_from_slice(x.get(..32).filter(|_| x.len() == 32)?);
                point[33..].copy_from_slice(y.get(..32).filter(|_| y.len() == 32)?);
                Some(Self::P256(point))
            }
            (1, EDDSA) if int(-1)? == 6 => Some(Self::Ed25519(bytes(-2).filter(|x| x.len() == 32)?)),
            (3, RS256) => {
                let (modulus, exponent) = (bytes(-1)?, bytes(-2)?);
                let sound = (256..=1024).contains(&modulus.len()) && modulus[0] != 0;
                let usual = (1..=4).contains(&exponent.len()) && exponent[0] != 0;
                (sound && usual).then_some(Self::Rsa { modulus, exponent })
            }
            _ => None,
        }
    }

    /// Whether this key signed this message.
    pub(super) fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let verified = match self {
            Self::P256(point) => {
                UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_ASN1, point).verify(message, signature)
            }
            Self::Ed25519(key) => UnparsedPublicKey::new(&signature::ED25519, key).verify(message, signature),
            Self::Rsa { modulus, exponent } => {
                let key = RsaPublicKeyComponents {
                    n: modulus,
                    e: exponent,
                };
                key.verify(&signature::RSA_PKCS1_2048_8192_SHA256, message, signature)
            }
        };
        verified.is_ok()
    }
}
