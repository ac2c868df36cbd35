//! OAI-PMH 2.0: what a harvester asks, and what it is told. Every fault is an answer, too.
//!
//! A list goes on with a token that holds everything needed to go on, so that nothing is remembered between two questions.

mod asked;
mod told;

pub use asked::{Asked, Cursor, Selection, parse};
pub use told::{Body, Header, Identify, Record, Set, Told, respond};

/// The only format here.
pub const PREFIX: &str = "oai_dc";

/// What is wrong with a question, in the words of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// An argument is missing, repeated, unknown or nonsense.
    BadArgument(&'static str),
    /// The token is not one of ours.
    BadResumptionToken,
    /// There is no such verb.
    BadVerb,
    /// There is no such format.
    CannotDisseminateFormat,
    /// There is no such record.
    IdDoesNotExist,
    /// Nothing fits.
    NoRecordsMatch,
    /// There are no sets.
    NoSetHierarchy,
}

impl Fault {
    fn code(self) -> &'static str {
        match self {
            Self::BadArgument(_) => "badArgument",
            Self::BadResumptionToken => "badResumptionToken",
            Self::BadVerb => "badVerb",
            Self::CannotDisseminateFormat => "cannotDisseminateFormat",
            Self::IdDoesNotExist => "idDoesNotExist",
            Self::NoRecordsMatch => "noRecordsMatch",
            Self::NoSetHierarchy => "noSetHierarchy",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::BadArgument(what) => what,
            Self::BadResumptionToken => "this token was not given by this repository",
            Self::BadVerb => {
                "say one of Identify, ListMetadataFormats, ListSets, ListIdentifiers, ListRecords, GetRecord"
            }
            Self::CannotDisseminateFormat => "records are given as oai_dc",
            Self::IdDoesNotExist => "there is no record of this name",
            Self::NoRecordsMatch => "no record fits",
            Self::NoSetHierarchy => "this repository has no sets",
        }
    }
}

#[cfg(test)]
mod tests;
