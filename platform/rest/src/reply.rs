//! What a route gives back: data with headers, or a failure with WordPress's code.

use std::borrow::Cow;

use gp_kernel::{Error, ErrorKind};
use serde_json::{Map, Value, json};

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub data: Value,
    /// Headers of its own.
    pub headers: Vec<(&'static str, String)>,
}

impl Reply {
    /// 200 with this body.
    pub fn ok(data: Value) -> Self {
        Self {
            status: 200,
            data,
            headers: Vec::new(),
        }
    }

    /// 201: made, and to be found there.
    pub fn created(data: Value, location: String) -> Self {
        Self {
            status: 201,
            data,
            headers: vec![("location", location)],
        }
    }

    /// 200: it is gone; how it was before, without its links.
    pub fn deleted(mut previous: Value) -> Self {
        if let Value::Object(members) = &mut previous {
            members.remove("_links");
        }
        Self::ok(json!({"deleted": true, "previous": previous}))
    }

    /// With one header more.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }
}

/// Why not.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// For programs: `rest_forbidden`.
    pub code: Cow<'static, str>,
    /// For people, in English as clients know it.
    pub message: Cow<'static, str>,
    /// The HTTP status.
    pub status: u16,
    /// More about it.
    pub data: Map<String, Value>,
}

/// What a route gives back.
pub type Answer = Result<Reply, Box<Failure>>;

/// As [`Answer`], for parts of one.
pub type Outcome<T> = Result<T, Box<Failure>>;

impl Failure {
    /// A failure.
    pub fn new(status: u16, code: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Box<Self> {
        Box::new(Self {
            code: code.into(),
            message: message.into(),
            status,
            data: Map::new(),
        })
    }

    /// With more about it.
    #[must_use]
    pub fn with(mut self: Box<Self>, name: &str, value: Value) -> Box<Self> {
        self.data.insert(name.to_owned(), value);
        self
    }

    /// One parameter is wrong, in the form of a check of its schema.
    pub fn param(name: &str, code: &str, message: &str) -> Box<Self> {
        Self::new(400, "rest_invalid_param", format!("Invalid parameter(s): {name}"))
            .with("params", json!({ name: message }))
            .with(
                "details",
                json!({ name: {"code": code, "message": message, "data": null} }),
            )
    }

    /// As it is sent.
    pub fn body(&self) -> Value {
        let mut data = Map::new();
        data.insert("status".to_owned(), self.status.into());
        data.extend(self.data.clone());
        json!({"code": self.code, "message": self.message, "data": data})
    }
}

impl From<Error> for Box<Failure> {
    fn from(error: Error) -> Self {
        let (status, code) = match error.kind {
            ErrorKind::Invalid => (400, "rest_invalid_param"),
            ErrorKind::Unauthenticated => (401, "rest_forbidden"),
            ErrorKind::Forbidden => (403, "rest_forbidden"),
            ErrorKind::NotFound => (404, "rest_not_found"),
            ErrorKind::Conflict => (409, "rest_conflict"),
            ErrorKind::Unavailable => (503, "rest_unavailable"),
            ErrorKind::Internal => {
                tracing::error!(%error, "a route of the API failed");
                return Failure::new(
                    500,
                    "rest_internal",
                    "The site could not answer this; its log says why.",
                );
            }
        };
        Failure::new(status, code, error.to_string())
    }
}
