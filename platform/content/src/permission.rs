//! Who may see what and do what: decided here and nowhere else, and handed on as a value.
//!
//! Reading goes through a [`Scope`] (lists) and its [`Scope::sight`] (one item); writing through a [`Grant`], which only
//! [`Actor::may`] can make. What must never be here: a way to make a grant without an actor.

use std::collections::BTreeSet;

use gp_kernel::{Error, ErrorKind, ItemId, Result, UserId};
use gp_php::Value;
use gp_store::{Arg, Conn};

use crate::{
    items::Item,
    meta::{self, MetaKind},
    options::Site,
    types::{ContentType, Rights, Taxonomy, Types},
};

/// What one wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the verbs say themselves")]
pub enum Verb {
    Create,
    Update,
    Publish,
    Trash,
    Restore,
    Delete,
    SetTerms,
    SetMeta,
    SetOption,
    Promote,
    Import,
    Export,
}

impl Verb {
    /// The word for the audit log.
    pub fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Publish => "publish",
            Self::Trash => "trash",
            Self::Restore => "restore",
            Self::Delete => "delete",
            Self::SetTerms => "set terms",
            Self::SetMeta => "set meta",
            Self::SetOption => "set option",
            Self::Promote => "promote",
            Self::Import => "import",
            Self::Export => "export",
        }
    }
}

/// Somebody: a visitor, a person with an account, or the system itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    user: UserId,
    capabilities: BTreeSet<String>,
    everything: bool,
}

/// Leave to do one thing to one item (or to make one); verbs ask for it as an argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    actor: UserId,
    verb: Verb,
    item: ItemId,
    kind: String,
    /// Whose deed it is may write any HTML.
    any_html: bool,
    /// Whose deed it is may give roles.
    promotes: bool,
}

impl Grant {
    /// Whose deed it is.
    pub fn actor(&self) -> UserId {
        self.actor
    }

    /// The verb it was given for.
    pub fn verb(&self) -> Verb {
        self.verb
    }

    /// Whether what is written may hold any HTML; else the verbs clean it.
    pub fn allows_any_html(&self) -> bool {
        self.any_html
    }

    /// Whether an account that is made may get any role; else it gets the one that the site gives to newcomers.
    pub fn allows_any_role(&self) -> bool {
        self.promotes
    }

    /// Checks that this leave is for this deed.
    ///
    /// # Errors
    /// `Forbidden` when a caller holds leave for something else: a fault in the program, caught here.
    pub fn covers(&self, verbs: &[Verb], item: ItemId, kind: &str) -> Result<()> {
        if verbs.contains(&self.verb) && self.item == item && self.kind == kind {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Forbidden,
            format!(
                "leave to {} {} {} does not cover {} {item}",
                self.verb.word(),
                self.kind,
                self.item,
                kind
            ),
        ))
    }
}

impl Actor {
    /// A visitor.
    pub fn anonymous() -> Self {
        Self {
            user: UserId(0),
            capabilities: BTreeSet::new(),
            everything: false,
        }
    }

    /// The program itself: the command line, the importer, the scheduler.
    pub fn system() -> Self {
        Self {
            everything: true,
            ..Self::anonymous()
        }
    }

    /// A person with these capabilities.
    pub fn with_capabilities(user: UserId, capabilities: impl IntoIterator<Item = String>) -> Self {
        Self {
            user,
            capabilities: capabilities.into_iter().collect(),
            everything: false,
        }
    }

