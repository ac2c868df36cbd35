//! What an editor is told when a file cannot be used as a picture.

use std::fmt;

/// A file that cannot be used, with a sentence for the editor who sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Whole sentences, to be shown as they are.
    pub reason: String,
}

impl Refused {
    pub(crate) fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into() }
    }

    /// Something ends before it is complete.
    pub(crate) fn cut_off(what: &str) -> Self {
        Self::new(format!(
            "This {what} is cut off: its end is missing. Please send the file again."
        ))
    }

    /// Something cannot be understood.
    pub(crate) fn damaged(what: &str) -> Self {
        Self::new(format!("This {what} is damaged and cannot be read."))
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Refused {}

/// Runs what other people wrote on bytes that other people sent. None of it should panic; if it
/// does, that is one file refused and not a program ended.
pub(crate) fn contained<T>(what: &str, work: impl FnOnce() -> Result<T, Refused>) -> Result<T, Refused> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).unwrap_or_else(|_| Err(Refused::damaged(what)))
}
