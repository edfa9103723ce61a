//! A client that sends exactly the bytes it is told to.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// No test waits longer than this for one answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// An answer, taken apart.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let fields = self.head.lines().filter_map(|line| line.split_once(": "));
        fields.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Checks that it is a problem of this status and gives its members.
    pub(crate) fn problem(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        let problem = self.json();
        assert_eq!(problem["status"], status);
        assert_eq!(problem["request_id"].as_str(), self.header("x-request-id"), "{self:?}");
        problem
    }
}

/// Sends these bytes and reads until the other side closes.
pub(crate) async fn send(address: SocketAddr, bytes: impl AsRef<[u8]>) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // A server that refuses early may close while we still write.
    let _ = stream.write_all(bytes.as_ref()).await;
    read_all(&mut stream).await
}

pub(crate) async fn read_all(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let _ = timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("the server closes in time");
    String::from_utf8_lossy(&answer).into_owned()
}

pub(crate) fn parse(text: &str) -> Answer {
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text:?}"));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap();
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

/// Asks for a path; with these further lines in the head.
pub(crate) async fn get_with(address: SocketAddr, path: &str, lines: &str) -> Answer {
    let request = format!("GET {path} HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n{lines}\r\n");
    parse(&send(address, request).await)
}

pub(crate) async fn get(address: SocketAddr, path: &str) -> Answer {
    get_with(address, path, "").await
}

pub(crate) async fn post(address: SocketAddr, path: &str, body: &str) -> Answer {
    let length = body.len();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: shop\r\nConnection: close\r\nContent-Length: {length}\r\nContent-Type: application/json\r\n\r\n{body}"
    );
    parse(&send(address, request).await)
}

/// Reads one answer with a Content-Length from a connection that stays open.
pub(crate) async fn read_one(stream: &mut TcpStream) -> Answer {
    let mut text = Vec::new();
    loop {
        let so_far = String::from_utf8_lossy(&text).into_owned();
        if let Some((head, body)) = so_far.split_once("\r\n\r\n") {
            let answer = parse(&so_far);
            let length: usize = answer.header("content-length").map_or(0, |length| length.parse().unwrap());
            if body.len() >= length {
                return Answer { head: head.to_owned(), ..answer };
            }
        }
        let mut buffer = [0; 4096];
        let count = timeout(PATIENCE, stream.read(&mut buffer)).await.expect("an answer in time").unwrap();
        assert!(count > 0, "closed in the middle: {so_far:?}");
        text.extend_from_slice(&buffer[..count]);
    }
}