    /// The person of an account, with what their roles allow on this site.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn load(conn: &mut Conn, site: &Site, user: UserId) -> Result<Self> {
        let meta = meta::of(conn, MetaKind::User, user.0).await?;
        let mut capabilities = BTreeSet::new();
        for name in granted(site, &meta) {
            capabilities.extend(role_capabilities(site, &name));
            capabilities.insert(name);
        }
        Ok(Self::with_capabilities(user, capabilities))
    }

    /// The account; 0 for visitors and the system.
    pub fn user(&self) -> UserId {
        self.user
    }

    /// Whether they hold a capability.
    pub fn can(&self, capability: &str) -> bool {
        self.everything || self.capabilities.contains(capability)
    }

    /// Everything they hold, roles among it, as WordPress names it.
    pub fn capabilities(&self) -> impl Iterator<Item = &str> {
        self.capabilities.iter().map(String::as_str)
    }

    /// Leave to do something to an account (0: to make one). Each deed has a capability of its own, as in WordPress: who may change
    /// accounts may not therefore give roles, nor who makes them take them away. One's own account everybody changes, but not its roles.
    ///
    /// # Errors
    /// `Unauthenticated` for visitors, `Forbidden` for others.
    pub fn may_on_account(&self, verb: Verb, account: UserId) -> Result<Grant> {
        let own = account == self.user && self.user.0 != 0;
        let made = account.0 != 0;
        let allowed = match verb {
            Verb::Create => !made && self.can("create_users"),
            Verb::Update => made && (own || self.can("edit_users")),
            Verb::Promote => made && self.can("promote_users"),
            Verb::Delete => made && self.can("delete_users"),
            _ => false,
        };
        if !allowed {
            return Err(self.refusal(format!("you may not {} account {account}", verb.word())));
        }
        Ok(Grant {
            item: ItemId(account.0),
            ..self.grant_for(verb, "user")
        })
    }

    /// Whether all accounts are seen, with what only their owners know.
    pub fn lists_accounts(&self) -> bool {
        self.can("list_users")
    }

    /// Whether the account can do something to those of others: then it is worth more than most.
    pub fn manages_accounts(&self) -> bool {
        let deeds = ["create_users", "edit_users", "promote_users", "delete_users"];
        deeds.iter().any(|capability| self.can(capability))
    }

    /// Whether nobody has signed in.
    pub fn is_anonymous(&self) -> bool {
        self.user.0 == 0 && !self.everything
    }

    /// Leave to do something to an item, or the reason why not. `parent` is the item's parent, for types whose rights follow it.
    ///
    /// # Errors
    /// `Unauthenticated` for visitors, `Forbidden` for others.
    pub fn may(&self, verb: Verb, item: &Item, parent: Option<&Item>, types: &Types) -> Result<Grant> {
        let allowed = match types.get(&item.kind) {
            Some(kind) => self.allowed(verb, item, parent, kind, types),
            None => self.can("manage_options"),
        };
        if !allowed {
            return Err(self.refusal(format!("you may not {} {} {}", verb.word(), item.kind, item.id)));
        }
        Ok(Grant {
            item: item.id,
            ..self.grant_for(verb, &item.kind)
        })
    }

    /// Leave to do something to the site as a whole.
    ///
    /// # Errors
    /// `Unauthenticated` for visitors, `Forbidden` for others.
    pub fn may_manage(&self, verb: Verb) -> Result<Grant> {
        let capability = match verb {
            Verb::Import => "import",
            Verb::Export => "export",
            _ => "manage_options",
        };
        if !self.can(capability) {
            return Err(self.refusal(format!("you may not {}", verb.word())));
        }
        Ok(self.grant_for(verb, ""))
    }

    /// Leave to do something to the terms of a taxonomy.
    ///
    /// # Errors
    /// `Unauthenticated` for visitors, `Forbidden` for others.
    pub fn may_on_terms(&self, verb: Verb, taxonomy: &Taxonomy) -> Result<Grant> {
        let capability = match (taxonomy.name.as_str(), verb) {
            ("nav_menu" | "wp_theme" | "wp_template_part_area", _) => "edit_theme_options",
            // Whoever writes may make new topics, but not new branches of a tree.
            (_, Verb::Create) if !taxonomy.hierarchical => "edit_posts",
            _ => "manage_categories",
        };
        if !self.can(capability) {
            return Err(self.refusal(format!("you may not {} terms of {}", verb.word(), taxonomy.name)));
        }
        Ok(self.grant_for(verb, &taxonomy.name))
    }

    /// Leave to do something to the comments of an item, or to one of them: their own words are not people's to change later.
    ///
    /// # Errors
    /// `Unauthenticated` for visitors, `Forbidden` for others.
    pub fn may_on_comments(
        &self,
        verb: Verb,
        item: Option<&Item>,
        parent: Option<&Item>,
        types: &Types,
    ) -> Result<Grant> {
        let edits = item.is_some_and(|item| self.may(Verb::Update, item, parent, types).is_ok());
        let allowed = match verb {
            Verb::Create => self.user.0 != 0 || self.everything,
            _ => self.can("moderate_comments") || edits,
        };
        if !allowed {
            return Err(self.refusal(format!("you may not {} comments here", verb.word())));
        }
        Ok(self.grant_for(verb, "comment"))
    }

    fn grant_for(&self, verb: Verb, kind: &str) -> Grant {
        Grant {
            actor: self.user,
            verb,
            item: ItemId(0),
            kind: kind.to_owned(),
            any_html: self.can("unfiltered_html"),
            promotes: self.can("promote_users"),
        }
    }

    /// Leave to change one's own account.
    ///
    /// # Errors
    /// `Unauthenticated` for visitors.
    pub fn may_change_own_account(&self) -> Result<Grant> {
        if self.user.0 == 0 {
            return Err(self.refusal("you have no account".to_owned()));
        }
        self.may_on_account(Verb::Update, self.user)
    }

    fn refusal(&self, what: String) -> Error {
        let kind = if self.is_anonymous() {
            ErrorKind::Unauthenticated
        } else {
            ErrorKind::Forbidden
        };
        Error::new(kind, what)
    }

    fn allowed(&self, verb: Verb, item: &Item, parent: Option<&Item>, kind: &ContentType, types: &Types) -> bool {
        match kind.rights {
            Rights::One(capability) => self.can(capability),
            Rights::OfParent => parent.is_some_and(|p| self.may(Verb::Update, p, None, types).is_ok()),
            Rights::PerItem(plural) => self.allowed_per_item(verb, item, plural),
        }
    }

    /// WordPress's meta capabilities: own or others', published, private or neither.
    fn allowed_per_item(&self, verb: Verb, item: &Item, plural: &str) -> bool {
        let can = |what: &str| self.can(&format!("{what}_{plural}"));
        let own = item.author == self.user && self.user.0 != 0;
        let status = if item.status == "trash" {
            "draft"
        } else {
            item.status.as_str()
        };
        let touch = |deed: &str| {
            if own {
                return match status {
                    "publish" | "future" => can(&format!("{deed}_published")),
                    _ => can(deed),
                };
            }
            can(&format!("{deed}_others"))
                && match status {
                    "publish" | "future" => can(&format!("{deed}_published")),
                    "private" => can(&format!("{deed}_private")),
                    _ => true,
                }
        };
        match verb {
            Verb::Create => can("edit"),
            Verb::Publish => can("publish") && (item.id.0 == 0 || touch("edit")),
            Verb::Trash | Verb::Delete => touch("delete"),
            Verb::Restore => touch("delete") || touch("edit"),
            _ => touch("edit"),
        }
    }
}

