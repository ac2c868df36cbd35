//! Passkeys of an authenticator in software: what is taken, and all that is not.

use super::{
    authenticator::{Authenticator, EDDSA, ES256, HELD, RS256, base64, bytes, object},
    ceremony::{Client, Credential, Deed, Refusal, Registered, RelyingParty, authenticate, register},
};

const ORIGIN: &str = "https://library.example";

fn party() -> RelyingParty {
    RelyingParty::of(ORIGIN).unwrap()
}

fn device(way: i64) -> Authenticator {
    Authenticator::new(way, b"an id", ORIGIN)
}

fn making(device: &Authenticator) -> Client {
    Client::read(&device.client("webauthn.create", "abc"), Deed::Create, &party()).unwrap()
}

fn make(device: &Authenticator) -> Result<Registered, Refusal> {
    register(&making(device), &party(), &device.attestation())
}

/// Uses a passkey after it was kept with this counter.
fn use_it(device: &Authenticator, counter: u32, verified: bool) -> Result<u32, Refusal> {
    let said = device.client("webauthn.get", "abc");
    let client = Client::read(&said, Deed::Get, &party())?;
    let key = device.key();
    let known = Credential {
        key: &key,
        counter,
        backup_eligible: device.flags & 8 != 0,
    };
    let data = device.data(0);
    authenticate(&client, &party(), known, &data, &device.sign(&data, &said), verified)
}

#[test]
fn every_way_of_signing_makes_and_uses_a_passkey() {
    for way in [ES256, EDDSA, RS256] {
        let device = device(way);
        let made = make(&device).unwrap();
        assert_eq!(
            (made.id.as_slice(), made.key),
            (b"an id".as_slice(), device.key()),
            "{way}"
        );
        assert_eq!(use_it(&device, 0, true), Ok(0), "{way}");
    }
}

#[test]
fn the_site_is_its_host_and_one_origin() {
    let of = |url: &str| RelyingParty::of(url).map(|party| party.id);
    for (url, id) in [
        ("https://library.example", Some("library.example")),
        ("http://library.example", Some("library.example")),
        ("https://library.example:8443", Some("library.example")),
        ("http://localhost:8080", Some("localhost")),
        ("https://bücher.example", Some("xn--bcher-kva.example")),
        ("http://127.0.0.1:8080", None),
        ("http://[::1]:8080", None),
        ("", None),
    ] {
        assert_eq!(of(url).as_deref(), id, "{url}");
    }
    let from = |site: &str, origin: &str| {
        let mut device = device(ES256);
        device.origin = origin.to_owned();
        Client::read(
            &device.client("webauthn.get", "abc"),
            Deed::Get,
            &RelyingParty::of(site).unwrap(),
        )
        .is_ok()
    };
    // Behind a proxy the address may be known without its s.
    assert!(from("http://library.example", ORIGIN) && from("https://library.example:443", ORIGIN));
    assert!(from("http://localhost:8080", "http://localhost:8080"));
    for origin in [
        "http://library.example",
        "https://library.example:8443",
        "https://evil.example",
        "https://library.example.evil.example",
        "https://sub.library.example",
        "https://library.example/",
        "android:apk-key-hash:abc",
        "null",
        "",
    ] {
        assert!(!from(ORIGIN, origin), "{origin}");
    }
}

