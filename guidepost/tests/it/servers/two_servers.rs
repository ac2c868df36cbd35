//! Two servers on one PostgreSQL: what one learns, the other knows at once.

use crate::{
    site::Site,
    wordpress::{Post, Wordpress},
};

#[test]
fn a_change_is_seen_by_every_server_at_once() {
    let Some(site) = Site::postgres() else {
        println!("skipped: GUIDEPOST_TEST_POSTGRES names no server");
        return;
    };
    let mut wordpress = Wordpress::large(20);
    site.import(&wordpress.sql(), None);
    let beside = site.beside();
    let servers = [site.serve(), beside.serve()];
    for name in ["First Name", "Second Name"] {
        site.ok(&["settings", "set", "blogname", name]);
        for server in &servers {
            assert!(server.get("/").text().contains(name));
        }
    }
    for server in &servers {
        server.get_until("/?s=plain", "/guidance-");
        assert!(!server.get("/?s=wolverine").text().contains("/guidance-"));
    }

    let mut post = Post::new(21, "post", "publish", "guidance-21");
    post.content = "<p>A wolverine in the school garden</p>".to_owned();
    wordpress.posts.push(post);
    wordpress.posts[0].status = "private";
    site.import(&wordpress.sql(), None);
    for server in &servers {
        server.get_until("/?s=wolverine", "/guidance-21/");
        assert_eq!(server.get("/guidance-21/").status, 200);
        assert_eq!(
            server.get("/?p=1").status,
            404,
            "what became private is private everywhere"
        );
        // A near address is offered instead, as WordPress does.
        assert_ne!(server.get("/guidance-1/").status, 200);
    }

    site.ok(&["redirects", "add", "/old-home/", "/guidance-2/"]);
    for server in &servers {
        assert_eq!(server.get("/old-home/").leads_to().as_deref(), Some("/guidance-2/"));
    }
    let password = site.application_password("administrator");
    for server in &servers {
        let asked = crate::http::Ask::get("/?p=1").signed_in("administrator", &password);
        assert_ne!(
            server.ask(&asked).status,
            404,
            "an account made by one is known to the other"
        );
    }
}

#[test]
fn commands_work_beside_a_running_server() {
    for site in Site::each() {
        site.import(&Wordpress::large(20).sql(), None);
        let server = site.serve();
        server.get_until("/?s=guidance", "/guidance-");
        let found: serde_json::Value =
            serde_json::from_str(&site.ok(&["search", "guidance", "--format", "json"])).unwrap();
        assert_eq!(found["total"], 20, "{}: {found}", site.name);
        site.ok(&["settings", "set", "blogname", "Beside"]);
        assert!(server.get("/").text().contains("Beside"), "{}", site.name);
        site.ok(&["reindex"]);
        site.assert_sound("commands beside a server");
        server.get_until("/?s=guidance", "/guidance-");
        let (status, said) = server.end();
        assert_eq!(status, 0, "{}: {said}", site.name);
    }
}
