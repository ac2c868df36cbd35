//! Real files, from the folder named by GUIDEPOST_FIXTURES; without it, "skipped".

use std::path::{Path, PathBuf};

use gp_pictures::{Kind, Limits, Size, first_page, picture};

fn fixtures() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = match std::env::var_os("GUIDEPOST_FIXTURES") {
        Some(folder) => root.join(folder),
        None => root.join("../shared/fixtures"),
    };
    folder.is_dir().then_some(folder)
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_file())
        .map(|entry| {
            (
                entry.file_name().into_string().unwrap(),
                std::fs::read(entry.path()).unwrap(),
            )
        })
        .collect();
    files.sort();
    files
}

/// Not all can be drawn: the first page of one is blank (poppler draws it so, too).
fn is_drawable(name: &str) -> bool {
    !name.starts_with("damaged-") && !name.starts_with("hostile-") && name != "page-labels.pdf"
}

#[test]
fn first_pages_of_real_documents() {
    let Some(folder) = fixtures() else {
        return println!("first pages: skipped, no fixtures");
    };
    let (mut drawn, mut asked) = (0, 0);
    let all = [files(&folder.join("documents")), files(&folder.join("files/images"))].concat();
    for (name, bytes) in all.into_iter().filter(|(name, _)| name.ends_with(".pdf")) {
        let made = first_page(&bytes, 400, &Limits::default());
        if !is_drawable(&name) {
            println!(
                "{name}: {}",
                made.map_or_else(|refused| refused.reason, |_| "drawn".to_owned())
            );
            continue;
        }
        asked += 1;
        match made {
            Ok(made) => {
                drawn += 1;
                assert_eq!(made.width, 400, "{name}");
            }
            Err(refused) => println!("{name}: {refused}"),
        }
    }
    println!("first pages: {drawn}/{asked}");
    assert_eq!(drawn, asked);
}

#[test]
fn real_pictures() {
    let Some(folder) = fixtures() else {
        return println!("pictures: skipped, no fixtures");
    };
    let (mut read, mut asked) = (0, 0);
    for (name, bytes) in files(&folder.join("files/images")) {
        let kind = Kind::of(&bytes);
        let picture = picture(&bytes, &Size::wordpress(), &Limits::default());
        if !matches!(kind, Kind::Jpeg | Kind::Png | Kind::Gif | Kind::Webp) {
            assert!(picture.is_err(), "{name}");
            continue;
        }
        asked += 1;
        match picture {
            Ok(picture) => {
                read += 1;
                let names: Vec<_> = picture.made.iter().map(|made| made.name.as_str()).collect();
                let clean = picture.clean.map(|clean| clean.len());
                println!(
                    "{name}: {} × {}, {} to {clean:?}, {names:?}",
                    picture.width,
                    picture.height,
                    bytes.len()
                );
            }
            Err(refused) => println!("{name}: {refused}"),
        }
    }
    println!("pictures: {read}/{asked}");
    assert_eq!(read, asked);
}
