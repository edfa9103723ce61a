//! An upstream on loopback that answers what a test tells it to, and remembers what it was asked.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use tokio::net::TcpListener;

/// What was asked: method and target, chosen headers, the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

/// One upstream.
#[derive(Clone, Default)]
pub(crate) struct Upstream {
    answers: Arc<BTreeMap<String, (u16, String)>>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Upstream {
    /// Starts an upstream with an answer for each `GET /target`; gives its address.
    pub(crate) async fn start(answers: &[(&str, u16, &str)]) -> (Self, String) {
        let answers =
            answers.iter().map(|(target, status, body)| ((*target).to_owned(), (*status, (*body).to_owned())));
        let upstream = Self { answers: Arc::new(answers.collect()), asked: Arc::default() };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let router = Router::new().fallback(answer).with_state(upstream.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (upstream, address)
    }

    /// What it was asked so far, in order.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("no panic elsewhere").clone()
    }

    /// The targets it was asked for, sorted: what runs together comes in any order.
    pub(crate) fn targets(&self) -> Vec<String> {
        let mut targets: Vec<String> = self.asked().into_iter().map(|asked| asked.target).collect();
        targets.sort();
        targets
    }
}

async fn answer(State(upstream): State<Upstream>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let target = format!("{} {}", parts.method, parts.uri);
    let body = to_bytes(body, 1 << 20).await.expect("a whole body");
    let headers = ["x-size", "x-tags", "cookie", "idempotency-key", "content-type"].into_iter().filter_map(|name| {
        let value = parts.headers.get(name)?;
        Some((name.to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
    });
    let asked =
        Asked { target: target.clone(), headers: headers.collect(), body: String::from_utf8_lossy(&body).into_owned() };
    upstream.asked.lock().expect("no panic elsewhere").push(asked);
    let (status, body) = upstream.answers.get(&target).cloned().unwrap_or((404, "{}".to_owned()));
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = axum::http::StatusCode::from_u16(status).expect("a status");
    response.headers_mut().insert("content-type", axum::http::HeaderValue::from_static("application/json"));
    response
}
