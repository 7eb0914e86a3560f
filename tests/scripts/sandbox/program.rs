//! The process: how it begins, ends, and what it takes of the machine.

use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use genesys_external_contacts::sandbox::Sandbox;

use super::{Connection, FORM, REQUEST, create_head, sign_in_head};
use crate::{command, run};

/// The program, until this is dropped.
pub(crate) struct Program {
    child: Child,
    address: SocketAddr,
}

impl Program {
    fn start(arguments: &str) -> Self {
        Self::of(&mut command("sandbox", &arguments.split_whitespace().collect::<Vec<_>>()))
    }

    pub(crate) fn of(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
        let address = lines
            .map_while(Result::ok)
            .find_map(|line| line.trim_start().strip_prefix("API ")?.trim().strip_prefix("http://")?.parse().ok());
        Self { child, address: address.unwrap() }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_program_says_what_is_wrong() {
    let taken = Program::start("--port 0").address.port();
    let program = Program::start(&format!("--port {taken}"));
    let run = run("sandbox", &["--port", &taken.to_string()]);
    assert_eq!((run.code, &*run.out), (Some(1), ""));
    assert!(run.err.starts_with(&format!("error: can't listen on 127.0.0.1, port {taken}: ")), "{}", run.err);
    drop(program);
}

#[test]
fn the_program_says_how_to_reach_it() {
    let mut child = command("sandbox", &["--port", "0", "--contacts", "5"]).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.as_mut().unwrap()).lines().map_while(Result::ok);
    let mut text: Vec<_> = lines.by_ref().take_while(|line| !line.starts_with("curl:")).collect();
    text.push(String::new());
    let text = text.join("\n");
    child.kill().unwrap();
    child.wait().unwrap();
    let (_, address) = text.split_once("http://").unwrap();
    let (address, _) = address.split_once('\n').unwrap();
    let (host, port) = address.split_once(':').unwrap();
    for part in [
        "with 5 contacts".to_owned(),
        format!("http://{address}/oauth/token"),
        Sandbox::CLIENT_ID.to_owned(),
        Sandbox::CLIENT_SECRET.to_owned(),
        format!("Client::builder().api_url(\"http://{address}\").login_url(\"http://{address}\")"),
        format!("PureCloudPlatformClientV2.configuration.host = \"http://{address}\""),
        format!("setGateway({{ host: \"{host}\", protocol: \"http\", port: {port} }})"),
    ] {
        assert!(text.contains(&part), "{part}\n{text}");
    }
}

#[cfg(unix)]
#[test]
fn what_has_begun_is_answered_before_the_program_ends() {
    for signal in ["-INT", "-TERM"] {
        let mut program = Program::start("--port 0");
        let mut idle = Connection::to(program.address);
        idle.exchange(REQUEST);
        let mut begun = Connection::to(program.address);
        begun.send(format!("{}Expect: 100-continue\r\nContent-Length: 29\r\n\r\n", sign_in_head()));
        begun.receive();
        assert!(Command::new("kill").args([signal, &program.child.id().to_string()]).status().unwrap().success());
        assert!(idle.is_closed());
        assert!(TcpStream::connect(program.address).is_err());
        let (head, body) = begun.exchange(FORM);
        assert!(head.starts_with("HTTP/1.1 200 ") && body.contains("access_token"), "{head}{body}");
        assert!(begun.is_closed());
        assert!(program.child.wait().unwrap().success());
    }
}

#[cfg(unix)]
#[test]
fn a_second_signal_ends_what_has_begun() {
    let mut program = Program::start("--port 0 --timeout 3600");
    let mut idle = Connection::to(program.address);
    idle.exchange(REQUEST);
    let mut begun = Connection::to(program.address);
    begun.send(format!("{}Expect: 100-continue\r\nContent-Length: 29\r\n\r\n", sign_in_head()));
    begun.receive();
    let end = |program: &Program| {
        assert!(Command::new("kill").arg(program.child.id().to_string()).status().unwrap().success());
    };
    end(&program);
    assert!(idle.is_closed());
    end(&program);
    assert!(begun.is_closed());
    assert!(program.child.wait().unwrap().success());
}

#[cfg(target_os = "linux")]
mod on_linux {
    use std::fs;
    use std::time::Instant;

