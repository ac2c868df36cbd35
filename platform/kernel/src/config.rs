//! The configuration: options, then `GUIDEPOST_*`, then `guidepost.toml`, then the defaults; each setting is declared once, here.

use std::path::PathBuf;

use serde::Deserialize;

/// Everything that can be set from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Folder of the database (SQLite), blobs, search index and mail. `GUIDEPOST_DATA`, default `data`.
    pub data: PathBuf,
    /// `postgres://…`, or empty for SQLite in the data folder. `GUIDEPOST_DATABASE`.
    pub database: String,
    /// `s3://BUCKET[/PREFIX]?endpoint=…&region=…`, or empty for files in the data folder. `GUIDEPOST_BLOBS`.
    pub blobs: String,
    /// Address to listen on. `GUIDEPOST_LISTEN`, default `127.0.0.1:8080`.
    pub listen: String,
    /// The public address; empty: as the visitor's Host header says. `GUIDEPOST_URL`.
    pub url: String,
    /// How many megabytes of finished pages are kept in memory; `off` for none. `GUIDEPOST_PAGE_CACHE`, default 64.
    pub page_cache: u64,
    /// Address of a second listener with figures for Prometheus; empty: none. `GUIDEPOST_METRICS`.
    pub metrics: String,
    /// Address of a listener that leads from http to https; empty: none. `GUIDEPOST_LISTEN_HTTP`.
    pub listen_http: String,
    /// Connections at the same time; more wait. `GUIDEPOST_CONNECTIONS`, default 4000.
    pub connections: usize,
    /// Seconds after which a client is let go that does not finish its request, or takes nothing of its answer.
    /// `GUIDEPOST_PATIENCE`, default 30.
    pub patience: u64,
    /// Languages in which Tesseract reads scanned documents, by its names (`eng+fra`); empty: it reads none. `GUIDEPOST_OCR`.
    pub ocr: String,
    /// The mail server, `smtp://…` or `smtps://…`; empty: mail goes to the folder `mail` in the data folder. `GUIDEPOST_SMTP`.
    pub smtp: String,
    /// Sender of mail; empty: `library@` the host of the public address. `GUIDEPOST_MAIL_FROM`.
    pub mail_from: String,
    /// How often the API may be asked. `GUIDEPOST_API_RATES`, default [`ApiRates::default`].
    pub api_rates: ApiRates,
    /// Hosts that may be fetched from although they are not public, with commas: `files.local,10.0.0.7:8080`. `GUIDEPOST_FETCH_ALLOW`.
    pub fetch_allow: String,
    /// How the listener is encrypted; nothing of it: plain HTTP.
    pub tls: TlsConfig,
}

/// How often the API may be asked in a minute, and at once; 0: as often as one likes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApiRates {
    /// By visitors of one network.
    pub visitors: u32,
    /// With one account.
    pub account: u32,
    /// What visitors of one network send: comments.
    pub writes: u32,
    /// Wrong passwords from one network.
    pub refused: u32,
}

impl Default for ApiRates {
    fn default() -> Self {
        Self {
            visitors: 3000,
            account: 6000,
            writes: 20,
            refused: 20,
        }
    }
}

impl ApiRates {
    /// `off`, or `visitors=3000,account=6000,writes=20,refused=20`; what is not named stays as it is by default.
    fn parse(text: &str) -> Result<Self, ConfigError> {
        let mut rates = Self::default();
        if text.trim() == "off" {
            return Ok(Self {
                visitors: 0,
                account: 0,
                writes: 0,
                refused: 0,
            });
        }
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let wrong = || ConfigError {
                file: "api_rates".to_owned(),
                reason: format!(
                    "{part:?} is not understood: `off`, or a list of visitors, account, writes and refused, each with \
                     a number for a minute or `off`, as in visitors=3000,writes=20"
                ),
            };
            let (name, value) = part.split_once('=').ok_or_else(wrong)?;
            let value = match value.trim() {
                "off" => 0,
                number => number
                    .parse()
                    .ok()
                    .filter(|n| (1..=60_000).contains(n))
                    .ok_or_else(wrong)?,
            };
            match name.trim() {
                "visitors" => rates.visitors = value,
                "account" => rates.account = value,
                "writes" => rates.writes = value,
                "refused" => rates.refused = value,
                _ => return Err(wrong()),
            }
        }
        Ok(rates)
    }
}

