//! The inner end: a process gives up, for ever, what it does not need.

use rlimit::Resource;

use crate::Limits;

/// What holds a worker. Old kernels know only a part of it; the limits of memory and time hold everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confined {
    /// No file can be opened (Landlock).
    pub files: bool,
    /// Only harmless calls of the system are left (seccomp).
    pub calls: bool,
}

/// Confines this process: memory, time, files, network, other processes. What is open stays open.
pub fn confine(limits: &Limits) -> Confined {
    let seconds = limits.time.as_secs().max(1);
    for (resource, soft, hard) in [
        // Counted is memory that can be written; what an allocator only reserves is not.
        (Resource::DATA, limits.memory, limits.memory),
        // First a signal that ends it, then one that nobody can refuse.
        (Resource::CPU, seconds, seconds + 1),
        (Resource::FSIZE, 0, 0),
        (Resource::CORE, 0, 0),
        (Resource::NOFILE, 16, 16),
    ] {
        if let Err(error) = resource.set(soft, hard) {
            tracing::debug!(%error, ?resource, "a limit could not be set");
        }
    }
    Confined {
        files: no_files(),
        calls: few_calls(),
    }
}

#[cfg(target_os = "linux")]
fn no_files() -> bool {
    use landlock::{ABI, Access as _, AccessFs, AccessNet, Ruleset, RulesetAttr as _, RulesetStatus};
    let rules = Ruleset::default()
        .handle_access(AccessFs::from_all(ABI::V5))
        .and_then(|rules| rules.handle_access(AccessNet::from_all(ABI::V5)));
    // Nothing is allowed: there are no rules to add.
    let ruled = rules
        .and_then(Ruleset::create)
        .and_then(landlock::RulesetCreated::restrict_self)
        .map(|status| status.ruleset != RulesetStatus::NotEnforced);
    ruled.unwrap_or_else(|error| {
        tracing::debug!(%error, "Landlock is not there");
        false
    })
}

/// What is left: reading and writing what is open, memory, the clock, the end.
#[cfg(target_os = "linux")]
const CALLS: &[i64] = &[
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_pread64,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_lseek,
    libc::SYS_close,
    libc::SYS_fstat,
    libc::SYS_mmap,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_mprotect,
    libc::SYS_madvise,
    libc::SYS_brk,
    libc::SYS_futex,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_getrandom,
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_gettid,
    libc::SYS_getpid,
    libc::SYS_tgkill,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_set_robust_list,
    libc::SYS_rseq,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_restart_syscall,
];

/// Everything else fails as if it were forbidden (EPERM), which code that can do without it lives with.
#[cfg(target_os = "linux")]
fn few_calls() -> bool {
    use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch};
    let Ok(arch) = TargetArch::try_from(std::env::consts::ARCH) else {
        return false;
    };
    let rules = CALLS.iter().map(|call| (*call, Vec::new())).collect();
    let refused = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    let applied = SeccompFilter::new(rules, refused, SeccompAction::Allow, arch)
        .and_then(BpfProgram::try_from)
        .map_err(|e| e.to_string())
        .and_then(|program| seccompiler::apply_filter(&program).map_err(|e| e.to_string()));
    applied
        .inspect_err(|error| tracing::debug!(%error, "seccomp is not there"))
        .is_ok()
}

#[cfg(not(target_os = "linux"))]
fn no_files() -> bool {
    false
}

#[cfg(not(target_os = "linux"))]
fn few_calls() -> bool {
    false
}
