//! The command line: every command and option, declared once.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::functions;

/// The publishing system for guidance libraries.
#[derive(Debug, Parser)]
#[command(name = "guidepost", version, about, max_term_width = 100)]
pub struct Cli {
    /// Where things are.
    #[command(flatten)]
    pub place: Place,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Where the site's data is. Each option also as `GUIDEPOST_…` and in guidepost.toml, in that order of precedence.
#[derive(Debug, Clone, Default, Args)]
pub struct Place {
    /// Folder of the database, files, index and mail [GUIDEPOST_DATA, default: data].
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// postgres://… instead of the SQLite file in the data folder [GUIDEPOST_DATABASE].
    #[arg(long, global = true, value_name = "URL")]
    pub database: Option<String>,
    /// s3://BUCKET?endpoint=… instead of files in the data folder [GUIDEPOST_BLOBS].
    #[arg(long, global = true, value_name = "URL")]
    pub blobs: Option<String>,
    /// Address to listen on [GUIDEPOST_LISTEN, default: 127.0.0.1:8080].
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub listen: Option<String>,
    /// The public address, https://library.example [GUIDEPOST_URL].
    #[arg(long, global = true, value_name = "URL")]
    pub url: Option<String>,
    /// Megabytes of finished pages to keep in memory, or `off` [GUIDEPOST_PAGE_CACHE, default: 64].
    #[arg(long, global = true, value_name = "MB")]
    pub page_cache: Option<String>,
    /// Address of a second listener with figures for Prometheus [GUIDEPOST_METRICS].
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub metrics: Option<String>,
    /// Address of a listener that leads from http to https [GUIDEPOST_LISTEN_HTTP].
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub listen_http: Option<String>,
    /// Connections at the same time; more wait [GUIDEPOST_CONNECTIONS, default: 4000].
    #[arg(long, global = true, value_name = "N")]
    pub connections: Option<String>,
    /// Seconds until a client is let go that does not finish its request or takes nothing of its answer [GUIDEPOST_PATIENCE, default: 30].
    #[arg(long, global = true, value_name = "SECONDS")]
    pub patience: Option<String>,
    /// Languages in which Tesseract reads scanned documents, by its names (eng+fra) [GUIDEPOST_OCR, default: none].
    #[arg(long, global = true, value_name = "LANGUAGES")]
    pub ocr: Option<String>,
    /// Mail server, smtp://USER:PASSWORD@HOST:587?tls=required; without it mail goes to the folder `mail` [GUIDEPOST_SMTP].
    #[arg(long, global = true, value_name = "URL")]
    pub smtp: Option<String>,
    /// Sender of mail [GUIDEPOST_MAIL_FROM, default: library@ the host of the public address].
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub mail_from: Option<String>,
    /// How often the API may be asked in a minute, or `off` [GUIDEPOST_API_RATES, default: visitors=3000,account=6000,writes=20,refused=20].
    #[arg(long, global = true, value_name = "RATES")]
    pub api_rates: Option<String>,
    /// Hosts that may be fetched from although they are not public, with commas: files.local,10.0.0.7:8080 [GUIDEPOST_FETCH_ALLOW].
    #[arg(long, global = true, value_name = "HOSTS")]
    pub fetch_allow: Option<String>,
    /// Certificate chain in PEM: the listener speaks HTTPS [GUIDEPOST_TLS_CERTIFICATE].
    #[arg(long, global = true, value_name = "FILE")]
    pub tls_certificate: Option<String>,
    /// The certificate's key in PEM [GUIDEPOST_TLS_KEY].
    #[arg(long, global = true, value_name = "FILE")]
    pub tls_key: Option<String>,
    /// Names to order certificates for by ACME, with commas: the listener speaks HTTPS [GUIDEPOST_ACME].
    #[arg(long, global = true, value_name = "NAMES")]
    pub acme: Option<String>,
    /// E-mail address for the authority's warnings [GUIDEPOST_ACME_CONTACT].
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub acme_contact: Option<String>,
    /// The authority's directory [GUIDEPOST_ACME_DIRECTORY, default: Let's Encrypt].
    #[arg(long, global = true, value_name = "URL")]
    pub acme_directory: Option<String>,
    /// Certificates in PEM by which the authority itself is known [GUIDEPOST_ACME_ROOTS].
    #[arg(long, global = true, value_name = "FILE")]
    pub acme_roots: Option<String>,
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the site; brings the database up to date first.
    Serve,
    /// Fill an empty data folder with the demo library and serve it.
    Demo,
    /// Bring a site in.
    #[command(subcommand)]
    Import(Import),
    /// Take the site out.
    #[command(subcommand)]
    Export(Export),
    /// Accounts.
    #[command(subcommand)]
    Users(Users),
    /// Settings by WordPress's option names.
    #[command(subcommand)]
    Settings(Settings),
    /// Old addresses that lead elsewhere for good.
    #[command(subcommand)]
    Redirects(Redirects),
    /// Block themes.
    #[command(subcommand)]
    Themes(Themes),
    /// Search as a visitor does.
    Search {
        /// Words, "a phrase", -not, title:word.
        query: String,
        /// Only this type, by its human name (resource, page, file, event).
        #[arg(long = "type", value_name = "TYPE")]
        kind: Option<String>,
        /// Only this language.
        #[arg(long)]
        lang: Option<String>,
        /// How many results at most.
        #[arg(long, default_value_t = 10)]
        limit: usize,
        /// How to print.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Make the search index anew.
    Reindex,
    /// Documents.
    #[command(subcommand)]
    Documents(Documents),
    /// Block markup: stdin to stdout.
    #[command(subcommand)]
    Blocks(Blocks),
    /// WordPress's text functions: a JSON list of argument lists on stdin, a JSON list of results on stdout.
    Text {
        /// The function's name, for instance wpautop.
        #[arg(value_parser = known_function)]
        function: String,
    },
    /// Other bytes for a file, and what it was before.
    #[command(subcommand)]
    Files(Files),
    /// Facts about publications that an old site kept only in words.
    #[command(subcommand)]
    Records(Records),
    /// What was fetched, and what was looked for in vain: sums of days, never who.
    Insights {
        /// How many days back.
        #[arg(long, default_value_t = 30)]
        days: i64,
        /// How to print.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// What was done, and by whom: sign-ins, changes of accounts and content, the newest first.
    Audit {
        /// How many at most.
        #[arg(long, default_value_t = 50)]
        limit: usize,
        /// How to print.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Database, files and index against each other; a line for every fault.
    Check,
    /// The whole site into one file, while it serves.
    Backup {
        /// The file to write.
        file: PathBuf,
    },
    /// A backup into an empty data folder or database.
    Restore {
        /// The file to read.
        file: PathBuf,
    },
}

/// Ways in.
#[derive(Debug, Subcommand)]
pub enum Import {
    /// A WordPress database (a mysqldump, or live) with its uploads folder.
    Site {
        /// The dump, plain or .gz.
        #[arg(required_unless_present = "mysql", conflicts_with = "mysql")]
        dump: Option<PathBuf>,
        /// A live database instead: mysql://USER:PASSWORD@HOST/NAME.
        #[arg(long, value_name = "URL")]
        mysql: Option<String>,
        /// The uploads folder (wp-content/uploads), or a tar of it.
        #[arg(long, value_name = "DIR")]
        uploads: Option<PathBuf>,
        /// The tables' prefix; found by itself when there is one site.
        #[arg(long)]
        prefix: Option<String>,
        /// Look and report, change nothing.
        #[arg(long)]
        dry_run: bool,
        /// Write the report as JSON.
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
        /// How to print the report.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// WordPress export files (WXR).
    Wxr {
        /// The files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// The uploads folder, for the files that the export names.
        #[arg(long, value_name = "DIR")]
        media: Option<PathBuf>,
        /// Look and report, change nothing.
        #[arg(long)]
        dry_run: bool,
        /// Write the report as JSON.
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
        /// How to print the report.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
}

/// Ways out.
#[derive(Debug, Subcommand)]
pub enum Export {
    /// A WordPress export file (WXR 1.2) of everything it can carry.
    Wxr {
        /// The file; stdout without it.
        #[arg(long)]
        out: Option<PathBuf>,
    },
}

/// Old addresses that lead elsewhere.
#[derive(Debug, Subcommand)]
pub enum Redirects {
    /// Lead an old address elsewhere; what led to it follows.
    Add {
        /// The old address, a path such as /old/.
        from: String,
        /// The new address, a path or a whole https:// address.
        to: String,
    },
    /// All of them.
    List {
        /// How to print.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Lead an old address nowhere any more.
    Remove {
        /// The old address, as it is listed.
        from: String,
    },
}

/// Accounts.
#[derive(Debug, Subcommand)]
pub enum Users {
    /// Make an account.
    Add {
        /// Sign-in name.
        login: String,
        /// E-mail address.
        #[arg(long)]
        email: String,
        /// administrator, editor, author, contributor or subscriber.
        #[arg(long, default_value = "subscriber")]
        role: String,
        /// Read the password and a newline from stdin; without it the account cannot sign in yet.
        #[arg(long)]
        password_stdin: bool,
    },
    /// All accounts.
    List {
        /// How to print.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Set a password, read with a newline from stdin; all sessions of the account end.
    Password {
        /// Sign-in name.
        login: String,
        /// Switch the second step off too: for somebody who lost device and recovery codes.
        #[arg(long)]
        without_second_step: bool,
    },
    /// Where an account is signed in; ends one session, or all.
    Sessions {
        /// Sign-in name.
        login: String,
        /// End the session of this id.
        #[arg(long, value_name = "ID")]
        end: Option<String>,
        /// End all sessions of the account.
        #[arg(long, conflicts_with = "end")]
        end_all: bool,
        /// How to print.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Make an application password; it is printed once.
    AppPassword {
        /// Sign-in name.
        login: String,
        /// What it is for.
        name: String,
    },
}

/// Settings.
#[derive(Debug, Subcommand)]
pub enum Settings {
    /// Print one setting.
    Get {
        /// Its name, for instance blogname.
        name: String,
    },
    /// Set one; "" empties it.
    Set {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
    },
}

/// Block themes.
#[derive(Debug, Subcommand)]
pub enum Themes {
    /// Install a block theme, or replace it: a folder or a zip archive with theme.json, templates/, parts/, styles/, patterns/.
    Install {
        /// The folder or archive.
        from: PathBuf,
        /// Put it into use as well.
        #[arg(long)]
        activate: bool,
    },
    /// All themes; the one in use is marked.
    List {
        /// How to print.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Put a theme into use, as the options template and stylesheet do.
    Activate {
        /// Its name.
        name: String,
        /// One of the looks it brings along, see `themes styles`; "" takes away what was chosen or changed.
        #[arg(long, value_name = "STYLE")]
        style: Option<String>,
    },
    /// The looks (style variations) that a theme brings along.
    Styles {
        /// Its name; the theme in use without it.
        name: Option<String>,
        /// How to print.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Print a theme's whole stylesheet, as WordPress compiles it; pages get only what they need of it.
    Css {
        /// Its name; the theme in use without it.
        name: Option<String>,
    },
    /// Print a theme's merged settings as JSON.
    Settings {
        /// Its name; the theme in use without it.
        name: Option<String>,
    },
}

/// The name of a function that the command `text` knows.
fn known_function(name: &str) -> Result<String, String> {
    match functions::find(name) {
        Some(_) => Ok(name.to_owned()),
        None => Err(format!(
            "there is no counterpart of this function; there are {}",
            functions::names().join(", ")
        )),
    }
}

/// What to do with block markup.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum Blocks {
    /// Markup to JSON.
    Parse,
    /// JSON to markup.
    Serialize,
    /// Markup to HTML: with what the site shows, where the data folder holds one.
    Render,
}

/// What can be done with documents.
#[derive(Debug, Subcommand)]
pub enum Documents {
    /// Tell what stands in a file: state, language, title, text page by page, numbered paragraphs. Read in a process of its own.
    Extract {
        /// The file.
        file: PathBuf,
        /// How to print.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// List the site's files with what became of their reading: path, state, pages, language, and the reason where there is one.
    List {
        /// Only files in this state: text, scanned, locked, damaged, "too big", unsupported, picture, unread.
        #[arg(long)]
        status: Option<String>,
        /// How to print.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
}

/// What can be done with records.
#[derive(Debug, Subcommand)]
pub enum Records {
    /// Show what can be recovered of resources without a record: publisher, date, symbol, each with where it stands.
    Survey {
        /// How to print.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Take over what is sure; of all resources, or of these.
    Accept {
        /// Numbers of resources.
        ids: Vec<i64>,
        /// Also what is not sure.
        #[arg(long)]
        unsure: bool,
    },
}

/// What can be done with files.
#[derive(Debug, Subcommand)]
pub enum Files {
    /// Give a file other bytes: its addresses stay, and the pages that offer it say when it changed.
    Replace {
        /// Its name below the uploads: 2026/11/guide.pdf.
        path: String,
        /// The file with the new bytes.
        file: PathBuf,
        /// What changed, in a sentence for readers.
        #[arg(long, default_value = "")]
        note: String,
    },
    /// What a file was before, with addresses for editors.
    Versions {
        /// Its name below the uploads.
        path: String,
    },
}
