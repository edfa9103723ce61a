//! A gateway in the form that the compiler writes, and its server on a free port.

use std::future::pending;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use gatewright::codegen as gw;
use gatewright::{Limits, Log, Server};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub(crate) static USER: gw::Operation = gw::Operation {
    name: "Users.user",
    method: gw::Method::GET,
    safe: true,
    timeout: Some(gw::Duration::from_millis(300)),
    response_limit: 4 * 1024,
    absent: &[404],
    relay: &[403],
    nullable: true,
};
pub(crate) static CART: gw::Operation = gw::Operation {
    name: "Users.cart",
    method: gw::Method::GET,
    safe: true,
    timeout: None,
    response_limit: 4 * 1024,
    absent: &[],
    relay: &[409],
    nullable: false,
};
pub(crate) static CREATE: gw::Operation = gw::Operation {
    name: "Users.create",
    method: gw::Method::POST,
    safe: false,
    timeout: Some(gw::Duration::from_secs(1)),
    response_limit: 4 * 1024,
    absent: &[],
    relay: &[409],
    nullable: false,
};

#[derive(Debug, Clone)]
pub(crate) struct Users {
    upstream: gw::Upstream,
}

impl Users {
    pub(crate) fn user_request(&self, id: &str) -> gw::Request<'_> {
        self.upstream.request(&USER).path("/users/").segment_of("id", id)
    }

    pub(crate) fn cart_request(&self, id: &str) -> gw::Request<'_> {
        self.upstream.request(&CART).path("/carts/").segment(id).query("page[size]", 3).query_optional("q", None::<i64>)
    }

    pub(crate) fn create_request(&self, key: &str, body: gw::Bytes) -> gw::Request<'_> {
        self.upstream.request(&CREATE).path("/users").header_of("key", "idempotency-key", key).body(body)
    }

    pub(crate) async fn user(&self, id: &str) -> Result<Option<Value>, gw::Error> {
        self.user_request(id).json_if_any(&gw::Call::detached()).await
    }
}

#[derive(Debug)]
pub(crate) struct Services {
    pub(crate) users: Users,
}

const fn endpoint(
    name: &'static str,
    method: Option<gw::Method>,
    path: &'static str,
    body_limit: usize,
) -> gw::Endpoint {
    gw::Endpoint { name, method, path, timeout: gw::Duration::from_millis(600), body_limit, max_calls: 4 }
}

pub(crate) static PAGE: gw::Endpoint = endpoint("page", Some(gw::Method::GET), "/page/{id}", 0);
pub(crate) static USER_PAGE: gw::Endpoint = endpoint("user", Some(gw::Method::GET), "/users/{id}", 0);
pub(crate) static ORDER: gw::Endpoint = endpoint("order", Some(gw::Method::POST), "/users/{key}", 1024);
pub(crate) static PANIC: gw::Endpoint = endpoint("panic", Some(gw::Method::GET), "/panic", 0);
pub(crate) static SLOW: gw::Endpoint = gw::Endpoint {
    name: "slow",
    method: Some(gw::Method::GET),
    path: "/slow",
    timeout: gw::Duration::from_millis(1_500),
    body_limit: 0,
    max_calls: 0,
};
pub(crate) static BIG: gw::Endpoint = endpoint("big", Some(gw::Method::GET), "/big", 0);
pub(crate) static ANY: gw::Endpoint = endpoint("any", None, "/any/{path..}", 1024);
pub(crate) static GONE: gw::Endpoint = endpoint("gone", Some(gw::Method::GET), "/gone", 0);

