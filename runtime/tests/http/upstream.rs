//! Upstreams that answer byte by byte what a test says.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

/// What an upstream does with one request.
pub(crate) enum Reply {
    /// These bytes, and the connection stays open.
    Keep(Vec<u8>),
    /// These bytes, and the connection is closed.
    Close(Vec<u8>),
    /// After a while, these bytes.
    Later(Duration, Vec<u8>),
    /// These bytes, then this many bytes of `1`, slowly enough that a client that gives up early is seen to.
    Flood(Vec<u8>, usize),
}

/// A running upstream.
pub(crate) struct Upstream {
    pub(crate) url: String,
    pub(crate) connections: Arc<AtomicUsize>,
    /// Connections that are open.
    pub(crate) open: Arc<AtomicUsize>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Upstream {
    /// Everything that was asked.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// Waits until it was asked so often.
    pub(crate) async fn asked(&self, count: usize) -> Vec<String> {
        for _ in 0..200 {
            if self.requests().len() >= count {
                return self.requests();
            }
            sleep(Duration::from_millis(10)).await;
        }
        panic!("asked less than {count} times: {:?}", self.requests());
    }

    /// Waits until so many connections are open.
    pub(crate) async fn left_open(&self, count: usize) {
        for _ in 0..300 {
            if self.open.load(Ordering::SeqCst) == count {
                return;
            }
            sleep(Duration::from_millis(10)).await;
        }
        panic!("{} connections are open", self.open.load(Ordering::SeqCst));
    }
}

/// Starts an upstream that answers each request, by its number and its text.
pub(crate) async fn start(reply: impl Fn(usize, &str) -> Reply + Send + Sync + 'static) -> Upstream {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let upstream = Upstream { url, connections: Arc::default(), open: Arc::default(), requests: Arc::default() };
    let (connections, open, requests) =
        (Arc::clone(&upstream.connections), Arc::clone(&upstream.open), Arc::clone(&upstream.requests));
    let reply = Arc::new(reply);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            connections.fetch_add(1, Ordering::SeqCst);
            open.fetch_add(1, Ordering::SeqCst);
            let (open, requests, reply) = (Arc::clone(&open), Arc::clone(&requests), Arc::clone(&reply));
            tokio::spawn(async move {
                while let Some(request) = read_request(&mut stream).await {
                    let number = {
                        let mut requests = requests.lock().unwrap();
                        requests.push(request.clone());
                        requests.len()
                    };
                    if !act(&mut stream, reply(number, &request)).await {
                        break;
                    }
                }
                open.fetch_sub(1, Ordering::SeqCst);
            });
        }
    });
    upstream
}

/// Whether the connection stays open.
async fn act(stream: &mut TcpStream, reply: Reply) -> bool {
    match reply {
        Reply::Keep(bytes) => stream.write_all(&bytes).await.is_ok(),
        Reply::Close(bytes) => {
            let _ = stream.write_all(&bytes).await;
            false
        }
        Reply::Later(time, bytes) => {
            // Whoever hangs up meanwhile is noticed.
            tokio::select! {
                () = sleep(time) => stream.write_all(&bytes).await.is_ok(),
                _ = stream.read_u8() => false,
            }
        }
        Reply::Flood(head, mut count) => {
            let mut sound = stream.write_all(&head).await.is_ok();
            while sound && count > 0 {
                let part = count.min(64 * 1024);
                sound = stream.write_all(&vec![b'1'; part]).await.is_ok();
                count -= part;
            }
            sound
        }
    }
}

async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut text = Vec::new();
    loop {
        let so_far = String::from_utf8_lossy(&text).into_owned();
        if let Some((head, body)) = so_far.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ").map(str::to_owned));
            if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
                return Some(so_far);
            }
        }
        let mut buffer = [0; 4096];
        match stream.read(&mut buffer).await {
            Ok(count) if count > 0 => text.extend_from_slice(&buffer[..count]),
            _ => return None,
        }
    }
}

/// A whole answer.
pub(crate) fn answer(status: u16, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len())
        .into_bytes()
}

/// An upstream that answers users and carts as they should be.
pub(crate) async fn sound() -> Upstream {
    start(|_, request| {
        Reply::Keep(answer(
            200,
            if request.starts_with("GET /carts/") { r#"{"total":1.50}"# } else { r#"{"name":"Ada"}"# },
        ))
    })
    .await
}
