//! Lists and maps: what is chosen, ordered, gathered, added up and joined is what the file says.

use axum::Router;
use gatewright_golden::lists;

use crate::upstream::Upstream;
use crate::{get, quiet};

const PRODUCTS: (&str, u16, &str) = (
    "GET /products",
    200,
    r#"[
        {"id":3,"name":"Desk","price":39.0,"weight":12.5,"kind":"toy","tags":["new","wood"],"stock":1,"added":"2026-01-03","x":1},
        {"id":1,"name":"Pen","price":1.50,"weight":0.5,"kind":"book","tags":["new"],"stock":4,"added":"2026-02-01"},
        {"id":2,"name":"Ink","price":9.99,"weight":1,"kind":"book","tags":["blue","new"],"stock":2,"added":"2025-12-31"},
        {"id":4,"name":"Lamp","price":10,"weight":2,"kind":"e-book","tags":[],"stock":0,"added":"2026-01-01"}
    ]"#,
);
const PROMOS: (&str, u16, &str) = (
    "GET /promos",
    200,
    r#"[{"product_id":1,"title":"first","percent":10},{"product_id":1,"title":"second","percent":20},{"product_id":4,"title":"lamp","percent":5}]"#,
);
const ORDERS: (&str, u16, &str) = (
    "GET /orders",
    200,
    r#"[{"id":10,"lines":[{"product_id":1,"quantity":2},{"product_id":9,"quantity":1},{"product_id":1,"quantity":7}],"note":"soon"},{"id":11,"lines":[{"product_id":3,"quantity":1}]}]"#,
);
const LEVELS: (&str, u16, &str) =
    ("GET /levels", 200, r#"{"north":{"warehouse":"n","pieces":3},"south":{"warehouse":"s","pieces":1}}"#);

async fn shop(answers: &[(&str, u16, &str)]) -> Router {
    let (_, address) = Upstream::start(answers).await;
    quiet(lists::Lists::builder().shop_url(address))
}

async fn body(router: &Router, target: &str) -> serde_json::Value {
    let answer = get(router, target).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    serde_json::from_str(&answer.body).expect("JSON")
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).expect("JSON")
}

#[tokio::test]
async fn lists_are_filtered_and_ordered() {
    let router = shop(&[PRODUCTS]).await;
    assert_eq!(
        body(&router, "/filtered").await,
        json(
            r#"{
            "cheap": [{"id":1,"name":"Pen"},{"id":2,"name":"Ink"},{"id":4,"name":"Lamp"}],
            "two": ["Ink","Lamp"],
            "dear": [{"id":3,"price":39.0}],
            "whole": [
                {"id":4,"name":"Lamp","price":10,"weight":2,"kind":"e-book","tags":[],"stock":0,"added":"2026-01-01"},
                {"id":2,"name":"Ink","price":9.99,"weight":1,"kind":"book","tags":["blue","new"],"stock":2,"added":"2025-12-31"},
                {"id":1,"name":"Pen","price":1.50,"weight":0.5,"kind":"book","tags":["new"],"stock":4,"added":"2026-02-01"}
            ],
            "kinds": ["toy","book","e-book"],
            "by_kind": [{"kind":"toy","name":"Desk"},{"kind":"book","name":"Pen"},{"kind":"e-book","name":"Lamp"}],
            "none": true, "all": false, "count": 3, "in_stock": 2, "has": true
        }"#
        )
    );
}

#[tokio::test]
async fn numbers_are_added_up_exactly() {
    let router = shop(&[PRODUCTS]).await;
    let answer = get(&router, "/sums").await;
    assert_eq!(
        answer.body,
        concat!(
            r#"{"pieces":7,"worth":64.98,"weight":16,"cheapest":1.50,"last_name":"Pen","newest":"2026-02-01","#,
            r#""mean":15.1225,"mean_stock":1.75,"names":"Desk, Pen, Ink, Lamp","tags":"blue new wood"}"#
        )
    );
    let none = shop(&[("GET /products", 200, "[]")]).await;
    assert_eq!(
        get(&none, "/sums").await.body,
        concat!(
            r#"{"pieces":0,"worth":0,"weight":0,"cheapest":null,"last_name":null,"newest":null,"#,
            r#""mean":null,"mean_stock":null,"names":"","tags":""}"#
        )
    );
}

