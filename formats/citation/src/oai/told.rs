//! What a harvester is told, as XML.

use super::{Asked, Cursor, Fault, PREFIX, Selection};
use crate::xml::{element, esc};

/// The repository.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identify {
    /// Its name.
    pub name: String,
    /// Whom to write to.
    pub email: String,
    /// No record was changed before.
    pub earliest: String,
}

/// A set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Set {
    /// Its name in questions: `parent:child`.
    pub spec: String,
    /// Its name for people.
    pub name: String,
}

/// The head of a record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Header {
    /// `oai:HOST:NUMBER`.
    pub identifier: String,
    /// When it was last changed.
    pub stamp: String,
    /// The sets it is in.
    pub sets: Vec<String>,
    /// It was here and is no more.
    pub deleted: bool,
}

/// A record; one that is gone has no elements.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// Its head.
    pub header: Header,
    /// Its elements of Dublin Core.
    pub elements: Vec<(&'static str, String)>,
}

/// What is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// Who we are.
    Identify(Identify),
    /// The formats.
    Formats,
    /// The sets.
    Sets(Vec<Set>),
    /// Heads of records, and where the list goes on.
    Headers(Vec<Header>, Option<Cursor>),
    /// Records, and where the list goes on.
    Records(Vec<Record>, Option<Cursor>),
    /// One record.
    Record(Box<Record>),
}

/// An answer in the making.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told<'a> {
    /// When it is given.
    pub now: &'a str,
    /// The address of the repository.
    pub base_url: &'a str,
    /// The arguments as they were sent.
    pub arguments: &'a [(String, String)],
    /// What was asked, when that could be understood.
    pub asked: Option<&'a Asked>,
}

/// The answer.
pub fn respond(told: &Told<'_>, body: &Result<Body, Fault>) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<OAI-PMH xmlns=\"http://www.openarchives.org/OAI/2.0/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"http://www.openarchives.org/OAI/2.0/ \
         http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd\">\n",
    );
    element(&mut out, "responseDate", told.now);
    out.push_str("<request");
    // A question that was not understood is not repeated.
    if !matches!(body, Err(Fault::BadVerb | Fault::BadArgument(_))) {
        for (name, value) in told.arguments {
            out.push_str(&format!(" {}=\"{}\"", esc(name), esc(value)));
        }
    }
    out.push_str(&format!(">{}</request>\n", esc(told.base_url)));
    match body {
        Err(fault) => out.push_str(&format!(
            "<error code=\"{}\">{}</error>\n",
            fault.code(),
            esc(fault.words())
        )),
        Ok(body) => body_of(&mut out, told, body),
    }
    out.push_str("</OAI-PMH>\n");
    out
}

fn body_of(out: &mut String, told: &Told<'_>, body: &Body) {
    let verb = match told.asked {
        Some(Asked::Identify) => "Identify",
        Some(Asked::ListMetadataFormats(_)) => "ListMetadataFormats",
        Some(Asked::ListSets) => "ListSets",
        Some(Asked::ListIdentifiers(_)) => "ListIdentifiers",
        Some(Asked::ListRecords(_)) => "ListRecords",
        Some(Asked::GetRecord(_)) => "GetRecord",
        None => return,
    };
    out.push_str(&format!("<{verb}>\n"));
    match body {
        Body::Identify(identify) => identified(out, told.base_url, identify),
        Body::Formats => {
            out.push_str("<metadataFormat>\n");
            element(out, "metadataPrefix", PREFIX);
            element(out, "schema", "http://www.openarchives.org/OAI/2.0/oai_dc.xsd");
            element(out, "metadataNamespace", "http://www.openarchives.org/OAI/2.0/oai_dc/");
            out.push_str("</metadataFormat>\n");
        }
        Body::Sets(sets) => {
            for set in sets {
                out.push_str("<set>\n");
                element(out, "setSpec", &set.spec);
                element(out, "setName", &set.name);
                out.push_str("</set>\n");
            }
        }
        Body::Headers(headers, next) => {
            headers.iter().for_each(|h| header(out, h));
            going_on(out, told.asked, next.as_ref());
        }
        Body::Records(records, next) => {
            records.iter().for_each(|r| record(out, r));
            going_on(out, told.asked, next.as_ref());
        }
        Body::Record(one) => record(out, one),
    }
    out.push_str(&format!("</{verb}>\n"));
}

fn identified(out: &mut String, base_url: &str, identify: &Identify) {
    element(out, "repositoryName", &identify.name);
    element(out, "baseURL", base_url);
    element(out, "protocolVersion", "2.0");
    element(out, "adminEmail", &identify.email);
    element(out, "earliestDatestamp", &identify.earliest);
    element(out, "deletedRecord", "persistent");
    element(out, "granularity", "YYYY-MM-DDThh:mm:ssZ");
}

fn header(out: &mut String, header: &Header) {
    out.push_str(if header.deleted {
        "<header status=\"deleted\">\n"
    } else {
        "<header>\n"
    });
    element(out, "identifier", &header.identifier);
    element(out, "datestamp", &header.stamp);
    header.sets.iter().for_each(|set| element(out, "setSpec", set));
    out.push_str("</header>\n");
}

fn record(out: &mut String, record: &Record) {
    out.push_str("<record>\n");
    header(out, &record.header);
    if !record.header.deleted {
        out.push_str(
            "<metadata><oai_dc:dc xmlns:oai_dc=\"http://www.openarchives.org/OAI/2.0/oai_dc/\" \
             xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
             xsi:schemaLocation=\"http://www.openarchives.org/OAI/2.0/oai_dc/ http://www.openarchives.org/OAI/2.0/oai_dc.xsd\">\n",
        );
        for (name, value) in &record.elements {
            element(out, &format!("dc:{name}"), value);
        }
        out.push_str("</oai_dc:dc></metadata>\n");
    }
    out.push_str("</record>\n");
}

/// The token; empty behind the last part of a list that came in parts.
fn going_on(out: &mut String, asked: Option<&Asked>, next: Option<&Cursor>) {
    let selection: &Selection = match asked {
        Some(Asked::ListIdentifiers(selection) | Asked::ListRecords(selection)) => selection,
        _ => return,
    };
    let before = selection.cursor.as_ref();
    let shown = before.map_or(0, |cursor| cursor.shown);
    match (next, before) {
        (Some(next), _) => out.push_str(&format!(
            "<resumptionToken completeListSize=\"{}\" cursor=\"{shown}\">{}</resumptionToken>\n",
            next.total,
            esc(&selection.token(next))
        )),
        (None, Some(before)) => out.push_str(&format!(
            "<resumptionToken completeListSize=\"{}\" cursor=\"{shown}\"/>\n",
            before.total
        )),
        (None, None) => {}
    }
}
