//! Who may depend on whom: formats on nobody (but on the forms of symbols), platform upwards only, features never on each other, the binary on all.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::Finding;
use super::code_rules::{may_name_axum, may_name_sqlx, may_name_tantivy};

/// A crate of the workspace, as its manifest says.
#[derive(Debug, Default)]
pub(crate) struct Package {
    /// Its name.
    pub(crate) name: String,
    /// Its folder, from the root of the workspace.
    pub(crate) folder: String,
    /// Names of the crates that it depends on, for whatever purpose.
    pub(crate) dependencies: Vec<String>,
    /// The manifest's text, to point at a line.
    pub(crate) manifest: String,
}

/// The floors of the platform, lowest first: a crate may depend on those of lower floors.
const PLATFORM: [&[&str]; 7] = [
    &["gp-kernel"],
    &["gp-store", "gp-sandbox", "gp-fetch"],
    &["gp-content"],
    &["gp-search", "gp-blocks"],
    &["gp-web"],
    &["gp-rest"],
    &["gp-admin"],
];

/// Asks cargo for the crates of the workspace.
pub(crate) fn read(root: &Path) -> Result<Vec<Package>, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root)
        .output()
        .map_err(|error| format!("cannot run cargo metadata: {error}"))?;
    if !output.status.success() {
        return Err(format!(
            "cargo metadata failed: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        ));
    }
    let metadata: Value =
        serde_json::from_slice(&output.stdout).map_err(|error| format!("cargo metadata is no JSON: {error}"))?;
    let base = metadata["workspace_root"].as_str().unwrap_or_default();
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    packages.iter().map(|package| read_package(base, package)).collect()
}

fn read_package(base: &str, package: &Value) -> Result<Package, String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let path = text(&package["manifest_path"]);
    let folder = Path::new(&path)
        .parent()
        .and_then(|folder| folder.strip_prefix(base).ok());
    let dependencies = package["dependencies"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    Ok(Package {
        name: text(&package["name"]),
        folder: folder
            .map(|folder| folder.to_string_lossy().into_owned())
            .unwrap_or_default(),
        dependencies: dependencies
            .iter()
            .map(|dependency| text(&dependency["name"]))
            .collect(),
        manifest: std::fs::read_to_string(&path).map_err(|error| format!("cannot read {path}: {error}"))?,
    })
}

/// Checks each edge of the graph.
pub(crate) fn check(packages: &[Package]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in packages {
        findings.extend(check_place(package));
        for name in &package.dependencies {
            let refusal = match packages.iter().find(|other| other.name == *name) {
                Some(other) => refuse_own(package, other),
                None => refuse_foreign(package, name),
            };
            if let Some(reason) = refusal {
                let message = format!("{} must not depend on {name}: {reason}", package.name);
                findings.push(finding(package, name, message));
            }
        }
    }
    findings
}

fn finding(package: &Package, dependency: &str, message: String) -> Finding {
    let line = package
        .manifest
        .lines()
        .position(|line| line.trim_start().starts_with(dependency));
    Finding::new(
        "dependency",
        &format!("{}/Cargo.toml", package.folder),
        line.map_or(1, |line| line + 1),
        message,
    )
}

/// Layer and name agree: `features/events` is `gp-events`, and each platform crate has a floor.
fn check_place(package: &Package) -> Option<Finding> {
    let (layer, name) = package.folder.split_once('/').unwrap_or((&package.folder, ""));
    let message = match layer {
        "formats" | "platform" | "features" if package.name != format!("gp-{name}") => {
            format!("{} lies in {}; call it gp-{name}", package.name, package.folder)
        }
        "platform" if floor(&package.name).is_none() => {
            format!(
                "{} has no floor; give it one in PLATFORM of xtask/src/tidy/graph.rs",
                package.name
            )
        }
        "formats" | "platform" | "features" | "guidepost" | "xtask" | "tests" | "fuzz" | "bench" => return None,
        _ => format!(
            "{} lies in none of formats, platform, features, guidepost, xtask",
            package.folder
        ),
    };
    Some(finding(package, "name", message))
}

fn layer(package: &Package) -> &str {
    package.folder.split('/').next().unwrap_or_default()
}

fn floor(name: &str) -> Option<usize> {
    PLATFORM.iter().position(|names| names.contains(&name))
}

fn refuse_own(package: &Package, other: &Package) -> Option<&'static str> {
    match (layer(package), layer(other)) {
        ("formats", "formats") if other.name == "gp-symbols" => None,
        ("formats", _) => Some("formats know nothing of Guidepost; bytes in, values out"),
        ("xtask", _) => Some("it must run when the rest does not build"),
        ("platform", "platform") if floor(&other.name) >= floor(&package.name) => Some(
            "the platform stands kernel < store, sandbox, fetch < content < search, blocks < web < rest < admin; a crate depends downwards only",
        ),
        ("platform", "features" | "guidepost") => Some("the platform does not know what stands on it"),
        ("features", "features") => Some("features never know each other; meet in platform/content, by name"),
        (_, "guidepost") => Some("the binary is on top; nothing depends on it"),
        _ => None,
    }
}

