mod site;
use gp_blocks::*;
use gp_content::{
    address::{resolve::resolve, *},
    *,
};
use gp_store::Db;
use std::{collections::BTreeMap, fs, path::Path, sync::Arc};
fn files(folder: &Path, below: &str, out: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            files(&entry.path(), &format!("{name}/"), out);
        } else {
            out.insert(name, fs::read(entry.path()).unwrap());
        }
    }
}
#[tokio::test]
async fn scratch() {
    let db = Db::open("", Path::new("/tmp/blk/data2")).await.unwrap();
    let mut conn = db.write().await.unwrap();
    let types = Arc::new(site::types());
    let s = Arc::new(Site::load(&mut conn).await.unwrap());
    let mut all = BTreeMap::new();
    files(Path::new("/work/shared/fixtures/themes/twentytwentyfour"), "", &mut all);
    let mut r = Renderer::new(Theme::default(), vec![]);
    r.install(Theme::from_files("twentytwentyfour", all).unwrap());
    println!("{} {:?}", s.stylesheet, s.menu_locations);
    fs::create_dir_all("/tmp/blk/out2").unwrap();
    for line in fs::read_to_string("/tmp/blk/urls").unwrap().lines() {
        let (name, url) = line.split_once(' ').unwrap();
        let (path, q) = url.split_once('?').unwrap_or((url, ""));
        let scope = Scope::public(&types);
        let address = resolve(&mut conn, &s, &types, &scope, &Request::parse(path, q))
            .await
            .unwrap();
        let mut listing = Listing::default();
        if let Address::List(l) = &address {
            let mut query = ItemQuery {
                types: vec!["post".into()],
                limit: s.per_page,
                offset: (l.page - 1) * s.per_page,
                ..Default::default()
            };
            match &l.shape {
                Shape::Term(_, ids) => query.terms.push(ids.clone()),
                Shape::Author(u) => query.author = Some(u.id),
                Shape::Date(d) => query.date_prefix = Some(d.clone()),
                _ => {}
            }
            let p = items::list(&mut conn, &scope, &query).await.unwrap();
            listing = Listing {
                pages: (p.total as usize).div_ceil(s.per_page),
                items: p.items,
                total: p.total,
                ..Default::default()
            };
        }
        if matches!(address, Address::Moved(_)) {
            println!("{name} moved {address:?}");
        }
        let page = PageContext {
            site: s.clone(),
            types: types.clone(),
            scope,
            address,
            listing,
            unlocked: false,
            base_url: "https://guidance-hub.example".into(),
            now: "2026-11-25T12:00:00Z".parse().unwrap(),
        };
        let t = std::time::Instant::now();
        let done = r.page(&mut conn, &page).await.unwrap();
        println!("{name} {} {:?} {:?}", done.template, t.elapsed(), done.notices);
        fs::write(format!("/tmp/blk/out2/{name}"), done.body).unwrap();
    }
}
