//! Upstreams at `https://` addresses.

use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::client::get;
use crate::program;
use crate::shop;
use crate::upstream::answer;

/// Starts an upstream with a certificate of its own for `localhost`; gives its port and the certificate.
async fn start() -> (u16, String) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut buffer = [0; 4096];
            let _ = stream.read(&mut buffer).await;
            let _ = stream.write_all(&answer(200, r#"{"name":"Ada"}"#)).await;
            let _ = stream.shutdown().await;
        }
    });
    (port, made.cert.pem())
}

#[tokio::test]
async fn a_certificate_that_nobody_trusts_is_no_connection() {
    let (port, _) = start().await;
    let shop = shop::start(&format!("https://localhost:{port}")).await;
    get(shop.address, "/users/7").await.problem(502);
    let line = shop.lines.wait(1).await.remove(0);
    assert_eq!(line["outcome"], "unreachable");
    assert!(line["reason"].as_str().unwrap().contains("certificate"), "{line}");
}

#[tokio::test]
async fn the_system_says_whom_to_trust() {
    let (port, certificate) = start().await;
    let file = std::env::temp_dir().join(format!("gatewright-tls-{}-{port}.pem", std::process::id()));
    std::fs::write(&file, certificate).unwrap();
    let url = format!("https://localhost:{port}");
    let (mut child, address) = program::serving(&[("USERS_URL", &url), ("SSL_CERT_FILE", file.to_str().unwrap())]);
    let got = get(address, "/users/7").await;
    child.kill().unwrap();
    child.wait().unwrap();
    std::fs::remove_file(&file).unwrap();
    assert_eq!((got.status, got.body.as_str()), (200, r#"{"name":"Ada"}"#));
}
