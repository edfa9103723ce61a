//! Runs cargo on a gateway's crate, shows how far it is, and tells whose fault it is when that fails.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde::Deserialize;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader, Lines};
use tokio::process::Command;

use crate::child::Child;
use crate::failure::{Failure, Outcome};
use crate::signals::Signals;
use crate::terminal::Terminal;

/// How a binary is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// For trying out: built fast.
    Dev,
    /// For use: runs fast.
    Release,
}

/// How a build ended.
#[derive(Debug)]
pub(crate) enum Built {
    /// With this binary.
    Binary(PathBuf),
    /// Somebody wished us to stop.
    Stopped,
}

/// How often the live line is drawn again.
const TICK: Duration = Duration::from_millis(200);

/// How many of rustc's errors are shown: the first ones tell most.
const SHOWN_ERRORS: usize = 5;

/// What is kept of cargo's own words, lines.
const KEPT_LINES: usize = 200;

/// Builds the crate in `folder`; what it leaves lies in `target`.
pub(crate) async fn build(
    folder: &Path,
    target: &Path,
    profile: Profile,
    terminal: &Terminal,
    signals: &mut Signals,
) -> Outcome<Built> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["build", "--locked", "--message-format", "json", "--color", "never", "--manifest-path"]);
    command.arg(folder.join("Cargo.toml")).arg("--target-dir").arg(target);
    if profile == Profile::Release {
        command.arg("--release");
    }
    // In the crate's folder, so that no toolchain file or cargo configuration of the folder we were called in has a say.
    command.current_dir(folder).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child =
        Child::start(&mut command).map_err(|why| why.note("gw needs Rust to build a gateway: https://rustup.rs"))?;

    let mut build = Build::new(folder, terminal);
    let status = tokio::select! {
        status = build.follow(&mut child) => status?,
        () = signals.stop() => {
            child.stop().await;
            return Ok(Built::Stopped);
        }
    };
    build.finish(status).map(Built::Binary)
}

/// Puts a copy of a built binary at `to`. An old one there may still run: it keeps its file.
pub(crate) fn copy(from: &Path, to: &Path) -> Outcome<()> {
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent).map_err(|why| Failure::file("make the folder", parent, &why))?;
    }
    let mut fresh = to.as_os_str().to_owned();
    fresh.push(format!(".{}", std::process::id()));
    let fresh = PathBuf::from(fresh);
    fs::copy(from, &fresh).and_then(|_| fs::rename(&fresh, to)).map_err(|why| Failure::file("write", to, &why))
}

/// A running build: what cargo has said so far.
struct Build<'a> {
    folder: &'a Path,
    terminal: &'a Terminal,
    started: Instant,
    done: usize,
    doing: String,
    binary: Option<PathBuf>,
    errors: Vec<CompilerMessage>,
    words: Vec<String>,
}

impl<'a> Build<'a> {
    fn new(folder: &'a Path, terminal: &'a Terminal) -> Self {
        Self {
            folder,
            terminal,
            started: Instant::now(),
            done: 0,
            doing: "reading the lock file".to_owned(),
            binary: None,
            errors: Vec::new(),
            words: Vec::new(),
        }
    }

    /// Reads all that cargo says until it ends.
    async fn follow(&mut self, child: &mut Child) -> Outcome<ExitStatus> {
        let mut messages = lines(child.stdout());
        let mut words = lines(child.stderr());
        let mut tick = tokio::time::interval(TICK);
        loop {
            tokio::select! {
                line = next(&mut messages), if messages.is_some() => line.iter().for_each(|line| self.message(line)),
                line = next(&mut words), if words.is_some() => line.into_iter().for_each(|line| self.word(line)),
                _ = tick.tick() => {}
                status = child.wait(), if messages.is_none() && words.is_none() => return status,
            }
            let crates = if self.done == 1 { "crate" } else { "crates" };
            let text = format!("{} ({} {crates} done)", self.doing, self.done);
            self.terminal.live("Building", &text, self.started);
        }
    }

    /// A line of JSON on what was compiled.
    fn message(&mut self, line: &str) {
        match serde_json::from_str(line) {
            Ok(Message::CompilerArtifact(artifact)) => {
                self.done += usize::from(!artifact.fresh);
                self.binary = artifact.executable.or(self.binary.take());
            }
            Ok(Message::CompilerMessage(message)) if message.message.level == "error" => self.errors.push(message),
            Ok(Message::CompilerMessage(_) | Message::Other) | Err(_) => {}
        }
    }

    /// A line for people: `   Compiling hyper v1.12.0`.
    fn word(&mut self, line: String) {
        if let Some(what) = line.trim().strip_prefix("Compiling ") {
            what.split(" (").next().unwrap_or(what).clone_into(&mut self.doing);
        } else if line.contains("Blocking waiting") {
            "another build is running, waiting for it".clone_into(&mut self.doing);
        } else if line.trim_start().starts_with("Downloading") {
            "downloading libraries".clone_into(&mut self.doing);
        }
        if self.words.len() < KEPT_LINES {
            self.words.push(line);
        }
    }

