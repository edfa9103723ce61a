//! A service on loopback that answers what a test says, remembers what it was asked, and misbehaves on demand.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep};

/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is done with one request.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    /// How long after the request it begins.
    delay: Duration,
    act: Act,
}

#[derive(Debug, Clone)]
enum Act {
    /// These bytes; then the next request of the connection.
    Keep(Vec<u8>),
    /// These bytes; then the connection is closed.
    Close(Vec<u8>),
    /// These bytes; then nothing, with the connection open.
    Hang(Vec<u8>),
    /// These bytes, one after the other with a pause between.
    Drip(Vec<u8>, Duration),
    /// A head, then so many bytes of spaces.
    Flood(Vec<u8>, u64),
}

impl Reply {
    /// 200 with this JSON.
    pub(crate) fn json(body: impl AsRef<str>) -> Self {
        Self::status(200, body)
    }

    /// This status with this body, said to be JSON.
    pub(crate) fn status(status: u16, body: impl AsRef<str>) -> Self {
        Self::with_headers(status, "", body)
    }

    /// The same with further header lines, each ended by CR LF, all of which must stay between the gateway and us.
    pub(crate) fn with_headers(status: u16, lines: &str, body: impl AsRef<str>) -> Self {
        let body = body.as_ref();
        let length = body.len();
        let head =
            format!("HTTP/1.1 {status} Whatever\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n");
        Self::keep(format!("{head}{lines}\r\n{body}"))
    }

    pub(crate) fn keep(bytes: impl Into<Vec<u8>>) -> Self {
        Self::act(Act::Keep(bytes.into()))
    }

    pub(crate) fn close(bytes: impl Into<Vec<u8>>) -> Self {
        Self::act(Act::Close(bytes.into()))
    }

    pub(crate) fn hang(bytes: impl Into<Vec<u8>>) -> Self {
        Self::act(Act::Hang(bytes.into()))
    }

    pub(crate) fn drip(bytes: impl Into<Vec<u8>>, pause: Duration) -> Self {
        Self::act(Act::Drip(bytes.into(), pause))
    }

    pub(crate) fn flood(head: impl Into<Vec<u8>>, bytes: u64) -> Self {
        Self::act(Act::Flood(head.into(), bytes))
    }

    fn act(act: Act) -> Self {
        Self { delay: Duration::ZERO, act }
    }

    /// The same after so many milliseconds.
    pub(crate) fn after(mut self, milliseconds: u64) -> Self {
        self.delay = Duration::from_millis(milliseconds);
        self
    }
}

/// One request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) method: String,
    /// Byte for byte.
    pub(crate) target: String,
    /// In their order, the names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
    /// When all of it was here.
    pub(crate) arrived: Instant,
    /// When the answer was out.
    pub(crate) answered: Option<Instant>,
    /// Whether the gateway hung up before.
    pub(crate) cancelled: bool,
}

impl Asked {
    /// `GET /users/7?page=1`.
    pub(crate) fn line(&self) -> String {
        format!("{} {}", self.method, self.target)
    }

    /// The values of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(known, _)| known == name);
        let value = found.next().map(|(_, value)| value.as_str());
        assert!(found.next().is_none(), "{name} came twice: {self:?}");
        value
    }
}

#[derive(Debug, Default)]
struct State {
    replies: HashMap<String, Reply>,
    asked: Vec<Asked>,
    connections: usize,
    now: usize,
    most_at_once: usize,
}

/// A running service. It ends with the test.
#[derive(Debug)]
pub(crate) struct Upstream {
    pub(crate) url: String,
    state: Arc<Mutex<State>>,
}

impl Upstream {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let upstream = Self { url, state: Arc::default() };
        let state = Arc::clone(&upstream.state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                lock(&state).connections += 1;
                tokio::spawn(connection(stream, Arc::clone(&state)));
            }
        });
        upstream
    }

    /// A service with these answers.
    pub(crate) async fn with<const N: usize>(replies: [(&str, Reply); N]) -> Self {
        let upstream = Self::start().await;
        for (line, reply) in replies {
            upstream.on(line, reply);
        }
        upstream
    }

    /// Answers `GET /users/7` so, with whatever query where none is named.
    pub(crate) fn on(&self, line: &str, reply: Reply) {
        lock(&self.state).replies.insert(line.to_owned(), reply);
    }

    /// Everything that was asked, in the order in which it came.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        lock(&self.state).asked.clone()
    }

    /// The first lines of all that was asked, in the order in which they came.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.asked().iter().map(Asked::line).collect()
    }

    /// What was asked with this line, which must have been exactly once.
    pub(crate) fn only(&self, line: &str) -> Asked {
        let asked = self.asked();
        let found: Vec<&Asked> = asked.iter().filter(|asked| asked.line() == line).collect();
        assert_eq!(found.len(), 1, "`{line}` was asked {} times: {:?}", found.len(), self.lines());
        found[0].clone()
    }

    /// Waits until what was asked is so.
    pub(crate) async fn until(&self, what: &str, holds: impl Fn(&[Asked]) -> bool) -> Vec<Asked> {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            let asked = self.asked();
            if holds(&asked) {
                return asked;
            }
            sleep(Duration::from_millis(2)).await;
        }
        panic!("never {what}: {:#?}", self.asked());
    }

    /// Waits until this line has been asked.
    pub(crate) async fn wait_for(&self, line: &str) {
        self.until(line, |asked| asked.iter().any(|asked| asked.line() == line)).await;
    }

    /// The most requests that were in hand together.
    pub(crate) fn most_at_once(&self) -> usize {
        lock(&self.state).most_at_once
    }

    pub(crate) fn connections(&self) -> usize {
        lock(&self.state).connections
    }
}

