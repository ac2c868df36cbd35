//! The one error of the platform: what went wrong, for which input, and what to do; with a kind that every door understands.

/// What an error means to a caller; each door maps it (HTTP status, exit status).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The input is wrong: 400.
    Invalid,
    /// The caller has not said who they are: 401.
    Unauthenticated,
    /// The caller may not do this: 403.
    Forbidden,
    /// There is no such thing, or the caller may not know of it: 404.
    NotFound,
    /// Somebody else was quicker, or the thing exists already: 409.
    Conflict,
    /// Database, disk or another service does not answer now; try again later: 503.
    Unavailable,
    /// A fault of ours: 500.
    Internal,
}

/// An error with its kind and, where there is one, a hint for the way out.
#[derive(Debug, thiserror::Error)]
#[error("{message}{}", .hint.as_deref().map(|h| format!(" ({h})")).unwrap_or_default())]
pub struct Error {
    /// What it means to the caller.
    pub kind: ErrorKind,
    /// What happened, for which input: one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// The platform's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error of this kind.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            hint: None,
        }
    }

    /// The input is wrong.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Invalid, message)
    }

    /// No such thing.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::NotFound, message)
    }

    /// A fault of ours.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Internal, message)
    }

    /// The same error with a way out.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same error, told where it happened.
    #[must_use]
    pub fn at(mut self, place: impl std::fmt::Display) -> Self {
        self.message = format!("{place}: {}", self.message);
        self
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        let kind = match error.kind() {
            std::io::ErrorKind::NotFound => ErrorKind::NotFound,
            std::io::ErrorKind::StorageFull => ErrorKind::Unavailable,
            _ => ErrorKind::Internal,
        };
        Self::new(kind, error.to_string())
    }
}
