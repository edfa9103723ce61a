//! Clients that are slow on purpose.

use std::time::Duration;

use gatewright::Limits;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

use crate::client::{get, parse, read_all, read_one};
use crate::shop;

const SHORT: Duration = Duration::from_millis(300);

/// Bounds that a test can wait for. Each test shortens the one it is about.
fn long() -> Limits {
    let long = Duration::from_secs(30);
    Limits { first_byte: long, header: long, body: long, write: long, idle: long, age: long, ..Limits::DEFAULT }
}

/// Waits until the server closes, and checks that it did when it should.
async fn closed_after(stream: &mut TcpStream, time: Duration) -> String {
    let started = Instant::now();
    let text = read_all(stream).await;
    let took = started.elapsed();
    let (earliest, latest) = (time.saturating_sub(Duration::from_millis(20)), time + Duration::from_secs(3));
    assert!((earliest..latest).contains(&took), "{took:?}: {text}");
    text
}

async fn connect(limits: Limits) -> (shop::Running, TcpStream) {
    let shop = shop::start_with("http://127.0.0.1:9", limits).await;
    let stream = TcpStream::connect(shop.address).await.unwrap();
    (shop, stream)
}

#[tokio::test]
async fn a_silent_connection_is_closed() {
    let (_shop, mut stream) = connect(Limits { first_byte: SHORT, ..long() }).await;
    assert_eq!(closed_after(&mut stream, SHORT).await, "");
}

#[tokio::test]
async fn a_slow_head_is_cut_however_steadily_it_comes() {
    let (_shop, mut stream) = connect(Limits { header: SHORT, ..long() }).await;
    let started = Instant::now();
    stream.write_all(b"GET /gone HTTP/1.1\r\nHost: a\r\n").await.unwrap();
    while stream.write_all(b"X: y\r\n").await.is_ok() {
        sleep(Duration::from_millis(20)).await;
        assert!(started.elapsed() < Duration::from_secs(5), "never cut");
    }
    assert!(started.elapsed() >= SHORT);
}

#[tokio::test]
async fn a_slow_second_head_is_cut_as_well() {
    let (_shop, mut stream) = connect(Limits { header: SHORT, ..long() }).await;
    stream.write_all(b"GET /gone HTTP/1.1\r\nHost: a\r\n\r\nGET /go").await.unwrap();
    assert_eq!(read_one(&mut stream).await.status, 308);
    closed_after(&mut stream, SHORT).await;
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let (_shop, mut stream) = connect(Limits { idle: SHORT, ..long() }).await;
    stream.write_all(b"GET /gone HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    assert_eq!(read_one(&mut stream).await.status, 308);
    closed_after(&mut stream, SHORT).await;
}

#[tokio::test]
async fn a_slow_body_is_408() {
    let (_shop, mut stream) = connect(Limits { body: SHORT, ..long() }).await;
    // The routes have the shop's own bound on bodies, the server's is not theirs.
    stream.write_all(b"POST /any/x HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc").await.unwrap();
    assert!(timeout(SHORT, stream.read_u8()).await.is_err());
    let lines = shop::Lines::default();
    let limits = Limits { body: SHORT, ..long() };
    let router = shop::Shop::builder().log(lines.log()).limits(limits).build().unwrap().router();
    let shop = shop::serve(router, limits, lines).await;
    let mut stream = TcpStream::connect(shop.address).await.unwrap();
    stream.write_all(b"POST /any/x HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc").await.unwrap();
    parse(&closed_after(&mut stream, SHORT).await).problem(408);
}

#[tokio::test]
async fn a_client_that_reads_nothing_is_cut() {
    let (shop, mut stream) = connect(Limits { write: SHORT, ..long() }).await;
    stream.write_all(b"GET /big HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    sleep(SHORT * 3).await;
    let mut taken = 0;
    let mut buffer = vec![0; 1 << 20];
    while let Ok(count @ 1..) = stream.read(&mut buffer).await {
        taken += count;
    }
    assert!(taken < 16 << 20, "all of it was still to be had");
    // One that reads slowly but steadily gets everything.
    let mut stream = TcpStream::connect(shop.address).await.unwrap();
    stream.write_all(b"GET /big HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await.unwrap();
    let mut taken = 0;
    while let Ok(count @ 1..) = stream.read(&mut buffer).await {
        taken += count;
        if taken < 4 << 20 {
            sleep(Duration::from_millis(20)).await;
        }
    }
    assert!(taken > 16 << 20);
}

#[tokio::test]
async fn an_old_connection_ends_with_its_answer() {
    let (_shop, mut stream) = connect(Limits { age: SHORT, ..long() }).await;
    stream.write_all(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    let text = closed_after(&mut stream, Duration::from_millis(1_500)).await;
    parse(&text).problem(504);
}

#[tokio::test]
async fn a_connection_has_so_many_requests() {
    let (_shop, mut stream) = connect(Limits { requests_per_connection: 3, ..long() }).await;
    stream.write_all("GET /gone HTTP/1.1\r\nHost: a\r\n\r\n".repeat(5).as_bytes()).await.unwrap();
    let text = closed_after(&mut stream, Duration::ZERO).await;
    assert_eq!(text.matches("HTTP/1.1 308").count(), 3, "{text}");
    assert_eq!(text.matches("connection: close").count(), 1, "{text}");
}

#[tokio::test]
async fn connections_are_counted_and_given_back() {
    let (shop, first) = connect(Limits { connections_per_ip: 2, ..long() }).await;
    let second = TcpStream::connect(shop.address).await.unwrap();
    sleep(Duration::from_millis(50)).await;
    let mut third = TcpStream::connect(shop.address).await.unwrap();
    closed_after(&mut third, Duration::ZERO).await;
    drop((first, second));
    sleep(Duration::from_millis(50)).await;
    assert_eq!(get(shop.address, "/gone").await.status, 308);

    let (shop, first) = connect(Limits { connections: 1, ..long() }).await;
    let address = shop.address;
    let waiting = tokio::spawn(async move { get(address, "/gone").await.status });
    sleep(Duration::from_millis(100)).await;
    assert!(!waiting.is_finished(), "there is one place");
    drop(first);
    assert_eq!(waiting.await.unwrap(), 308);
}

#[tokio::test]
async fn a_stuck_http_2_peer_is_cut() {
    let (_shop, mut stream) = connect(Limits { write: SHORT, ..long() }).await;
    // SETTINGS with INITIAL_WINDOW_SIZE 0, then GET /big: HPACK of indexed :method GET, :scheme http, and literals.
    let mut bytes = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    bytes.extend_from_slice(&[0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0]);
    let headers = [&[0x82, 0x86, 0x44, 4][..], b"/big", &[0x41, 1], b"a"].concat();
    bytes.extend_from_slice(&[0, 0, u8::try_from(headers.len()).unwrap(), 1, 5, 0, 0, 0, 1]);
    bytes.extend_from_slice(&headers);
    stream.write_all(&bytes).await.unwrap();
    closed_after(&mut stream, SHORT).await;
}