/// How much of an item somebody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// All of it.
    Full,
    /// It is there, with its title; the rest needs its password.
    Locked,
    /// It does not exist for them.
    Nothing,
}

/// What an actor sees: the one rule for every door. Made once per request.
#[derive(Debug, Clone)]
pub struct Scope {
    actor: Actor,
    public_types: Vec<&'static str>,
    /// Types whose private items the actor sees.
    private_types: Vec<&'static str>,
    /// Types that nobody visits; what hangs on them is hidden too. A type that the site does not know is not among them:
    /// files of a plugin's published entries stay reachable when the plugin is gone, as in WordPress.
    internal_types: Vec<&'static str>,
}

impl Scope {
    /// The scope of an actor on a site with these types.
    pub fn new(actor: Actor, types: &Types) -> Self {
        let public_types: Vec<_> = types.public().map(|t| t.name).collect();
        let private_types = types
            .public()
            .filter(|t| match t.rights {
                Rights::PerItem(plural) => actor.can(&format!("read_private_{plural}")),
                Rights::One(capability) => actor.can(capability),
                Rights::OfParent => false,
            })
            .map(|t| t.name)
            .collect();
        Self {
            actor,
            public_types,
            private_types,
            internal_types: types.all().filter(|t| !t.public).map(|t| t.name).collect(),
        }
    }