#[tokio::test]
async fn a_sum_that_does_not_fit_is_an_error_and_wraps_nothing() {
    let huge = r#"[{"id":1,"name":"","price":0,"weight":0,"kind":"toy","tags":[],"stock":9223372036854775807,"added":"2026-01-01"},
        {"id":2,"name":"","price":0,"weight":0,"kind":"toy","tags":[],"stock":1,"added":"2026-01-01"}]"#;
    let router = shop(&[("GET /products", 200, huge)]).await;
    assert_eq!(get(&router, "/sums").await.status, 500);
}

#[tokio::test]
async fn one_element_is_picked_or_none() {
    let router = shop(&[PRODUCTS]).await;
    assert_eq!(
        body(&router, "/picked").await,
        json(
            r#"{"first":{"id":3,"name":"Desk"},"last":{"id":4},"toy":{"name":"Desk"},"toy_name":"Desk","third":{"id":4},"is_there":false}"#
        )
    );
    let none = shop(&[("GET /products", 200, "[]")]).await;
    assert_eq!(
        body(&none, "/picked").await,
        json(r#"{"first":null,"last":null,"toy":null,"toy_name":"none","third":null,"is_there":false}"#)
    );
}

#[tokio::test]
async fn two_answers_are_joined_by_their_keys() {
    let router = shop(&[PRODUCTS, PROMOS]).await;
    let answer = get(&router, "/joined").await;
    let found = json(&answer.body);
    assert_eq!(
        found["products"],
        json(
            r#"[{"id":3,"promo":null,"off":0},{"id":1,"promo":{"title":"first","percent":10},"off":10},
                {"id":2,"promo":null,"off":0},{"id":4,"promo":{"title":"lamp","percent":5},"off":5}]"#
        )
    );
    assert_eq!(
        found["promos"],
        json(r#"{"1":{"product_id":1,"title":"first","percent":10},"4":{"product_id":4,"title":"lamp","percent":5}}"#)
    );
    assert!(answer.body.contains(r#""kinds":["toy","book","e-book"]"#), "{}", answer.body);
    assert_eq!(
        found["sizes"],
        json(
            r#"[{"kind":"toy","size":1,"names":["Desk"]},{"kind":"book","size":2,"names":["Pen","Ink"]},{"kind":"e-book","size":1,"names":["Lamp"]}]"#
        )
    );
    assert_eq!(found["by_kind"]["book"][1]["name"], "Ink");
    assert_eq!(found["toys"], json(r#"[{"name":"Desk"}]"#));
    assert_eq!(found["groups"], 3);
}

#[tokio::test]
async fn lists_of_lists_are_flattened_and_cut() {
    let router = shop(&[PRODUCTS, ORDERS]).await;
    assert_eq!(
        body(&router, "/nested").await,
        json(
            r#"{
            "lines": [{"product_id":1,"quantity":2,"name":"Pen"},{"product_id":9,"quantity":1,"name":null},{"product_id":1,"quantity":7,"name":"Pen"},{"product_id":3,"quantity":1,"name":"Desk"}],
            "wide": [{"order":10,"product":1},{"order":10,"product":9},{"order":10,"product":1},{"order":11,"product":3}],
            "orders": [
                {"id":10,"pieces":10,"big":[{"product_id":1},{"product_id":1}],"by_product":{"1":{"product_id":1,"quantity":2},"9":{"product_id":9,"quantity":1}}},
                {"id":11,"pieces":1,"big":[],"by_product":{"3":{"product_id":3,"quantity":1}}}
            ]
        }"#
        )
    );
    assert_eq!(
        body(&router, "/cut").await,
        json(
            r#"{
            "notes": ["soon"],
            "pairs": [{"order":10,"product":"Desk"},{"order":11,"product":"Pen"}],
            "rows": [{"names":["Desk","Pen"],"pieces":5},{"names":["Ink","Lamp"],"pieces":2}]
        }"#
        )
    );
}

#[tokio::test]
async fn maps_give_their_keys_and_values() {
    let router = shop(&[LEVELS]).await;
    assert_eq!(
        get(&router, "/maps").await.body,
        r#"{"keys":["north","south"],"most":3,"listed":[{"place":"north","pieces":3}],"count":2}"#
    );
}

#[tokio::test]
async fn calls_are_made_for_the_elements_that_are_left() {
    let (upstream, address) = Upstream::start(&[
        PRODUCTS,
        ("GET /level/1", 200, r#"{"warehouse":"n","pieces":3}"#),
        ("GET /level/2", 200, r#"{"warehouse":"n","pieces":1}"#),
    ])
    .await;
    let router = quiet(lists::Lists::builder().shop_url(address));
    assert_eq!(
        get(&router, "/called").await.body,
        r#"{"cheap":[{"id":1,"level":3},{"id":2,"level":1}],"full":[{"id":1,"name":"Pen"}]}"#
    );
    assert_eq!(upstream.targets(), ["GET /level/1", "GET /level/2", "GET /products"]);
    assert_eq!(get(&router, "/called/first").await.body, r#"{"first":{"id":1,"level":{"pieces":3}},"dear":{"id":2}}"#);
}

#[tokio::test]
async fn lists_of_several_answers_stand_behind_each_other() {
    let router = shop(&[PRODUCTS, PROMOS]).await;
    assert_eq!(
        body(&router, "/written").await,
        json(
            r#"{
            "best": [{"title":"second","score":20,"id":1},{"title":"first","score":10,"id":1},{"title":"lamp","score":5,"id":4}],
            "kinds": [{"kind":"product","count":4},{"kind":"promo","count":3},{"kind":"end","count":1}],
            "tags": ["new","wood","blue","sale"]
        }"#
        )
    );
    assert_eq!(
        body(&router, "/behind?extra=7").await,
        json(
            r#"{
            "all": [{"id":3,"name":"Desk"},{"id":1,"name":"Pen"},{"id":2,"name":"Ink"},{"id":4,"name":"Lamp"},{"id":0,"name":"more"},
                {"id":1,"name":"first"},{"id":1,"name":"second"},{"id":4,"name":"lamp"}],
            "ids": [3,1,2,4,7],
            "same": ["Desk","Pen","Ink","Lamp","Pen","Ink"],
            "chosen": ["Desk","new","Ink","Lamp"],
            "one": "y"
        }"#
        )
    );
}

#[tokio::test]
async fn a_list_that_is_null_has_no_elements() {
    let router = shop(&[PRODUCTS, ("GET /promos", 503, "")]).await;
    let answer = get(&router, "/behind").await;
    assert_eq!((answer.status, answer.completed.as_deref()), (200, Some("false")));
    assert_eq!(json(&answer.body)["all"].as_array().map(Vec::len), Some(5));
}

#[tokio::test]
async fn what_is_not_found_answers_and_what_is_found_is_there() {
    let router = shop(&[PRODUCTS, ("GET /level/3", 200, r#"{"warehouse":"n","pieces":3}"#)]).await;
    assert_eq!(
        get(&router, "/required/3").await.body,
        r#"{"product":{"id":3,"name":"Desk"},"first_tag":"new","level":{"pieces":3},"both":5}"#
    );
    assert_eq!(get(&router, "/required/9").await.status, 404);
    assert_eq!(get(&router, "/required/4").await.status, 409);
    assert_eq!(get(&router, "/built/2").await.body, r#"{"best":{"id":3,"name":"Desk","tags":2},"half":1}"#);
    assert_eq!(get(&router, "/built/4").await.status, 404);
}
