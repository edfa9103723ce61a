//! The whole application on loopback, with small services behind it.
#![allow(missing_docs, reason = "tests")]

use std::net::SocketAddr;

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use embed_in_axum::{Customers, Shop, app};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

#[tokio::test]
async fn routes_of_our_own_and_of_both_gateways_stand_side_by_side() {
    let app = start().await;

    let (head, body) = ask(app, "GET", "/").await;
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert_eq!(body, "a shop\n");

    let (head, body) = ask(app, "GET", "/customers/7").await;
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert!(head.contains("gateway-completed: true"), "{head}");
    assert_eq!(body, r#"{"customer":{"id":7,"name":"Ada"},"orders":[{"id":1,"total":12.50},{"id":2,"total":3}]}"#);

    let (_, body) = ask(app, "GET", "/shop/products/2").await;
    assert_eq!(body, r#"{"id":2,"name":"Ink","price":4.00}"#);
}

#[tokio::test]
async fn our_own_code_calls_a_service_of_the_gateway() {
    let app = start().await;

    let (_, body) = ask(app, "GET", "/greeting/7").await;
    assert_eq!(body, "Hello, Ada!\n");

    // A failure of the service is the application's, as it is in the gateway: named, and nothing of its body.
    let (head, body) = ask(app, "GET", "/greeting/8").await;
    assert!(head.starts_with("HTTP/1.1 502"), "{head}");
    assert!(body.contains("Users.user") && !body.contains("secret"), "{body}");
}

#[tokio::test]
async fn what_fails_behind_a_question_mark_is_null() {
    let app = start().await;

    let (head, body) = ask(app, "GET", "/shop/products").await;
    assert!(head.contains("gateway-completed: false"), "{head}");
    let pen = r#"{"id":1,"name":"Pen","price":1.50,"stock":{"available":3}}"#;
    let ink = r#"{"id":2,"name":"Ink","price":4.00,"stock":null}"#;
    assert_eq!(body, format!("[{pen},{ink}]"));
}

#[tokio::test]
async fn errors_of_a_gateway_are_problems_wherever_it_is_mounted() {
    let app = start().await;

    let (head, body) = ask(app, "GET", "/shop/products/3").await;
    assert!(head.starts_with("HTTP/1.1 404"), "{head}");
    assert!(head.contains("application/problem+json") && body.contains("no such product"), "{head}\n{body}");

    let (head, body) = ask(app, "GET", "/customers/0").await;
    assert!(head.starts_with("HTTP/1.1 400"), "{head}");
    assert!(body.contains("\"id\""), "{body}");

    let (head, _) = ask(app, "POST", "/customers/7").await;
    assert!(head.starts_with("HTTP/1.1 405"), "{head}");
}

#[tokio::test]
async fn a_malformed_address_is_told_before_anything_runs() {
    let error = Customers::builder().users_url("localhost:9").build().expect_err("no address");
    assert!(error.to_string().contains("Users"), "{error}");
}

/// Starts the application and the services behind it.
async fn start() -> SocketAddr {
    let users = Router::new().route("/users/{id}", get(user)).route(
        "/orders",
        get(|| json(r#"[{"id":1,"total":12.50,"shipped":true},{"id":2,"total":3,"shipped":false}]"#)),
    );
    let catalog =
        Router::new().route("/products", get(|| json(&format!("[{PEN},{INK}]")))).route("/products/{id}", get(product));
    let stock = Router::new().route("/levels/{product}", get(level));

    let customers = Customers::builder().users_url(serve(users).await).build().expect("a gateway");
    let shop =
        Shop::builder().catalog_url(serve(catalog).await).stock_url(serve(stock).await).build().expect("a gateway");
    listen(app(customers, &shop)).await
}

const PEN: &str = r#"{"id":1,"name":"Pen","price":1.50,"supplier":"secret"}"#;
const INK: &str = r#"{"id":2,"name":"Ink","price":4.00,"supplier":"secret"}"#;

async fn user(Path(id): Path<i64>) -> axum::response::Response {
    match id {
        7 => json(r#"{"id":7,"name":"Ada","email":"secret"}"#).await.into_response(),
        _ => (StatusCode::INTERNAL_SERVER_ERROR, "secret").into_response(),
    }
}

async fn product(Path(id): Path<i64>) -> axum::response::Response {
    match id {
        1 => json(PEN).await.into_response(),
        2 => json(INK).await.into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn level(Path(product): Path<i64>) -> axum::response::Response {
    match product {
        1 => json(r#"{"available":3}"#).await.into_response(),
        _ => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

fn json(body: &str) -> impl Future<Output = impl IntoResponse + use<>> + Send + use<> {
    std::future::ready(([(CONTENT_TYPE, "application/json")], body.to_owned()))
}

/// Serves a router on a port of its own; gives its address as a service's.
async fn serve(router: Router) -> String {
    format!("http://{}", listen(router).await)
}

async fn listen(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// Sends one request; gives the answer's head, in lower case but for its first line, and its body.
async fn ask(address: SocketAddr, method: &str, path: &str) -> (String, String) {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let request = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    (head.to_owned(), body.to_owned())
}
