//! Which elements and attributes may stand: the lists as plain data, and the rules that they are read into.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::Value;

/// Attributes that every element of a post may have.
const ANYWHERE: &str = "aria-controls aria-current aria-describedby aria-details aria-expanded aria-hidden aria-label \
    aria-labelledby aria-live class data-* dir hidden id lang style tabindex title role xml:lang";

/// Elements of a post without attributes of their own.
const BARE: &str = "address abbr acronym b bdo big br cite code dd dfn dl dt em fieldset i kbd mark rb rp rt rtc ruby s samp \
    search small strike strong sub sup title tt u var wbr";

/// Elements of a post with attributes of their own.
const WITH_ATTRIBUTES: [(&str, &str); 58] = [
    ("a", "href rel rev name target download"),
    ("area", "alt coords href nohref shape target"),
    ("article", "align"),
    ("aside", "align"),
    ("audio", "autoplay controls loop muted preload src"),
    ("blockquote", "cite"),
    (
        "button",
        "command commandfor disabled name type value popovertarget popovertargetaction aria-haspopup",
    ),
    ("caption", "align"),
    ("col", "align char charoff span valign width"),
    ("colgroup", "align char charoff span valign width"),
    ("data", "value"),
    ("del", "datetime"),
    ("details", "align open name"),
    ("div", "align popover"),
    ("dialog", "closedby open popover autofocus"),
    ("figure", "align"),
    ("figcaption", "align"),
    ("font", "color face size"),
    ("footer", "align"),
    ("h1", "align"),
    ("h2", "align"),
    ("h3", "align"),
    ("h4", "align"),
    ("h5", "align"),
    ("h6", "align"),
    ("header", "align"),
    ("hgroup", "align"),
    ("hr", "align noshade size width"),
    (
        "img",
        "alt align border height hspace loading longdesc vspace src usemap width",
    ),
    ("ins", "datetime cite"),
    ("label", "for"),
    ("legend", "align"),
    ("li", "align value"),
    ("main", "align"),
    ("map", "name"),
    ("menu", "type"),
    ("meter", "high low max min optimum value"),
    ("nav", "align"),
    ("p", "align"),
    ("pre", "width"),
    ("progress", "max value"),
    ("q", "cite"),
    ("span", "align"),
    ("section", "align"),
    ("summary", "align"),
    (
        "table",
        "align bgcolor border cellpadding cellspacing rules summary width",
    ),
    ("tbody", "align char charoff valign"),
    (
        "td",
        "abbr align axis bgcolor char charoff colspan headers height nowrap rowspan scope valign width",
    ),
    ("textarea", "cols rows disabled name readonly"),
    ("tfoot", "align char charoff valign"),
    (
        "th",
        "abbr align axis bgcolor char charoff colspan headers height nowrap rowspan scope valign width",
    ),
    ("thead", "align char charoff valign"),
    ("time", "datetime"),
    ("tr", "align bgcolor char charoff valign"),
    ("track", "default kind label src srclang"),
    ("ul", "type popover"),
    ("ol", "start type reversed"),
    (
        "video",
        "autoplay controls height loop muted playsinline poster preload src width",
    ),
];

/// Attributes that every element of a formula may have.
const IN_FORMULAS: &str = "displaystyle scriptlevel mathbackground mathcolor mathsize";

/// Elements of a formula.
const FORMULAS: [(&str, &str); 29] = [
    ("math", "display"),
    ("mtext", ""),
    ("mi", "mathvariant"),
    ("mn", ""),
    (
        "mo",
        "form fence separator lspace rspace stretchy symmetric maxsize minsize largeop movablelimits",
    ),
    ("mspace", "width height depth"),
    ("ms", ""),
    ("mrow", ""),
    ("mfrac", "linethickness"),
    ("msqrt", ""),
    ("mroot", ""),
    ("mstyle", ""),
    ("merror", ""),
    ("mpadded", "width height depth lspace voffset"),
    ("mphantom", ""),
    ("msub", ""),
    ("msup", ""),
    ("msubsup", ""),
    ("munder", "accentunder accent"),
    ("mover", "accentunder accent"),
    ("munderover", "accentunder accent"),
    ("mmultiscripts", ""),
    ("mprescripts", ""),
    (
        "mtable",
        "columnalign rowspacing columnspacing align rowalign columnlines rowlines frame framespacing width",
    ),
    ("mtr", "columnalign rowalign"),
    ("mtd", "columnspan rowspan columnalign rowalign"),
    ("semantics", ""),
    ("annotation", "encoding"),
    ("menclose", "notation"),
];