/// An address at which nothing listens.
pub(crate) async fn refusing() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    format!("http://{}", listener.local_addr().expect("an address"))
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().expect("no test panics with the lock")
}

async fn connection(mut stream: TcpStream, state: Arc<Mutex<State>>) {
    let mut rest = Vec::new();
    while let Some(asked) = read_request(&mut stream, &mut rest).await {
        let (place, reply) = {
            let mut state = lock(&state);
            let path = asked.target.split('?').next().unwrap_or_default();
            let reply =
                [asked.line(), format!("{} {path}", asked.method)].iter().find_map(|line| state.replies.get(line));
            let reply = reply.cloned().unwrap_or_else(|| Reply::status(500, "\"nothing is said of this\""));
            state.asked.push(asked);
            state.now += 1;
            state.most_at_once = state.most_at_once.max(state.now);
            (state.asked.len() - 1, reply)
        };
        let outcome = act(&mut stream, reply).await;
        let mut state = lock(&state);
        state.now -= 1;
        let asked = &mut state.asked[place];
        asked.cancelled = outcome == Outcome::HungUp;
        asked.answered = (!asked.cancelled).then(Instant::now);
        if outcome != Outcome::Next {
            return;
        }
    }
}

#[derive(PartialEq)]
enum Outcome {
    Next,
    Closed,
    HungUp,
}

async fn act(stream: &mut TcpStream, reply: Reply) -> Outcome {
    // Nothing comes on this connection before it is answered, except its end.
    if !reply.delay.is_zero() && hangs_up_within(stream, reply.delay).await {
        return Outcome::HungUp;
    }
    match reply.act {
        Act::Keep(bytes) => written(&stream.write_all(&bytes).await, Outcome::Next),
        Act::Close(bytes) => written(&stream.write_all(&bytes).await, Outcome::Closed),
        Act::Hang(bytes) => {
            let _ = stream.write_all(&bytes).await;
            hangs_up_within(stream, PATIENCE).await;
            Outcome::HungUp
        }
        Act::Drip(bytes, pause) => {
            for byte in bytes {
                if stream.write_all(&[byte]).await.is_err() || hangs_up_within(stream, pause).await {
                    return Outcome::HungUp;
                }
            }
            Outcome::Next
        }
        Act::Flood(head, mut left) => {
            let part = vec![b' '; 64 * 1024];
            let mut outcome = written(&stream.write_all(&head).await, Outcome::Next);
            while left > 0 && outcome == Outcome::Next {
                let length = part.len().min(usize::try_from(left).unwrap_or(usize::MAX));
                outcome = written(&stream.write_all(&part[..length]).await, Outcome::Next);
                left -= length as u64;
            }
            outcome
        }
    }
}

fn written(result: &std::io::Result<()>, outcome: Outcome) -> Outcome {
    if result.is_ok() { outcome } else { Outcome::HungUp }
}

async fn hangs_up_within(stream: &mut TcpStream, time: Duration) -> bool {
    tokio::select! {
        () = sleep(time) => false,
        read = stream.read_u8() => {
            assert!(read.is_err(), "a second request before the first is answered");
            true
        }
    }
}

async fn read_request(stream: &mut TcpStream, rest: &mut Vec<u8>) -> Option<Asked> {
    let mut buffer = [0; 8192];
    loop {
        if let Some(end) = rest.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8(rest[..end].to_vec()).expect("a head in ASCII");
            let asked = parse(&head);
            let length = asked.header("content-length").map_or(0, |length| length.parse().expect("a length"));
            if rest.len() >= end + 4 + length {
                let body = rest[end + 4..end + 4 + length].to_vec();
                rest.drain(..end + 4 + length);
                let body = String::from_utf8(body).expect("a body in UTF-8");
                return Some(Asked { body, arrived: Instant::now(), ..asked });
            }
        }
        match stream.read(&mut buffer).await {
            Ok(count) if count > 0 => rest.extend_from_slice(&buffer[..count]),
            _ => return None,
        }
    }
}

fn parse(head: &str) -> Asked {
    let mut lines = head.split("\r\n");
    let mut words = lines.next().expect("a first line").split(' ');
    let (method, target) = (words.next().expect("a method").to_owned(), words.next().expect("a target").to_owned());
    assert_eq!((words.next(), words.next()), (Some("HTTP/1.1"), None), "{head:?}");
    let headers = lines
        .map(|line| {
            let (name, value) = line.split_once(':').expect("a header");
            (name.to_ascii_lowercase(), value.trim().to_owned())
        })
        .collect();
    Asked { method, target, headers, body: String::new(), arrived: Instant::now(), answered: None, cancelled: false }
}
