//! Related resources, against a database in a temporary folder.

use gp_content::Types;
use gp_kernel::{ItemId, TermId, TermTaxonomyId};
use tempfile::TempDir;

use super::*;
use crate::site_for_tests::{Given, site};

fn term(id: i64, taxonomy: &str, name: &str) -> Term {
    Term {
        id: TermTaxonomyId(id),
        term_id: TermId(id),
        taxonomy: taxonomy.to_owned(),
        name: name.to_owned(),
        slug: name.to_lowercase().replace(' ', "-"),
        ..Term::default()
    }
}

fn terms() -> Vec<Term> {
    vec![
        term(1, "category", "Guidance"),
        term(2, "post_tag", "Child labour"),
        term(3, "post_tag", "Recruitment"),
        term(4, "region", "Worldwide"),
    ]
}

async fn asked(given: Given, of: i64) -> (Vec<(i64, String)>, TempDir) {
    asked_beside(given, of, &[]).await
}

async fn asked_beside(given: Given, of: i64, alike: &[Alike]) -> (Vec<(i64, String)>, TempDir) {
    let (db, folder) = site(&given).await;
    let mut conn = db.read().await.unwrap();
    let types = Types::new(crate::types());
    let scope = Scope::public(&types);
    let item = items::by_id(&mut conn, ItemId(of)).await.unwrap().unwrap();
    let own = gp_content::terms::of_items(&mut conn, &[item.id])
        .await
        .unwrap()
        .remove(&item.id)
        .unwrap_or_default();
    let found = to_item(&mut conn, &scope, &item, &own, &Citable::default(), alike)
        .await
        .unwrap();
    let words = Words::of("en");
    (found.iter().map(|r| (r.item.id.0, reason(r, words))).collect(), folder)
}

#[tokio::test]
async fn rare_terms_count_more_and_ties_stand_by_date() {
    let mut given = Given {
        terms: terms(),
        ..Given::default()
    };
    given.post(1, "2026-01-01", &[1, 2, 3]);
    given.post(2, "2026-01-02", &[1]);
    given.post(3, "2026-01-03", &[1, 2]);
    given.post(4, "2026-01-04", &[1, 2]);
    given.post(5, "2025-01-05", &[2, 3]);
    given.post(6, "2026-01-06", &[4]);
    let (found, _folder) = asked(given, 1).await;
    assert_eq!(
        found,
        [
            (5, "Shares two topics: Recruitment, Child labour".to_owned()),
            (4, "Shares one topic: Child labour".to_owned()),
            (3, "Shares one topic: Child labour".to_owned()),
            (2, "Same label: Guidance".to_owned()),
        ]
    );
}

#[tokio::test]
async fn what_is_hidden_locked_or_no_longer_holds_is_not_related() {
    let mut given = Given {
        terms: terms(),
        ..Given::default()
    };
    for id in 1..=6 {
        given.post(id, "2026-01-01", &[3]);
    }
    given.item(2).status = "private".to_owned();
    given.item(3).password = "secret".to_owned();
    given.item(4).status = "draft".to_owned();
    given.meta.push((
        5,
        "_guidepost_record".to_owned(),
        r#"{"status":"withdrawn"}"#.to_owned(),
    ));
    let (found, _folder) = asked(given, 1).await;
    assert_eq!(found, [(6, "Shares one topic: Recruitment".to_owned())]);
}

#[tokio::test]
async fn an_item_without_terms_has_nothing_related() {
    let mut given = Given::default();
    given.post(1, "2026-01-01", &[]);
    given.post(2, "2026-01-01", &[]);
    assert_eq!(asked(given, 1).await.0, []);
}

fn like(id: i64, words: &[&str]) -> Alike {
    Alike {
        id: ItemId(id),
        words: words.iter().map(|word| (*word).to_owned()).collect(),
    }
}

#[tokio::test]
async fn alike_texts_stand_after_topics_and_before_labels_and_are_never_what_is_hidden() {
    let mut given = Given {
        terms: terms(),
        ..Given::default()
    };
    given.post(1, "2026-01-01", &[1, 3]);
    given.post(2, "2026-01-02", &[1]);
    given.post(3, "2026-01-03", &[]);
    given.post(4, "2026-01-04", &[3]);
    given.post(5, "2026-01-05", &[]).status = "draft".to_owned();
    let alike = [
        like(5, &["hidden"]),
        like(4, &["visas"]),
        like(3, &["orphanages", "<b>"]),
        like(77, &["gone"]),
    ];
    let (found, _folder) = asked_beside(given, 1, &alike).await;
    assert_eq!(
        found,
        [
            (4, "Shares one topic: Recruitment".to_owned()),
            (3, "Similar text: orphanages, &lt;b&gt;".to_owned()),
            (2, "Same label: Guidance".to_owned()),
        ]
    );
}

#[test]
fn terms_are_taken_from_the_rarest_until_the_rows_are_many() {
    assert_eq!(rare_enough(vec![(5000, 1), (10, 2), (3000, 3)]), [2, 3]);
    assert_eq!(rare_enough(vec![(90_000, 1), (90_001, 2), (90_002, 3)]), [1]);
}

#[test]
fn names_of_terms_cannot_bring_markup() {
    let related = Related {
        shared: vec![term(1, "post_tag", "A &amp; <b>B</b>")],
        ..Related::of(Item::default())
    };
    assert_eq!(
        reason(&related, Words::of("en")),
        "Shares one topic: A &amp; &lt;b&gt;B&lt;/b&gt;"
    );
}
