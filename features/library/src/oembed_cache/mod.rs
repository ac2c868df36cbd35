//! `oembed_cache`: what another site answered when it was asked how to embed an address.
//!
//! Kept of WordPress:
//! - the slug is the MD5 of the address and its attributes, so that a page finds it again; the text is HTML or
//!   `{{unknown}}`;
//! - kept from an import and never asked for anew while a page is shown; not exported, not listed, not public.

use gp_content::ContentType;

/// What the platform needs to know of it.
pub const TYPE: ContentType = ContentType::internal("oembed_cache", "Kept embed", "Kept embeds");