    /// A visitor's scope.
    pub fn public(types: &Types) -> Self {
        Self::new(Actor::anonymous(), types)
    }

    /// Whose scope it is.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// What the actor sees of one item. `parent` is needed for items whose status is `inherit`; without it they are hidden
    /// unless they have none.
    pub fn sight(&self, item: &Item, parent: Option<&Item>) -> Sight {
        if self.actor.everything {
            return Sight::Full;
        }
        if !self.public_types.contains(&item.kind.as_str()) {
            return Sight::Nothing;
        }
        let own = item.author == self.actor.user && self.actor.user.0 != 0;
        let private = own || self.private_types.contains(&item.kind.as_str());
        let seen = match item.status.as_str() {
            "publish" => true,
            "private" => private,
            // Only files are seen as their parent is seen; any other item with this status is nobody's.
            "inherit" if item.kind != "attachment" => false,
            "inherit" => match parent.map(|p| self.parent_sight(p)) {
                Some(Sight::Locked) => return Sight::Locked,
                Some(sight) => sight == Sight::Full,
                None => item.parent.0 == 0,
            },
            _ => false,
        };
        match (seen, item.password.is_empty()) {
            (false, _) => Sight::Nothing,
            (true, true) => Sight::Full,
            (true, false) if self.edits(item) => Sight::Full,
            (true, false) => Sight::Locked,
        }
    }

    fn parent_sight(&self, parent: &Item) -> Sight {
        let unknown =
            !self.public_types.contains(&parent.kind.as_str()) && !self.internal_types.contains(&parent.kind.as_str());
        match (unknown, parent.status == "publish", parent.password.is_empty()) {
            (true, true, true) => Sight::Full,
            (true, true, false) => Sight::Locked,
            (true, false, _) => Sight::Nothing,
            (false, ..) => self.sight(parent, None),
        }
    }

    /// Whether the actor may have an item's files. Published fonts belong to every page, though nobody visits them. Files of a
    /// locked item are neither listed nor found, but given to whoever has their address: the page that names them is locked.
    pub fn may_have_files(&self, item: &Item, parent: Option<&Item>) -> bool {
        let furniture = matches!(item.kind.as_str(), "wp_font_face" | "wp_font_family") && item.status == "publish";
        furniture || self.sight(item, parent) != Sight::Nothing
    }

    /// Whether the actor is one of its editors, who need no password.
    fn edits(&self, item: &Item) -> bool {
        let own = item.author == self.actor.user && self.actor.user.0 != 0;
        own || self.private_types.contains(&item.kind.as_str())
    }

    /// The types that a list of these (none: of all) looks through.
    pub(crate) fn listed<'a>(&'a self, types: &'a [String]) -> impl Iterator<Item = &'a str> {
        let wanted = |kind: &&str| types.is_empty() || types.iter().any(|t| t == kind);
        self.public_types.iter().copied().filter(wanted)
    }

