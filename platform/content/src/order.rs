//! How lists of items are ordered.

use std::borrow::Cow;

/// A prime below which what is shuffled is counted: its square still fits a number of the databases many times over.
const PRIME: u64 = 999_983;

/// How a list is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Newest publication first.
    #[default]
    Newest,
    /// Oldest publication first.
    Oldest,
    /// Last change first.
    Modified,
    /// Last change last.
    ModifiedUp,
    /// By `menu_order`, then title.
    Menu,
    /// By `menu_order`, last first.
    MenuDown,
    /// By title.
    Title,
    /// By title, last first.
    TitleDown,
    /// By slug.
    Name,
    /// By slug, last first.
    NameDown,
    /// By the author's id.
    Author,
    /// By the author's id, last first.
    AuthorDown,
    /// Fewest comments first.
    Comments,
    /// Most comments first.
    CommentsDown,
    /// By id, first made first.
    Id,
    /// By id, last made first.
    IdDown,
    /// By the parent's id.
    Parent,
    /// By the parent's id, last first.
    ParentDown,
    /// Those that have the words in their title first, then the newest.
    Fitting,
    /// In no order that means something, the same for the same number: whoever asks decides how long one lasts.
    Shuffled(u64),
}

impl Order {
    pub(crate) fn sql(self) -> Cow<'static, str> {
        let fixed = match self {
            Self::Newest => "i.date desc, i.id desc",
            Self::Oldest => "i.date, i.id",
            Self::Modified => "i.modified desc, i.id desc",
            Self::ModifiedUp => "i.modified, i.id",
            Self::Menu => "i.menu_order, i.title, i.id",
            Self::MenuDown => "i.menu_order desc, i.title desc, i.id desc",
            Self::Title => "i.title, i.id",
            Self::TitleDown => "i.title desc, i.id desc",
            Self::Name => "i.name, i.id",
            Self::NameDown => "i.name desc, i.id desc",
            Self::Author => "i.author, i.date, i.id",
            Self::AuthorDown => "i.author desc, i.date desc, i.id desc",
            Self::Comments => "i.comment_count, i.date, i.id",
            Self::CommentsDown => "i.comment_count desc, i.date desc, i.id desc",
            Self::Id => "i.id",
            Self::IdDown => "i.id desc",
            Self::Parent => "i.parent, i.id",
            Self::ParentDown => "i.parent desc, i.id desc",
            // Whoever looks for words puts the titles before it.
            Self::Fitting => "i.date desc, i.id desc",
            Self::Shuffled(seed) => return Cow::Owned(shuffled(seed)),
        };
        Cow::Borrowed(fixed)
    }

    /// Whether a change of an item's text can move it in the list.
    pub(crate) fn is_of_text(self) -> bool {
        !matches!(
            self,
            Self::Newest | Self::Oldest | Self::Id | Self::IdDown | Self::Shuffled(_)
        )
    }
}

/// Both databases count alike: the id is moved along by the seed, squared and moved again, each time within a prime.
fn shuffled(seed: u64) -> String {
    // One more makes another order altogether.
    let mixed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let (first, second) = ((mixed >> 40) % PRIME, (mixed & 0xff_ffff_ffff) % PRIME + 1);
    let once = format!("(i.id % {PRIME} * {second} + {first}) % {PRIME}");
    format!("({once}) * ({once}) % {PRIME} * 7919 % {PRIME}, i.id")
}
