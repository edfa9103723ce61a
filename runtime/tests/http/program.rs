//! A gateway as a process: this test's own binary, started again with one test that serves.

use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};

use crate::client::get;
use crate::shop::Shop;

const CHILD: &str = "GATEWRIGHT_TEST_CHILD";

/// What the started process runs. As a test of its own it does nothing.
#[test]
fn child() {
    if std::env::var_os(CHILD).is_some() {
        let code = gatewright::serve(Shop::builder());
        std::process::exit(i32::from(code != std::process::ExitCode::SUCCESS));
    }
}

fn start(environment: &[(&str, &str)]) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "program::child", "--nocapture", "--quiet"])
        .env(CHILD, "1")
        .env_remove("GATEWRIGHT_LISTEN")
        .envs(environment.iter().copied())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Starts it on a free port, and waits until it serves.
pub(crate) fn serving(environment: &[(&str, &str)]) -> (Child, SocketAddr) {
    let listen = [("GATEWRIGHT_LISTEN", "127.0.0.1:0"), ("SHOP_LISTEN", "192.0.2.1:1")];
    let mut child = start(&[&listen, environment].concat());
    let mut line = String::new();
    // What it says later is not read, and may not block it: a line or two fit in the pipe.
    let errors = child.stderr.as_mut().unwrap();
    BufReader::with_capacity(1, errors).read_line(&mut line).unwrap();
    assert!(line.starts_with("Shop listens at http://127.0.0.1:") && line.contains(" with 8 routes"), "{line}");
    let address = line.split("http://").nth(1).and_then(|rest| rest.split(' ').next()).unwrap();
    (child, address.parse().unwrap())
}

/// Runs it to its end: its exit code and what it told.
fn refused(environment: &[(&str, &str)]) -> (Option<i32>, String) {
    let output = start(environment).wait_with_output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn all_that_is_missing_or_malformed_is_told_together() {
    let (code, text) = refused(&[("USERS_URL", "localhost:80"), ("USERS_CONNECT", "soon"), ("SHOP_LISTEN", " ")]);
    assert_eq!(code, Some(1));
    assert_eq!(
        text.trim_end(),
        "Shop can't start:\n  \
         SHOP_LISTEN is not set\n  \
         USERS_URL has no scheme: it has to begin with `http://` or `https://`, and is \"localhost:80\"\n  \
         USERS_CONNECT is no duration such as `200ms` or `1m30s`, and is \"soon\""
    );
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (code, text) = refused(&[("SHOP_LISTEN", &address)]);
    assert_eq!(code, Some(1));
    assert!(text.contains(&format!("can't listen at {address}: ")) && text.contains("in use"), "{text}");
}

#[tokio::test]
async fn it_serves_until_it_is_told_to_stop() {
    let (mut child, address) = serving(&[]);
    assert_eq!(get(address, "/__health").await.body, r#"{"status":"ok"}"#);
    get(address, "/nowhere").await.problem(404);
    let slow = tokio::spawn(async move { get(address, "/slow").await.status });
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    let status = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(status.success());
    assert_eq!(slow.await.unwrap(), 504, "what was in hand is finished");
    let exit = tokio::task::spawn_blocking(move || {
        let mut lines = String::new();
        child.stdout.take().unwrap().read_to_string(&mut lines).unwrap();
        (child.wait().unwrap().code(), lines)
    });
    let (code, lines) = exit.await.unwrap();
    assert_eq!(code, Some(0));
    let lines: Vec<serde_json::Value> = lines.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let statuses: Vec<_> = lines.iter().filter_map(|line| line["status"].as_u64()).collect();
    assert_eq!(statuses, [404, 504], "{lines:?}");
}
