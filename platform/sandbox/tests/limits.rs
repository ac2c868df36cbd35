//! A worker gets its bytes and gives its answer; and whatever else it tries, the server goes on.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails by panicking")]

use std::{
    io::{Seek as _, Write as _},
    time::Duration,
};

use gp_sandbox::{Ended, Input, Limits, Sandbox};

fn sandbox() -> Sandbox {
    // Beside this test's own folder, where cargo puts examples.
    let here = std::env::current_exe().unwrap();
    let program = here.ancestors().nth(2).unwrap().join("examples/probe");
    assert!(
        program.exists(),
        "{}: cargo builds it with the tests",
        program.display()
    );
    let limits = Limits {
        memory: 128 << 20,
        time: Duration::from_secs(2),
        answer: 1 << 20,
    };
    Sandbox::of(program, limits)
}

async fn ask(task: &str) -> Result<String, Ended> {
    let input = Input::Bytes(b"bytes".to_vec());
    let done = sandbox().run(task, &[], input).await.unwrap();
    done.map(|answer| String::from_utf8(answer).unwrap().trim().to_owned())
}

#[tokio::test]
async fn bytes_go_in_and_an_answer_comes_out() {
    assert_eq!(ask("count").await, Ok("true 5".to_owned()));
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&vec![7; 3 << 20]).unwrap();
    file.rewind().unwrap();
    let answer = sandbox().run("count", &[], Input::File(file)).await.unwrap().unwrap();
    assert_eq!(String::from_utf8(answer).unwrap(), "true 3145728\n");
    let large = Input::Bytes(vec![7; 20 << 20]);
    let answer = sandbox().run("count", &[], large).await.unwrap().unwrap();
    assert_eq!(String::from_utf8(answer).unwrap(), "true 20971520\n");
}

#[tokio::test]
#[cfg(target_os = "linux")]
async fn a_worker_reaches_nothing() {
    assert!(
        ["true true", "false true"].contains(&ask("confined").await.unwrap().as_str()),
        "seccomp at least"
    );
    for task in ["file", "write", "network", "process"] {
        let tried = ask(task).await.unwrap();
        assert!(tried.starts_with("Err("), "{task}: {tried}");
    }
    assert_eq!(ask("environment").await, Ok("0".to_owned()));
}

#[tokio::test]
async fn a_worker_that_takes_too_much_is_ended() {
    assert_eq!(ask("spin").await, Err(Ended::TooLong));
    assert_eq!(ask("hoard").await, Err(Ended::TooMuchMemory));
    assert_eq!(ask("chatter").await, Err(Ended::TooMuchAnswer));
    let Err(Ended::Failed(said)) = ask("panic").await else {
        panic!("a panic is a failure")
    };
    assert!(said.contains("this is a panic"), "{said}");
    assert!(matches!(ask("deep").await, Err(Ended::Failed(_))));
}
