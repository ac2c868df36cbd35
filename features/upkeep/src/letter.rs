//! A mail as it lies in the folder: who it is to, when it was written, what it is about, what stands in it.
//!
//! Only what this program writes is read here: one text, packed in one of three ways. What must never be here: HTML.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A mail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Letter {
    pub(crate) to: String,
    pub(crate) from: String,
    pub(crate) subject: String,
    /// As it stands in the mail.
    pub(crate) date: String,
    pub(crate) text: String,
}

impl Letter {
    /// Reads a mail; what it does not say stays empty.
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let all = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
        let (head, body) = all.split_once("\n\n").unwrap_or((&all, ""));
        // A line that begins with a blank goes on with the one before.
        let head = head.replace("\n ", " ").replace("\n\t", " ");
        let mut letter = Self::default();
        let mut packing = String::new();
        for (name, value) in head.lines().filter_map(|line| line.split_once(':')) {
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "to" => letter.to = words(value),
                "from" => letter.from = words(value),
                "subject" => letter.subject = words(value),
                "date" => value.clone_into(&mut letter.date),
                "content-transfer-encoding" => packing = value.to_ascii_lowercase(),
                _ => {}
            }
        }
        letter.text = match packing.as_str() {
            "base64" => text(&unpacked(body)),
            "quoted-printable" => text(&unquoted(body, false)),
            _ => body.to_owned(),
        };
        letter
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace("\r\n", "\n")
}

fn unpacked(body: &str) -> Vec<u8> {
    let plain: String = body.chars().filter(|c| !c.is_whitespace()).collect();
    STANDARD.decode(plain).unwrap_or_default()
}

/// Quoted-printable; in a heading `_` is a blank.
fn unquoted(body: &str, heading: bool) -> Vec<u8> {
    let bytes = body.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let pair = bytes
            .get(at + 1..at + 3)
            .and_then(|pair| std::str::from_utf8(pair).ok());
        let code = pair.and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match (byte, code) {
            (b'=', Some(code)) => {
                out.push(code);
                at += 3;
            }
            // A line that was too long goes on.
            (b'=', None) if bytes.get(at + 1) == Some(&b'\n') => at += 2,
            (b'_', _) if heading => {
                out.push(b' ');
                at += 1;
            }
            (other, _) => {
                out.push(*other);
                at += 1;
            }
        }
    }
    out
}

/// A heading with its words that are no ASCII (RFC 2047).
fn words(value: &str) -> String {
    let mut out = String::new();
    let mut rest = value;
    while let Some((before, word)) = rest.split_once("=?") {
        // Between two such words a blank is none.
        if !before.trim().is_empty() || out.is_empty() {
            out.push_str(before);
        }
        let mut parts = word.splitn(3, '?');
        let (_, way, coded) = (parts.next(), parts.next(), parts.next());
        let Some((coded, after)) = coded.and_then(|coded| coded.split_once("?=")) else {
            return value.to_owned();
        };
        let bytes = match way.unwrap_or_default().to_ascii_lowercase().as_str() {
            "b" => STANDARD.decode(coded).unwrap_or_default(),
            "q" => unquoted(coded, true),
            _ => return value.to_owned(),
        };
        out.push_str(&String::from_utf8_lossy(&bytes));
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mails_are_read_in_each_packing() {
        let plain = b"From: library@library.example\r\nTo: \"Anna\"\r\n <anna@library.example>\r\nSubject: A new password\r\n\
            Date: Fri, 27 Nov 2026 20:00:00 +0000\r\nContent-Transfer-Encoding: 7bit\r\n\r\nHello,\r\n\r\n<b>open</b> it.\r\n";
        let letter = Letter::read(plain);
        assert_eq!(letter.to, "\"Anna\" <anna@library.example>");
        assert_eq!(
            (letter.subject.as_str(), letter.from.as_str()),
            ("A new password", "library@library.example")
        );
        assert_eq!(letter.text, "Hello,\n\n<b>open</b> it.\n");
        let quoted = b"Subject: =?utf-8?b?w4lsw6lvbm9yZQ==?= =?utf-8?q?_=C3=A9crit?=\nContent-Transfer-Encoding: quoted-printable\n\n\
            https://x/?a=3Db&long=\nline=C3=A9\n";
        let letter = Letter::read(quoted);
        assert_eq!(
            (letter.subject.as_str(), letter.text.as_str()),
            ("Éléonore écrit", "https://x/?a=b&longlineé\n")
        );
        let packed = Letter::read(b"Content-Transfer-Encoding: base64\n\nSGVs\nbG8=\n");
        assert_eq!(packed.text, "Hello");
    }

    #[test]
    fn what_is_no_mail_is_read_as_it_is() {
        for bad in [
            &b""[..],
            b"\xff\xfe",
            b"Subject: =?x",
            b"Subject: =?a?z?b?=\n\n=",
            b"\n\n=4",
        ] {
            let letter = Letter::read(bad);
            assert!(letter.to.is_empty(), "{letter:?}");
        }
        assert_eq!(Letter::read(b"Subject: =?a?z?b?=\n\n=").subject, "=?a?z?b?=");
    }
}
