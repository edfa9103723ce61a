//! A gateway that serves: the same program either from the checked-in files that `gw` generates, or from the macro.

use std::future::pending;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use gatewright::codegen as gw;
use gatewright::{Limits, Log, Serve, Server};
use serde_json::Value;
use tokio::net::TcpListener;

use crate::client::{self, Answer};
use crate::upstream::Upstream;

/// Makes of each test two: one for the generated files, one for the macro.
macro_rules! both {
    ($module:ident::$gateway:ident: $($test:ident),+ $(,)?) => {
        mod from_file {
            $(#[tokio::test]
            async fn $test() {
                use gatewright_golden::$module as program;
                super::$test($crate::gateway::Program::of(&program::GATEWAY, program::$gateway::builder())).await;
            })+
        }
        mod from_macro {
            $(#[tokio::test]
            async fn $test() {
                use $crate::programs::$module as program;
                super::$test($crate::gateway::Program::of(&program::GATEWAY, program::$gateway::builder())).await;
            })+
        }
    };
}
pub(crate) use both;

/// Makes a program's routes, once its configuration is changed.
type Make = Box<dyn FnOnce(&dyn Fn(&mut gw::Config)) -> gw::Router>;

/// A program in one of its two forms.
pub(crate) struct Program {
    gateway: &'static gw::Gateway,
    limits: Limits,
    make: Make,
}

impl Program {
    pub(crate) fn of<B: Serve + 'static>(gateway: &'static gw::Gateway, mut builder: B) -> Self {
        let make = move |change: &dyn Fn(&mut gw::Config)| {
            change(builder.config());
            builder.router().expect("a sound configuration")
        };
        Self { gateway, limits: Limits::DEFAULT, make: Box::new(make) }
    }

    /// Serves it on a free port with its services at these addresses; the others refuse connections.
    pub(crate) async fn at<const N: usize>(self, addresses: [(&str, &str); N]) -> Gateway {
        for (name, _) in addresses {
            assert!(self.gateway.services.iter().any(|service| service.name == name), "no service `{name}`");
        }
        let refusing = crate::upstream::refusing().await;
        let lines = Lines::default();
        let router = (self.make)(&|config| {
            for service in self.gateway.services {
                let address = addresses.iter().find(|(name, _)| *name == service.name);
                config.set_address(service, address.map_or(refusing.as_str(), |(_, address)| address));
            }
            config.set_log(lines.log());
            config.set_limits(self.limits);
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let mut server = Server::new(router).limits(self.limits).log(lines.log());
        if let Some(path) = self.gateway.health {
            server = server.health(path);
        }
        tokio::spawn(async move { server.run(listener, pending(), pending()).await });
        Gateway { address, lines, client: client::ordinary() }
    }

    /// The same with these services.
    pub(crate) async fn with<const N: usize>(self, services: [(&str, &Upstream); N]) -> Gateway {
        self.at(services.map(|(name, upstream)| (name, upstream.url.as_str()))).await
    }
}

/// A gateway that serves. It ends with the test.
pub(crate) struct Gateway {
    pub(crate) address: SocketAddr,
    pub(crate) lines: Lines,
    client: reqwest::Client,
}

impl Gateway {
    /// A request as programs send it, to be added to.
    pub(crate) fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = method.parse().expect("a method");
        self.client.request(method, format!("http://{}{path}", self.address))
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        client::send(self.request("GET", path)).await
    }

    /// Sends JSON.
    pub(crate) async fn send(&self, method: &str, path: &str, body: &str) -> Answer {
        let request = self.request(method, path).header("content-type", "application/json");
        client::send(request.body(body.to_owned())).await
    }

    /// The lines of the log, as soon as there are so many.
    pub(crate) async fn log(&self, count: usize) -> Vec<Value> {
        self.lines.wait(count).await
    }
}

/// The lines that a gateway writes.
#[derive(Clone, Default)]
pub(crate) struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic with the lock").extend_from_slice(text);
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Lines {
    fn log(&self) -> Log {
        Log::to(self.clone())
    }

    /// All that was written.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("no panic with the lock").clone()).expect("UTF-8")
    }

    /// Waits for so many lines, each of which must be JSON.
    async fn wait(&self, count: usize) -> Vec<Value> {
        for _ in 0..2_000 {
            let text = self.text();
            if text.ends_with('\n') && text.lines().count() >= count {
                return text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        panic!("fewer than {count} lines: {}", self.text());
    }
}
