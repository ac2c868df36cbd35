//! A worker for the tests: does what its task says, once confined.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a worker answers on stdout")]

use std::io::{Read as _, Write as _};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, _, task, memory, seconds, ..] = &arguments[..] else {
        return std::process::ExitCode::from(2);
    };
    let confined = gp_sandbox::confine(&gp_sandbox::Limits::parse(memory, seconds));
    let mut input = Vec::new();
    let read = std::io::stdin().read_to_end(&mut input).is_ok();
    let tried = match task.as_str() {
        "count" => format!("{read} {}", input.len()),
        "confined" => format!("{} {}", confined.files, confined.calls),
        "file" => format!("{:?}", std::fs::read("/etc/passwd").map(|_| ())),
        "write" => format!("{:?}", std::fs::write("/tmp/guidepost-probe", "x")),
        "network" => format!("{:?}", std::net::TcpStream::connect("127.0.0.1:1").map(|_| ())),
        "process" => format!("{:?}", std::process::Command::new("/bin/true").status().map(|_| ())),
        "environment" => format!(
            "{}",
            std::env::vars().filter(|(n, _)| !n.starts_with("MIMALLOC")).count()
        ),
        "spin" => loop {
            std::hint::black_box(());
        },
        "hoard" => {
            let mut hoard: Vec<Vec<u8>> = Vec::new();
            while hoard.len() < 4096 {
                hoard.push(vec![1; 1 << 20]);
            }
            format!("{} MB", hoard.len())
        }
        "panic" => panic!("this is a panic"),
        "deep" => format!("{}", deep(1)),
        "chatter" => {
            let line = [b'x'; 1 << 16];
            while std::io::stdout().write_all(&line).is_ok() {}
            String::new()
        }
        other => format!("no task {other}"),
    };
    println!("{tried}");
    std::process::ExitCode::SUCCESS
}

fn deep(n: u64) -> u64 {
    let here = std::hint::black_box([n; 64]);
    if n == u64::MAX { here[0] } else { deep(n + 1) + here[1] }
}
