//! The registry: every route with its endpoints, parameters and the resource that answers. One explicit list, made of what this
//! crate and the features bring; what OPTIONS, the index and the description in OpenAPI say is read off it.

use std::{collections::BTreeMap, sync::Arc};

use axum::http::Method;
use futures_util::future::BoxFuture;
use gp_content::{Site, Taxonomy, Types};
use gp_store::Digest;
use regex::Regex;
use serde_json::{Map, Value, json};

use crate::{
    args,
    reply::{Answer, Outcome},
    request::Request,
    turn::{Turn, rest_url},
};

/// What is to be done with a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Deed {
    /// Several of them.
    List,
    /// A new one.
    Create,
    /// One of them.
    Get,
    /// One of them otherwise.
    Update,
    /// One of them no more.
    Delete,
    /// Anything else, by its own name.
    Other(&'static str),
}

/// Something that routes lead to.
pub trait Resource: Send + Sync {
    /// How one of them looks, as a JSON schema with `title`; `None`: nothing is said.
    fn schema(&self, _site: &Site, _base_url: &str) -> Option<Value> {
        None
    }

    /// Whether whoever asks may do this, as far as it can be said before it is done.
    fn permit<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Outcome<()>>;

    /// Does it.
    fn answer<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Answer>;
}

/// One way to use a route.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// Its methods.
    pub methods: &'static [&'static str],
    /// What is done then.
    pub deed: Deed,
    /// Its parameters: each a JSON schema with `required` and `default`.
    pub args: Map<String, Value>,
    /// Whether `/batch/v1` may use it, where that is said; else it may not.
    pub batch: Option<bool>,
}

/// GET.
pub const READ: &[&str] = &["GET"];
/// POST.
pub const MAKE: &[&str] = &["POST"];
/// What changes something.
pub const EDIT: &[&str] = &["POST", "PUT", "PATCH"];
/// DELETE.
pub const REMOVE: &[&str] = &["DELETE"];

/// A route.
pub struct Route {
    /// `wp/v2`; empty for those of no namespace.
    pub namespace: &'static str,
    /// Below `/wp-json`, as WordPress writes it: `/wp/v2/posts/(?P<id>[\d]+)`.
    pub pattern: String,
    /// What can be done there.
    pub endpoints: Vec<Endpoint>,
    /// Who answers.
    pub resource: Arc<dyn Resource>,
    regex: Option<Regex>,
}

impl Route {
    /// A route of a namespace; `pattern` begins with a slash.
    pub fn new(namespace: &'static str, pattern: &str, resource: Arc<dyn Resource>) -> Self {
        let pattern = match namespace {
            "" => pattern.to_owned(),
            _ => format!("/{namespace}{pattern}"),
        };
        let regex = pattern
            .contains('(')
            .then(|| Regex::new(&format!("^(?i:{pattern})$")).ok())
            .flatten();
        Self {
            namespace,
            pattern,
            endpoints: Vec::new(),
            resource,
            regex,
        }
    }

    /// With one more endpoint.
    #[must_use]
    pub fn on(mut self, methods: &'static [&'static str], deed: Deed, args: Map<String, Value>) -> Self {
        self.endpoints.push(Endpoint {
            methods,
            deed,
            args,
            batch: None,
        });
        self
    }

    /// All of its endpoints may be used in batches.
    #[must_use]
    pub fn batched(mut self) -> Self {
        self.endpoints
            .iter_mut()
            .for_each(|endpoint| endpoint.batch = Some(true));
        self
    }

    /// None of its endpoints may be used in batches, and that is said.
    #[must_use]
    pub fn alone(mut self) -> Self {
        self.endpoints
            .iter_mut()
            .for_each(|endpoint| endpoint.batch = Some(false));
        self
    }

    /// What the route catches of a path; `None`: it is another's.
    fn captured(&self, path: &str) -> Option<Map<String, Value>> {
        let Some(regex) = &self.regex else {
            return self.pattern.eq_ignore_ascii_case(path).then(Map::new);
        };
        let found = regex.captures(path)?;
        let named = regex.capture_names().flatten();
        Some(
            named
                .filter_map(|name| Some((name.to_owned(), found.name(name)?.as_str().into())))
                .collect(),
        )
    }

    /// Its methods, each once.
    pub fn methods(&self) -> Vec<&'static str> {
        let mut all: Vec<&'static str> = Vec::new();
        for method in self.endpoints.iter().flat_map(|endpoint| endpoint.methods) {
            if !all.contains(method) {
                all.push(method);
            }
        }
        all
    }

    /// What is said of it, in the index and (with its schema) to OPTIONS.
    pub fn described(&self, site: &Site, base_url: &str, with_schema: bool) -> Value {
        let endpoints: Vec<Value> = self.endpoints.iter().map(described).collect();
        let mut out = Map::new();
        out.insert("namespace".to_owned(), self.namespace.into());
        out.insert("methods".to_owned(), json!(self.methods()));
        out.insert("endpoints".to_owned(), endpoints.into());
        if with_schema && let Some(schema) = self.resource.schema(site, base_url) {
            out.insert("schema".to_owned(), schema);
        }
        if !self.pattern.contains('(') {
            let own = json!({"self": [{"href": rest_url(site, base_url, &self.pattern)}]});
            out.insert("_links".to_owned(), own);
        }
        Value::Object(out)
    }
}