/// How the listener is encrypted: with files, or with certificates that are ordered by ACME.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TlsConfig {
    /// Certificate chain (PEM). `GUIDEPOST_TLS_CERTIFICATE`.
    pub certificate: String,
    /// Its key (PEM). `GUIDEPOST_TLS_KEY`.
    pub key: String,
    /// Names to order certificates for, with commas. `GUIDEPOST_ACME`.
    pub acme: String,
    /// E-mail address for the authority. `GUIDEPOST_ACME_CONTACT`.
    pub acme_contact: String,
    /// The authority's directory; empty: Let's Encrypt. `GUIDEPOST_ACME_DIRECTORY`.
    pub acme_directory: String,
    /// Certificates (PEM) by which the authority is known; empty: as browsers know it. `GUIDEPOST_ACME_ROOTS`.
    pub acme_roots: String,
}

/// The configuration file is not as it should be.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {reason}; see docs/guides/running.md for the settings there are")]
pub struct ConfigError {
    /// Which file.
    pub file: String,
    /// What is wrong with it.
    pub reason: String,
}

/// A layer of settings: one for the command line, one for the environment, one for the file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Layer {
    /// See [`Config::data`].
    pub data: Option<PathBuf>,
    /// See [`Config::database`].
    pub database: Option<String>,
    /// See [`Config::blobs`].
    pub blobs: Option<String>,
    /// See [`Config::listen`].
    pub listen: Option<String>,
    /// See [`Config::url`].
    pub url: Option<String>,
    /// See [`Config::page_cache`].
    pub page_cache: Option<String>,
    /// See [`Config::metrics`].
    pub metrics: Option<String>,
    /// See [`Config::listen_http`].
    pub listen_http: Option<String>,
    /// See [`Config::connections`].
    pub connections: Option<String>,
    /// See [`Config::patience`].
    pub patience: Option<String>,
    /// See [`Config::ocr`].
    pub ocr: Option<String>,
    /// See [`Config::smtp`].
    pub smtp: Option<String>,
    /// See [`Config::mail_from`].
    pub mail_from: Option<String>,
    /// See [`Config::api_rates`].
    pub api_rates: Option<String>,
    /// See [`Config::fetch_allow`].
    pub fetch_allow: Option<String>,
    /// See [`TlsConfig`].
    pub tls_certificate: Option<String>,
    /// See [`TlsConfig`].
    pub tls_key: Option<String>,
    /// See [`TlsConfig`].
    pub acme: Option<String>,
    /// See [`TlsConfig`].
    pub acme_contact: Option<String>,
    /// See [`TlsConfig`].
    pub acme_directory: Option<String>,
    /// See [`TlsConfig`].
    pub acme_roots: Option<String>,
}

/// `off`, or a number of megabytes.
fn megabytes(text: &str) -> Result<u64, ConfigError> {
    match text.trim() {
        "off" => Ok(0),
        number => number.parse().map_err(|_| ConfigError {
            file: "page_cache".to_owned(),
            reason: format!("{number:?} is neither `off` nor a number of megabytes"),
        }),
    }
}

/// A number from 1.
fn number<T: std::str::FromStr + PartialOrd + From<u8>>(setting: &str, text: &str) -> Result<T, ConfigError> {
    let number = text.trim().parse().ok().filter(|n| *n >= T::from(1));
    number.ok_or_else(|| ConfigError {
        file: setting.to_owned(),
        reason: format!("{text:?} is no number from 1"),
    })
}

