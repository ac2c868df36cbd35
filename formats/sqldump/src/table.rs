//! Table definitions, read from `CREATE TABLE` statements.

/// One table of the dump.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TableDef {
    /// Database, when the dump says `USE` (dumps of several databases).
    pub database: Option<String>,
    /// Name with its prefix.
    pub name: String,
    /// Columns in order; empty when the dump does not define the table.
    pub columns: Vec<Column>,
    /// Character set of the table, if it is stated.
    pub charset: Option<String>,
    /// The `CREATE TABLE` statement, comments taken out; empty when there is none.
    pub definition: String,
}

/// One column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Column {
    /// Name.
    pub name: String,
    /// Type as written, such as `bigint(20) unsigned`.
    pub sql_type: String,
    /// Character set, if the column states its own.
    pub charset: Option<String>,
    /// Whether the type is unsigned.
    pub unsigned: bool,
    /// Whether the column may be `NULL`.
    pub nullable: bool,
}

impl TableDef {
    /// A table of which only the names are known.
    pub fn from_names<'n>(name: &str, columns: impl IntoIterator<Item = &'n str>) -> TableDef {
        let column = |name: &str| Column {
            name: name.to_owned(),
            ..Column::default()
        };
        let columns = columns.into_iter().map(column).collect();
        TableDef {
            name: name.to_owned(),
            columns,
            ..TableDef::default()
        }
    }

    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns
            .iter()
            .find(|column| column.name.eq_ignore_ascii_case(name))
    }

    /// The character set that the text of a column has in the database.
    pub fn charset_of(&self, column: &Column) -> Option<String> {
        column.charset.clone().or_else(|| self.charset.clone())
    }

    /// Reads what follows the table's name in `CREATE TABLE name (…) …`. `None` when the
    /// parentheses do not close.
    pub(crate) fn parse(name: String, body: &str, definition: String) -> Option<TableDef> {
        let mut table = TableDef {
            name,
            definition,
            ..TableDef::default()
        };
        let tokens = tokens(body);
        if tokens.first() != Some(&"(") {
            // CREATE TABLE … LIKE …: there are no columns to be read.
            return Some(table);
        }
        let mut rest = &tokens[1..];
        loop {
            let (part, after) = part(rest)?;
            table.columns.extend(column(part));
            rest = after;
            match rest.split_first()? {
                (&",", after) => rest = after,
                (_, after) => {
                    table.charset = charset(after);
                    return Some(table);
                }
            }
        }
    }
}

/// The tokens up to the comma or closing parenthesis that ends this part.
fn part<'t, 'a>(tokens: &'t [&'a str]) -> Option<(&'t [&'a str], &'t [&'a str])> {
    let mut depth = 0usize;
    for (at, token) in tokens.iter().enumerate() {
        match *token {
            "(" => depth += 1,
            "," | ")" if depth == 0 => return Some(tokens.split_at(at)),
            ")" => depth -= 1,
            _ => {}
        }
    }
    None
}

/// A column definition; `None` for keys and constraints.
fn column(part: &[&str]) -> Option<Column> {
    const OTHERS: [&str; 11] = [
        "PRIMARY",
        "KEY",
        "UNIQUE",
        "INDEX",
        "FULLTEXT",
        "SPATIAL",
        "CONSTRAINT",
        "FOREIGN",
        "CHECK",
        "PERIOD",
        "EXCLUDE",
    ];
    let (name, rest) = part.split_first()?;
    if OTHERS.iter().any(|word| word.eq_ignore_ascii_case(name)) {
        return None;
    }
    let (sql_type, used) = sql_type(rest);
    let options = &rest[used..];
    Some(Column {
        name: unquoted(name),
        unsigned: sql_type.to_ascii_lowercase().contains(" unsigned"),
        sql_type,
        charset: charset(options),
        nullable: !has_pair(options, "NOT", "NULL"),
    })
}

/// The type with its length and sign, and the number of tokens it takes.
fn sql_type(tokens: &[&str]) -> (String, usize) {
    let mut text = String::new();
    let mut depth = 0usize;
    for (at, token) in tokens.iter().enumerate() {
        let sign = ["unsigned", "zerofill", "signed", "precision", "varying"]
            .iter()
            .any(|word| word.eq_ignore_ascii_case(token));
        match *token {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ if at == 0 || depth > 0 => {}
            _ if sign => text.push(' '),
            _ => return (text, at),
        }
        text.push_str(token);
    }
    (text, tokens.len())
}

fn has_pair(tokens: &[&str], first: &str, second: &str) -> bool {
    tokens
        .windows(2)
        .any(|pair| pair[0].eq_ignore_ascii_case(first) && pair[1].eq_ignore_ascii_case(second))
}

/// The character set in `CHARSET=x`, `CHARACTER SET x` or `COLLATE x_…`.
fn charset(tokens: &[&str]) -> Option<String> {
    let is = |at: usize, word: &str| tokens.get(at).is_some_and(|t| t.eq_ignore_ascii_case(word));
    let mut collation = None;
    for at in 0..tokens.len() {
        let after = if is(at, "CHARSET") || is(at, "COLLATE") {
            at + 1
        } else if is(at, "CHARACTER") && is(at + 1, "SET") {
            at + 2
        } else {
            continue;
        };
        let value = if is(after, "=") { after + 1 } else { after };
        let name = unquoted(tokens.get(value)?).to_ascii_lowercase();
        if is(at, "COLLATE") {
            collation = collation.or_else(|| name.split('_').next().map(str::to_owned));
        } else {
            return Some(name);
        }
    }
    collation
}

/// A name or string without its quotes.
fn unquoted(token: &str) -> String {
    let Some(quote) = token.chars().next().filter(|c| matches!(c, '`' | '"' | '\'')) else {
        return token.to_owned();
    };
    let inner = token[1..].strip_suffix(quote).unwrap_or(&token[1..]);
    inner.replace(&format!("{quote}{quote}"), &quote.to_string())
}

/// Splits into words, quoted texts and single signs.
fn tokens(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let (mut tokens, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let start = at;
        match bytes[at] {
            byte if byte.is_ascii_whitespace() => {
                at += 1;
                continue;
            }
            quote @ (b'`' | b'"' | b'\'') => at = quoted_end(bytes, at, quote),
            byte if crate::lexer::is_name_byte(byte) => {
                while at < bytes.len() && crate::lexer::is_name_byte(bytes[at]) {
                    at += 1;
                }
            }
            _ => at += 1,
        }
        tokens.push(&text[start..at]);
    }
    tokens
}

/// Where the quoted text that begins at `start` ends.
fn quoted_end(bytes: &[u8], start: usize, quote: u8) -> usize {
    let mut at = start + 1;
    while at < bytes.len() {
        if bytes[at] == b'\\' && quote != b'`' {
            at += 1;
        } else if bytes[at] == quote {
            if bytes.get(at + 1) != Some(&quote) {
                return at + 1;
            }
            at += 1;
        }
        at += 1;
    }
    bytes.len()
}
