//! The box: a part of the program runs on bytes that nobody trusts, in a process of its own that has little memory, little
//! time, no files and no network. What it found comes back as bytes; however it ends, the server goes on.
//!
//! Two ends: [`Sandbox::run`] starts the same program again as a worker and waits for it; the worker calls [`confine`] before
//! it reads the first byte. What must never be here: what the bytes mean, and any file or address that a worker may reach.

mod confine;
mod outside;

use std::time::Duration;

pub use confine::{Confined, confine};
pub use outside::{Ended, Input, Sandbox};

/// What a worker may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Memory in bytes.
    pub memory: u64,
    /// Processor time; the wait for an answer is a little longer.
    pub time: Duration,
    /// Bytes of the answer.
    pub answer: u64,
}

impl Default for Limits {
    /// 512 MB, 25 seconds, 64 MB.
    fn default() -> Self {
        Self {
            memory: 512 << 20,
            time: Duration::from_secs(25),
            answer: 64 << 20,
        }
    }
}

impl Limits {
    /// As arguments of a worker, for [`Limits::parse`].
    fn arguments(self) -> [String; 2] {
        [self.memory.to_string(), self.time.as_secs().max(1).to_string()]
    }

    /// From the arguments of a worker; the defaults where they are none.
    pub fn parse(memory: &str, seconds: &str) -> Self {
        let default = Self::default();
        Self {
            memory: memory.parse().unwrap_or(default.memory),
            time: seconds.parse().map_or(default.time, Duration::from_secs),
            ..default
        }
    }
}
