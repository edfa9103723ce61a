//! The server: an accept loop with a bound on everything that a client can make it wait for or hold.
//!
//! hyper reads and writes HTTP. What it leaves open is closed here: `framing` and `screen` refuse what can be read in two
//! ways, `activity` and `connection` keep the times, `peers` and `front` the counts.

mod activity;
mod connection;
mod framing;
mod front;
mod limits;
mod peers;
mod screen;
mod socket;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{sleep, timeout};

use crate::config::Runtime;
use crate::log::Log;
use crate::log::line::{self, Happened};
use crate::route;
use connection::Ending;
use front::Front;
use peers::Peers;

pub(crate) use limits::LONGEST;
pub use limits::Limits;

/// How long accepting waits where the system has no more files or memory to give.
const EXHAUSTED: Duration = Duration::from_millis(100);
/// How long connections that are cut may take to go.
const CUT: Duration = Duration::from_secs(1);

/// A server for one router, with bounds on everything.
#[derive(Debug)]
pub struct Server {
    router: Router,
    runtime: Runtime,
    health: Option<&'static str>,
}

impl Server {
    /// Serves this router within the default bounds, with a log on standard output.
    pub fn new(router: Router) -> Self {
        Self { router, runtime: Runtime { log: Log::stdout(), limits: Limits::DEFAULT }, health: None }
    }

    /// Serves a gateway's routes; what they don't have is 404.
    pub(crate) fn of_gateway(router: Router, runtime: Runtime, health: Option<&'static str>) -> Self {
        let missing = runtime.clone();
        let router = router.fallback(async move |request: axum::extract::Request| {
            route::refuse(&missing, &request, &route::not_found())
        });
        Self { router, runtime, health }
    }

    /// Other bounds.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.runtime.limits = limits.sane();
        self
    }

    /// Another log.
    #[must_use]
    pub fn log(mut self, log: Log) -> Self {
        self.runtime.log = log;
        self
    }

    /// Says at this path whether the server is well.
    #[must_use]
    pub fn health(mut self, path: &'static str) -> Self {
        self.health = Some(path);
        self
    }

    /// Serves until the shutdown comes, then finishes what is in hand. Where that takes too long, or the shutdown's own
    /// future comes a second time as `cut`, what is left is cut; the number of connections that were is returned.
    pub async fn run(
        self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()>,
        cut: impl Future<Output = ()>,
    ) -> usize {
        let limits = self.runtime.limits;
        let log = self.runtime.log.clone();
        let (ending, watched) = watch::channel(Ending::No);
        let places = Arc::new(Semaphore::new(limits.connections));
        let front = Arc::new(Front {
            router: self.router,
            runtime: self.runtime,
            health: self.health,
            in_flight: Semaphore::new(limits.in_flight),
            draining: AtomicBool::new(false),
        });
        tokio::select! {
            biased;
            () = shutdown => {}
            () = accept(listener, &front, &places, &watched) => {}
        }
        front.draining.store(true, Ordering::Relaxed);
        ending.send_replace(Ending::Drain);
        tokio::select! {
            biased;
            () = all_back(&places, limits.connections) => return 0,
            () = sleep(limits.drain) => {}
            () = cut => {}
        }
        let left = limits.connections.saturating_sub(places.available_permits());
        ending.send_replace(Ending::Cut);
        let _ = timeout(CUT, all_back(&places, limits.connections)).await;
        let reason = Some(format!("{left} connections").into());
        log.write(&Happened { time: line::now(), event: "connections_cut", reason });
        left
    }
}

/// Takes connections, each into a task of its own, until it is dropped.
async fn accept(listener: TcpListener, front: &Arc<Front>, places: &Arc<Semaphore>, ending: &watch::Receiver<Ending>) {
    let limits = front.runtime.limits;
    let peers = Peers::new(limits.connections_per_ip);
    let builder = Arc::new(connection::builder(&limits));
    loop {
        // Where all places are taken, new connections wait with the system.
        let Ok(place) = Arc::clone(places).acquire_owned().await else { return };
        let (stream, address) = take(&listener, &front.runtime.log).await;
        let Some(peer) = peers.admit(address.ip()) else { continue };
        let _ = stream.set_nodelay(true);
        let (builder, front, ending) = (Arc::clone(&builder), Arc::clone(front), ending.clone());
        tokio::spawn(async move {
            connection::serve(stream, address, &builder, front, ending).await;
            drop::<(OwnedSemaphorePermit, _)>((place, peer));
        });
    }
}

/// The next connection. A failure is that connection's, or passes when others have ended.
async fn take(listener: &TcpListener, log: &Log) -> (TcpStream, SocketAddr) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    loop {
        match listener.accept().await {
            Ok(taken) => return taken,
            Err(error) => match error.kind() {
                ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted => {}
                _ => {
                    let reason = Some(error.to_string().into());
                    log.write(&Happened { time: line::now(), event: "accept_failed", reason });
                    sleep(EXHAUSTED).await;
                }
            },
        }
    }
}

/// Waits until every connection has ended.
async fn all_back(places: &Semaphore, all: usize) {
    let mut back = Vec::new();
    // In parts, since a semaphore gives 2^32 at once and no more.
    let mut left = all;
    let mut acquired = pin!(async {
        while left > 0 {
            let part = left.min(1 << 20);
            match places.acquire_many(u32::try_from(part).unwrap_or(u32::MAX)).await {
                Ok(permit) => back.push(permit),
                Err(_) => return,
            }
            left -= part;
        }
    });
    acquired.as_mut().await;
}