    use super::*;

    impl Program {
        fn read(&self, file: &str) -> String {
            fs::read_to_string(format!("/proc/{}/{file}", self.child.id())).unwrap()
        }

        /// The most memory that it has had.
        fn peak_mb(&self) -> usize {
            let status = self.read("status");
            let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
            peak.unwrap().parse::<usize>().unwrap() * 1024 / 1_000_000
        }

        fn cpu_time(&self) -> Duration {
            // The name of the program may hold spaces; the figures stand behind it, in hundredths of a second.
            let stat = self.read("stat");
            let (_, figures) = stat.rsplit_once(") ").unwrap();
            let figures: Vec<&str> = figures.split(' ').collect();
            let spent: u64 = figures[11..13].iter().map(|ticks| ticks.parse::<u64>().unwrap()).sum();
            Duration::from_millis(spent * 10)
        }
    }

    /// A thread that isn't started can't fail to start.
    #[test]
    fn the_program_has_one_thread() {
        let program = Program::start("--port 0");
        let mut connections: Vec<_> = (0..50).map(|_| Connection::to(program.address)).collect();
        for connection in &mut connections {
            connection.exchange(REQUEST);
        }
        let threads = fs::read_dir(format!("/proc/{}/task", program.child.id())).unwrap();
        assert_eq!(threads.count(), 1);
    }

    /// With 40 file descriptors and 100 connections, taking one fails, until the server has closed another.
    #[test]
    fn the_program_waits_for_file_descriptors() {
        let path = env!("CARGO_BIN_EXE_external-contacts");
        let script = "ulimit -n 40 && exec \"$0\" sandbox --port 0 --timeout 1";
        let program = Program::of(Command::new("sh").args(["-c", script]).arg(path));
        let began = Instant::now();
        let mut connections: Vec<_> = (0..100).map(|_| Connection::to(program.address)).collect();
        assert!(connections.iter_mut().all(Connection::is_closed));
        // Three times all descriptors are used for a second. Who tries again and again has the processor all this time.
        let (elapsed, spent) = (began.elapsed(), program.cpu_time());
        assert!(elapsed > Duration::from_secs(2), "{elapsed:?}");
        assert!(spent < elapsed / 4, "{spent:?} of {elapsed:?}");
        assert!(Connection::to(program.address).exchange(REQUEST).0.starts_with("HTTP/1.1 401 "));
    }

    /// What many small requests leave behind, which were read into larger buffers.
    #[test]
    fn memory_is_bounded_under_small_requests() {
        let program = Program::start("--port 0 --no-limit");
        let mut connection = Connection::to(program.address);
        for _ in 0..12_000 {
            connection.exchange(REQUEST);
        }
        let peak = program.peak_mb();
        println!("after 12,000 small requests: {peak} MB");
        assert!(peak < 40, "{peak} MB");
    }

    /// 3,000 bodies of 512,000 bytes, 120 of them at a time, each lacking its last byte until all others of these are there.
    #[test]
    fn memory_is_bounded_under_large_requests() {
        let program = Program::start("--port 0 --no-limit");
        let mut connections: Vec<_> = (0..120).map(|_| Connection::to(program.address)).collect();
        let head = create_head(&mut connections[0]);
        let before = program.peak_mb();
        let body = format!(r#"{{"title":"{}""#, "x".repeat(512_000 - r#"{"title":""}"#.len()));
        let with_token = format!("{head}Content-Length: 512000\r\n\r\n{body}");
        let without = with_token.replace("Authorization:", "Other:");
        for round in 0..25 {
            let (request, status) = if round == 0 { (&with_token, "422") } else { (&without, "401") };
            for connection in &mut connections {
                connection.send(request);
            }
            for connection in &mut connections {
                let (head, _) = connection.exchange("}");
                assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{head}");
            }
        }
        let peak = program.peak_mb();
        println!("after 3,000 bodies of 512 kB: {peak} MB, before that {before} MB");
        assert!(peak < 200, "{peak} MB");
    }
}
