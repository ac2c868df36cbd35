//! The container of office programs before 2007: locked newer documents, and the text of old Word documents.
//!
//! Never in here: spreadsheets and presentations of that time, macros, pictures.

use crate::model::{Document, Limits, Status};
use crate::office::Collected;

pub(crate) const MAGIC: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
pub(crate) const ANY: &str = "application/x-ole-storage";
pub(crate) const WORD: &str = "application/msword";
pub(crate) const SLIDES: &str = "application/vnd.ms-powerpoint";
pub(crate) const SHEETS: &str = "application/vnd.ms-excel";
const LOCKED: &str = "The document needs a password. Put up a copy without one.";
const OLD: &str =
    "The file is of an office program from before 2007. Save it as PDF, or in the present format, and put up that.";
const DAMAGED: &str = "The file is damaged or cut off and cannot be opened. Ask for it again.";
const END: u32 = 0xffff_fff0;

/// Reads what can be read of a container.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Document {
    let Some(file) = Container::open(bytes) else {
        return Document::without_text(Status::Damaged, ANY, DAMAGED);
    };
    if file.has("EncryptedPackage") {
        let mime = crate::office::docx::MIME;
        return Document {
            encrypted: true,
            ..Document::without_text(Status::Locked, mime, LOCKED)
        };
    }
    if let Some(main) = file.stream("WordDocument") {
        return word(&file, &main, limits);
    }
    let mime = match () {
        () if file.has("PowerPoint Document") => SLIDES,
        () if file.has("Workbook") || file.has("Book") => SHEETS,
        () => ANY,
    };
    Document::without_text(Status::Unsupported, mime, OLD)
}

/// An entry of the directory.
struct Entry {
    name: String,
    start: u32,
    size: usize,
}

/// A container with its chains of sectors.
struct Container<'a> {
    bytes: &'a [u8],
    sector: usize,
    next: Vec<u32>,
    small_next: Vec<u32>,
    small: Vec<u8>,
    small_limit: usize,
    entries: Vec<Entry>,
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

impl<'a> Container<'a> {
    fn open(bytes: &'a [u8]) -> Option<Container<'a>> {
        let shift = u16_at(bytes, 30)?;
        let sector = match shift {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut file = Container {
            bytes,
            sector,
            next: Vec::new(),
            small_next: Vec::new(),
            small: Vec::new(),
            small_limit: 4096,
            entries: Vec::new(),
        };
        file.next = file.table()?;
        file.read_directory(&file.chain(u32_at(bytes, 48)?));
        let small_table = file.chain(u32_at(bytes, 60)?);
        file.small_next = numbers(&small_table);
        file.small_limit = u32_at(bytes, 56)? as usize;
        Some(file)
    }

    /// The sector numbers of the allocation table, those in the header and those in further sectors.
    fn table(&self) -> Option<Vec<u32>> {
        let most = self.bytes.len() / self.sector + 2;
        let mut places: Vec<u32> = (0..109).filter_map(|at| u32_at(self.bytes, 76 + at * 4)).collect();
        let mut more = u32_at(self.bytes, 68)?;
        for _ in 0..most {
            let Some(sector) = self.sector_at(more).filter(|_| more < END) else {
                break;
            };
            let list = numbers(sector);
            let (last, list) = list.split_last()?;
            places.extend(list);
            more = *last;
        }
        let sectors = places.into_iter().filter(|place| *place < END).take(most);
        Some(
            sectors
                .filter_map(|place| self.sector_at(place))
                .flat_map(numbers)
                .collect(),
        )
    }

    fn sector_at(&self, number: u32) -> Option<&'a [u8]> {
        let start = (number as usize).checked_add(1)?.checked_mul(self.sector)?;
        let rest = self.bytes.get(start..)?;
        Some(&rest[..rest.len().min(self.sector)])
    }

    /// The bytes of a chain of sectors, never more than the file has.
    fn chain(&self, start: u32) -> Vec<u8> {
        let mut content = Vec::new();
        let mut at = start;
        while let Some(sector) = self
            .sector_at(at)
            .filter(|_| at < END && content.len() <= self.bytes.len())
        {
            content.extend_from_slice(sector);
            at = self.next.get(at as usize).copied().unwrap_or(u32::MAX);
        }
        content
    }

    fn read_directory(&mut self, directory: &[u8]) {
        for entry in directory.chunks_exact(128).take(10_000) {
            let length = u16_at(entry, 64).unwrap_or(0).min(64) as usize;
            let units: Vec<u16> = entry[..length]
                .chunks_exact(2)
                .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
                .collect();
            let name = String::from_utf16_lossy(&units).trim_end_matches('\0').to_owned();
            let (start, size) = (
                u32_at(entry, 116).unwrap_or(u32::MAX),
                u32_at(entry, 120).unwrap_or(0) as usize,
            );
            if name == "Root Entry" {
                self.small = self.chain(start);
            }
            if !name.is_empty() {
                self.entries.push(Entry { name, start, size });
            }
        }
    }

    fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.name == name)
    }

    fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let entry = self.entries.iter().find(|entry| entry.name == name)?;
        let mut content = if entry.size < self.small_limit {
            self.small_chain(entry.start)
        } else {
            self.chain(entry.start)
        };
        content.truncate(entry.size);
        Some(content)
    }

    fn small_chain(&self, start: u32) -> Vec<u8> {
        let mut content = Vec::new();
        let mut at = start;
        while let Some(rest) = self
            .small
            .get((at as usize).saturating_mul(64)..)
            .filter(|rest| !rest.is_empty() && at < END)
        {
            content.extend_from_slice(&rest[..rest.len().min(64)]);
            if content.len() > self.small.len() {
                break;
            }
            at = self.small_next.get(at as usize).copied().unwrap_or(u32::MAX);
        }
        content
    }
}

