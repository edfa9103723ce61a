//! One service that the gateway calls: its addresses in turn, a pool of connections, and a bound on what runs at once.
//!
//! `request` builds what is sent, `fetch` says what its answer may be, `exchange` sends it; the rest is one concern a file.

mod address;
mod connector;
mod encode;
mod exchange;
mod fetch;
mod gate;
mod once;
mod request;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::http::Method;

use crate::server::LONGEST;

pub use address::Address;
pub use encode::{encoded, encoded_path};
pub(crate) use fetch::Read;
pub(crate) use once::Once;
pub use request::Request;

use connector::Client;
use gate::Gate;

/// How one operation of a service is called, as the gateway's file declares it.
#[derive(Debug)]
pub struct Operation {
    /// Service and operation, such as `Users.user`: the name in errors and in the log.
    pub name: &'static str,
    /// The method.
    pub method: Method,
    /// Whether it may run ahead of guards, be shared, and be cancelled: GET, HEAD, and what says `idempotent`.
    pub safe: bool,
    /// The longest that it may take; without one, what is left of the endpoint's time.
    pub timeout: Option<Duration>,
    /// Bytes that its answer may have.
    pub response_limit: usize,
    /// Statuses that mean null and no failure.
    pub absent: &'static [u16],
    /// Statuses that the client gets in their place.
    pub relay: &'static [u16],
    /// Whether its type is `T?`.
    pub nullable: bool,
}

/// One service, ready to be called. Cheap to clone.
#[derive(Clone)]
pub struct Upstream(Arc<Inner>);

struct Inner {
    service: &'static str,
    addresses: Vec<Address>,
    /// Which address is next: they are taken in turn.
    turn: AtomicUsize,
    gate: Gate,
    client: Client,
}

impl Upstream {
    /// The service under these addresses. With none of them every call fails as unreachable.
    pub fn new(service: &'static str, addresses: Vec<Address>, connect: Duration) -> Self {
        Self(Arc::new(Inner {
            service,
            addresses,
            turn: AtomicUsize::new(0),
            gate: Gate::new(gate::IN_FLIGHT, gate::LONGEST_WAIT),
            client: connector::client(connect.min(LONGEST)),
        }))
    }

    /// Begins a request.
    pub fn request(&self, operation: &'static Operation) -> Request<'_> {
        Request::new(self, operation)
    }

    /// The service's name in the gateway's file.
    pub fn service(&self) -> &'static str {
        self.0.service
    }

    /// All addresses, each call beginning with another.
    fn in_turn(&self) -> impl Iterator<Item = &Address> {
        let addresses = &self.0.addresses;
        let first = if addresses.len() > 1 { self.0.turn.fetch_add(1, Ordering::Relaxed) } else { 0 };
        addresses.iter().cycle().skip(first % addresses.len().max(1)).take(addresses.len())
    }
}

impl fmt::Debug for Upstream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Upstream")
            .field("service", &self.0.service)
            .field("addresses", &self.0.addresses)
            .finish_non_exhaustive()
    }
}