fn described(endpoint: &Endpoint) -> Value {
    let mut out = Map::new();
    out.insert("methods".to_owned(), json!(endpoint.methods));
    if let Some(may) = endpoint.batch {
        out.insert("allow_batch".to_owned(), json!({ "v1": may }));
    }
    let args: Map<String, Value> = endpoint
        .args
        .iter()
        .map(|(name, arg)| (name.clone(), args::shown(arg)))
        .collect();
    // PHP writes an empty map as a list.
    let args = if args.is_empty() {
        json!([])
    } else {
        Value::Object(args)
    };
    out.insert("args".to_owned(), args);
    Value::Object(out)
}

/// Turns a password into what is kept of it.
pub type HashPassword = Arc<dyn Fn(String) -> BoxFuture<'static, gp_kernel::Result<String>> + Send + Sync>;

/// One step of editing a picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Edit {
    /// Mirrored from left to right, and from above to below.
    Flip {
        /// Left and right change places.
        horizontal: bool,
        /// Above and below change places.
        vertical: bool,
    },
    /// Turned clockwise by so many degrees.
    Rotate(i32),
    /// Only a part of it, in hundredths of its edges: left, top, width, height.
    Crop([f64; 4]),
}

/// The bytes of a picture after some steps, made where nothing can be broken by it; or why not, in a sentence.
pub type EditPicture =
    Arc<dyn Fn(Digest, u64, Vec<Edit>) -> BoxFuture<'static, gp_kernel::Result<Result<Vec<u8>, String>>> + Send + Sync>;

/// Makes the routes of a feature for a site.
pub type MakeRoutes = Arc<dyn Fn(&Site, &Types) -> Vec<Route> + Send + Sync>;

/// What features lend to routes, and routes of their own.
#[derive(Default)]
pub struct Kit {
    /// How passwords are kept; without it accounts get none here.
    pub hash_password: Option<HashPassword>,
    /// Fetches what people name by an address.
    pub fetcher: gp_fetch::Fetcher,
    /// Edits pictures; without it none are edited here.
    pub edit_picture: Option<EditPicture>,
    /// Makes the routes of features. Called once for each state of the site that routes depend on.
    pub routes: Vec<MakeRoutes>,
}

/// All routes of a site.
pub struct Registry {
    /// They, in the order in which they are looked through.
    pub routes: Vec<Route>,
    /// Taxonomies that the API shows.
    pub taxonomies: Vec<Taxonomy>,
}

impl Registry {
    /// The route of a path, with what it catches.
    pub fn find(&self, path: &str) -> Option<(&Route, Map<String, Value>)> {
        self.routes
            .iter()
            .find_map(|route| Some((route, route.captured(path)?)))
    }

    /// The endpoint of a path and method.
    pub fn endpoint(&self, path: &str, method: &Method) -> Option<(&Route, &Endpoint, Map<String, Value>)> {
        let asked = if *method == Method::HEAD {
            "GET"
        } else {
            method.as_str()
        };
        self.routes.iter().find_map(|route| {
            let captured = route.captured(path)?;
            let endpoint = route.endpoints.iter().find(|e| e.methods.contains(&asked))?;
            Some((route, endpoint, captured))
        })
    }

    /// The namespaces, in the order of their first routes.
    pub fn namespaces(&self) -> Vec<&'static str> {
        let mut all: Vec<&'static str> = Vec::new();
        for route in &self.routes {
            if !route.namespace.is_empty() && !all.contains(&route.namespace) {
                all.push(route.namespace);
            }
        }
        all
    }

    /// Every route of a namespace (empty: of all) by its pattern.
    pub fn described(&self, namespace: &str, site: &Site, base_url: &str) -> Value {
        let own = self
            .routes
            .iter()
            .filter(|r| namespace.is_empty() || r.namespace == namespace);
        let all: BTreeMap<&str, Value> = own
            .map(|route| (route.pattern.as_str(), route.described(site, base_url, false)))
            .collect();
        json!(all)
    }
}
