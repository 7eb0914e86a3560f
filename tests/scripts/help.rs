//! What all subcommands have in common: help, exit codes, how an error is told.

use super::{Place, run};

/// The subcommands, and what the help of each has of its own.
const SUBCOMMANDS: [(&str, &[&str]); 7] = [
    ("export", &["--q", "--organization", "--output <FILE>", "--format", "csv, jsonl", "--fields", "--resume"]),
    ("import", &["--map", "--ignore", "--results", "--lag", "[default: 10]", "externalOrganization"]),
    ("lookup", &["<VALUE>", "--notes <NUMBER>"]),
    ("sync-note", &["--user", "--no-create", "--contact", "--dry-run", "GENESYSCLOUD_USER_ID", "25"]),
    ("audit", &["--q", "--top", "--svg"]),
    (
        "api",
        &["[possible values: GET, POST, PUT, PATCH, DELETE]", "--query <NAME=VALUE>", "--body <FILE>", "--idempotent"],
    ),
    ("sandbox", &["--host", "--contacts", "--no-limit", "[default: 8080]", "[default: 128]", "[default: 60]"]),
];

/// Where lines break depends on their length.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn help_has_each_option_and_the_exit_codes() {
    let whole = run("--help", &[]);
    assert_eq!(whole.code, Some(0));
    let (_, exit_codes) = whole.out.split_once("\nExit codes:\n").unwrap();
    assert!(whole.out.contains("GENESYSCLOUD_REGION"), "{}", whole.out);
    for (subcommand, options) in SUBCOMMANDS {
        assert!(whole.out.contains(&format!("\n  {subcommand} ")), "{subcommand}: {}", whole.out);
        let help = run(subcommand, &["--help"]);
        assert_eq!(help.code, Some(0));
        // The sandbox is a place to work, and has none.
        let place: &[&str] =
            if subcommand == "sandbox" { &[] } else { &["--server <URL>", "--sandbox-contacts <NUMBER>"] };
        for option in options.iter().chain(place).chain(&["--help"]) {
            assert!(words(&help.out).contains(option), "{subcommand} {option}: {}", help.out);
        }
        assert!(help.out.ends_with(exit_codes), "{subcommand}: {}", help.out);
        assert!(help.out.lines().all(|line| line.chars().count() <= 100), "{subcommand}: {}", help.out);
    }
}

#[test]
fn a_wrong_command_line_is_exit_code_2_everywhere() {
    let place = Place::new(0);
    for (subcommand, arguments, problem) in [
        ("", &[][..], "Usage"),
        ("no-such-thing", &[], "unrecognized subcommand"),
        ("export", &["--no-such-option"], "unexpected argument"),
        ("export", &["-o", "a.txt"], "add --format"),
        ("export", &["--format", "jsonl", "--fields", "id"], "--fields chooses the columns"),
        ("import", &["--no-such-option"], "unexpected argument"),
        ("import", &[], "<INPUT>"),
        ("lookup", &["--no-such-option"], "unexpected argument"),
        ("lookup", &[" "], "there is nothing to look up"),
        ("sync-note", &["--no-such-option"], "unexpected argument"),
        ("sync-note", &["317 555 0100", "Hello"], "with a plus and its country code"),
        ("sync-note", &["+13175550100", " "], "the text of the note is empty"),
        ("audit", &["--top", "0"], "1..=1000"),
        ("api", &["GET"], "<PATH>"),
        ("sandbox", &["--port", "65536"], "65536"),
        ("sandbox", &["--connections", "0"], "1.."),
        ("sandbox", &["--timeout", "0"], "1.."),
        ("sandbox", &["more"], "unexpected argument"),
        ("completions", &["no-such-shell"], "bash"),
        ("man", &["no-such-thing"], "no-such-thing is no subcommand"),
    ] {
        let mut command = super::command(subcommand, arguments);
        let ran: super::Run = command.current_dir(&place.folder).output().unwrap().into();
        assert_eq!((ran.code, &*ran.out), (Some(2), ""), "{subcommand} {arguments:?}: {}", ran.err);
        assert!(ran.err.contains(problem), "{problem}: {}", ran.err);
    }
}

#[test]
fn an_error_says_what_happened_and_prints_no_values() {
    let place = Place::new(0);
    for (script, arguments) in [("export", &["--q", "lovelace"][..]), ("lookup", &["ada@example.com"]), ("audit", &[])]
    {
        // 404 is how the service answers at the wrong host; 500 is not repeated.
        for status in [404, 500] {
            let body = format!(r#"{{"status": {status}, "code": "some.code", "message": "What went wrong."}}"#);
            place.sandbox.next_calls(1).answer(status, "application/json", body);
            let run = place.run(script, arguments);
            assert_eq!((run.code, &*run.out), (Some(1), ""), "{script}");
            assert!(run.err.starts_with("error: GET /api/v2/externalcontacts/"), "{}", run.err);
            assert!(run.err.contains("some.code: What went wrong."), "{}", run.err);
            assert!(!run.err.contains("lovelace") && !run.err.contains("ada@") && run.err.lines().count() == 1);
        }
    }
    // Nobody listens on port 1.
    let run = run("audit", &["--server", "http://127.0.0.1:1"]);
    assert_eq!(run.code, Some(1));
    assert!(run.err.contains("check the network") && run.err.contains("refused"), "{}", run.err);
}

#[test]
fn completions_and_manual_know_every_subcommand() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = run("completions", &[shell]);
        assert_eq!((script.code, &*script.err), (Some(0), ""), "{shell}");
        for (subcommand, _) in SUBCOMMANDS {
            assert!(script.out.contains(subcommand), "{shell} {subcommand}");
        }
    }
    let whole = run("man", &[]);
    assert!(whole.code == Some(0) && whole.out.contains("\n.SH SUBCOMMANDS\n"), "{}", whole.out);
    for (subcommand, _) in SUBCOMMANDS {
        let page = run("man", &[subcommand]);
        let title = format!("\n.TH external-contacts-{subcommand} 1 ");
        assert!(page.code == Some(0) && page.out.contains(&title) && page.out.contains("Exit codes:"), "{}", page.out);
    }
}

/// Each command in the section on scripts, typed as it stands, by somebody without an organization.
#[cfg(unix)]
#[test]
fn the_commands_of_the_readme_do_what_they_should() {
    let readme = include_str!("../../README.md");
    let (_, section) = readme.split_once("\n## Scripts\n").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let in_table = section.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`')).map(|(text, _)| text);
    let in_block = section.lines().filter(|line| line.starts_with("printf ") || line.starts_with("external-contacts "));
    let commands: Vec<_> = in_block.chain(in_table).collect();
    assert!(commands.len() > SUBCOMMANDS.len(), "{commands:?}");
    let place = Place::new(0);
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_external-contacts"));
    let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
    for command in commands {
        // It doesn't end by itself, and its port may be taken.
        let serves = command.starts_with("external-contacts sandbox");
        let typed = if serves { format!("exec {command} --port 0") } else { command.to_owned() };
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", &typed]).current_dir(&place.folder).env("PATH", &path).env_remove("GENESYSCLOUD_REGION");
        if serves {
            drop(super::sandbox::program::Program::of(&mut shell));
            continue;
        }
        let ran: super::Run = shell.output().unwrap().into();
        assert_eq!(ran.code, Some(0), "{command}: {}", ran.err);
    }
}