    /// The same rule as a condition on `items i`; `bind` takes an argument and gives its number.
    /// Types that are not public are never listed.
    pub(crate) fn condition(&self, types: &[String], bind: &mut dyn FnMut(Arg) -> usize) -> String {
        let listed: Vec<&str> = self.listed(types).collect();
        if listed.is_empty() {
            return "1 = 0".to_owned();
        }
        let kinds = |list: &[&str], bind: &mut dyn FnMut(Arg) -> usize| {
            let numbers: Vec<String> = list.iter().map(|t| format!("${}", bind((*t).into()))).collect();
            numbers.join(",")
        };
        let mut ways = vec![format!(
            "(i.type in ({}) and i.status = 'publish')",
            kinds(&listed, bind)
        )];
        if listed.contains(&"attachment") {
            let as_parent = self.parents_condition(bind);
            ways.push(format!(
                "(i.type = 'attachment' and i.status = 'inherit' and {as_parent})"
            ));
        }
        let private: Vec<&str> = listed
            .iter()
            .copied()
            .filter(|t| self.private_types.contains(t))
            .collect();
        if !private.is_empty() {
            let kinds = kinds(&private, bind);
            ways.push(format!("(i.type in ({kinds}) and i.status = 'private')"));
        }
        if self.actor.user.0 != 0 {
            let types = kinds(&listed, bind);
            let user = bind(self.actor.user.into());
            ways.push(format!(
                "(i.type in ({types}) and i.status = 'private' and i.author = ${user})"
            ));
        }
        format!("({})", ways.join(" or "))
    }
}

/// Items of one type and status that somebody may see in lists, of everybody or their own: made by [`Scope::at_work`] only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelf {
    kind: &'static str,
    status: String,
    whose: Whose,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    Everybodys,
    Own(UserId),
    /// As what they were uploaded to is seen.
    Parents,
}

impl Shelf {
    pub(crate) fn kind(&self) -> &'static str {
        self.kind
    }
}

impl Scope {
    /// What the actor sees of an item when they work with it: what visitors do, and all of what they may edit. Published items of
    /// types that nobody visits are seen with the capability to read them.
    pub fn sight_at_work(&self, item: &Item, parent: Option<&Item>, types: &Types) -> Sight {
        let sight = self.sight(item, parent);
        if sight == Sight::Full {
            return sight;
        }
        let reads = types.get(&item.kind).is_some_and(|kind| self.reads(kind)) && item.status == "publish";
        if reads && sight == Sight::Nothing && item.password.is_empty() {
            return Sight::Full;
        }
        if self.actor.may(Verb::Update, item, parent, types).is_ok() {
            return Sight::Full;
        }
        sight
    }

    /// Whether published items of a type that nobody visits are read by the actor.
    fn reads(&self, kind: &ContentType) -> bool {
        kind.read
            .is_some_and(|capability| capability.is_empty() || self.actor.can(capability))
    }

    /// The items of a type in these statuses that the actor sees when they work with them.
    pub fn at_work(&self, kind: &ContentType, statuses: &[&str]) -> Vec<Shelf> {
        let shelf = |status: &str| {
            Some(Shelf {
                kind: kind.name,
                status: status.to_owned(),
                whose: self.whose(kind, status)?,
            })
        };
        statuses.iter().filter_map(|status| shelf(status)).collect()
    }

    fn whose(&self, kind: &ContentType, status: &str) -> Option<Whose> {
        if self.actor.everything {
            return Some(Whose::Everybodys);
        }
        if status == "publish" && (kind.public || self.reads(kind)) {
            return Some(Whose::Everybodys);
        }
        let (everybodys, own) = match kind.rights {
            Rights::One(capability) => (self.actor.can(capability), false),
            Rights::OfParent => (false, false),
            Rights::PerItem(plural) => {
                let can = |deed: &str| self.actor.can(&format!("{deed}_{plural}"));
                let others = match status {
                    "private" => can("read_private"),
                    "publish" | "future" => can("edit_others") && can("edit_published"),
                    _ => can("edit_others"),
                };
                (others, can("edit"))
            }
        };
        match (everybodys, own && self.actor.user.0 != 0) {
            (true, _) => Some(Whose::Everybodys),
            _ if status == "inherit" && kind.public => Some(Whose::Parents),
            (false, true) => Some(Whose::Own(self.actor.user)),
            (false, false) => None,
        }
    }

