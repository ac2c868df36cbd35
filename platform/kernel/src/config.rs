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
}

/// `off`, or a number of megabytes; what is neither is as good as the default.
fn megabytes(text: &str, default: u64) -> u64 {
    match text.trim() {
        "off" | "0" | "no" | "false" => 0,
        number => number.parse().unwrap_or(default),
    }
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
            page_cache: megabytes(
                &pick(options.page_cache, "GUIDEPOST_PAGE_CACHE", stored.page_cache, "64"),
                64,
            ),
            metrics: pick(options.metrics, "GUIDEPOST_METRICS", stored.metrics, ""),
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
        for (said, megabytes) in [("off", 0), ("0", 0), ("128", 128), ("much", 64)] {
            let environment = |name: &str| (name == "GUIDEPOST_PAGE_CACHE").then(|| said.to_owned());
            assert_eq!(
                Config::merge(Layer::default(), environment, None).unwrap().page_cache,
                megabytes
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
