//! Which element fills which field: one list for each kind of entry.

use crate::model::{Author, Channel, Comment, Item, Term};

pub(crate) fn channel_text<'a>(channel: &'a mut Channel, name: &str) -> Option<&'a mut String> {
    Some(match name {
        "title" => &mut channel.title,
        "link" => &mut channel.link,
        "description" => &mut channel.description,
        "pubDate" => &mut channel.pub_date,
        "language" => &mut channel.language,
        "wp:wxr_version" => &mut channel.wxr_version,
        "wp:base_site_url" => &mut channel.base_site_url,
        "wp:base_blog_url" => &mut channel.base_blog_url,
        "generator" => &mut channel.generator,
        _ => return None,
    })
}

pub(crate) fn author_text<'a>(author: &'a mut Author, name: &str) -> Option<&'a mut String> {
    Some(match name {
        "wp:author_login" => &mut author.login,
        "wp:author_email" => &mut author.email,
        "wp:author_display_name" => &mut author.display_name,
        "wp:author_first_name" => &mut author.first_name,
        "wp:author_last_name" => &mut author.last_name,
        _ => return None,
    })
}

pub(crate) fn term_text<'a>(term: &'a mut Term, name: &str) -> Option<&'a mut String> {
    Some(match name {
        "wp:term_taxonomy" => &mut term.taxonomy,
        "wp:category_nicename" | "wp:tag_slug" | "wp:term_slug" => &mut term.slug,
        "wp:category_parent" | "wp:term_parent" => &mut term.parent_slug,
        "wp:cat_name" | "wp:tag_name" | "wp:term_name" => &mut term.name,
        "wp:category_description" | "wp:tag_description" | "wp:term_description" => &mut term.description,
        _ => return None,
    })
}

pub(crate) fn item_text<'a>(item: &'a mut Item, name: &str) -> Option<&'a mut String> {
    Some(match name {
        "title" => &mut item.title,
        "link" => &mut item.link,
        "pubDate" => &mut item.pub_date,
        "dc:creator" => &mut item.creator,
        "guid" => &mut item.guid,
        "description" => &mut item.description,
        "content:encoded" => &mut item.content,
        "excerpt:encoded" => &mut item.excerpt,
        "wp:post_date" => &mut item.post_date,
        "wp:post_date_gmt" => &mut item.post_date_gmt,
        "wp:post_modified" => item.post_modified.get_or_insert_default(),
        "wp:post_modified_gmt" => item.post_modified_gmt.get_or_insert_default(),
        "wp:comment_status" => &mut item.comment_status,
        "wp:ping_status" => &mut item.ping_status,
        "wp:post_name" => &mut item.post_name,
        "wp:status" => &mut item.status,
        "wp:post_type" => &mut item.post_type,
        "wp:post_password" => &mut item.post_password,
        "wp:attachment_url" => item.attachment_url.get_or_insert_default(),
        _ => return None,
    })
}

pub(crate) fn item_number<'a>(item: &'a mut Item, name: &str) -> Option<&'a mut i64> {
    Some(match name {
        "wp:post_id" => &mut item.id,
        "wp:post_parent" => &mut item.post_parent,
        "wp:menu_order" => &mut item.menu_order,
        _ => return None,
    })
}

pub(crate) fn comment_text<'a>(comment: &'a mut Comment, name: &str) -> Option<&'a mut String> {
    Some(match name {
        "wp:comment_author" => &mut comment.author,
        "wp:comment_author_email" => &mut comment.author_email,
        "wp:comment_author_url" => &mut comment.author_url,
        "wp:comment_author_IP" => &mut comment.author_ip,
        "wp:comment_date" => &mut comment.date,
        "wp:comment_date_gmt" => &mut comment.date_gmt,
        "wp:comment_content" => &mut comment.content,
        "wp:comment_approved" => &mut comment.approved,
        "wp:comment_type" => &mut comment.comment_type,
        _ => return None,
    })
}

pub(crate) fn comment_number<'a>(comment: &'a mut Comment, name: &str) -> Option<&'a mut i64> {
    Some(match name {
        "wp:comment_id" => &mut comment.id,
        "wp:comment_parent" => &mut comment.parent,
        "wp:comment_user_id" => &mut comment.user_id,
        _ => return None,
    })
}