/// `user` is required, `cart` is null where it fails.
async fn page(services: &Services, call: &gw::Call) -> Result<gw::Answer, gw::Error> {
    gw::Input::of(call).finish()?;
    let id = call.path("id").unwrap_or_default();
    let user = services.users.user_request(id).fetch(call, |scan| scan.copy_whole(gw::Scanner::any));
    let cart = services.users.cart_request(id).fetch_or_null(call, copy_total);
    let (user, cart) = gw::try_join!(user, cart)?;
    let mut out = gw::Writer::with_capacity(256);
    out.raw(br#"{"user":"#);
    out.fragment(&user);
    out.raw(br#","cart":"#);
    out.fragment_or_null(cart.as_ref());
    out.raw(b"}");
    Ok(gw::Answer::json(200, out))
}

fn copy_total(scan: &mut gw::Scanner<'_>) -> Result<gw::Fragment, gw::Broken> {
    scan.copy(|scan, out| {
        let mut total = gw::Slot::new("total");
        scan.object(|scan, key| match key {
            b"total" => total.take(scan, gw::Scanner::number),
            _ => scan.skip(),
        })?;
        out.raw(total.required()?);
        Ok(())
    })
}

/// `let user = Users.user(id) else 404 "no such user"`.
async fn user(services: &Services, call: &gw::Call) -> Result<gw::Answer, gw::Error> {
    let id = call.path("id").unwrap_or_default();
    let request = services.users.user_request(id);
    match request.fetch_if_any(call, |scan| scan.copy_whole(gw::Scanner::any)).await? {
        Some(user) => gw::Answer::json(200, user).header("ETag", "\"x\""),
        None => Err(gw::Error::reject(404, "no such user")),
    }
}

async fn order(services: &Services, call: &gw::Call) -> Result<gw::Answer, gw::Error> {
    let key = call.path("key").unwrap_or_default();
    let request = services.users.create_request(key, call.body().clone());
    let created = request.fetch(call, |scan| scan.copy_whole(gw::Scanner::any)).await?;
    gw::Answer::json(201, created).header("Location", format!("/users/{key}"))
}

async fn panic(_: &Services, _: &gw::Call) -> Result<gw::Answer, gw::Error> {
    panic!("a bug with a secret in it")
}

async fn slow(_: &Services, _: &gw::Call) -> Result<gw::Answer, gw::Error> {
    pending().await
}

async fn big(_: &Services, _: &gw::Call) -> Result<gw::Answer, gw::Error> {
    Ok(gw::Answer::json(200, vec![b'1'; 16 << 20]))
}

async fn any(_: &Services, call: &gw::Call) -> Result<gw::Answer, gw::Error> {
    let mut out = gw::Writer::with_capacity(64);
    out.string(&format!("{} {} {}", call.method(), call.path("path").unwrap_or_default(), call.body().len()));
    Ok(gw::Answer::json(200, out))
}

async fn gone(_: &Services, _: &gw::Call) -> Result<gw::Answer, gw::Error> {
    gw::Answer::redirect(308, "/users/7")
}

pub(crate) static USERS: gw::Service = gw::Service {
    name: "Users",
    addresses: &[gw::Setting::address(Some("USERS_URL"), Some("http://127.0.0.1:9"))],
    connect: gw::Setting::duration(Some("USERS_CONNECT"), Some("500ms")),
};
pub(crate) static SHOP: gw::Gateway = gw::Gateway {
    name: "Shop",
    listen: gw::Setting::listen(Some("SHOP_LISTEN"), None),
    health: Some("/__health"),
    endpoints: &[&PAGE, &USER_PAGE, &ORDER, &PANIC, &SLOW, &BIG, &ANY, &GONE],
    services: &[&USERS],
    settings: &[],
    limits: gw::Limits::DEFAULT,
};

#[derive(Debug, Clone)]
pub(crate) struct Builder {
    config: gw::Config,
}

impl Builder {
    #[expect(clippy::wrong_self_convention, reason = "the name that builders have in generated code")]
    pub(crate) fn from_env(mut self) -> Result<Self, gw::ConfigError> {
        self.config.read_environment()?;
        Ok(self)
    }

    pub(crate) fn users_url(mut self, url: impl Into<String>) -> Self {
        self.config.set_address(&USERS, url);
        self
    }

    pub(crate) fn log(mut self, log: Log) -> Self {
        self.config.set_log(log);
        self
    }

    pub(crate) fn limits(mut self, limits: Limits) -> Self {
        self.config.set_limits(limits);
        self
    }

    pub(crate) fn build(self) -> Result<Shop, gw::ConfigError> {
        let mut config = self.config;
        let services = Services { users: Users { upstream: config.upstream(&USERS) } };
        let runtime = config.finish()?;
        Ok(Shop { services: gw::Arc::new(services), runtime })
    }
}

impl gw::Serve for Builder {
    fn config(&mut self) -> &mut gw::Config {
        &mut self.config
    }

    fn router(self) -> Result<gw::Router, gw::ConfigError> {
        Ok(self.build()?.router())
    }
}

#[derive(Debug)]
pub(crate) struct Shop {
    services: gw::Arc<Services>,
    runtime: gw::Runtime,
}

impl Shop {
    pub(crate) fn builder() -> Builder {
        Builder { config: gw::Config::new(&SHOP) }
    }

    pub(crate) fn services(&self) -> &Services {
        &self.services
    }

    pub(crate) fn shared_services(&self) -> &gw::Arc<Services> {
        &self.services
    }

    pub(crate) fn runtime(&self) -> &gw::Runtime {
        &self.runtime
    }

    pub(crate) fn router(&self) -> gw::Router {
        gw::router(
            &self.runtime,
            [
                gw::route(&PAGE, &self.services, page),
                gw::route(&USER_PAGE, &self.services, user),
                gw::route(&ORDER, &self.services, order),
                gw::route(&PANIC, &self.services, panic),
                gw::route(&SLOW, &self.services, slow),
                gw::route(&BIG, &self.services, big),
                gw::route(&ANY, &self.services, any),
                gw::route(&GONE, &self.services, gone),
            ],
        )
    }
}

/// The lines that a gateway wrote.
#[derive(Clone, Default)]
pub(crate) struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(text);
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Lines {
    pub(crate) fn log(&self) -> Log {
        Log::to(self.clone())
    }

    /// Waits for so many lines.
    pub(crate) async fn wait(&self, count: usize) -> Vec<Value> {
        for _ in 0..200 {
            let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
            let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            if lines.len() >= count {
                return lines;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("fewer than {count} lines: {}", String::from_utf8_lossy(&self.0.lock().unwrap()));
    }
}

/// A gateway that serves.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    pub(crate) lines: Lines,
    pub(crate) stop: oneshot::Sender<()>,
    pub(crate) cut: oneshot::Sender<()>,
    pub(crate) task: JoinHandle<usize>,
}

/// Waits for the word; a test that is over and says nothing lets the server go on.
async fn told(word: oneshot::Receiver<()>) {
    if word.await.is_err() {
        pending::<()>().await;
    }
}

/// Starts a server for a router on a free port.
pub(crate) async fn serve(router: gw::Router, limits: Limits, lines: Lines) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let ((stop, stopped), (cut, is_cut)) = (oneshot::channel(), oneshot::channel());
    let server = Server::new(router).limits(limits).log(lines.log()).health("/__health");
    let task = tokio::spawn(async move { server.run(listener, told(stopped), told(is_cut)).await });
    Running { address, lines, stop, cut, task }
}

/// Starts the shop with its users at this address.
pub(crate) async fn start(users: &str) -> Running {
    start_with(users, Limits::DEFAULT).await
}

pub(crate) async fn start_with(users: &str, limits: Limits) -> Running {
    let lines = Lines::default();
    let shop = Shop::builder().users_url(users).log(lines.log()).build().unwrap();
    serve(shop.router(), limits, lines).await
}
