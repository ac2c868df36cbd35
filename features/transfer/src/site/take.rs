//! Turns a row of WordPress's into a row of ours: values in our order, and the exact bytes of whatever a column cannot hold.

use std::sync::Arc;

use gp_kernel::ZERO_DATE;
use gp_sqldump::charset;
use gp_store::Arg;

use super::{
    spec::{How, Spec},
    survey::{columns, position},
};
use crate::rows::{Batch, Kind, OwnedRow};

/// Databases keep text by which rows are found in small pages; WordPress's own limits are far below.
const MOST_INDEXED: usize = 1000;

/// A row of ours.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Taken {
    /// Values in the order of the spec's columns.
    pub args: Vec<Arg>,
    /// The number under which originals are kept.
    pub number: i64,
    /// What the columns cannot hold exactly: column and bytes.
    pub originals: Vec<(String, Vec<u8>)>,
}

impl Taken {
    /// A number among the values.
    pub fn int(&self, at: usize) -> i64 {
        if let Some(Arg::Int(v)) = self.args.get(at) {
            *v
        } else {
            0
        }
    }

    /// A text among the values.
    pub fn text(&self, at: usize) -> &str {
        if let Some(Arg::Text(v)) = self.args.get(at) {
            v
        } else {
            ""
        }
    }
}

/// How the rows of a batch are laid out.
pub(crate) struct Shape {
    spec: &'static Spec,
    width: usize,
    /// For each column of the spec, where it stands and how its text is encoded.
    cells: Vec<Option<(usize, Encoding)>>,
    /// Columns that WordPress itself does not have.
    extra: Vec<(usize, String)>,
    number: Option<usize>,
    connection: Option<Arc<str>>,
}

#[derive(Clone)]
struct Encoding {
    charset: Option<String>,
    twice: bool,
}

impl Shape {
    /// The layout of a batch for a table; `names` are its columns.
    pub fn new(spec: &'static Spec, batch: &Batch, twice: bool) -> Self {
        let names = columns(batch, spec.from);
        let utf8 = batch.charset.as_deref().is_none_or(|c| c.starts_with("utf8"));
        let encoding = |name: &str| {
            let column = batch.table.column(name);
            let charset = column
                .and_then(|c| batch.table.charset_of(c))
                .or_else(|| batch.table.charset.clone());
            let twice = twice && utf8 && charset.as_deref() == Some("latin1");
            Encoding { charset, twice }
        };
        let cells = spec
            .columns
            .iter()
            .map(|(from, ..)| Some((position(&names, from)?, encoding(from))))
            .collect();
        let known = |name: &String| {
            spec.columns.iter().any(|c| c.0.eq_ignore_ascii_case(name)) || name.eq_ignore_ascii_case("option_id")
        };
        let number = position(&names, "option_id");
        let width = names.len();
        let extra = names.into_iter().enumerate().filter(|(_, name)| !known(name)).collect();
        Self {
            spec,
            width,
            cells,
            extra,
            number,
            connection: batch.charset.clone(),
        }
    }

    /// The number of a row, for messages.
    pub fn name(&self, row: &OwnedRow) -> String {
        let key = self
            .cells
            .first()
            .and_then(Option::as_ref)
            .and_then(|(at, _)| row.value(*at));
        let key: String = key
            .map(String::from_utf8_lossy)
            .unwrap_or_default()
            .chars()
            .take(80)
            .collect();
        format!("{key} ({})", row.at)
    }

    /// The content type of a row of `posts`.
    pub fn kind(&self, row: &OwnedRow) -> Option<String> {
        let (at, _) = self.cells.get(1)?.as_ref().filter(|_| self.spec.to == "items")?;
        row.value(*at).map(|v| String::from_utf8_lossy(v).into_owned())
    }

