//! What a program that makes one call takes to build: time, crates, and the size of what comes out.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use super::super::{Aim, Row, Spread};

const TURNS: usize = 1;

const OURS: &str = r#"fn main() -> Result<(), genesys_external_contacts::Error> {
    let client = genesys_external_contacts::Client::from_env()?;
    println!("{:?}", client.contacts().get("7c1c0d0e-0000-4000-8000-000000000001").send()?.last_name);
    Ok(())
}
"#;

const BY_HAND: &str = r#"#![allow(dead_code, unexpected_cfgs)]
mod by_hand;
fn main() {
    let api = std::env::var("API").unwrap();
    let url = format!("{api}/api/v2/externalcontacts/contacts/7c1c0d0e-0000-4000-8000-000000000001");
    println!("{:?}", by_hand::get::<by_hand::SIDE::Contact>(&by_hand::agent(), &url).last_name);
}
"#;

struct Program {
    folder: PathBuf,
}

impl Program {
    /// With the versions of the crate's own `Cargo.lock`, so that both sides have the same.
    fn new(parent: &Path, name: &str, dependencies: &str, main: &str) -> Self {
        let folder = parent.join(name);
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        fs::create_dir_all(folder.join("src")).unwrap();
        let manifest = format!(
            "[package]\nname = \"{name}\"\nedition = \"2024\"\n\n[workspace]\n\n[profile.release]\nstrip = true\n\n\
             [dependencies]\n{dependencies}"
        );
        fs::write(folder.join("Cargo.toml"), manifest).unwrap();
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
        fs::copy(root.join("benches/common/by_hand.rs"), folder.join("src/by_hand.rs")).unwrap();
        fs::write(folder.join("src/main.rs"), main).unwrap();
        Self { folder }
    }

    fn cargo(&self, arguments: &[&str]) -> String {
        let mut cargo = Command::new(env!("CARGO"));
        let cargo = cargo.args(arguments).current_dir(&self.folder).env("CARGO_TARGET_DIR", self.folder.join("target"));
        let output = cargo.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// CPU time and time passed of a clean build, in s.
    fn build(&self) -> (f64, f64) {
        let _ = fs::remove_dir_all(self.folder.join("target"));
        let (cpu, wall) = (of_children(), Instant::now());
        self.cargo(&["build", "--release"]);
        (of_children() - cpu, wall.elapsed().as_secs_f64())
    }

    /// Everything that is compiled for it, besides itself.
    fn crates(&self) -> usize {
        let tree = self.cargo(&["tree", "--edges", "normal,build", "--prefix", "none"]);
        let crates: BTreeSet<_> = tree.lines().map(|line| line.trim_end_matches(" (*)")).collect();
        crates.len() - 1
    }

    /// In kB.
    fn size(&self) -> f64 {
        let name = self.folder.file_name().unwrap();
        fs::metadata(self.folder.join("target/release").join(name)).unwrap().len() as f64 / 1000.0
    }
}

/// CPU time of the children that have ended, and theirs, in s.
fn of_children() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    // The name, in parentheses, may hold spaces. The clock of `/proc` ticks 100 times a second.
    let (_, fields) = stat.rsplit_once(") ").unwrap();
    fields.split(' ').skip(13).take(2).map(|ticks| ticks.parse::<f64>().unwrap() / 100.0).sum()
}

pub fn run() {
    let parent = std::env::temp_dir().join(format!("one-call-{}", std::process::id()));
    let path = format!("genesys-external-contacts = {{ path = {:?} }}\n", env!("CARGO_MANIFEST_DIR"));
    let plain = "serde = { version = \"1\", features = [\"derive\"] }\nserde_json = \"1\"\n\
        time = { version = \"0.3\", features = [\"serde\", \"parsing\", \"formatting\"] }\n\
        ureq = { version = \"3\", features = [\"json\"] }\n";
    let ours = Program::new(&parent, "ours", &path, OURS);
    let dropping = Program::new(&parent, "dropping", plain, &BY_HAND.replace("SIDE", "dropping"));
    let keeping = Program::new(&parent, "keeping", plain, &BY_HAND.replace("SIDE", "keeping"));

    let turns: Vec<_> = (0..TURNS).map(|_| [ours.build(), dropping.build()]).collect();
    keeping.build();
    let cpu = |of: usize| Spread::of(turns.iter().map(|turn| turn[of].0)).median;
    Row {
        what: "clean release build, one call",
        against: "by hand, dropping unknown",
        unit: "s",
        ours: cpu(0),
        theirs: cpu(1),
        ratio: Spread::of(turns.iter().map(|turn| turn[0].0 / turn[1].0)),
        wall: Some(Spread::of(turns.iter().map(|turn| turn[0].1 / turn[1].1)).median),
        aim: Some(Aim::AtMost(1.1)),
    }
    .print();
    for (against, program) in [("by hand, dropping unknown", &dropping), ("by hand, keeping unknown", &keeping)] {
        Row {
            what: "stripped program, one call",
            against,
            unit: "kB",
            ours: ours.size(),
            theirs: program.size(),
            ratio: Spread::of([ours.size() / program.size()]),
            wall: None,
            aim: Some(Aim::AtMost(1.15)),
        }
        .print();
    }
    println!("\nCrates: {} with this one, {} by hand; the aim is 40 at most.", ours.crates(), dropping.crates());
    fs::remove_dir_all(parent).unwrap();
}
