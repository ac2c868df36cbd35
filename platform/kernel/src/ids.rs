//! Ids as types of their own, so that a term never stands where an item belongs. All keep WordPress's numbers.

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<i64> for $name {
            fn from(id: i64) -> Self {
                Self(id)
            }
        }
    };
}

id!(
    /// An item: a row of WordPress's `posts`, whatever its type.
    ItemId
);
id!(
    /// A person with an account. 0 is nobody.
    UserId
);
id!(
    /// `term_id`: a term; in old sites one term may stand in several taxonomies.
    TermId
);
id!(
    /// `term_taxonomy_id`: a term in one taxonomy; what items point at.
    TermTaxonomyId
);
id!(
    /// A comment.
    CommentId
);
