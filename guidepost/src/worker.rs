//! The program as a worker in the box: `guidepost worker TASK MEMORY SECONDS`, started by itself and by nobody else.
//!
//! What must never be here: settings, files, the network; the box takes them away.

use std::process::ExitCode;

/// What a worker found, when this process is one.
pub fn ended() -> Option<ExitCode> {
    let arguments: Vec<String> = std::env::args_os()
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    let [_, worker, task, limits @ ..] = arguments.as_slice() else {
        return None;
    };
    if worker != "worker" {
        return None;
    }
    let done = match task.as_str() {
        "read" => gp_reading::inside(limits, |bytes, how| read(bytes, how == gp_reading::LINES)),
        "draw" => gp_reading::inside(limits, gp_reading::draw),
        _ => return Some(ExitCode::from(2)),
    };
    Some(match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    })
}

/// What stands in these bytes, as JSON.
fn read(bytes: &[u8], keep_lines: bool) -> Vec<u8> {
    let limits = gp_documents::Limits {
        keep_lines,
        ..gp_documents::Limits::default()
    };
    let document = gp_documents::read(bytes, &limits);
    serde_json::to_vec(&document).unwrap_or_default()
}
