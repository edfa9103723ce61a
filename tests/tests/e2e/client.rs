//! Clients: an ordinary one, and one that sends exactly the bytes it is told to.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// No test waits longer than this for one answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// An answer, whole.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// In their order, the names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    /// Checks that it is a 2xx of JSON with all that was promised, and gives its text.
    pub(crate) fn complete(&self) -> &str {
        self.success("true")
    }

    /// Checks that it is a 2xx of JSON that lacks something because a call failed, and gives its text.
    pub(crate) fn incomplete(&self) -> &str {
        assert_eq!(self.header("cache-control"), Some("no-store"), "{self:?}");
        self.success("false")
    }

    fn success(&self, completed: &str) -> &str {
        assert!((200..300).contains(&self.status), "{self:?}");
        assert_eq!(self.header("gateway-completed"), Some(completed), "{self:?}");
        assert_eq!(self.header("content-type"), Some("application/json"), "{self:?}");
        self.is_identified();
        &self.body
    }

    /// Checks that it is a problem document of this status, with all members that such a one has, and gives it.
    pub(crate) fn problem(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        assert_eq!(self.header("cache-control"), Some("no-store"), "{self:?}");
        self.is_identified();
        let problem = self.json();
        let known = ["type", "title", "status", "detail", "operation", "request_id", "violations"];
        let members = problem.as_object().expect("an object");
        assert!(members.keys().all(|member| known.contains(&member.as_str())), "{self:?}");
        assert_eq!((&problem["type"], &problem["status"]), (&"about:blank".into(), &status.into()), "{self:?}");
        assert_eq!(problem["request_id"].as_str(), self.header("x-request-id"), "{self:?}");
        problem
    }

    /// Checks that it is the problem that a failed call of this operation makes: its name, and nothing of its answer.
    pub(crate) fn failure_of(&self, operation: &str, status: u16) {
        let problem = self.problem(status);
        assert_eq!(problem["operation"], operation, "{self:?}");
        let detail = problem["detail"].as_str().expect("a sentence");
        let endings = [" gave no answer that can be used", " could not be reached", " did not answer in time"];
        assert!(endings.iter().any(|ending| detail == format!("`{operation}`{ending}")), "{self:?}");
    }

    /// Checks that it is a 400 and gives all that it lists, as `place: why`.
    pub(crate) fn violations(&self) -> Vec<String> {
        let problem = self.problem(400);
        let list = problem["violations"].as_array().unwrap_or_else(|| panic!("no violations: {self:?}"));
        list.iter()
            .map(|one| format!("{}: {}", one["at"].as_str().expect("a place"), one["why"].as_str().expect("why")))
            .collect()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The value of a header, which must not come twice.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(known, _)| known == name);
        let value = found.next().map(|(_, value)| value.as_str());
        assert!(found.next().is_none(), "{name} comes twice: {self:?}");
        value
    }

    fn is_identified(&self) {
        assert!(self.header("x-request-id").is_some_and(|id| !id.is_empty()), "{self:?}");
    }
}

/// Sends a request as programs do.
pub(crate) async fn send(request: reqwest::RequestBuilder) -> Answer {
    let answer = request.timeout(PATIENCE).send().await.expect("an answer");
    let status = answer.status().as_u16();
    let headers = answer
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
    let headers = headers.collect();
    Answer { status, headers, body: answer.text().await.expect("a whole body") }
}

/// A client that follows no redirect, and asks no proxy.
pub(crate) fn ordinary() -> reqwest::Client {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
    client.build().expect("a client")
}

/// Sends these bytes and reads the answers until the other side closes.
pub(crate) async fn send_bytes(address: SocketAddr, bytes: impl AsRef<[u8]>) -> Answer {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    // A server that refuses early may close while we still write.
    let _ = stream.write_all(bytes.as_ref()).await;
    let mut answer = Vec::new();
    let _ = timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("the server closes in time");
    parse(&answer)
}

/// Asks for exactly this target, with these further header lines.
pub(crate) async fn get_bytes(address: SocketAddr, target: impl AsRef<[u8]>, lines: &str) -> Answer {
    let tail = format!(" HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n{lines}\r\n");
    send_bytes(address, [b"GET ", target.as_ref(), tail.as_bytes()].concat()).await
}

fn parse(bytes: &[u8]) -> Answer {
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text:?}"));
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).expect("a status");
    let headers = lines
        .map(|line| {
            let (name, value) = line.split_once(':').expect("a header");
            (name.to_ascii_lowercase(), value.trim().to_owned())
        })
        .collect();
    Answer { status, headers, body: body.to_owned() }
}