/// What comments and other short texts may hold.
const SHORT_TEXT: [(&str, &str); 14] = [
    ("a", "href title"),
    ("abbr", "title"),
    ("acronym", "title"),
    ("b", ""),
    ("blockquote", "cite"),
    ("cite", ""),
    ("code", ""),
    ("del", "datetime"),
    ("em", ""),
    ("i", ""),
    ("q", "cite"),
    ("s", ""),
    ("strike", ""),
    ("strong", ""),
];

/// One demand on the value of an attribute.
#[derive(Debug, Clone, PartialEq)]
pub enum Check {
    /// At most that many bytes.
    MaxLength(usize),
    /// At least that many bytes.
    MinLength(usize),
    /// A whole number of at most that size.
    MaxValue(f64),
    /// A whole number of at least that size.
    MinValue(f64),
    /// Whether the attribute must stand without a value (`true`) or with one.
    Valueless(bool),
    /// One of these, whatever its case.
    OneOf(Vec<String>),
    /// The address of a PDF file of this site.
    LocalPdf,
}

/// What is asked of one attribute.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rule {
    /// Without it, the whole tag goes.
    pub required: bool,
    /// All must hold.
    pub checks: Vec<Check>,
}

/// The attributes that one element may have, by lower-case name; `data-*` stands for all of its kind.
pub type Attributes = HashMap<String, Rule>;

/// The elements that may stand, by lower-case name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Allowed {
    elements: HashMap<String, Attributes>,
}

static POST: LazyLock<Allowed> = LazyLock::new(|| {
    let mut allowed = Allowed::default();
    for element in BARE.split_ascii_whitespace() {
        allowed.add(element, &[ANYWHERE]);
    }
    for (element, own) in WITH_ATTRIBUTES {
        allowed.add(element, &[ANYWHERE, own]);
    }
    for (element, own) in FORMULAS {
        allowed.add(element, &[ANYWHERE, IN_FORMULAS, own]);
    }
    let with_value = Rule {
        required: false,
        checks: vec![Check::Valueless(true)],
    };
    allowed.rule("a", "download", with_value);
    allowed.add("object", &[ANYWHERE]);
    let demand = |check| Rule {
        required: true,
        checks: vec![check],
    };
    allowed.rule("object", "data", demand(Check::LocalPdf));
    let pdf = Check::OneOf(vec!["application/pdf".to_owned()]);
    allowed.rule("object", "type", demand(pdf));
    allowed
});

static DATA: LazyLock<Allowed> = LazyLock::new(|| {
    let mut allowed = Allowed::default();
    for (element, own) in SHORT_TEXT {
        allowed.add(element, &[own]);
    }
    allowed
});

