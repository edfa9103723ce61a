//! Calls that several steps of one request make, and that are sent once.

use gatewright::codegen as gw;
use gatewright::{Call, Error, Limits};
use serde_json::{Value, json};

use crate::client::get;
use crate::shop::{self, CREATE, Lines, Services, Shop, USER};
use crate::upstream::{self, Reply, answer};

static PAIR: gw::Endpoint = gw::Endpoint {
    name: "pair",
    method: Some(gw::Method::GET),
    path: "/pair/{id}",
    timeout: gw::Duration::from_secs(2),
    body_limit: 0,
    max_calls: 8,
};

/// Asks for one user three times, each time in another way, and for another once.
async fn pair(services: &Services, call: &gw::Call) -> Result<gw::Answer, gw::Error> {
    let users = &services.users;
    let id = call.path("id").unwrap_or_default();
    let name = users.user_request(id).once().fetch(call, |scan| scan.copy_whole(gw::Scanner::any));
    let again = users.user_request(id).once().fetch(call, |scan| scan.copy_whole(gw::Scanner::any));
    let broken = users.user_request(id).once().fetch_or_null(call, |scan| scan.copy_whole(gw::Scanner::number));
    let other = users.user_request("other").once().fetch(call, |scan| scan.copy_whole(gw::Scanner::any));
    let (name, again, broken, other) = gw::try_join!(name, again, broken, other)?;
    let later = users.user_request(id).once().fetch(call, |scan| scan.copy_whole(gw::Scanner::any)).await?;
    let mut out = gw::Writer::with_capacity(64);
    out.list([Some(&name), Some(&again), broken.as_ref(), Some(&other), Some(&later)], |out, value| {
        out.fragment_or_null(value);
    });
    Ok(gw::Answer::json(200, out))
}

async fn start(users: &str) -> shop::Running {
    let lines = Lines::default();
    let shop = Shop::builder().users_url(users).log(lines.log()).build().unwrap();
    let router = gw::router(shop.runtime(), [gw::route(&PAIR, shop.shared_services(), pair)]);
    shop::serve(router, Limits::DEFAULT, lines).await
}

#[tokio::test]
async fn the_same_call_is_sent_once_and_read_by_each() {
    let users =
        upstream::start(|number, _| Reply::Later(gw::Duration::from_millis(30), answer(200, &format!("\"{number}\""))))
            .await;
    let shop = start(&users.url).await;
    let got = get(shop.address, "/pair/7").await;
    let values = got.json();
    assert_eq!((&values[0], &values[0], &values[2]), (&values[1], &values[4], &Value::Null));
    assert_ne!(values[3], values[0]);
    assert_eq!(users.requests().len(), 2);
    let line = shop.lines.wait(1).await.remove(0);
    let mut calls: Vec<_> = line["calls"].as_array().unwrap().iter().map(|call| call["outcome"].clone()).collect();
    calls.sort_by_key(Value::to_string);
    assert_eq!(calls, [json!("contract"), json!("ok"), json!("ok")], "once each, and the one that could not read it");
    // Another request is another matter.
    get(shop.address, "/pair/7").await;
    assert_eq!(users.requests().len(), 4);
}

#[tokio::test]
async fn a_failure_is_shared_too() {
    let users = upstream::start(|_, _| Reply::Keep(answer(500, ""))).await;
    let upstream = gw::Upstream::new("Users", vec![users.url.parse().unwrap()], gw::Duration::from_millis(500));
    let call = Call::detached();
    let ask = async || upstream.request(&USER).path("/users/7").once().json::<Value>(&call).await;
    let (first, second): (Result<_, Error>, _) = tokio::join!(ask(), ask());
    assert!([first, second].into_iter().all(|outcome| outcome.unwrap_err().status() == 502));
    assert_eq!(users.requests().len(), 1);
}

#[tokio::test]
async fn a_step_that_is_dropped_leaves_the_call_to_the_next() {
    let users = upstream::start(|number, _| match number {
        1 => Reply::Later(gw::Duration::from_secs(20), answer(200, "1")),
        _ => Reply::Keep(answer(200, "2")),
    })
    .await;
    let upstream = gw::Upstream::new("Users", vec![users.url.parse().unwrap()], gw::Duration::from_millis(500));
    let call = Call::detached();
    let ask = async || upstream.request(&USER).path("/users/7").once().json::<Value>(&call).await;
    let given_up = async { tokio::time::timeout(gw::Duration::from_millis(50), ask()).await.is_err() };
    let (given_up, answered) = tokio::join!(given_up, ask());
    assert!(given_up);
    assert_eq!(answered.unwrap(), 2);
}

#[tokio::test]
async fn other_values_and_unsafe_calls_are_other_calls() {
    let users = upstream::start(|_, _| Reply::Keep(answer(200, "1"))).await;
    let upstream = gw::Upstream::new("Users", vec![users.url.parse().unwrap()], gw::Duration::from_millis(500));
    let call = Call::detached();
    let request = || upstream.request(&USER).path("/users/7").once();
    for request in [
        request(),
        request(),
        request().query("a", 1),
        request().header("x", 1),
        request().header("x", 2),
        request().cookie("x", 1),
        upstream.request(&CREATE).path("/users/7").once(),
        upstream.request(&CREATE).path("/users/7").once(),
        upstream.request(&USER).path("/users/7"),
    ] {
        request.json::<Value>(&call).await.unwrap();
    }
    assert_eq!(users.requests().len(), 8);
}
