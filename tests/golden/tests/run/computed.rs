//! Values that are computed once, wherever they stand in a flow.

use axum::Router;
use gatewright_golden::computed;

use crate::upstream::Upstream;
use crate::{get, quiet};

const ACCOUNT: (&str, u16, &str) = (
    "GET /accounts/1",
    200,
    r#"{"name":"Ada","active":true,"total":10.00,"count":3,"nick":" Lady ","tags":[" A","b "," "]}"#,
);
const EMPTY: (&str, u16, &str) =
    ("GET /accounts/1", 200, r#"{"name":"Ada","active":false,"total":10,"count":0,"tags":[]}"#);
const RATE: (&str, u16, &str) = ("GET /rates/1", 200, r#"{"text":" r ","rate":1.5}"#);
const CLOSED: (&str, u16, &str) = ("GET /rates/1", 200, r#"{"text":"closed","rate":1.5}"#);
const PAGE: (&str, u16, &str) = ("GET /pages/3", 200, r#"{"text":"third","rate":1}"#);

async fn computed(answers: &[(&str, u16, &str)]) -> (Upstream, Router) {
    let (upstream, address) = Upstream::start(answers).await;
    (upstream, quiet(computed::Computed::builder().accounts_url(address)))
}

#[tokio::test]
async fn what_is_computed_of_several_calls_waits_for_them() {
    let (_, router) = computed(&[ACCOUNT, RATE]).await;
    let answer = get(&router, "/late/1").await;
    assert_eq!(answer.body, r#"{"title":"ADA","again":"ADA","share":3.33,"both":5.00,"twice":["ADA","r"]}"#);
    let (_, router) = computed(&[EMPTY, RATE]).await;
    assert_eq!(get(&router, "/late/1").await.status, 500, "a division by zero");
    let (_, router) = computed(&[ACCOUNT, CLOSED]).await;
    assert_eq!(get(&router, "/late/1").await.status, 409);
}

#[tokio::test]
async fn a_guard_above_an_error_is_decided_first() {
    let (_, router) = computed(&[ACCOUNT, RATE, PAGE]).await;
    assert_eq!(get(&router, "/beside/1").await.body, r#"{"page":"third","rate":" r ","number":3}"#);
    let (upstream, router) = computed(&[EMPTY, RATE, PAGE]).await;
    assert_eq!(get(&router, "/beside/1").await.status, 403);
    assert!(!upstream.targets().iter().any(|target| target.contains("/pages/")), "{:?}", upstream.targets());
}

#[tokio::test]
async fn calls_wait_for_what_is_computed_for_them() {
    let named = ("GET /names/x-ada", 200, r#"{"text":"named","rate":1}"#);
    let (_, router) = computed(&[ACCOUNT, RATE, named]).await;
    let answer = get(&router, "/chain/1?prefix=X-").await;
    assert_eq!(answer.body, r#"{"named":"named","rate":" r ","key":"x-ada"}"#);
}

#[tokio::test]
async fn what_is_computed_may_be_null_a_list_or_a_part_of_an_object() {
    let one = ("GET /names/oneada", 200, r#"{"text":"1","rate":1}"#);
    let two = ("GET /names/twoada", 200, r#"{"text":"2","rate":1}"#);
    let (_, router) = computed(&[ACCOUNT, one, two]).await;
    let answer = get(&router, "/forms/1?names=one&names=Two").await;
    assert_eq!(
        answer.body,
        concat!(
            r#"{"nick":"lady","nick_length":4,"shown":"Ada","both":{"shown":"Ada","tags":["a","b"],"count":4},"more":"a!,b!","#,
            r#""quotes":[{"text":"1","for":"ada"},{"text":"2","for":"ada"}],"first":"ONE","sum":5}"#
        )
    );
    assert!(get(&router, "/forms/1?names=one&names=Two&loud=true").await.body.contains(r#""shown":"ADA""#));
    let (_, router) = computed(&[EMPTY]).await;
    assert_eq!(get(&router, "/forms/1?names=one").await.status, 422);
}
