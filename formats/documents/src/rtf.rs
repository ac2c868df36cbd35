//! Rich text (RTF), as small editors and old programs write it.
//!
//! Never in here: pictures, objects, comments, heads and feet of pages, hidden and deleted text.

use crate::model::{Document, Limits};
use crate::office::Collected;
use encoding_rs::Encoding;
use std::collections::HashMap;

pub(crate) const MIME: &str = "application/rtf";

/// Groups of which the content is not text. Others that start with `\*` are not known and left out, too.
const SKIPPED: [&str; 24] = [
    "fonttbl",
    "colortbl",
    "stylesheet",
    "listtable",
    "listoverridetable",
    "info",
    "pict",
    "object",
    "header",
    "headerl",
    "headerr",
    "headerf",
    "footer",
    "footerl",
    "footerr",
    "footerf",
    "annotation",
    "atnid",
    "atnauthor",
    "fldinst",
    "xe",
    "tc",
    "themedata",
    "nonshppict",
];

/// What holds within a group.
#[derive(Clone)]
struct Group {
    skipped: bool,
    hidden: bool,
    fonts: bool,
    font: i32,
    /// Bytes that stand in for a character after `\u`.
    stand_ins: usize,
}

struct Walk {
    groups: Vec<Group>,
    code_page: &'static Encoding,
    fonts: HashMap<i32, &'static Encoding>,
    bytes: Vec<u8>,
    text: String,
    out: Collected,
    level: Option<u8>,
    ignored: usize,
    star: bool,
    limit: usize,
    chars: usize,
    high: Option<u16>,
}

/// Reads a rich text.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Document {
    let mut document = Document::empty(MIME);
    let start = Group {
        skipped: false,
        hidden: false,
        fonts: false,
        font: 0,
        stand_ins: 1,
    };
    let mut walk = Walk {
        groups: vec![start],
        code_page: encoding_rs::WINDOWS_1252,
        fonts: HashMap::new(),
        bytes: Vec::new(),
        text: String::new(),
        out: Collected {
            pages: 1,
            ..Collected::default()
        },
        level: None,
        ignored: 0,
        star: false,
        limit: limits.max_text_chars,
        chars: 0,
        high: None,
    };
    walk.run(bytes);
    walk.paragraph();
    walk.out.finish(&mut document, limits);
    document
}

impl Walk {
    fn run(&mut self, bytes: &[u8]) {
        let mut at = 0;
        while let Some(&byte) = bytes
            .get(at)
            .filter(|_| self.chars < self.limit && (self.out.pages as usize) < 100_000)
        {
            at += 1;
            match byte {
                b'{' => {
                    self.flush();
                    if self.groups.len() > 1000 {
                        self.out.broken = true;
                        return;
                    }
                    let group = self.group().clone();
                    self.groups.push(group);
                    self.ignored = 0;
                }
                b'}' => {
                    self.flush();
                    if self.groups.len() > 1 {
                        self.groups.pop();
                    }
                    self.ignored = 0;
                }
                b'\\' => at = self.control(bytes, at),
                b'\r' | b'\n' => {}
                byte => self.byte(byte),
            }
        }
    }

    fn group(&mut self) -> &mut Group {
        // There is always one: the first is never taken off.
        if self.groups.is_empty() {
            self.groups.push(Group {
                skipped: false,
                hidden: false,
                fonts: false,
                font: 0,
                stand_ins: 1,
            });
        }
        let last = self.groups.len() - 1;
        &mut self.groups[last]
    }

    fn byte(&mut self, byte: u8) {
        if self.ignored > 0 {
            self.ignored -= 1;
        } else if !self.group().skipped && !self.group().hidden {
            self.bytes.push(byte);
        }
    }

    /// Turns the bytes so far into text.
    fn flush(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let font = self.group().font;
        let encoding = self.fonts.get(&font).copied().unwrap_or(self.code_page);
        let bytes = std::mem::take(&mut self.bytes);
        self.text.push_str(&encoding.decode_without_bom_handling(&bytes).0);
    }

    /// Reads a control word or sign and gives the place behind it.
    fn control(&mut self, bytes: &[u8], mut at: usize) -> usize {
        let Some(&first) = bytes.get(at) else { return at };
        if !first.is_ascii_alphabetic() {
            at += 1;
            match first {
                b'\'' => {
                    let digit = |at: usize| bytes.get(at).and_then(|b| char::from(*b).to_digit(16));
                    if let (Some(high), Some(low)) = (digit(at), digit(at + 1)) {
                        self.byte((high * 16 + low) as u8);
                        return at + 2;
                    }
                }
                b'*' => self.star = true,
                b'~' => self.push(" "),
                b'_' => self.push("-"),
                b'\r' | b'\n' => self.paragraph(),
                b'\\' | b'{' | b'}' => self.byte(first),
                _ => {}
            }
            return at;
        }
        let end = at
            + bytes[at..]
                .iter()
                .take(32)
                .take_while(|b| b.is_ascii_alphabetic())
                .count();
        let word = String::from_utf8_lossy(&bytes[at..end]).into_owned();
        let minus = bytes.get(end) == Some(&b'-');
        let start = end + usize::from(minus);
        let digits = bytes
            .get(start..)
            .unwrap_or_default()
            .iter()
            .take(10)
            .take_while(|b| b.is_ascii_digit())
            .count();
        let number: Option<i32> = std::str::from_utf8(&bytes[if digits > 0 { end } else { start }..start + digits])
            .ok()
            .and_then(|n| n.parse().ok());
        let mut after = if digits > 0 { start + digits } else { end };
        if bytes.get(after) == Some(&b' ') {
            after += 1;
        }
        if word == "bin" {
            return after.saturating_add(usize::try_from(number.unwrap_or(0)).unwrap_or(0));
        }
        self.word(&word, number);
        after
    }

