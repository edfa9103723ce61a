//! `gw run` as people use it: the storefront with its services, a new project with its stand-ins, and every way to end.
//!
//! Linux alone tells which processes run, by `/proc`. All tests share one cache folder below the target folder, so that a gateway's libraries are built once.

#![allow(clippy::unwrap_used, reason = "a test that can't go on panics")]

mod support;

use std::net::TcpListener;
use std::path::Path;

use support::{Gw, get, post};

fn storefront() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/storefront")
}

#[test]
fn the_storefront_runs_and_fails_as_it_says() {
    let mut gw = Gw::start(&["run", storefront().to_str().unwrap(), "--free-ports"]);
    let store = gw.wait_for("upstreams | store listens on http://");
    let users = gw.wait_for("upstreams | users listens on http://");
    let gateway = gw.wait_for("Listening http://");
    let curl = gw.wait_for(" try ");
    assert_eq!(curl, format!("curl -i http://{gateway}/frontpage/7"));

    let page = get(&gateway, "/frontpage/7");
    assert_eq!(page.status, 200);
    assert_eq!(page.header("gateway-completed"), Some("true"));
    let json: serde_json::Value = serde_json::from_str(&page.body).unwrap();
    assert_eq!(keys(&json), ["cart", "products", "promos", "user"]);
    assert_eq!(keys(&json["products"][0]), ["id", "name", "price"]);
    assert_eq!(json["promos"].as_array().unwrap().len(), 3);
    assert_eq!(json["user"], serde_json::json!({ "name": "Ada", "avatar": "https://img.users.example/7.png" }));
    assert_eq!(keys(&json["cart"]["lines"][0]), ["product_id", "quantity"]);
    assert!(page.body.contains("\"price\":1.50"), "a number keeps its digits: {}", page.body);

    assert_eq!(post(&users, "/__switch/cart?fail=503").status, 200);
    let page = get(&gateway, "/frontpage/7");
    assert_eq!((page.status, page.header("gateway-completed")), (200, Some("false")));
    assert!(page.body.ends_with("\"cart\":null}"), "{}", page.body);

    assert_eq!(post(&users, "/__switch/user?off").status, 200);
    let page = get(&gateway, "/frontpage/7");
    assert_eq!((page.status, page.header("content-type")), (502, Some("application/problem+json")));
    assert!(page.body.contains("Users.user"), "{}", page.body);
    assert!(!page.body.contains(".rb"), "nothing of a service's own words: {}", page.body);

    assert_eq!(gw.interrupt(), Some(0));
    for address in [store, users, gateway] {
        TcpListener::bind(&address).unwrap_or_else(|why| panic!("something still listens on {address}: {why}"));
    }
}

#[test]
fn a_helper_that_ends_ends_all() {
    let folder = support::folder("a-helper-that-ends");
    support::project(&folder, "[[processes]]\nname = \"brief\"\ncommand = [\"sh\", \"-c\", \"echo here; sleep 1\"]\n");
    let mut gw = Gw::start(&["run", folder.to_str().unwrap(), "--free-ports"]);
    gw.wait_for("brief | here");
    let gateway = gw.wait_for("Listening http://");
    gw.wait_for("error: `brief` ended by itself");
    assert_eq!(gw.wait(), Some(1));
    TcpListener::bind(&gateway).unwrap();
}

#[test]
fn a_helper_that_ends_because_all_are_to_stop_is_no_error() {
    let folder = support::folder("a-helper-that-stops-first");
    let settings = "[[processes]]\nname = \"quick\"\ncommand = [\"sh\", \"-c\", \"echo here; (sleep 0.05; kill -INT $PPID) & exit 0\"]\n";
    support::project(&folder, settings);
    let mut gw = Gw::start(&["run", folder.to_str().unwrap(), "--free-ports"]);
    gw.wait_for("quick | here");
    assert_eq!(gw.wait(), Some(0));
}

#[test]
fn a_helper_that_never_starts_is_told() {
    let folder = support::folder("a-helper-that-is-none");
    support::project(&folder, "[[processes]]\nname = \"ghost\"\ncommand = [\"no-such-program\"]\n");
    let mut gw = Gw::start(&["run", folder.to_str().unwrap(), "--free-ports"]);
    gw.wait_for("error: `no-such-program` is not installed");
    assert_eq!(gw.wait(), Some(1));
}

#[test]
fn nothing_that_a_helper_started_stays() {
    let folder = support::folder("a-helper-with-children");
    let settings = "[[processes]]\nname = \"parent\"\ncommand = [\"sh\", \"-c\", \"sleep 98765 & echo here; wait\"]\n";
    support::project(&folder, settings);
    let mut gw = Gw::start(&["run", folder.to_str().unwrap(), "--free-ports"]);
    gw.wait_for("parent | here");
    assert!(support::runs("sleep 98765"));
    assert_eq!(gw.interrupt(), Some(0));
    assert!(!support::runs("sleep 98765"));
}

#[test]
fn a_build_that_is_stopped_leaves_no_cargo() {
    let folder = support::folder("a-stopped-build");
    support::project(&folder, "");
    // A cache of its own, so that there is much to build.
    let cache = folder.join("cache");
    let mut gw = Gw::of(support::command(&["run", folder.to_str().unwrap()]).env("GATEWRIGHT_CACHE", &cache));
    let cache = cache.display().to_string();
    while !support::runs(&cache) {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert_eq!(gw.interrupt(), Some(0));
    assert!(!support::runs(&cache));
}

#[test]
fn a_new_project_runs() {
    let folder = support::folder("a-new-project").join("shop");
    assert_eq!(Gw::start(&["new", folder.to_str().unwrap()]).wait(), Some(0));
    let mut gw = Gw::start(&["run", folder.to_str().unwrap(), "--free-ports"]);
    let gateway = gw.wait_for("Listening http://");
    let answer = get(&gateway, "/hello/Ada");
    assert_eq!(answer.status, 200);
    let json: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(json["greeting"], "Hello, Ada!");
    assert_eq!(json["quote"]["author"], "Edsger W. Dijkstra");
    assert_eq!(gw.terminate(), Some(0));
}

#[test]
fn a_taken_port_is_told_before_anything_is_built() {
    let held = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = held.local_addr().unwrap().to_string();
    let mut gw = Gw::start(&["run", storefront().to_str().unwrap(), "--free-ports", "--listen", &address]);
    gw.wait_for(&format!("error: can't listen at {address}"));
    assert_eq!(gw.wait(), Some(1));
}

fn keys(json: &serde_json::Value) -> Vec<&str> {
    let mut keys: Vec<_> = json.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}
