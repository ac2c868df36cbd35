//! How long work tells how far it has come, without knowing whether anybody looks.

/// Somebody who may be told of progress: a bar on a terminal, lines in a log, nobody.
pub trait Progress: Send + Sync {
    /// A step begins; `total` in the unit that `at` will count, where it is known.
    fn begin(&self, what: &str, total: Option<u64>);
    /// So much of the step is done.
    fn at(&self, done: u64);
    /// Something that a person should read.
    fn note(&self, text: &str);
}

/// Tells nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: &str, _: Option<u64>) {}
    fn at(&self, _: u64) {}
    fn note(&self, _: &str) {}
}

/// A bar on standard error; where that is no terminal, nothing but the beginning of each step and the notes.
#[derive(Debug)]
pub struct Bar {
    bar: indicatif::ProgressBar,
    plain: bool,
}

impl Bar {
    /// A bar, hidden where standard error is no terminal.
    pub fn new() -> Self {
        let plain = !std::io::IsTerminal::is_terminal(&std::io::stderr());
        let bar = if plain {
            indicatif::ProgressBar::hidden()
        } else {
            indicatif::ProgressBar::new(0)
        };
        if let Ok(style) = indicatif::ProgressStyle::with_template("{msg} {wide_bar} {percent}% {eta}") {
            bar.set_style(style);
        }
        Self { bar, plain }
    }
}

impl Default for Bar {
    fn default() -> Self {
        Self::new()
    }
}

impl Progress for Bar {
    fn begin(&self, what: &str, total: Option<u64>) {
        if self.plain {
            eprintln!("{what}");
        }
        self.bar.set_message(what.to_owned());
        self.bar.set_length(total.unwrap_or(0));
        self.bar.set_position(0);
    }

    fn at(&self, done: u64) {
        self.bar.set_position(done);
    }

    fn note(&self, text: &str) {
        if self.plain {
            eprintln!("{text}");
        } else {
            self.bar.println(text);
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
