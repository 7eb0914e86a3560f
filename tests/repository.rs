//! What the repository promises of itself: documents and code agree.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

fn sources(folder: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(root().join(folder)).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(path.strip_prefix(root()).unwrap().to_str().unwrap(), found);
        } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "md") {
            found.push(path);
        }
    }
}

#[test]
fn the_async_quickstart_differs_by_await() {
    let without_async = read("examples/quickstart_async.rs")
        .replace("quickstart_async --features reqwest", "quickstart")
        .replace("#[tokio::main]\nasync fn", "fn")
        .replace("AsyncClient", "Client")
        .replace("async_client", "client")
        .replace(".await", "");
    // Where lines break depends on their length.
    let words = |text: &str| text.split_whitespace().collect::<String>();
    assert_eq!(words(&without_async), words(&read("examples/quickstart.rs")));
}

#[test]
fn no_example_of_the_documentation_is_ignored() {
    let mut files = vec![root().join("README.md")];
    sources("src", &mut files);
    sources("docs", &mut files);
    assert!(files.len() > 30);
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let fences = text.lines().filter(|line| line.trim_start_matches(['/', '!', ' ']).starts_with("```"));
        let ignored = fences.filter(|fence| fence.contains("ignore")).count();
        assert_eq!(ignored, 0, "{}", file.display());
    }
}

#[test]
fn the_minimum_rust_version_is_true_for_every_dependency() {
    let output = Command::new(env!("CARGO")).args(["metadata", "--format-version=1"]).current_dir(root()).output();
    let metadata: Value = serde_json::from_slice(&output.unwrap().stdout).unwrap();
    let version = |package: &Value| {
        let text = package["rust_version"].as_str()?;
        let mut parts = text.split('.').map(|part| part.parse::<u32>().unwrap());
        Some((parts.next()?, parts.next()?))
    };
    let packages = metadata["packages"].as_array().unwrap();
    let ours = packages.iter().find(|package| package["name"] == "genesys-external-contacts").unwrap();
    let minimum = version(ours).unwrap();
    assert!(read("README.md").contains(&format!("Rust {}.{} and later", minimum.0, minimum.1)));
    for package in packages {
        assert!(version(package) <= Some(minimum), "{} {}", package["name"], package["rust_version"]);
    }
}

#[test]
fn the_changelog_has_a_place_for_what_comes_next() {
    assert!(read("CHANGELOG.md").contains("\n## [Unreleased]\n"));
}
