//! A site for one test: a data folder of its own, the real program on it, and servers that end with the test.
#![allow(dead_code, reason = "each test binary uses its part")]

use std::{
    io::{BufRead as _, BufReader, Write as _},
    marker::PhantomData,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::atomic::{AtomicU64, Ordering},
};

use tempfile::TempDir;

use crate::http::{self, Answer, Ask};

/// A place for a site, and how the program finds it.
pub struct Site {
    folder: TempDir,
    /// `sqlite` or `postgres`, for messages.
    pub name: &'static str,
    /// Environment of every command.
    place: Vec<(String, String)>,
}

impl Site {
    /// Nothing in it; SQLite and files in a folder.
    pub fn empty() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            name: "sqlite",
            place: Vec::new(),
        }
    }

    /// One empty site for each kind of store that this machine has: SQLite with files, PostgreSQL with S3.
    pub fn each() -> Vec<Self> {
        let mut sites = vec![Self::empty()];
        sites.extend(Self::postgres());
        sites
    }

    /// On a fresh database of PostgreSQL, its files in S3 where there is one; `None` where there is no server.
    pub fn postgres() -> Option<Self> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let folder = tempfile::tempdir().unwrap();
        let label = format!("it{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let url = fresh_database(folder.path(), &label)?;
        let mut place = vec![("GUIDEPOST_DATABASE".to_owned(), url)];
        if let Ok(s3) = std::env::var("GUIDEPOST_TEST_S3") {
            let (bucket, query) = s3.split_once('?').unwrap_or((&s3, ""));
            let blobs = format!("{bucket}/{label}-{}?{query}", std::process::id());
            place.push(("GUIDEPOST_BLOBS".to_owned(), blobs));
        }
        Some(Self {
            folder,
            name: "postgres",
            place,
        })
    }

    /// The built-in demo library, filled in and no longer served.
    pub fn demo() -> Self {
        let site = Self::empty();
        drop(Server::start(site.command(&["demo", "--listen", "127.0.0.1:0"])));
        site
    }

    /// With a dump imported.
    pub fn with_dump(sql: &[u8]) -> Self {
        let site = Self::empty();
        site.import(sql, None);
        site
    }

    /// The same store from a data folder of its own, as on another machine.
    pub fn beside(&self) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            name: self.name,
            place: self.place.clone(),
        }
    }

    /// The same with another address of the database.
    pub fn by_way_of(&self, database: &str) -> Self {
        let mut other = self.beside();
        other.place.retain(|(name, _)| name != "GUIDEPOST_DATABASE");
        other.place.push(("GUIDEPOST_DATABASE".to_owned(), database.to_owned()));
        other
    }

    /// The address of its database; empty for SQLite.
    pub fn database(&self) -> String {
        let found = self.place.iter().find(|(name, _)| name == "GUIDEPOST_DATABASE");
        found.map(|(_, url)| url.clone()).unwrap_or_default()
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Writes a file next to the data folder and gives its path.
    pub fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// A path next to the data folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A command on this site, started in its folder.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = program(self.folder.path());
        command.env("GUIDEPOST_DATA", self.data());
        command.envs(self.place.iter().cloned());
        command.args(args);
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, args: &[&str]) -> Done {
        finish(self.command(args), b"")
    }

    /// Runs a command with something to read.
    pub fn run_with(&self, args: &[&str], stdin: &[u8]) -> Done {
        finish(self.command(args), stdin)
    }

    /// Runs a command that must do its work; what it printed.
    pub fn ok(&self, args: &[&str]) -> String {
        let done = self.run(args);
        assert_eq!(done.status, 0, "{}: guidepost {args:?}: {}", self.name, done.stderr);
        done.stdout
    }

    /// Imports a dump, with its uploads; the report.
    pub fn import(&self, sql: &[u8], uploads: Option<&Path>) -> serde_json::Value {
        let dump = self.file("dump.sql", sql);
        let report = self.path("report.json");
        let mut args = vec![
            "import",
            "site",
            dump.to_str().unwrap(),
            "--report",
            report.to_str().unwrap(),
        ];
        if let Some(uploads) = uploads {
            args.extend(["--uploads", uploads.to_str().unwrap()]);
        }
        self.ok(&args);
        serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap()
    }

    /// A new application password of an account.
    pub fn application_password(&self, login: &str) -> String {
        let printed: serde_json::Value =
            serde_json::from_str(&self.ok(&["users", "app-password", login, "test"])).unwrap();
        printed["password"].as_str().unwrap().to_owned()
    }

    /// Asserts that database, files and index agree.
    pub fn assert_sound(&self, after: &str) {
        let done = self.run(&["check"]);
        assert_eq!(
            done.status, 0,
            "{}: check after {after}: {}{}",
            self.name, done.stdout, done.stderr
        );
    }

    /// A server on a free port.
    pub fn serve(&self) -> Server<'_> {
        Server::start(self.command(&["serve", "--listen", "127.0.0.1:0"]))
    }
}

