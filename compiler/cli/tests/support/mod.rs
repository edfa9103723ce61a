//! A running `gw`, a small HTTP client, and folders to play in.

#![allow(clippy::unwrap_used, reason = "a test that can't go on panics")]
#![allow(dead_code, reason = "each test uses a part of it")]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// The first test builds the libraries of every gateway, and that on a busy machine.
const PATIENCE: Duration = Duration::from_mins(10);

/// The folder in which all tests have their gateways built.
pub(crate) fn cache() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("gw-cache")
}

/// `gw` with these arguments.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gw"));
    command.args(arguments).env("GATEWRIGHT_CACHE", cache()).env("NO_COLOR", "1");
    command
}

/// A `gw`, or another program, that was started.
pub(crate) struct Gw {
    child: Child,
    lines: Receiver<String>,
    seen: Vec<String>,
}

impl Gw {
    /// Starts `gw` with these arguments.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::of(&mut command(arguments))
    }

    /// Starts a program; its standard error is read line by line.
    pub(crate) fn of(command: &mut Command) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let stderr = child.stderr.take().unwrap();
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Self { child, lines, seen: Vec::new() }
    }

    /// Waits for a line with this in it; gives what stands behind it.
    pub(crate) fn wait_for(&mut self, wanted: &str) -> String {
        let behind = |line: &String| line.split_once(wanted).map(|(_, behind)| behind.trim().to_owned());
        if let Some(found) = self.seen.iter().find_map(behind) {
            return found;
        }
        loop {
            let line = self.lines.recv_timeout(PATIENCE);
            let line = line.unwrap_or_else(|_| panic!("no line with {wanted:?} came:\n{}", self.seen.join("\n")));
            self.seen.push(line);
            if let Some(found) = self.seen.last().and_then(behind) {
                return found.split(" (").next().unwrap_or_default().to_owned();
            }
        }
    }

    /// Waits until it ends; gives its exit code.
    pub(crate) fn wait(&mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }

    /// Ctrl-C.
    pub(crate) fn interrupt(&mut self) -> Option<i32> {
        self.signal("INT")
    }

    /// What a supervisor sends.
    pub(crate) fn terminate(&mut self) -> Option<i32> {
        self.signal("TERM")
    }

    fn signal(&mut self, name: &str) -> Option<i32> {
        let sent = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        self.wait()
    }
}

impl Drop for Gw {
    fn drop(&mut self) {
        // A test that failed leaves nothing running: `gw` ends what it started.
        if matches!(self.child.try_wait(), Ok(None)) {
            self.signal("TERM");
        }
    }
}

/// An answer.
pub(crate) struct Answer {
    /// Its status.
    pub(crate) status: u16,
    head: String,
    /// Its body.
    pub(crate) body: String,
}

impl Answer {
    /// The value of a header, by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.head.lines().filter_map(|line| line.split_once(": "));
        headers.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// `GET`
pub(crate) fn get(address: &str, path: &str) -> Answer {
    ask("GET", address, path)
}

/// `POST` without a body
pub(crate) fn post(address: &str, path: &str) -> Answer {
    ask("POST", address, path)
}

fn ask(method: &str, address: &str, path: &str) -> Answer {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = if method == "POST" { "content-length: 0\r\n" } else { "" };
    write!(stream, "{method} {path} HTTP/1.1\r\nhost: {address}\r\n{length}connection: close\r\n\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap();
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

/// An empty folder.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("projects").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// A project that calls nobody, with this `gatewright.toml`.
pub(crate) fn project(folder: &Path, settings: &str) {
    fs::write(
        folder.join("quiet.gw"),
        "gateway Quiet {\n    listen \"127.0.0.1:0\"\n}\n\nendpoint GET \"/\" home() {\n    public\n\n    respond { quiet: true }\n}\n",
    )
    .unwrap();
    fs::write(folder.join("gatewright.toml"), settings).unwrap();
}

/// Whether a process runs with this in its command line.
pub(crate) fn runs(words: &str) -> bool {
    let command_lines = |entry: fs::DirEntry| fs::read(entry.path().join("cmdline")).ok();
    let lines = fs::read_dir("/proc").unwrap().filter_map(Result::ok).filter_map(command_lines);
    lines.map(|line| String::from_utf8_lossy(&line).replace('\0', " ")).any(|line| line.contains(words))
}