fn refuse_foreign(package: &Package, name: &str) -> Option<&'static str> {
    let folder = format!("{}/", package.folder);
    match name {
        "axum" if !may_name_axum(&folder) => {
            Some("HTTP is for platform/web, platform/rest, platform/admin, features and the binary")
        }
        "tantivy" if !may_name_tantivy(&folder) => Some("the index is platform/search's alone"),
        "sqlx" if !may_name_sqlx(&folder) && folder != "features/transfer/" => {
            Some("databases are platform/store's alone")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(folder: &str, dependencies: &[&str]) -> Package {
        let short = folder.rsplit('/').next().unwrap_or_default();
        let name = if folder.contains('/') {
            format!("gp-{short}")
        } else {
            short.to_owned()
        };
        let manifest = format!("name = \"{name}\"\n{}", dependencies.join(".workspace = true\n"));
        let dependencies = dependencies.iter().map(|name| (*name).to_owned()).collect();
        Package {
            name,
            folder: folder.to_owned(),
            dependencies,
            manifest,
        }
    }

    fn refused(packages: &[Package]) -> Vec<(String, usize)> {
        check(packages)
            .into_iter()
            .map(|finding| (finding.path, finding.line))
            .collect()
    }

    #[test]
    fn downwards_is_right() {
        let packages = [
            package("formats/markup", &["serde"]),
            package("platform/kernel", &["gp-markup"]),
            package("platform/search", &["gp-kernel", "tantivy"]),
            package("platform/web", &["gp-search", "axum"]),
            package("features/events", &["gp-web", "gp-markup", "axum"]),
            package("guidepost", &["gp-events", "gp-web"]),
            package("xtask", &["serde_json"]),
        ];
        assert_eq!(refused(&packages), []);
    }

    #[test]
    fn sideways_and_upwards_are_refused() {
        let packages = [
            package("formats/markup", &["gp-kernel"]),
            package("platform/kernel", &[]),
            package("platform/blocks", &["gp-kernel", "gp-web"]),
            package("platform/search", &["gp-blocks"]),
            package("platform/web", &[]),
            package("features/events", &["gp-people"]),
            package("features/people", &["guidepost"]),
            package("guidepost", &[]),
        ];
        let expected = [
            ("formats/markup/Cargo.toml", 2),
            ("platform/blocks/Cargo.toml", 3),
            ("platform/search/Cargo.toml", 2),
            ("features/events/Cargo.toml", 2),
            ("features/people/Cargo.toml", 2),
        ];
        assert_eq!(refused(&packages), expected.map(|(path, line)| (path.to_owned(), line)));
    }

    #[test]
    fn libraries_and_folders_have_their_place() {
        let packages = [
            package("platform/content", &["sqlx", "tantivy", "axum"]),
            package("features/transfer", &["sqlx"]),
            package("platform/jobs", &[]),
            package("extras/x", &[]),
        ];
        assert_eq!(refused(&packages).len(), 5);
    }
}