/// The program in a folder, with nothing of the surroundings' settings.
pub fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guidepost"));
    for (name, _) in std::env::vars_os() {
        let own = name.to_string_lossy().starts_with("GUIDEPOST_");
        if own {
            command.env_remove(name);
        }
    }
    command.current_dir(folder);
    command
}

/// A command that came to its end.
#[derive(Debug)]
pub struct Done {
    /// The exit status; -1 when a signal ended it.
    pub status: i32,
    /// What it printed.
    pub stdout: String,
    /// What it said.
    pub stderr: String,
}

/// Runs a command to its end with something to read.
pub fn finish(mut command: Command, stdin: &[u8]) -> Done {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut to = child.stdin.take().unwrap();
    let stdin = stdin.to_vec();
    let writing = std::thread::spawn(move || {
        // Who does not read what it is given is free to.
        let _ = to.write_all(&stdin);
    });
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    writing.join().unwrap();
    Done {
        status: status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&stdout).into_owned(),
        stderr: String::from_utf8_lossy(&stderr).into_owned(),
    }
}

fn fresh_database(folder: &Path, label: &str) -> Option<String> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let made = gp_store::testing::databases(&folder.join("unused"), label)
            .await
            .unwrap();
        let mut url = None;
        for database in made {
            database.db.close().await;
            if database.name == "postgres" {
                url = Some(database.url);
            }
        }
        url
    })
}

/// A running server; it ends when this goes, and its site outlives it.
pub struct Server<'site> {
    _site: PhantomData<&'site Site>,
    child: Child,
    /// Where it answers.
    pub address: SocketAddr,
    /// Kept open: who prints to a closed pipe ends.
    stdout: std::io::Lines<BufReader<std::process::ChildStdout>>,
    /// What it says besides, kept for messages.
    said: std::thread::JoinHandle<String>,
}

impl Server<'_> {
    /// Starts it and waits until it says where it answers.
    pub fn start(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stderr = child.stderr.take().unwrap();
        let said = std::thread::spawn(move || {
            let mut text = String::new();
            let _ = std::io::Read::read_to_string(&mut stderr, &mut text);
            text
        });
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let found = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let (_, address) = line
                .split_once("answers at http")
                .and_then(|(_, rest)| rest.split_once("://"))?;
            address.trim_end_matches('/').parse().ok()
        });
        let Some(address) = found else {
            let _ = child.kill();
            panic!("the server does not start: {}", said.join().unwrap());
        };
        Self {
            _site: PhantomData,
            child,
            address,
            stdout: lines,
            said,
        }
    }

    /// Asks; no answer of a public door ever sets a cookie or fails for a fault of ours.
    pub fn ask(&self, what: &Ask) -> Answer {
        let answer = self.try_ask(what).unwrap_or_else(|| panic!("no answer to {what:?}"));
        assert_eq!(answer.header("set-cookie"), None, "{what:?}");
        assert!(answer.status < 500, "{} to {what:?}", answer.status);
        answer
    }

    /// Asks; `None` when the connection ends without an answer.
    pub fn try_ask(&self, what: &Ask) -> Option<Answer> {
        http::ask(self.address, what)
    }

    /// Asks for an address as a visitor.
    pub fn get(&self, target: &str) -> Answer {
        self.ask(&Ask::get(target))
    }

    /// Asks again until the answer holds a text: for what follows a change a moment later, as the search does.
    pub fn get_until(&self, target: &str, text: &str) -> Answer {
        let begun = std::time::Instant::now();
        loop {
            let answer = self.get(target);
            if answer.text().contains(text) {
                return answer;
            }
            assert!(
                begun.elapsed() < http::PATIENCE,
                "{target} never holds {text:?}: {}",
                answer.text()
            );
            std::thread::yield_now();
        }
    }

    /// The next line that it prints.
    pub fn prints(&mut self) -> String {
        self.stdout.next().unwrap().unwrap()
    }

    /// Memory that it holds now, in megabytes.
    pub fn memory_mb(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
    }

    /// Kills it as an outage would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end, and gives its last words.
    pub fn end(mut self) -> (i32, String) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let status = self.child.wait().unwrap().code().unwrap_or(-1);
        let said = std::mem::replace(&mut self.said, std::thread::spawn(String::new));
        (status, said.join().unwrap())
    }
}

impl Drop for Server<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
