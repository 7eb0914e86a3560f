//! The programs of `examples/`, built.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

/// The folder of the built examples. `cargo test --test …` doesn't build them, so this does.
pub static EXAMPLES: LazyLock<PathBuf> = LazyLock::new(|| {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(Path::parent).unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--examples"]);
    cargo.arg("--target-dir").arg(profile.parent().unwrap());
    if profile.ends_with("release") {
        cargo.arg("--release");
    }
    // What cargo tells a test is not for another cargo: dependencies would be built again because of it.
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")) {
            cargo.env_remove(name);
        }
    }
    // The features of this test, so that nothing else is built again.
    for (feature, is_on) in [
        ("async", cfg!(feature = "async")),
        ("reqwest", cfg!(feature = "reqwest")),
        ("sandbox", cfg!(feature = "sandbox")),
        ("scripts", cfg!(feature = "scripts")),
    ] {
        if is_on {
            cargo.args(["--features", feature]);
        }
    }
    assert!(cargo.current_dir(env!("CARGO_MANIFEST_DIR")).status().unwrap().success());
    profile.join("examples")
});