    fn word(&mut self, word: &str, number: Option<i32>) {
        let unknown = std::mem::take(&mut self.star) && !matches!(word, "shppict" | "footnote");
        if word == "fonttbl" {
            self.group().fonts = true;
        }
        if unknown || SKIPPED.contains(&word) {
            self.out.pictures += usize::from(matches!(word, "pict" | "object"));
            self.group().skipped = true;
            return;
        }
        match word {
            "ansicpg" => self.code_page = number.and_then(code_page).unwrap_or(self.code_page),
            "f" => {
                self.flush();
                self.group().font = number.unwrap_or(0);
            }
            "fcharset" if self.group().fonts => {
                let font = self.group().font;
                if let Some(encoding) = number.and_then(of_charset).filter(|_| self.fonts.len() < 10_000) {
                    self.fonts.insert(font, encoding);
                }
            }
            "uc" => self.group().stand_ins = number.and_then(|n| usize::try_from(n).ok()).unwrap_or(1).min(16),
            "u" => self.unicode(number.unwrap_or(0)),
            "v" | "deleted" => {
                self.flush();
                self.group().hidden = number != Some(0);
            }
            "plain" => {
                self.flush();
                self.group().hidden = false;
            }
            "par" | "row" | "sect" => self.paragraph(),
            "pard" => self.level = None,
            "outlinelevel" => {
                self.level = number
                    .and_then(|level| u8::try_from(level.saturating_add(1)).ok())
                    .filter(|level| *level <= 9)
            }
            "page" => {
                self.paragraph();
                if !self.group().skipped {
                    self.out.pages += 1;
                }
            }
            "line" => self.push("\n"),
            "tab" => self.push(" "),
            "cell" => self.push(" | "),
            _ => self.push(sign(word)),
        }
    }

    fn push(&mut self, text: &str) {
        self.flush();
        if !self.group().skipped && !self.group().hidden {
            self.text.push_str(text);
        }
    }

    fn unicode(&mut self, number: i32) {
        self.flush();
        let unit = number as u16;
        let text = match (self.high.take(), unit) {
            (Some(high), 0xdc00..=0xdfff) => String::from_utf16_lossy(&[high, unit]),
            (_, 0xd800..=0xdbff) => {
                self.high = Some(unit);
                String::new()
            }
            _ => String::from_utf16_lossy(&[unit]),
        };
        self.push(&text);
        self.ignored = self.group().stand_ins;
    }

    fn paragraph(&mut self) {
        self.flush();
        if self.group().skipped {
            return;
        }
        let text = std::mem::take(&mut self.text);
        self.chars += text.len();
        self.out
            .push(self.out.pages, text.trim().trim_end_matches('|'), self.level);
    }
}

/// The character of a control word.
fn sign(word: &str) -> &'static str {
    match word {
        "emdash" => "—",
        "endash" => "–",
        "lquote" => "‘",
        "rquote" => "’",
        "ldblquote" => "“",
        "rdblquote" => "”",
        "bullet" => "•",
        "emspace" | "enspace" | "qmspace" => " ",
        _ => "",
    }
}

fn code_page(number: i32) -> Option<&'static Encoding> {
    let label = match number {
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        874 => "windows-874".to_owned(),
        65001 => "utf-8".to_owned(),
        10000 => "macintosh".to_owned(),
        other => format!("windows-{other}"),
    };
    Encoding::for_label(label.as_bytes())
}

fn of_charset(number: i32) -> Option<&'static Encoding> {
    let page = match number {
        0 => 1252,
        77 => 10000,
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => return None,
    };
    code_page(page)
}

#[cfg(test)]
mod tests {
    use crate::{Limits, read};

    #[test]
    fn text_is_read_in_its_encoding_without_what_is_hidden() {
        let rtf = br"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial;}}{\info{\title no}}
\f0 Caf\'e9 \u8211? x{\v hidden}\par {\listtext 1.\tab}\f1 \'cf\'f0\'e0\'e2\'e0\par{\*\annotation no}{\pict 00ff}\page Two \{b\}}";
        let document = read(rtf, &Limits::default());
        assert_eq!(document.pages[0].text, "Café – x\n\n1. Права");
        assert_eq!(document.pages[1].text, "Two {b}");
    }
}