fn numbers(sector: &[u8]) -> Vec<u32> {
    sector
        .chunks_exact(4)
        .map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
        .collect()
}

/// The text of an old Word document: pieces of the main stream, in the order of the table of pieces.
fn word(file: &Container<'_>, main: &[u8], limits: &Limits) -> Document {
    let flags = u16_at(main, 10).unwrap_or(0);
    if flags & 0x0100 != 0 {
        return Document {
            encrypted: true,
            ..Document::without_text(Status::Locked, WORD, LOCKED)
        };
    }
    let table = file
        .stream(if flags & 0x0200 != 0 { "1Table" } else { "0Table" })
        .unwrap_or_default();
    let Some(text) = pieces(main, &table, limits) else {
        return Document::without_text(Status::Unsupported, WORD, OLD);
    };
    let mut document = Document::empty(WORD);
    let mut out = Collected {
        pages: 1,
        ..Collected::default()
    };
    let mut fields: Vec<bool> = Vec::new();
    let mut part = String::new();
    for c in text.chars() {
        match c {
            '\u{13}' => fields.push(true),
            '\u{14}' => drop(fields.last_mut().map(|code| *code = false)),
            '\u{15}' => drop(fields.pop()),
            // The code of a field is not text, its result is.
            _ if fields.contains(&true) => {}
            '\r' | '\u{7}' | '\u{c}' => {
                out.push(out.pages, &std::mem::take(&mut part), None);
                out.pages += u32::from(c == '\u{c}');
            }
            '\u{b}' => part.push('\n'),
            '\u{1e}' => part.push('-'),
            '\u{1}' | '\u{8}' => out.pictures += 1,
            c => part.push(c),
        }
    }
    out.push(out.pages, &part, None);
    out.pages = out.parts.last().map_or(1, |part| part.page);
    out.finish(&mut document, limits);
    document
}

fn pieces(main: &[u8], table: &[u8], limits: &Limits) -> Option<String> {
    if u16_at(main, 0)? != 0xa5ec {
        return None;
    }
    // The text itself and its footnotes come first; heads, comments and the rest come after them.
    let wanted = u32_at(main, 0x4c)?.saturating_add(u32_at(main, 0x50)?);
    let (start, length) = (u32_at(main, 0x1a2)? as usize, u32_at(main, 0x1a6)? as usize);
    let mut list = table.get(start..start.checked_add(length)?)?;
    while let [1, low, high, ..] = list {
        list = list.get(3 + usize::from(u16::from_le_bytes([*low, *high]))..)?;
    }
    let size = u32_at(list, 1).filter(|_| list.first() == Some(&2))? as usize;
    let list = list.get(5..5usize.checked_add(size)?)?;
    let count = size.checked_sub(4)? / 12;
    let mut text = String::new();
    for at in 0..count {
        let (from, to) = (u32_at(list, at * 4)?, u32_at(list, at * 4 + 4)?.min(wanted));
        let place = u32_at(list, (count + 1) * 4 + at * 8 + 2)?;
        let chars = to.saturating_sub(from) as usize;
        if place & 0x4000_0000 != 0 {
            let start = (place & 0x3fff_ffff) as usize / 2;
            let bytes = main.get(start..start.checked_add(chars)?)?;
            text.push_str(&encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0);
        } else {
            let bytes = main.get(place as usize..(place as usize).checked_add(chars.checked_mul(2)?)?)?;
            text.push_str(&encoding_rs::UTF_16LE.decode_without_bom_handling(bytes).0);
        }
        if text.len() > limits.max_text_chars.saturating_mul(4) {
            return None;
        }
    }
    Some(text)
}