    /// The rule of these shelves as a condition on `items i`; `bind` takes an argument and gives its number.
    pub(crate) fn condition_of_shelves(&self, shelves: &[Shelf], bind: &mut dyn FnMut(Arg) -> usize) -> String {
        let mut ways = Vec::new();
        for shelf in shelves {
            let (kind, status) = (bind(shelf.kind.into()), bind(shelf.status.as_str().into()));
            let more = match shelf.whose {
                Whose::Everybodys => String::new(),
                Whose::Own(user) => format!(" and i.author = ${}", bind(user.into())),
                Whose::Parents => format!(" and {}", self.parents_condition(bind)),
            };
            ways.push(format!("(i.type = ${kind} and i.status = ${status}{more})"));
        }
        if ways.is_empty() {
            return "1 = 0".to_owned();
        }
        format!("({})", ways.join(" or "))
    }

    /// The items whose comments the actor may come upon in lists, as a condition on `items i`: those that they read without a
    /// password, and their own. Moderators come upon all.
    pub(crate) fn condition_of_comments(&self, bind: &mut dyn FnMut(Arg) -> usize) -> Option<String> {
        if self.actor.can("moderate_comments") {
            return None;
        }
        let seen = format!("(i.password = '' and {})", self.condition(&[], bind));
        if self.actor.is_anonymous() {
            return Some(seen);
        }
        Some(format!("({seen} or i.author = ${})", bind(self.actor.user.into())))
    }

    /// What hangs on nothing, or on something that everybody may read in full.
    fn parents_condition(&self, bind: &mut dyn FnMut(Arg) -> usize) -> String {
        let internal: Vec<String> = self
            .internal_types
            .iter()
            .map(|t| format!("${}", bind((*t).into())))
            .collect();
        format!(
            "(i.parent = 0 or exists (select 1 from items p where p.id = i.parent and p.status = 'publish' and p.password = '' \
             and p.type not in ({})))",
            internal.join(",")
        )
    }
}

const CONTRIBUTOR: &[&str] = &["read", "edit_posts", "delete_posts", "level_1", "level_0"];
const AUTHOR: &[&str] = &[
    "publish_posts",
    "edit_published_posts",
    "delete_published_posts",
    "upload_files",
    "level_2",
];
const EDITOR: &[&str] = &[
    "edit_others_posts",
    "edit_private_posts",
    "read_private_posts",
    "delete_others_posts",
    "delete_private_posts",
    "edit_pages",
    "edit_others_pages",
    "edit_published_pages",
    "edit_private_pages",
    "read_private_pages",
    "publish_pages",
    "delete_pages",
    "delete_others_pages",
    "delete_published_pages",
    "delete_private_pages",
    "manage_categories",
    "manage_links",
    "moderate_comments",
    "unfiltered_html",
];
const ADMINISTRATOR: &[&str] = &[
    "manage_options",
    "edit_theme_options",
    "customize",
    "switch_themes",
    "edit_themes",
    "install_themes",
    "update_themes",
    "delete_themes",
    "create_users",
    "edit_users",
    "list_users",
    "delete_users",
    "promote_users",
    "remove_users",
    "import",
    "export",
    "activate_plugins",
    "edit_plugins",
    "install_plugins",
    "update_plugins",
    "delete_plugins",
    "update_core",
    "edit_dashboard",
    "edit_files",
    "unfiltered_upload",
    "read_private_ai1ec_events",
    "edit_ai1ec_events",
    "edit_others_ai1ec_events",
    "edit_published_ai1ec_events",
    "edit_private_ai1ec_events",
    "publish_ai1ec_events",
    "delete_ai1ec_events",
    "delete_others_ai1ec_events",
    "delete_published_ai1ec_events",
    "delete_private_ai1ec_events",
];

