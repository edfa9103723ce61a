//! How a server ends.

use std::time::Duration;

use gatewright::Limits;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};

use crate::client::{get, parse, read_all, read_one};
use crate::shop;

#[tokio::test]
async fn what_is_in_hand_is_finished() {
    let shop = shop::start("http://127.0.0.1:9").await;
    let address = shop.address;
    let mut idle = TcpStream::connect(address).await.unwrap();
    idle.write_all(b"GET /gone HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    read_one(&mut idle).await;
    let in_hand = tokio::spawn(async move { get(address, "/slow").await.status });
    sleep(Duration::from_millis(100)).await;
    let started = Instant::now();
    shop.stop.send(()).unwrap();
    assert_eq!(read_all(&mut idle).await, "", "an idle connection is closed");
    assert!(started.elapsed() < Duration::from_secs(1));
    assert!(TcpStream::connect(address).await.is_err(), "nothing listens any more");
    assert_eq!(in_hand.await.unwrap(), 504);
    assert_eq!(shop.task.await.unwrap(), 0);
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn what_takes_too_long_is_cut() {
    let limits = Limits { drain: Duration::from_millis(200), ..Limits::DEFAULT };
    let shop = shop::start_with("http://127.0.0.1:9", limits).await;
    let mut stream = TcpStream::connect(shop.address).await.unwrap();
    stream.write_all(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    sleep(Duration::from_millis(50)).await;
    shop.stop.send(()).unwrap();
    let started = Instant::now();
    assert_eq!(read_all(&mut stream).await, "");
    assert!((150..1_400).contains(&started.elapsed().as_millis()), "{:?}", started.elapsed());
    shop.task.await.unwrap();
}

#[tokio::test]
async fn a_second_word_cuts_at_once() {
    let shop = shop::start("http://127.0.0.1:9").await;
    let mut stream = TcpStream::connect(shop.address).await.unwrap();
    stream.write_all(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    sleep(Duration::from_millis(50)).await;
    let started = Instant::now();
    shop.stop.send(()).unwrap();
    sleep(Duration::from_millis(50)).await;
    shop.cut.send(()).unwrap();
    assert_eq!(shop.task.await.unwrap(), 1);
    assert_eq!(read_all(&mut stream).await, "");
    assert!(started.elapsed() < Duration::from_millis(1_300), "{:?}", started.elapsed());
    let lines = shop.lines.wait(2).await;
    assert!(lines.iter().any(|line| line["event"] == "connections_cut"), "{lines:?}");
    assert!(lines.iter().any(|line| line["outcome"] == "client_lost"), "{lines:?}");
}

#[tokio::test]
async fn health_says_that_it_ends() {
    let shop = shop::start("http://127.0.0.1:9").await;
    let mut stream = TcpStream::connect(shop.address).await.unwrap();
    // The head is begun before the end and finished after it.
    stream.write_all(b"GET /__health HTTP/1.1\r\nHost: a\r\n").await.unwrap();
    sleep(Duration::from_millis(50)).await;
    shop.stop.send(()).unwrap();
    sleep(Duration::from_millis(50)).await;
    let _ = stream.write_all(b"\r\n").await;
    let text = read_all(&mut stream).await;
    if !text.is_empty() {
        assert_eq!(parse(&text).status, 503, "{text}");
    }
    shop.task.await.unwrap();
}
