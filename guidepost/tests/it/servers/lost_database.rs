//! A database that goes away and comes back: plain pages with 503 meanwhile, and no restart.

use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use crate::{
    http::Ask,
    site::{Server, Site},
    wordpress::Wordpress,
};

/// A wire to the database that can be cut.
struct Wire {
    address: SocketAddr,
    whole: Arc<AtomicBool>,
    open: Arc<Mutex<Vec<TcpStream>>>,
}

impl Wire {
    fn to(database: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let whole = Arc::new(AtomicBool::new(true));
        let open = Arc::new(Mutex::new(Vec::new()));
        let (state, streams) = (whole.clone(), open.clone());
        std::thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                if !state.load(Ordering::SeqCst) {
                    continue;
                }
                let Ok(far) = TcpStream::connect(database) else {
                    continue;
                };
                let mut kept = streams.lock().unwrap();
                for (from, to) in [(&near, &far), (&far, &near)] {
                    let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    std::thread::spawn(move || carry(from, to));
                }
                kept.extend([near, far]);
            }
        });
        Self { address, whole, open }
    }

    fn cut(&self) {
        self.whole.store(false, Ordering::SeqCst);
        for stream in self.open.lock().unwrap().drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    fn mend(&self) {
        self.whole.store(true, Ordering::SeqCst);
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(n) = from.read(&mut buffer)
        && n > 0
        && to.write_all(&buffer[..n]).is_ok()
    {}
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}

/// The host and port of `postgres://user:password@HOST:PORT/name`, and the same address by way of another.
fn address_of(url: &str) -> (SocketAddr, impl Fn(SocketAddr) -> String + use<>) {
    let (before, rest) = url.split_once('@').unwrap();
    let (host, after) = rest.split_once('/').unwrap();
    let (before, after) = (before.to_owned(), after.to_owned());
    (host.parse().unwrap(), move |other| format!("{before}@{other}/{after}"))
}

fn status(server: &Server<'_>, address: &str) -> (u16, String) {
    let answer = server.try_ask(&Ask::get(address)).unwrap();
    assert_eq!(answer.header("set-cookie"), None);
    if answer.status == 503 {
        assert!(
            answer.header("retry-after").is_some(),
            "{address} says when to come again"
        );
        assert!(answer.text().contains("<h1"), "{address} is a page");
        assert!(
            answer.header("cache-control").is_some_and(|c| c.contains("no-store")),
            "{address}"
        );
    }
    (answer.status, answer.text())
}

#[test]
fn a_lost_database_is_a_plain_503_and_comes_back_without_restart() {
    let Some(site) = Site::postgres() else {
        println!("skipped: GUIDEPOST_TEST_POSTGRES names no server");
        return;
    };
    site.import(&Wordpress::large(20).sql(), None);
    let (database, by_way_of) = address_of(&site.database());
    let wire = Wire::to(database);
    let by_wire = site.by_way_of(&by_way_of(wire.address));
    let server = by_wire.serve();
    let addresses = [
        "/",
        "/guidance-1/",
        "/feed/",
        "/?s=guidance",
        "/wp-sitemap.xml",
        "/ready",
    ];
    for round in 0..3 {
        for address in addresses {
            assert_eq!(status(&server, address).0, 200, "{address} in round {round}");
        }
        wire.cut();
        for address in addresses {
            let (got, _) = status(&server, address);
            if got != 503 {
                panic!("{got} for {address} in round {round}: {}", server.end().1);
            }
        }
        assert_eq!(status(&server, "/health").0, 200, "the server itself lives");
        wire.mend();
        for address in addresses {
            recovers(&server, address);
        }
        site.ok(&["settings", "set", "blogname", &format!("Round {round}")]);
        assert!(status(&server, "/").1.contains(&format!("Round {round}")));
    }
}

/// Answers again: a connection that died in use is noticed by at most one request.
fn recovers(server: &Server<'_>, address: &str) {
    const CONNECTIONS: usize = 10;
    let refused = (0..=CONNECTIONS)
        .take_while(|_| status(server, address).0 == 503)
        .count();
    assert!(refused <= CONNECTIONS, "{address} stays away");
    assert_eq!(status(server, address).0, 200, "{address}");
}

#[test]
fn a_database_that_starts_anew_unnoticed_is_found_again() {
    let Some(site) = Site::postgres() else {
        println!("skipped: GUIDEPOST_TEST_POSTGRES names no server");
        return;
    };
    site.import(&Wordpress::large(20).sql(), None);
    let (database, by_way_of) = address_of(&site.database());
    let wire = Wire::to(database);
    let by_wire = site.by_way_of(&by_way_of(wire.address));
    let server = by_wire.serve();
    for _ in 0..5 {
        // As after a restart between two visits: every connection is dead, and nobody noticed.
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| assert_eq!(status(&server, "/guidance-1/").0, 200));
            }
        });
        wire.cut();
        wire.mend();
        recovers(&server, "/guidance-2/");
    }
}