impl Allowed {
    /// What a post may hold.
    pub fn post() -> &'static Allowed {
        &POST
    }

    /// What a comment or another short text may hold.
    pub fn data() -> &'static Allowed {
        &DATA
    }

    /// Allows an element with attributes, each text a list of names between spaces.
    pub fn add(&mut self, element: &str, attributes: &[&str]) {
        let names = attributes.iter().flat_map(|list| list.split_ascii_whitespace());
        let entry = self.elements.entry(element.to_owned()).or_default();
        entry.extend(names.map(|name| (name.to_owned(), Rule::default())));
    }

    fn rule(&mut self, element: &str, attribute: &str, rule: Rule) {
        let entry = self.elements.entry(element.to_owned()).or_default();
        entry.insert(attribute.to_owned(), rule);
    }

    /// The attributes of an element (lower case) that may stand.
    pub fn attributes(&self, element: &str) -> Option<&Attributes> {
        self.elements.get(element)
    }

    /// All elements with their attributes, in no order.
    pub fn elements(&self) -> impl Iterator<Item = (&str, &Attributes)> {
        self.elements.iter().map(|(name, rules)| (name.as_str(), rules))
    }

    /// The rules of a JSON value in WordPress's form: `{"a": {"href": true, "dir": {"values": ["ltr", "rtl"]}}}`.
    /// What is no such rule allows nothing.
    pub fn from_json(value: &Value) -> Allowed {
        let mut elements = HashMap::new();
        for (element, attributes) in value.as_object().into_iter().flatten() {
            if attributes.is_null() {
                continue;
            }
            let rules = attributes.as_object().into_iter().flatten();
            let rules = rules.filter_map(|(name, rule)| Some((name.clone(), Rule::from_json(rule)?)));
            elements.insert(element.clone(), rules.collect());
        }
        Allowed { elements }
    }
}

impl Rule {
    fn from_json(value: &Value) -> Option<Rule> {
        if value.is_null() || value.as_str() == Some("") {
            return None;
        }
        let mut rule = Rule::default();
        for (name, value) in value.as_object().into_iter().flatten() {
            if name == "required" {
                rule.required = value.as_bool() == Some(true);
            } else {
                rule.checks.extend(Check::from_json(name, value));
            }
        }
        Some(rule)
    }
}

impl Check {
    fn from_json(name: &str, value: &Value) -> Option<Check> {
        let number = value
            .as_f64()
            .or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()));
        Some(match name {
            "maxlen" => Check::MaxLength(number? as usize),
            "minlen" => Check::MinLength(number? as usize),
            "maxval" => Check::MaxValue(number?),
            "minval" => Check::MinValue(number?),
            "valueless" => Check::Valueless(value.as_str()?.eq_ignore_ascii_case("y")),
            "values" => Check::OneOf(
                value
                    .as_array()?
                    .iter()
                    .filter_map(|one| one.as_str().map(str::to_owned))
                    .collect(),
            ),
            "value_callback" => Check::LocalPdf,
            _ => return None,
        })
    }

    /// Whether a value meets the demand; `None` stands for an attribute without one. `host` is the site's own.
    pub(super) fn holds(&self, value: Option<&str>, host: Option<&str>) -> bool {
        let text = value.unwrap_or_default();
        match self {
            Check::MaxLength(most) => text.len() <= *most,
            Check::MinLength(least) => text.len() >= *least,
            Check::MaxValue(most) => small_number(text).is_some_and(|number| number <= *most),
            Check::MinValue(least) => small_number(text).is_some_and(|number| number >= *least),
            Check::Valueless(wanted) => *wanted == value.is_none(),
            Check::OneOf(known) => known.contains(&text.to_lowercase()),
            Check::LocalPdf => is_local_pdf(text, host),
        }
    }
}

/// A number of at most six digits, with a little white space around it.
fn small_number(text: &str) -> Option<f64> {
    let digits = text.trim_matches(|c: char| c.is_ascii_whitespace());
    let fits = (1..=6).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| digits.parse().ok()).flatten()
}

/// A PDF file below the site's own host, or by a path of this site where the host is not known.
fn is_local_pdf(address: &str, host: Option<&str>) -> bool {
    if address.contains(['?', '#']) || !address.ends_with(".pdf") {
        return false;
    }
    let Some(host) = host else {
        return address.starts_with('/') && !address.starts_with("//") && !address.contains('\\');
    };
    ["http://", "https://"].iter().any(|scheme| {
        let rest = address.strip_prefix(scheme).and_then(|rest| rest.strip_prefix(host));
        rest.is_some_and(|rest| rest.starts_with('/'))
    })
}
