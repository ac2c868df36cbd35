//! Tools: jobs, mail, health, moving out.

use gp_store::{Db, Jobs};
use serde_json::json;

use super::{Browser, add, words};
use crate::{http::Ask, rest::Person, site::Site};

const JOBS: &str = "/wp-admin/jobs.php";

/// Leaves a job in the queue that failed until nobody tries it any more.
fn give_up(site: &Site, kind: &str, subject: &str) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let database = site.database();
        let db = Db::open(&database, &site.data()).await.unwrap();
        gp_store::migrate(&db).await.unwrap();
        let queue = Jobs::new(db.clone());
        let mut tx = db.write().await.unwrap();
        Jobs::ask(&mut tx, kind, subject, 1).await.unwrap();
        tx.commit().await.unwrap();
        for _ in 0..8 {
            let job = queue.lease(1_000_000, 1).await.unwrap().unwrap();
            queue.failed(&job, "the <file> is broken", 0).await.unwrap();
        }
        db.close().await;
    });
}

#[test]
fn jobs_say_why_they_failed_and_are_tried_again_or_dropped() {
    for site in Site::each() {
        let api = Person::with_role(&site, "root", "administrator");
        add(&site, "anna", "administrator");
        add(&site, "edna", "editor");
        give_up(&site, "strange", "7");
        give_up(&site, "odd", "8");
        let server = site.serve();
        api.make(
            &server,
            "/wp/v2/posts",
            &json!({"title": "Of tomorrow", "status": "future", "date": "2099-01-01T10:00:00"}),
        );
        let anna = Browser::of(&server, "anna");
        let tools = anna.page("/wp-admin/tools.php");
        assert!(words(&tools).contains("2 jobs were given up"), "{tools}");
        let html = anna.page(JOBS);
        let said = words(&html);
        assert!(
            said.contains("the &lt;file&gt; is broken") && said.contains("Given up 2"),
            "{said}"
        );
        assert!(said.contains("Publish “Of tomorrow”"), "{said}");
        assert!(
            !html.contains("value=\"publish "),
            "what is scheduled is taken back where it is edited"
        );
        let told = words(&anna.does(JOBS, "strange 7", &[("drop", "strange 7")]));
        assert!(
            told.contains("The job is dropped") && !told.contains("strange"),
            "{told}"
        );
        let told = words(&anna.does(JOBS, "odd 8", &[("again", "odd 8")]));
        assert!(told.contains("tried again now"), "{told}");
        // Nothing that is not there is asked of the program.
        for (name, job) in [("again", "strange 7"), ("again", "read 1"), ("drop", "x")] {
            assert!(
                anna.send(JOBS, "_wpnonce", &[(name, job)]).status >= 400,
                "{name} {job}"
            );
        }
        let audit = site.ok(&["audit", "--format", "json"]);
        assert!(
            audit.contains("job dropped") && audit.contains("job tried again"),
            "{audit}"
        );
        let edna = Browser::of(&server, "edna");
        for path in ["tools.php", "jobs.php", "mails.php", "site-health.php", "export.php"] {
            assert_eq!(edna.get(&format!("/wp-admin/{path}")).status, 403, "{path}");
        }
    }
}

#[test]
fn the_health_of_a_site_is_told_and_its_texts_are_taken_out() {
    for site in Site::each() {
        let api = Person::with_role(&site, "root", "administrator");
        add(&site, "anna", "administrator");
        let server = site.serve();
        api.make(
            &server,
            "/wp/v2/posts",
            &json!({"title": "Deep wells", "status": "draft", "content": "Of wells."}),
        );
        let anna = Browser::of(&server, "anna");
        let said = words(&anna.page("/wp-admin/site-health.php"));
        for part in [
            "Mail stays on this computer",
            "not served by HTTPS",
            "No job was given up",
            "Database",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
        let checked = words(&anna.page("/wp-admin/site-health.php?check=1"));
        assert!(checked.contains("No fault"), "{}: {checked}", site.name);

        let shown = anna.page("/wp-admin/export.php");
        assert!(shown.contains("name=\"download\" value=\"wxr\""), "{shown}");
        let file = anna.get("/wp-admin/export.php?download=wxr");
        assert_eq!(file.status, 200);
        assert!(
            file.header("content-disposition")
                .unwrap()
                .starts_with("attachment; filename=\"library.example-")
        );
        let xml = file.text();
        assert!(
            xml.contains("Deep wells") && xml.trim_end().ends_with("</rss>"),
            "{xml}"
        );
        let other = Site::empty();
        let path = other.file("out.xml", xml.as_bytes());
        other.ok(&["import", "wxr", path.to_str().unwrap()]);
        assert!(site.ok(&["audit", "--format", "json"]).contains("exported"));
    }
}

#[test]
fn letters_are_read_by_who_may_change_accounts_and_nothing_else_is() {
    let site = Site::empty();
    add(&site, "anna", "administrator");
    let server = site.serve();
    let anna = Browser::of(&server, "anna");
    assert!(words(&anna.page("/wp-admin/mails.php")).contains("Nobody was written to yet"));
    site.file(
        "data/mail/20261127T200000Z-a.eml",
        b"Subject: One <b>\r\nTo: x@y\r\n\r\n<script>1</script>",
    );
    site.file("data/mail/20261126T200000Z-b.part", b"half");
    site.file("data/secret.eml", b"no");
    let html = anna.page("/wp-admin/mails.php");
    assert!(
        html.contains("One &lt;b&gt;") && html.contains("27 Nov 2026, 20:00") && !html.contains("26 Nov"),
        "{html}"
    );
    let letter = anna.page("/wp-admin/mails.php?mail=20261127T200000Z-a.eml");
    assert!(
        letter.contains("&lt;script&gt;1") && !letter.contains("<script>1"),
        "{letter}"
    );
    for name in ["..%2Fsecret.eml", "%2Fetc%2Fpasswd", "20261126T200000Z-b.part", "x.eml"] {
        let answer = anna.ask(Ask::get(format!("/wp-admin/mails.php?mail={name}")));
        assert_eq!(answer.status, 404, "{name}");
    }
}
