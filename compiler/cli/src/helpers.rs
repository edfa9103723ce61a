//! The helpers of `gatewright.toml`: starts them in order, marks their lines with their names, and waits until each is ready.

use std::future::Future as _;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::process::Command;

use crate::child::Child;
use crate::failure::{Failure, Outcome};
use crate::ports::Ports;
use crate::settings::{self, Process};
use crate::terminal::{Style, Terminal};

/// How long a helper may take until it is ready; the first time it may have to be built.
const READY_WITHIN: Duration = Duration::from_mins(5);

/// How long one question whether it is ready may take.
const PROBE_WITHIN: Duration = Duration::from_secs(1);

/// How long to wait between two questions.
const PROBE_EVERY: Duration = Duration::from_millis(50);

/// A helper that was started.
pub(crate) struct Helper {
    /// Its name.
    pub(crate) name: String,
    /// Its process.
    pub(crate) child: Child,
}

impl Helper {
    /// Starts a helper; it may not be ready yet.
    pub(crate) fn start(process: &Process, base: &Path, ports: &Ports, terminal: &Arc<Terminal>) -> Outcome<Self> {
        let name = &process.name;
        let [program, arguments @ ..] = process.command.as_slice() else {
            return Err(Failure::new(format!("{}: the process `{name}` has no command", settings::FILE)));
        };
        let mut command = Command::new(ports.fill(program)?);
        for argument in arguments {
            command.arg(ports.fill(argument)?);
        }
        for (variable, value) in &process.env {
            command.env(variable, ports.fill(value)?);
        }
        if !base.as_os_str().is_empty() {
            command.current_dir(base);
        }
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = Child::start(&mut command).map_err(|why| why.note(format!("it is the process `{name}`")))?;
        pass_on(child.stdout(), name, terminal);
        pass_on(child.stderr(), name, terminal);
        Ok(Self { name: name.clone(), child })
    }

    /// Waits until it is ready, and fails if it ends before or takes too long.
    pub(crate) async fn ready(&mut self, process: &Process, ports: &Ports, terminal: &Terminal) -> Outcome<()> {
        let started = Instant::now();
        for target in process.ready.as_slice() {
            let target = ports.fill(target)?;
            while !probe(&target).await? {
                if started.elapsed() > READY_WITHIN {
                    let waited = READY_WITHIN.as_secs();
                    return Err(Failure::new(format!("`{}` is not ready after {waited} s: {target}", self.name)));
                }
                terminal.live("Waiting", &format!("for {} ({target})", self.name), started);
                tokio::select! {
                    () = tokio::time::sleep(PROBE_EVERY) => {}
                    status = self.child.wait() => {
                        return Err(Failure::new(format!("`{}` ended before it was ready ({})", self.name, status?)));
                    }
                }
            }
        }
        Ok(())
    }
}

/// Waits until one of them ends, and tells which.
pub(crate) async fn first_to_end(helpers: &mut [Helper]) -> Outcome<(String, ExitStatus)> {
    let mut waits: Vec<_> =
        helpers.iter_mut().map(|helper| (helper.name.clone(), Box::pin(helper.child.wait()))).collect();
    std::future::poll_fn(move |context| {
        for (name, wait) in &mut waits {
            if let Poll::Ready(status) = wait.as_mut().poll(context) {
                return Poll::Ready(status.map(|status| (name.clone(), status)));
            }
        }
        Poll::Pending
    })
    .await
}

/// Prints what comes out of a pipe, each line behind the name.
fn pass_on(pipe: Option<impl AsyncRead + Unpin + Send + 'static>, name: &str, terminal: &Arc<Terminal>) {
    let name = terminal.err(Style::Dim, &format!("{name} |"));
    let told = Arc::clone(terminal);
    each_line(pipe, move |line| told.say(&format!("{name} {line}")));
}

/// Reads a pipe to its end, line by line.
pub(crate) fn each_line(
    pipe: Option<impl AsyncRead + Unpin + Send + 'static>,
    mut tell: impl FnMut(&str) + Send + 'static,
) {
    let Some(pipe) = pipe else { return };
    tokio::spawn(async move {
        let mut lines = BufReader::new(pipe).split(b'\n');
        while let Ok(Some(line)) = lines.next_segment().await {
            tell(&String::from_utf8_lossy(&line));
        }
    });
}

/// Whether an `http://` address answers 2xx, or a `host:port` takes a connection.
async fn probe(target: &str) -> Outcome<bool> {
    let (host, path) = match target.strip_prefix("http://") {
        Some(rest) => rest.find('/').map_or((rest, "/"), |slash| rest.split_at(slash)),
        None => (target, ""),
    };
    if target.contains("://") && path.is_empty() || !host.contains(':') {
        let form = "http://host:port/path or host:port";
        return Err(Failure::new(format!("{}: `ready` is `{target}`, not {form}", settings::FILE)));
    }
    let answer = tokio::time::timeout(PROBE_WITHIN, ask(host, path)).await;
    Ok(answer.is_ok_and(|answer| answer.unwrap_or(false)))
}

async fn ask(host: &str, path: &str) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect(host).await?;
    if path.is_empty() {
        return Ok(true);
    }
    stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n").as_bytes()).await?;
    let mut start = [0; 10];
    stream.read_exact(&mut start).await?;
    Ok(start.starts_with(b"HTTP/1.") && start.ends_with(b" 2"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_probe_sees_who_listens() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        assert!(probe(&address).await.unwrap());
        drop(listener);
        assert!(!probe(&address).await.unwrap());
        assert!(probe("https://x:1/").await.is_err());
        assert!(probe("localhost").await.is_err());
    }
}
