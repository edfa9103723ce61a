//! The services behind the storefront: `Store` and `Users`, each on a port of its own, in one process.
//!
//! `STORE_PORT` (9001) and `USERS_PORT` (9002) say where; both listen on loopback only. The data is fixed and has many more
//! fields than the gateway reads; every operation takes a little time, as a real one does; and each can be
//! made to fail or to dawdle while it runs (see [`switch`]).

mod service;
mod switch;

use std::net::Ipv4Addr;
use std::process::ExitCode;
use std::time::Duration;

use service::{Data, Operation, Service};
use tokio::net::TcpListener;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let outcome = tokio::select! {
        outcome = async { tokio::try_join!(serve(store(), "STORE_PORT", 9001), serve(users(), "USERS_PORT", 9002)) } => outcome,
        _ = tokio::signal::ctrl_c() => return ExitCode::SUCCESS,
    };
    match outcome {
        Ok(_) => ExitCode::SUCCESS,
        Err(why) => {
            service::say(&why);
            ExitCode::FAILURE
        }
    }
}

/// What the shop sells, and what it praises.
fn store() -> Service {
    Service::new("store")
        .with("products", "/products", 40, Data::Whole(include_str!("../fixtures/products.json")))
        .with("promos", "/marketing-promos", 60, Data::Whole(include_str!("../fixtures/promos.json")))
}

/// Who its customers are, and what they are about to buy.
fn users() -> Service {
    Service::new("users").with("user", "/users/", 30, Data::ById(include_str!("../fixtures/users.json"))).with(
        "cart",
        "/shopping-cart/",
        80,
        Data::ById(include_str!("../fixtures/carts.json")),
    )
}

/// Serves one service until the process ends.
async fn serve(service: Service, variable: &str, default: u16) -> Result<(), String> {
    let port = match std::env::var(variable) {
        Ok(text) => text.parse().map_err(|_| format!("{variable} is no port: {text}"))?,
        Err(_) => default,
    };
    let name = service.name;
    let told = |why: std::io::Error| format!("{name} can't listen on port {port}: {why}");
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(told)?;
    service::say(&format!("{name} listens on http://{}", listener.local_addr().map_err(told)?));
    axum::serve(listener, service.router()).await.map_err(told)
}

impl Service {
    /// The same with one more operation, which takes so many milliseconds.
    fn with(mut self, name: &'static str, path: &'static str, latency: u64, data: Data) -> Self {
        self.operations.push(Operation::new(name, path, Duration::from_millis(latency), data));
        self
    }
}