impl Config {
    /// Merges the layers: `options` before the environment before the text of `guidepost.toml`.
    ///
    /// # Errors
    /// When the file's text is not TOML or names a setting that does not exist.
    pub fn merge(
        options: Layer,
        environment: impl Fn(&str) -> Option<String>,
        file: Option<(&str, &str)>,
    ) -> Result<Self, ConfigError> {
        let stored = match file {
            None => Layer::default(),
            Some((name, text)) => toml::from_str(text).map_err(|e| ConfigError {
                file: name.to_owned(),
                reason: e.to_string().trim().replace('\n', " "),
            })?,
        };
        let pick = |option: Option<String>, variable: &str, stored: Option<String>, default: &str| {
            option
                .or_else(|| environment(variable).filter(|v| !v.is_empty()))
                .or(stored)
                .unwrap_or_else(|| default.to_owned())
        };
        let path = |p: Option<PathBuf>| p.map(|p| p.to_string_lossy().into_owned());
        Ok(Self {
            data: pick(path(options.data), "GUIDEPOST_DATA", path(stored.data), "data").into(),
            database: pick(options.database, "GUIDEPOST_DATABASE", stored.database, ""),
            blobs: pick(options.blobs, "GUIDEPOST_BLOBS", stored.blobs, ""),
            listen: pick(options.listen, "GUIDEPOST_LISTEN", stored.listen, "127.0.0.1:8080"),
            url: pick(options.url, "GUIDEPOST_URL", stored.url, "")
                .trim_end_matches('/')
                .to_owned(),
            page_cache: megabytes(&pick(
                options.page_cache,
                "GUIDEPOST_PAGE_CACHE",
                stored.page_cache,
                "64",
            ))?,
            metrics: pick(options.metrics, "GUIDEPOST_METRICS", stored.metrics, ""),
            listen_http: pick(options.listen_http, "GUIDEPOST_LISTEN_HTTP", stored.listen_http, ""),
            connections: number(
                "connections",
                &pick(options.connections, "GUIDEPOST_CONNECTIONS", stored.connections, "4000"),
            )?,
            patience: number(
                "patience",
                &pick(options.patience, "GUIDEPOST_PATIENCE", stored.patience, "30"),
            )?,
            ocr: pick(options.ocr, "GUIDEPOST_OCR", stored.ocr, ""),
            smtp: pick(options.smtp, "GUIDEPOST_SMTP", stored.smtp, ""),
            mail_from: pick(options.mail_from, "GUIDEPOST_MAIL_FROM", stored.mail_from, ""),
            api_rates: ApiRates::parse(&pick(options.api_rates, "GUIDEPOST_API_RATES", stored.api_rates, ""))?,
            fetch_allow: pick(options.fetch_allow, "GUIDEPOST_FETCH_ALLOW", stored.fetch_allow, ""),
            tls: TlsConfig {
                certificate: pick(
                    options.tls_certificate,
                    "GUIDEPOST_TLS_CERTIFICATE",
                    stored.tls_certificate,
                    "",
                ),
                key: pick(options.tls_key, "GUIDEPOST_TLS_KEY", stored.tls_key, ""),
                acme: pick(options.acme, "GUIDEPOST_ACME", stored.acme, ""),
                acme_contact: pick(options.acme_contact, "GUIDEPOST_ACME_CONTACT", stored.acme_contact, ""),
                acme_directory: pick(
                    options.acme_directory,
                    "GUIDEPOST_ACME_DIRECTORY",
                    stored.acme_directory,
                    "",
                ),
                acme_roots: pick(options.acme_roots, "GUIDEPOST_ACME_ROOTS", stored.acme_roots, ""),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_win_over_environment_over_file() {
        let file = "listen = \"1.1.1.1:1\"\nurl = \"https://a.example/\"";
        let environment = |name: &str| (name == "GUIDEPOST_LISTEN").then(|| "2.2.2.2:2".to_owned());
        let options = Layer {
            data: Some("d".into()),
            ..Layer::default()
        };
        let config = Config::merge(options, environment, Some(("guidepost.toml", file))).unwrap();
        assert_eq!(config.data, PathBuf::from("d"));
        assert_eq!(config.listen, "2.2.2.2:2");
        assert_eq!(config.url, "https://a.example");
        assert_eq!(config.page_cache, 64);
    }

    #[test]
    fn the_page_cache_can_be_switched_off() {
        let merged = |said: &str| {
            let said = said.to_owned();
            let environment = move |name: &str| (name == "GUIDEPOST_PAGE_CACHE").then(|| said.clone());
            Config::merge(Layer::default(), environment, None)
        };
        for (said, megabytes) in [("off", 0), ("0", 0), ("128", 128)] {
            assert_eq!(merged(said).unwrap().page_cache, megabytes);
        }
        let error = merged("much").unwrap_err().to_string();
        assert!(error.contains("page_cache") && error.contains("much"), "{error}");
        let layer = Layer {
            patience: Some("0".to_owned()),
            ..Layer::default()
        };
        let error = Config::merge(layer, |_| None, None).unwrap_err().to_string();
        assert!(error.contains("patience"), "{error}");
    }

    #[test]
    fn rates_are_given_one_by_one() {
        let of = |text: &str| ApiRates::parse(text);
        assert_eq!(of("").unwrap(), ApiRates::default());
        assert_eq!(of("off").unwrap().visitors, 0);
        let rates = of("visitors=10, writes=off").unwrap();
        assert_eq!((rates.visitors, rates.writes, rates.account), (10, 0, 6000));
        for wrong in [
            "visitors",
            "visitors=-1",
            "visitors=0",
            "visitors=60001",
            "guests=1",
            "visitors=1;writes=2",
        ] {
            let error = of(wrong).unwrap_err().to_string();
            assert!(
                error.contains("api_rates") && error.contains("visitors=3000"),
                "{error}"
            );
        }
    }

    #[test]
    fn an_unknown_setting_is_named() {
        let error = Config::merge(Layer::default(), |_| None, Some(("guidepost.toml", "dta = 1")))
            .unwrap_err()
            .to_string();
        assert!(error.contains("guidepost.toml") && error.contains("dta"), "{error}");
    }
}