    /// A row of ours.
    ///
    /// # Errors
    /// Why it cannot be taken, as a sentence.
    pub fn take(&self, row: &OwnedRow) -> Result<Taken, String> {
        if row.len() != self.width {
            return Err(format!(
                "it has {} values, the table has {} columns",
                row.len(),
                self.width
            ));
        }
        let mut taken = Taken {
            args: Vec::with_capacity(self.spec.columns.len()),
            number: self.number.and_then(|at| row.int(at)).unwrap_or(0),
            originals: Vec::new(),
        };
        for (cell, column) in self.cells.iter().zip(self.spec.columns) {
            let arg = match cell {
                Some((at, encoding)) => self.arg(row.cell(*at), encoding, *column, &mut taken)?,
                None if self.spec.key.contains(&column.1) => return Err(format!("the column {} is missing", column.0)),
                None => absent(column.2),
            };
            taken.args.push(arg);
        }
        for (at, name) in &self.extra {
            if let Some(bytes) = row.value(*at) {
                taken.originals.push((format!("extra:{name}"), bytes.to_vec()));
            }
        }
        Ok(taken)
    }

    fn arg(
        &self,
        cell: Option<(Kind, &[u8])>,
        encoding: &Encoding,
        (from, to, how): super::spec::Column,
        taken: &mut Taken,
    ) -> Result<Arg, String> {
        let bytes = match cell {
            Some((Kind::Number | Kind::Bytes, bytes)) => bytes,
            Some((Kind::Expression, bytes)) => {
                let text: String = String::from_utf8_lossy(bytes).chars().take(60).collect();
                return Err(format!("{from} is {text}, which only a database server can compute"));
            }
            Some((Kind::Null, _)) | None => {
                if how == How::Bytes {
                    taken.originals.push((format!("{to}:null"), Vec::new()));
                }
                return if how == How::Id {
                    Err(format!("{from} is empty"))
                } else {
                    Ok(absent(how))
                };
            }
        };
        let number = || {
            std::str::from_utf8(bytes)
                .ok()
                .and_then(|t| t.trim().parse::<i64>().ok())
        };
        Ok(match how {
            How::Id => {
                let id = number()
                    .filter(|id| *id > 0)
                    .ok_or_else(|| format!("{from} is no number greater than 0"))?;
                taken.number = id;
                Arg::Int(id)
            }
            How::Int => Arg::Int(number().unwrap_or_else(|| {
                taken.originals.push((to.to_owned(), bytes.to_vec()));
                0
            })),
            How::Flag => Arg::Int(i64::from(matches!(bytes, b"yes" | b"on" | b"auto" | b"auto-on"))),
            How::Bytes => self.data(bytes, encoding, to, taken),
            How::Text | How::Indexed | How::Date => {
                let text = self.text(bytes, encoding, to, taken);
                if how != How::Text && text.len() > MOST_INDEXED {
                    return Err(format!("{from} is longer than {MOST_INDEXED} bytes"));
                }
                Arg::Text(text)
            }
        })
    }

    fn text(&self, bytes: &[u8], encoding: &Encoding, to: &str, taken: &mut Taken) -> String {
        let (mut text, sure) = charset::decode(bytes, encoding.charset.as_deref(), self.connection.as_deref());
        if encoding.twice
            && let Some(once) = charset::undo_double_encoding(&text)
        {
            text = once;
        }
        let nul = text.contains('\0');
        if nul || !sure {
            taken.originals.push((to.to_owned(), bytes.to_vec()));
        }
        if nul { text.replace('\0', "\u{FFFD}") } else { text }
    }

    /// Bytes stay as they are, except that text is brought to UTF-8 where the source says in what it is written.
    fn data(&self, bytes: &[u8], encoding: &Encoding, to: &str, taken: &mut Taken) -> Arg {
        if let Ok(text) = std::str::from_utf8(bytes) {
            let once = if encoding.twice {
                charset::undo_double_encoding(text)
            } else {
                None
            };
            return Arg::Bytes(once.map_or_else(|| bytes.to_vec(), String::into_bytes));
        }
        let (text, sure) = charset::decode(bytes, encoding.charset.as_deref(), self.connection.as_deref());
        if !sure {
            return Arg::Bytes(bytes.to_vec());
        }
        taken.originals.push((to.to_owned(), bytes.to_vec()));
        Arg::Bytes(text.into_bytes())
    }
}

fn absent(how: How) -> Arg {
    match how {
        How::Id | How::Int => Arg::Int(0),
        How::Flag => Arg::Int(1),
        How::Date => Arg::Text(ZERO_DATE.to_owned()),
        How::Bytes => Arg::Bytes(Vec::new()),
        How::Text | How::Indexed => Arg::Text(String::new()),
    }
}
