//! The documents of the repository: what they say, and where their links lead.

use std::fs;
use std::process::Command;

use serde_json::Value;

use super::{files, none, read, root};

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
    let mut all = vec![root().join("README.md")];
    files("src", &["rs", "md"], &mut all);
    files("docs", &["md"], &mut all);
    assert!(all.len() > 30);
    for file in all {
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

/// The text between the code blocks.
pub fn prose(markdown: &str) -> String {
    let mut inside = false;
    let lines = markdown.lines().filter(|line| {
        let fence = line.trim_start().starts_with("```");
        inside ^= fence;
        !inside && !fence
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// What `[text](target)` and `[text]: target` lead to, in prose.
fn link_targets(markdown: &str) -> Vec<String> {
    let prose = prose(markdown);
    let inline = prose.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
    let definitions =
        prose.lines().filter_map(|line| line.strip_prefix('[')?.split_once("]: ")).map(|(_, target)| target);
    inline.chain(definitions).map(str::to_owned).collect()
}

/// The names by which headings can be linked to.
fn anchors(markdown: &str) -> Vec<String> {
    let headings = prose(markdown);
    let headings =
        headings.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches(['#', ' ']));
    let name = |heading: &str| {
        let kept = heading.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
        kept.collect::<String>().to_lowercase().replace(' ', "-")
    };
    headings.map(name).collect()
}

#[test]
fn the_links_of_the_documents_lead_somewhere() {
    let mut all = Vec::new();
    files("docs", &["md"], &mut all);
    let at_the_root = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().path());
    all.extend(at_the_root.filter(|path| path.extension().is_some_and(|extension| extension == "md")));
    let (mut looked_at, mut problems) = (0, Vec::new());
    for file in &all {
        let text = fs::read_to_string(file).unwrap();
        // The rest are URLs, which no test here looks at, and items of the crate, which rustdoc looks at.
        let is_ours = |target: &String| !target.contains("://") && target != "log" && !target.starts_with("crate");
        for target in link_targets(&text).into_iter().filter(is_ours) {
            looked_at += 1;
            let (path, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let path = if path.is_empty() { file.clone() } else { file.parent().unwrap().join(path) };
            let found = path.exists()
                && (anchor.is_empty() || anchors(&fs::read_to_string(&path).unwrap()).iter().any(|a| a == anchor));
            if !found {
                problems.push(format!("{}: {target}", file.strip_prefix(root()).unwrap().display()));
            }
        }
    }
    assert!(looked_at > 4, "{looked_at}");
    none(problems);
}

/// The page of the guide is the page in the repository, so it is in both tables, by its name.
#[test]
fn the_guide_and_the_readme_list_every_page() {
    let (guide, readme) = (read("src/guide.rs"), read("README.md"));
    let mut pages = Vec::new();
    files("docs", &["md"], &mut pages);
    assert!(pages.len() > 4);
    for page in pages {
        let name = page.file_stem().unwrap().to_str().unwrap();
        assert!(guide.contains(&format!("include_str!(\"../docs/{name}.md\")")), "{name}");
        assert!(guide.contains(&format!("pub mod {name} {{}}")), "{name}");
        assert!(guide.contains(&format!("//! | [`{name}`]")) || guide.contains(&format!("//! | `{name}`")), "{name}");
        assert!(readme.contains(&format!("({DOCS}/guide/{name}/index.html)")), "{name}");
    }
}

#[test]
fn the_workflow_runs_the_gate_and_the_minimum_rust_version() {
    // A package has no workflow.
    if root().join(".cargo_vcs_info.json").exists() {
        return;
    }
    let workflow = read(".github/workflows/ci.yml");
    assert!(workflow.contains("run: bash .ci/run\n"));
    let minimum = read("Cargo.toml")
        .lines()
        .find_map(|line| Some(line.strip_prefix("rust-version = \"")?.trim_end_matches('"').to_owned()));
    let minimum = minimum.unwrap();
    assert!(workflow.contains(&format!("run: rustup toolchain install {minimum}.0 ")));
    assert!(read("README.md").contains(&format!("\nRust {minimum}+ ·")));
}

#[test]
fn the_changelog_has_a_place_for_what_comes_next() {
    assert!(read("CHANGELOG.md").contains("\n## [Unreleased]\n"));
}

/// The pages of the crate on docs.rs, and the files of its package there.
const DOCS: &str = "https://docs.rs/genesys-external-contacts/latest/genesys_external_contacts";
const FILES: &str = "https://docs.rs/crate/genesys-external-contacts/latest/source/";

/// The README is read on the package registry, too, where a path leads nowhere.
#[test]
fn the_links_of_the_readme_work_everywhere() {
    let targets = link_targets(&read("README.md"));
    assert!(targets.len() > 10, "{targets:?}");
    for target in targets {
        assert!(target.starts_with("https://"), "{target}");
        if let Some(page) = target.strip_prefix(&format!("{DOCS}/guide/")) {
            let name = page.strip_suffix("/index.html").unwrap();
            assert!(root().join("docs").join(name).with_extension("md").exists(), "{target}");
        } else if let Some(file) = target.strip_prefix(FILES) {
            assert!(root().join(file).exists(), "{target}");
        }
    }
}

/// What the README says that the quickstart prints.
#[test]
fn the_transcript_of_the_readme_is_that_of_the_quickstart() {
    let (readme, quickstart) = (read("README.md"), read("examples/quickstart.rs"));
    let (_, transcript) = readme.split_once("```text\nGENESYSCLOUD_REGION").unwrap();
    let (transcript, _) = transcript.split_once("```").unwrap();
    let steps: Vec<_> = transcript.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit())).collect();
    assert!(steps.len() > 3, "{steps:?}");
    for step in steps {
        assert!(quickstart.contains(step), "{step}");
    }
}

/// A tag can be moved to other code, a hash can't.
#[test]
fn the_workflows_name_actions_by_hash() {
    if root().join(".cargo_vcs_info.json").exists() {
        return;
    }
    let mut used = 0;
    for entry in fs::read_dir(root().join(".github/workflows")).unwrap() {
        let workflow = fs::read_to_string(entry.unwrap().path()).unwrap();
        for action in workflow.lines().filter_map(|line| line.trim_start_matches([' ', '-']).strip_prefix("uses: ")) {
            let (_, version) = action.split_once('@').unwrap();
            let (hash, tag) = version.split_once(" # v").unwrap();
            assert!(hash.len() == 40 && hash.chars().all(|c| c.is_ascii_hexdigit()) && !tag.is_empty(), "{action}");
            used += 1;
        }
    }
    assert!(used > 3, "{used}");
}
