//! `blocks` and `text`: filters from stdin to stdout that need no site.

use std::io::{Read as _, Write as _};

use gp_kernel::{Error, Result};
use gp_markup::block;
use serde_json::Value;

use crate::cli::Blocks;
use crate::functions::{self, Arguments};

fn stdin() -> Result<String> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes)?;
    String::from_utf8(bytes)
        .map_err(|e| Error::invalid(format!("stdin is not UTF-8 at byte {}", e.utf8_error().valid_up_to())))
}

fn stdout(text: &str) -> Result<()> {
    std::io::stdout().lock().write_all(text.as_bytes()).map_err(Error::from)
}

fn json(text: &str) -> Result<Value> {
    serde_json::from_str(text).map_err(|e| Error::invalid(format!("stdin is not JSON: {e}")))
}

/// `blocks parse|serialize|render`.
pub(super) fn blocks(what: Blocks) -> Result<()> {
    let input = stdin()?;
    match what {
        Blocks::Parse => stdout(&format!("{}\n", block::to_json(&block::parse(&input)))),
        Blocks::Serialize => {
            let blocks =
                block::from_json(&json(&input)?).map_err(|e| Error::invalid(format!("stdin holds no blocks: {e}")))?;
            stdout(&block::serialize(&blocks))
        }
        Blocks::Render => stdout(&gp_blocks::render_static(&input)),
    }
}

/// `text FUNCTION`: a list of argument lists in, the list of results out. A call whose arguments the function cannot
/// take gives null.
pub(super) fn function(name: &str) -> Result<()> {
    let function = functions::find(name).ok_or_else(|| Error::invalid(format!("there is no counterpart of {name}")))?;
    let input = json(&stdin()?)?;
    let calls = input
        .as_array()
        .ok_or_else(|| Error::invalid("stdin is not a list of argument lists"))?;
    let results: Vec<Value> = calls
        .iter()
        .map(|arguments| {
            let arguments = arguments.as_array().map(Vec::as_slice).unwrap_or_default();
            function(&Arguments(arguments)).unwrap_or_default()
        })
        .collect();
    stdout(&format!("{}\n", Value::from(results)))
}
