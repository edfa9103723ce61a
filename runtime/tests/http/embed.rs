//! A gateway inside another program's router.

use axum::Router;
use axum::routing::{delete, get as on_get};
use serde_json::json;

use crate::client::{get, parse, send};
use crate::shop::{self, Lines, Shop};
use crate::upstream;

#[tokio::test]
async fn it_merges_and_nests_beside_the_programs_own_routes() {
    let users = upstream::sound().await;
    let lines = Lines::default();
    let shop = Shop::builder().users_url(&users.url).log(lines.log()).build().unwrap();
    let app = Router::new()
        .route("/hello", on_get(async || "hello"))
        .route("/users/{id}", delete(async || "deleted"))
        .merge(shop.router())
        .nest("/shop/{tenant}", shop.router())
        .fallback(async || "the program's own");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    // Any server will do, axum's own as well.
    tokio::spawn(async move { axum::serve(listener, app).await });

    assert_eq!(get(address, "/hello").await.body, "hello");
    assert_eq!(get(address, "/nowhere").await.body, "the program's own");
    for path in ["/users/7", "/shop/acme/users/7"] {
        let got = get(address, path).await;
        assert_eq!((got.status, got.json()), (200, json!({ "name": "Ada" })), "{path}");
        assert!(got.header("x-request-id").is_some() && got.header("gateway-completed") == Some("true"));
        assert!(users.requests().pop().unwrap().starts_with("GET /users/7 "));
    }
    assert_eq!(get(address, "/shop/acme/any/a/b").await.json(), "GET a/b 0");
    assert_eq!(get(address, "/shop/acme/slow").await.problem(504)["status"], 504);
    assert_eq!(get(address, "/shop/acme/panic").await.problem(500)["status"], 500);
    let ask = async |method: &str| {
        parse(&send(address, format!("{method} /users/7 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")).await)
    };
    assert_eq!(ask("DELETE").await.body, "deleted");
    let got = ask("PUT").await;
    got.problem(405);
    assert!(got.header("allow").unwrap().contains("DELETE"), "{got:?}");
    let line = &lines.wait(1).await[0];
    assert_eq!((&line["endpoint"], &line["calls"][0]["operation"]), (&json!("user"), &json!("Users.user")));
}

#[tokio::test]
async fn what_is_wrong_with_its_addresses_is_told() {
    let error = Shop::builder().users_url("localhost:80").build().unwrap_err().to_string();
    assert!(error.starts_with("Shop can't start:\n  Users ") && error.contains("localhost:80"), "{error}");
    let error = Shop::builder().users_url("http://me:secret@localhost").build().unwrap_err().to_string();
    assert!(!error.contains("secret"), "{error}");
    drop(shop::Shop::builder().from_env().unwrap_err());
}
