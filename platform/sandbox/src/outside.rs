//! The outer end: starts a worker, hands it the bytes, waits for its answer, and ends it when it takes too much.

use std::{fs::File, path::PathBuf, process::Stdio, time::Duration};

use gp_kernel::{Error, Result};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    process::{Child, Command},
};

use crate::Limits;

/// What a worker reads.
#[derive(Debug)]
pub enum Input {
    /// A file that is open already: the worker never learns its name.
    File(File),
    /// Bytes in memory.
    Bytes(Vec<u8>),
}

/// How a worker ended that gave no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// It needed more than its time.
    TooLong,
    /// It needed more than its memory.
    TooMuchMemory,
    /// Its answer was longer than allowed.
    TooMuchAnswer,
    /// It failed; what it said last.
    Failed(String),
}

/// Starts workers of this program.
#[derive(Debug, Clone)]
pub struct Sandbox {
    program: PathBuf,
    limits: Limits,
}

/// Starting and ending a process takes this long at most, besides its own work.
const BESIDES: Duration = Duration::from_secs(3);
/// What a worker says for people is cut here.
const MOST_SAID: u64 = 8 * 1024;

impl Sandbox {
    /// Workers are this program, with these limits.
    ///
    /// # Errors
    /// When the system does not say where the program lies.
    pub fn new(limits: Limits) -> Result<Self> {
        let program = std::env::current_exe().map_err(|e| Error::from(e).at("the program's own file"))?;
        Ok(Self { program, limits })
    }

    /// Another program, which takes the same arguments.
    pub fn of(program: PathBuf, limits: Limits) -> Self {
        Self { program, limits }
    }

    /// Runs the task `worker TASK MEMORY SECONDS [MORE…]` on these bytes; its answer, or how it ended without one.
    ///
    /// # Errors
    /// When no process can be started: that is the machine's state and says nothing of the bytes.
    pub async fn run(&self, task: &str, more: &[String], input: Input) -> Result<std::result::Result<Vec<u8>, Ended>> {
        let mut command = Command::new(&self.program);
        command
            .arg("worker")
            .arg(task)
            .args(self.limits.arguments())
            .args(more)
            // Nothing of the server's settings and secrets; its allocator must not reserve more than it may have.
            .env_clear()
            .env("MIMALLOC_ARENA_EAGER_COMMIT", "0")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let bytes = match input {
            Input::File(file) => {
                command.stdin(Stdio::from(file));
                None
            }
            Input::Bytes(bytes) => {
                command.stdin(Stdio::piped());
                Some(bytes)
            }
        };
        let child = command
            .spawn()
            .map_err(|e| Error::from(e).at(format!("starting a worker: {}", self.program.display())))?;
        let patience = self.limits.time + BESIDES;
        match tokio::time::timeout(patience, listen(child, bytes, self.limits.answer)).await {
            Ok(done) => done,
            // Dropped, it is killed.
            Err(_) => Ok(Err(Ended::TooLong)),
        }
    }
}

async fn listen(mut child: Child, bytes: Option<Vec<u8>>, most: u64) -> Result<std::result::Result<Vec<u8>, Ended>> {
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let giving = async {
        if let (Some(mut stdin), Some(bytes)) = (stdin, bytes) {
            // A worker that has seen enough does not read to the end.
            let _ = stdin.write_all(&bytes).await;
        }
    };
    let taking = async {
        let mut answer = Vec::new();
        if let Some(stdout) = stdout {
            stdout.take(most + 1).read_to_end(&mut answer).await?;
        }
        Ok::<_, std::io::Error>(answer)
    };
    let hearing = async {
        let mut said = Vec::new();
        if let Some(stderr) = stderr {
            let _ = stderr.take(MOST_SAID).read_to_end(&mut said).await;
        }
        String::from_utf8_lossy(&said).into_owned()
    };
    let ((), answer, said) = tokio::join!(giving, taking, hearing);
    let answer = answer?;
    if answer.len() as u64 > most {
        let _ = child.kill().await;
        return Ok(Err(Ended::TooMuchAnswer));
    }
    let status = child.wait().await?;
    if status.success() {
        return Ok(Ok(answer));
    }
    Ok(Err(ended(status, said)))
}

#[cfg(unix)]
fn ended(status: std::process::ExitStatus, said: String) -> Ended {
    use std::os::unix::process::ExitStatusExt as _;
    /// SIGKILL and SIGXCPU, which the limit of processor time sends.
    const OF_TIME: [i32; 2] = [9, 24];
    match status.signal() {
        Some(signal) if OF_TIME.contains(&signal) => Ended::TooLong,
        _ if said.contains("memory allocation of") => Ended::TooMuchMemory,
        Some(signal) => Ended::Failed(format!("signal {signal}: {}", said.trim())),
        None => Ended::Failed(said.trim().to_owned()),
    }
}

#[cfg(not(unix))]
fn ended(_: std::process::ExitStatus, said: String) -> Ended {
    Ended::Failed(said.trim().to_owned())
}
