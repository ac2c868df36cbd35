//! Themes that come in, and those that must not.

use std::io::Write as _;

use super::*;

fn packed(entries: &[(&str, &[u8])]) -> tempfile::NamedTempFile {
    let file = tempfile::Builder::new()
        .prefix("tiny")
        .suffix(".zip")
        .tempfile()
        .unwrap();
    let mut writer = zip::ZipWriter::new(file.reopen().unwrap());
    for (name, bytes) in entries {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap();
    file
}

#[test]
fn a_theme_comes_in_from_an_archive_without_its_php() {
    let data = tempfile::tempdir().unwrap();
    let folder = Folder::below(data.path());
    let zip = packed(&[
        ("tiny/theme.json", b"{\"version\":3}"),
        ("tiny/templates/index.html", b"<!-- wp:post-title /-->"),
        (
            "tiny/style.css",
            b"/*\nTheme Name: Tiny\n*/\n@import url(https://x.example/a.css);a{color:red}",
        ),
        ("tiny/functions.php", b"<?php evil();"),
        ("tiny/assets/shell.php.png", b"x"),
        ("tiny/assets/logo.png", b"png"),
        (
            "tiny/patterns/plain.php",
            b"<?php\n/**\n * Title: Plain\n * Slug: tiny/plain\n */\n?>\n<p>Plain</p>",
        ),
        (
            "tiny/patterns/made.php",
            b"<?php\n/**\n * Slug: tiny/made\n */\n?>\n<p><?php echo 1; ?></p>",
        ),
    ]);
    let done = folder.install(zip.path()).unwrap();
    assert_eq!((done.name.as_str(), done.files), ("tiny", 5), "{:?}", done.notes);
    assert!(done.notes.iter().any(|n| n.contains("tiny/made")), "{:?}", done.notes);
    assert!(!folder.path().join("tiny/functions.php").exists());
    let css = fs::read_to_string(folder.path().join("tiny/style.css")).unwrap();
    assert!(
        css.contains("Theme Name: Tiny") && css.contains("a{color:red;}") && !css.contains("x.example"),
        "{css}"
    );
    assert_eq!(folder.names().unwrap(), ["guidepost", "tiny"]);
    let theme = folder.read("tiny").unwrap().unwrap();
    assert!(theme.template("index").is_some() && theme.pattern("tiny/plain").is_some());
    assert!(theme.pattern("tiny/made").is_none());
    assert!(folder.read("../tiny").unwrap().is_none());
}

#[test]
fn what_leads_out_or_is_a_bomb_is_refused() {
    let data = tempfile::tempdir().unwrap();
    let folder = Folder::below(data.path());
    let bomb = vec![b' '; 20 << 20];
    for (name, bytes) in [
        ("tiny/../../evil.html", b"x".as_slice()),
        ("/etc/evil.html", b"x"),
        ("tiny\\..\\evil.html", b"x"),
        ("C:/evil.html", b"x"),
        ("tiny/bomb.html", bomb.as_slice()),
    ] {
        let zip = packed(&[("tiny/theme.json", b"{}"), (name, bytes)]);
        let error = folder.install(zip.path()).unwrap_err();
        assert!(
            error.to_string().contains("evil") || error.to_string().contains("bomb"),
            "{name}: {error}"
        );
    }
    let nothing = packed(&[("tiny/readme.txt", b"x")]);
    assert!(
        folder
            .install(nothing.path())
            .unwrap_err()
            .to_string()
            .contains("no block theme")
    );
    assert_eq!(folder.names().unwrap(), ["guidepost"]);
}

#[test]
fn a_child_theme_names_its_parent() {
    assert_eq!(
        parent_of("/*\nTheme Name: Child\n Template: tiny\n*/"),
        Some("tiny".to_owned())
    );
    assert_eq!(parent_of("/* Template: ../x */"), None);
}