    fn finish(self, status: ExitStatus) -> Outcome<PathBuf> {
        match self.binary {
            Some(binary) if status.success() => Ok(binary),
            _ if self.errors.is_empty() => Err(cargo_failed(status, &self.words)),
            _ => Err(our_fault(&self.errors, self.folder)),
        }
    }
}

/// Cargo could not even compile: no network, an old toolchain, a full disk. Its own words say it best.
fn cargo_failed(status: ExitStatus, words: &[String]) -> Failure {
    if words.iter().any(|line| line.contains("cannot update the lock file")) {
        return Failure::new("the libraries that this gw pins are not those that its runtime needs")
            .note("this is a fault of gw, not of your program: please report it with the version of gw");
    }
    let failure = Failure::new(format!("cargo could not build the gateway ({status})"));
    if status.code().is_none() {
        return failure.note("something outside ended cargo; the system does so where memory is short");
    }
    let said: Vec<&str> = words.iter().map(String::as_str).skip_while(|line| !line.starts_with("error")).collect();
    failure.note(if said.is_empty() { words.join("\n") } else { said.join("\n") })
}

/// The generated code, or the runtime, does not compile. That is never the fault of a `.gw` file.
fn our_fault(errors: &[CompilerMessage], folder: &Path) -> Failure {
    let endpoint = errors.iter().find_map(|error| error.endpoint());
    let whose = endpoint.map_or_else(String::new, |name| format!(", in the endpoint `{name}`"));
    let shown = errors.iter().take(SHOWN_ERRORS).filter_map(|error| error.message.rendered.clone());
    let more = errors.len().saturating_sub(SHOWN_ERRORS);
    let said: String = shown.chain((more > 0).then(|| format!("and {more} more"))).collect();
    Failure::new(format!("the Rust that gw generated does not compile{whose}"))
        .note("this is a fault of gw, not of your program: please report it with the .gw file and the lines below")
        .note(format!("the generated crate is in {}", folder.display()))
        .note(said.trim_end())
}

/// A line of `cargo build --message-format json`, as far as we look at it.
#[derive(Debug, Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
enum Message {
    CompilerArtifact(CompilerArtifact),
    CompilerMessage(CompilerMessage),
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
struct CompilerArtifact {
    executable: Option<PathBuf>,
    fresh: bool,
}

#[derive(Debug, Deserialize)]
struct CompilerMessage {
    message: RustcMessage,
}

#[derive(Debug, Deserialize)]
struct RustcMessage {
    level: String,
    rendered: Option<String>,
    spans: Vec<RustcSpan>,
}

#[derive(Debug, Deserialize)]
struct RustcSpan {
    file_name: String,
    is_primary: bool,
}

impl CompilerMessage {
    /// The endpoint whose module it lies in.
    fn endpoint(&self) -> Option<&str> {
        let span = self.message.spans.iter().find(|span| span.is_primary)?;
        let path = span.file_name.strip_prefix("src/endpoints/")?;
        path.strip_suffix(".rs")
    }
}

/// What comes out of a pipe, until it is closed.
type PipeLines<T> = Option<Lines<BufReader<T>>>;

fn lines<T: AsyncRead + Unpin>(pipe: Option<T>) -> PipeLines<T> {
    pipe.map(|pipe| BufReader::new(pipe).lines())
}

/// The next line, or `None` where the pipe is closed or broken.
async fn next<T: AsyncRead + Unpin>(lines: &mut PipeLines<T>) -> Option<String> {
    let line = match lines {
        Some(lines) => lines.next_line().await.ok().flatten(),
        None => return None,
    };
    if line.is_none() {
        *lines = None;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_its_endpoint() {
        let line = r#"{"reason":"compiler-message","package_id":"x","message":{"level":"error","rendered":"error: no\n",
            "spans":[{"file_name":"src/endpoints/frontpage.rs","is_primary":true}]}}"#;
        let mut build = Build { errors: Vec::new(), ..blank() };
        build.message(line);
        let why = our_fault(&build.errors, Path::new("x"));
        assert!(why.message().contains("`frontpage`"), "{why}");
    }

    #[test]
    fn cargo_is_quoted_from_its_error_on() {
        let words = ["    Updating index", "error: no network"].map(ToOwned::to_owned);
        assert_eq!(cargo_failed(ExitStatus::default(), &words).notes(), ["error: no network"]);
    }

    #[test]
    fn what_is_no_fault_of_the_program_says_so() {
        let words = ["error: cannot update the lock file x because --locked was passed to prevent this".to_owned()];
        let why = cargo_failed(ExitStatus::default(), &words);
        assert!(why.notes()[0].starts_with("this is a fault of gw"), "{why}");
    }

    #[cfg(unix)]
    #[test]
    fn a_cargo_that_was_killed_says_by_what() {
        use std::os::unix::process::ExitStatusExt as _;
        let why = cargo_failed(ExitStatus::from_raw(9), &["   Compiling orders v0.1.0".to_owned()]);
        assert!(why.message().contains("SIGKILL"), "{why}");
        assert_eq!(why.notes(), ["something outside ended cargo; the system does so where memory is short"]);
    }

    fn blank() -> Build<'static> {
        let terminal: &'static Terminal = Box::leak(Box::new(Terminal::new(crate::args::Colour::Never)));
        Build::new(Path::new("x"), terminal)
    }
}