/// The roles of an account on this site. Several sites may share their accounts: then those of the prefix of this site's own
/// list of roles count, and nothing is guessed.
pub(crate) fn own_roles<'m>(meta: &'m meta::Meta, prefixes: &[String]) -> Option<&'m [u8]> {
    const KEY: &str = "capabilities";
    let mut all = meta.0.iter().filter(|(key, _)| key.ends_with("_capabilities"));
    if let (Some((_, only)), None) = (all.next(), all.next()) {
        return Some(only);
    }
    prefixes.iter().find_map(|prefix| {
        let named = |key: &str| key.strip_prefix(prefix.as_str()) == Some(KEY);
        meta.0
            .iter()
            .find(|(key, _)| named(key))
            .map(|(_, value)| value.as_slice())
    })
}

/// What an account was given on this site, by its meta: roles, and capabilities of its own.
pub fn granted(site: &Site, stored: &meta::Meta) -> Vec<String> {
    let own = own_roles(stored, &site.role_prefixes()).and_then(|value| gp_php::parse_lenient(value).ok());
    own.iter()
        .flat_map(Value::iter)
        .filter(|(_, allowed)| allowed.as_bool())
        .map(|(name, _)| name.as_str().into_owned())
        .collect()
}

/// The roles among it.
pub fn roles(site: &Site, stored: &meta::Meta) -> Vec<String> {
    let mut all = granted(site, stored);
    all.retain(|name| !role_capabilities(site, name).is_empty());
    all
}

/// Whether a role allows something on this site.
pub fn role_allows(site: &Site, role: &str, capability: &str) -> bool {
    role_capabilities(site, role)
        .iter()
        .any(|allowed| allowed == capability)
}

/// What a role allows: as the site's own list of roles says (kept by an import), else as a new WordPress would.
fn role_capabilities(site: &Site, role: &str) -> Vec<String> {
    if let Some(roles) = site.value("wp_user_roles")
        && let Some(capabilities) = roles.get(role).and_then(|r| r.get("capabilities"))
    {
        return capabilities
            .iter()
            .filter(|(_, allowed)| allowed.as_bool())
            .map(|(name, _)| name.as_str().into_owned())
            .collect();
    }
    let steps: &[&[&str]] = match role {
        "administrator" => &[CONTRIBUTOR, AUTHOR, EDITOR, ADMINISTRATOR],
        "editor" => &[CONTRIBUTOR, AUTHOR, EDITOR],
        "author" => &[CONTRIBUTOR, AUTHOR],
        "contributor" => &[CONTRIBUTOR],
        "subscriber" => &[&["read", "level_0"]],
        _ => &[],
    };
    steps.iter().flat_map(|s| s.iter().map(|c| (*c).to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_of_another_site_with_the_same_accounts_do_not_count() {
        let meta = |keys: &[&str]| meta::Meta(keys.iter().map(|k| ((*k).to_owned(), k.as_bytes().to_vec())).collect());
        let prefixes = ["wp_2_".to_owned(), "wp_".to_owned()];
        let own = |keys: &[&str]| own_roles(&meta(keys), &prefixes).map(|v| String::from_utf8_lossy(v).into_owned());
        let both = own(&["wp_capabilities", "wp_2_capabilities", "wp_3_capabilities"]);
        assert_eq!(both.as_deref(), Some("wp_2_capabilities"));
        assert_eq!(own(&["old_capabilities"]).as_deref(), Some("old_capabilities"));
        assert_eq!(own(&["wp_3_capabilities", "wp_4_capabilities"]), None);
        assert_eq!(own(&["wp_user_level"]), None);
    }
}
