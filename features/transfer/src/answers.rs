//! What the new site answers at the old addresses. A large site has millions, so they stand in a file without a name;
//! only counts, and the first of those that are not simply there, are held in memory.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, Seek as _, Write as _},
};

use gp_kernel::Result;
use serde::{
    Deserialize, Serialize, Serializer,
    ser::{Error as _, SerializeSeq as _},
};

/// So many answers other than 200 are listed for a person and kept in the store.
const MOST_LISTED: usize = 10_000;

/// What the new site answers at an old address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressAnswer {
    /// The address, as a path.
    pub url: String,
    /// HTTP status.
    pub status: u16,
    /// Where it leads, for a redirect.
    pub location: Option<String>,
    /// Why, where it is not 200.
    pub why: String,
}

/// All answers in their order. Written as JSON it is a list of [`AddressAnswer`].
#[derive(Debug, Default)]
pub struct Answers {
    asked: u64,
    good: u64,
    others: Vec<AddressAnswer>,
    /// A JSON object per line.
    all: Option<File>,
}

impl Answers {
    /// How many addresses were asked for.
    pub fn asked(&self) -> u64 {
        self.asked
    }

    /// How many of them answer 200.
    pub fn good(&self) -> u64 {
        self.good
    }

    /// The first of the others.
    pub fn others(&self) -> &[AddressAnswer] {
        &self.others
    }

    /// Adds the next answers.
    ///
    /// # Errors
    /// When the folder for temporary files has no place for them.
    pub fn add(&mut self, answers: Vec<AddressAnswer>) -> Result<()> {
        let mut lines = Vec::new();
        for answer in answers {
            serde_json::to_writer(&mut lines, &answer).map_err(std::io::Error::from)?;
            lines.push(b'\n');
            self.asked += 1;
            if answer.status == 200 {
                self.good += 1;
            } else if self.others.len() < MOST_LISTED {
                self.others.push(answer);
            }
        }
        let file = match &mut self.all {
            Some(file) => file,
            none => none.insert(tempfile::tempfile()?),
        };
        Ok(file.write_all(&lines)?)
    }
}

impl Serialize for Answers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(usize::try_from(self.asked).ok())?;
        if let Some(mut file) = self.all.as_ref() {
            file.rewind().map_err(S::Error::custom)?;
            for line in BufReader::new(file).lines() {
                let line = line.map_err(S::Error::custom)?;
                let answer: AddressAnswer = serde_json::from_str(&line).map_err(S::Error::custom)?;
                list.serialize_element(&answer)?;
            }
        }
        list.end()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn they_come_back_in_order_and_may_go_on_growing() {
        let answer = |n: usize| AddressAnswer {
            url: format!("/{n}/"),
            status: if n.is_multiple_of(2) { 200 } else { 404 },
            location: None,
            why: String::new(),
        };
        let mut all = Answers::default();
        assert_eq!(serde_json::to_string(&all).unwrap(), "[]");
        all.add((0..3).map(answer).collect()).unwrap();
        let first: Vec<AddressAnswer> = serde_json::from_value(serde_json::to_value(&all).unwrap()).unwrap();
        assert_eq!(first, (0..3).map(answer).collect::<Vec<_>>());
        all.add((3..40_000).map(answer).collect()).unwrap();
        let whole: Vec<AddressAnswer> = serde_json::from_value(serde_json::to_value(&all).unwrap()).unwrap();
        assert_eq!(whole, (0..40_000).map(answer).collect::<Vec<_>>());
        assert_eq!(
            (all.asked(), all.good(), all.others().len()),
            (40_000, 20_000, MOST_LISTED)
        );
    }
}