#[test]
fn what_the_browser_says_must_be_whole_and_of_this_deed() {
    let read = |said: &str| Client::read(said.as_bytes(), Deed::Get, &party());
    let good = r#"{"type":"webauthn.get","challenge":"abc","origin":"https://library.example"}"#;
    assert_eq!(read(good).unwrap().challenge, "abc");
    for (said, why) in [
        (good.replace("webauthn.get", "webauthn.create"), "another deed"),
        (good.replace("webauthn.get", "payment.get"), "another deed"),
        (good.replace('}', r#","crossOrigin":true}"#), "inside a page of others"),
        (
            good.replace('}', r#","topOrigin":"https://evil.example"}"#),
            "inside a page of others",
        ),
        (good.replace('}', r#","challenge":"def"}"#), "unreadable"),
        (good.replace('}', r#","origin":"https://evil.example"}"#), "unreadable"),
        (good.replace("\"challenge\":\"abc\",", ""), "unreadable"),
        (format!("\u{feff}{good}"), "unreadable"),
        (format!("{good} x"), "unreadable"),
        ("[".repeat(5000), "unreadable"),
        (String::new(), "unreadable"),
    ] {
        assert_eq!(read(&said).unwrap_err().0, why, "{said}");
    }
    // One deed does not stand for the other, even where the bytes would do.
    let device = device(ES256);
    assert_eq!(
        authenticate(
            &making(&device),
            &party(),
            Credential {
                key: &device.key(),
                counter: 0,
                backup_eligible: false
            },
            &device.data(0),
            &[],
            true
        ),
        Err(Refusal("another deed"))
    );
}

#[test]
fn what_the_device_says_must_be_for_this_site_and_of_somebody() {
    let with = |change: &dyn Fn(&mut Authenticator)| {
        let mut device = device(ES256);
        change(&mut device);
        (
            make(&device).err().map(|r| r.0),
            use_it(&device, 0, true).err().map(|r| r.0),
        )
    };
    let both = |why| (Some(why), Some(why));
    assert_eq!(with(&|_| ()), (None, None));
    assert_eq!(with(&|d| d.party = "evil.example".to_owned()), both("for another site"));
    assert_eq!(with(&|d| d.flags = 0b100), both("nobody was there"));
    assert_eq!(with(&|d| d.flags = 0b001), both("whose hand it was in is not known"));
    assert_eq!(with(&|d| d.flags = HELD | 0x10), both("contradicts itself"));
    assert_eq!(with(&|d| d.flags = HELD | 0x18), (None, None), "on several devices");
    let mut touched = device(ES256);
    touched.flags = 1;
    assert_eq!(use_it(&touched, 0, false), Ok(0), "after a password a touch is enough");
}

#[test]
fn a_passkey_does_not_become_another_kind_of_passkey() {
    let mut device = device(ES256);
    let key = device.key();
    device.flags = HELD | 8;
    let said = device.client("webauthn.get", "abc");
    let client = Client::read(&said, Deed::Get, &party()).unwrap();
    let known = Credential {
        key: &key,
        counter: 0,
        backup_eligible: false,
    };
    let data = device.data(0);
    let answer = authenticate(&client, &party(), known, &data, &device.sign(&data, &said), true);
    assert_eq!(answer, Err(Refusal("contradicts itself")));
}

#[test]
fn a_counter_that_goes_back_tells_of_a_copy() {
    let mut device = device(EDDSA);
    let back = Err(Refusal("its counter went back: there may be a copy"));
    for (kept, now, answer) in [
        (0, 0, Ok(0)),
        (0, 1, Ok(1)),
        (5, 6, Ok(6)),
        (5, u32::MAX, Ok(u32::MAX)),
        (5, 5, back),
        (5, 4, back),
        (5, 0, back),
    ] {
        device.counter = now;
        assert_eq!(use_it(&device, kept, true), answer, "{kept} {now}");
    }
}

#[test]
fn what_is_signed_is_all_of_it_and_by_this_key() {
    for way in [ES256, EDDSA, RS256] {
        let (device, other) = (device(way), device(ES256));
        let said = device.client("webauthn.get", "abc");
        let client = Client::read(&said, Deed::Get, &party()).unwrap();
        let (data, key) = (device.data(0), device.key());
        let signature = device.sign(&data, &said);
        let answer = |key: &[u8], data: &[u8], signature: &[u8]| {
            authenticate(
                &client,
                &party(),
                Credential {
                    key,
                    counter: 0,
                    backup_eligible: false,
                },
                data,
                signature,
                true,
            )
        };
        assert_eq!(answer(&key, &data, &signature), Ok(0), "{way}");
        let refused = Err(Refusal("not signed by it"));
        let mut counted = data.clone();
        counted[36] = 9;
        assert_eq!(answer(&key, &counted, &signature), refused, "{way}");
        assert_eq!(answer(&other.key(), &data, &signature), refused, "{way}");
        assert_eq!(answer(&key, &data, &[]), refused, "{way}");
        assert_eq!(answer(&key, &data, &other.sign(&data, &said)), refused, "{way}");
        let mut damaged = signature.clone();
        damaged[10] ^= 1;
        assert_eq!(answer(&key, &data, &damaged), refused, "{way}");
        let elsewhere = device.client("webauthn.get", "another challenge");
        assert_eq!(answer(&key, &data, &device.sign(&data, &elsewhere)), refused, "{way}");
    }
}

#[test]
fn keys_of_other_kinds_are_not_taken() {
    let device = device(ES256);
    let made_with = |key: &[u8]| {
        let length = [0, 5];
        let data = [&device.data(0x40), &[0; 16][..], &length, b"an id", key].concat();
        register(&making(&device), &party(), &object(&data)).map(|made| made.id)
    };
    let point = |kind: u8, way: u8, curve: u8, x: usize, y: usize| {
        [
            &[0xa5, 1, kind, 3, way, 0x20, curve, 0x21][..],
            &bytes(&vec![7; x]),
            &[0x22],
            &bytes(&vec![7; y]),
        ]
        .concat()
    };
    assert!(made_with(&point(2, 0x26, 1, 32, 32)).is_ok());
    let unknown = Err(Refusal("a way of signing that was not asked for"));
    for key in [
        point(2, 0x26, 2, 32, 32),
        point(3, 0x26, 1, 32, 32),
        point(2, 0x27, 1, 32, 32),
        point(2, 0x26, 1, 31, 32),
        point(2, 0x26, 1, 32, 33),
        point(2, 0x26, 1, 0, 0),
        // Ed25519 with a short key, RSA with a short one and with a long exponent, and nothing.
        [&[0xa4, 1, 1, 3, 0x27, 0x20, 6, 0x21][..], &bytes(&[7; 31])].concat(),
        [
            &[0xa4, 1, 3, 3, 0x39, 1, 0, 0x20][..],
            &bytes(&[7; 128]),
            &[0x21],
            &bytes(&[1, 0, 1]),
        ]
        .concat(),
        [
            &[0xa4, 1, 3, 3, 0x39, 1, 0, 0x20][..],
            &bytes(&[7; 256]),
            &[0x21],
            &bytes(&[1; 8]),
        ]
        .concat(),
        [
            &[0xa4, 1, 3, 3, 0x39, 1, 0, 0x20][..],
            &bytes(&[0; 256]),
            &[0x21],
            &bytes(&[1]),
        ]
        .concat(),
        vec![0xa0],
        vec![0x80],
    ] {
        assert_eq!(made_with(&key), unknown, "{key:?}");
    }
}

#[test]
fn statements_about_the_device_count_for_nothing_but_must_be_there() {
    let device = device(ES256);
    let data = bytes(&device.made());
    let of = |start: &[u8]| register(&making(&device), &party(), &[start, &data].concat()).is_ok();
    assert!(of(b"\xa3\x63fmt\x66packed\x67attStmt\xa1\x63sig\x43abc\x68authData"));
    assert!(!of(b"\xa2\x63fmt\x64none\x68authData"));
    assert!(!of(b"\xa2\x67attStmt\xa0\x68authData"));
    assert!(!of(b"\xa3\x63fmt\x01\x67attStmt\xa0\x68authData"));
    assert!(!of(b"\xa3\x63fmt\x64none\x67attStmt\x80\x68authData"));
}

#[test]
fn what_is_cut_off_damaged_or_too_long_is_refused_and_never_worse() {
    for way in [ES256, EDDSA, RS256] {
        let device = device(way);
        let client = making(&device);
        let whole = device.attestation();
        for end in 0..whole.len() {
            assert!(register(&client, &party(), &whole[..end]).is_err(), "{way}: {end}");
        }
        assert!(register(&client, &party(), &[&whole[..], &[0]].concat()).is_err());
        for at in 0..whole.len() {
            for bit in 0..8 {
                let mut damaged = whole.clone();
                damaged[at] ^= 1 << bit;
                // Some damage is another key, id or model of the device; none may be more than that.
                if let Ok(made) = register(&client, &party(), &damaged) {
                    assert!(made.id.len() <= 1023 && made.key.len() <= whole.len());
                }
            }
        }
        let known = device.key();
        let said = device.client("webauthn.get", "abc");
        let using = Client::read(&said, Deed::Get, &party()).unwrap();
        let data = device.data(0);
        let signature = device.sign(&data, &said);
        for at in 0..data.len() * 8 {
            let mut damaged = data.clone();
            damaged[at / 8] ^= 1 << (at % 8);
            let known = Credential {
                key: &known,
                counter: 0,
                backup_eligible: damaged[32] & 8 != 0,
            };
            assert!(
                authenticate(&using, &party(), known, &damaged, &signature, false).is_err(),
                "{way}: {at}"
            );
        }
    }
}

#[test]
fn noise_is_refused() {
    // A generator of its own, so that a failure comes again.
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let device = device(ES256);
    let (client, start) = (making(&device), device.made());
    for _ in 0..20_000 {
        let length = usize::try_from(next() % 300).unwrap();
        let noise: Vec<u8> = (0..length).map(|_| next().to_le_bytes()[0]).collect();
        assert!(register(&client, &party(), &noise).is_err());
        // A sound beginning, then noise: flags that promise a key and more.
        let kept = usize::try_from(next() % 60).unwrap();
        let mixed = [&start[..kept], &noise].concat();
        let _ = register(&client, &party(), &object(&mixed));
        assert!(Client::read(&noise, Deed::Get, &party()).is_err());
    }
}

#[test]
fn more_said_of_a_passkey_is_read_over() {
    let device = device(ES256);
    let client = making(&device);
    let with = |more: &[u8]| {
        let mut data = [&device.made(), more].concat();
        data[32] |= 0x80;
        register(&client, &party(), &object(&data)).is_ok()
    };
    assert!(with(b"\xa1\x6bcredProtect\x02"));
    assert!(!with(b""), "promised and not there");
    assert!(!with(b"\x01"), "no map");
    assert!(!with(b"\xa0\xa0"), "more than one");
    assert_eq!(base64(&[0xff, 0xfe]), "__4");
}
