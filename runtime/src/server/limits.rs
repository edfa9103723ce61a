//! The bounds of the server. Every buffer, queue and wait has one.

use std::time::Duration;

use tokio::sync::Semaphore;

/// The bounds of the server. All can be set; none can be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// From accepting a connection to its first byte.
    pub first_byte: Duration,
    /// From the first byte of a request's head to its last.
    pub header: Duration,
    /// A request's body, whole.
    pub body: Duration,
    /// How long a client may take nothing of an answer.
    pub write: Duration,
    /// How long a connection may wait for its next request.
    pub idle: Duration,
    /// How old a connection may get; it then ends with the answer in hand.
    pub age: Duration,
    /// Requests on one connection; it then ends.
    pub requests_per_connection: u64,
    /// Connections at once; more wait in the system's queue.
    pub connections: usize,
    /// Connections at once from one address (one /64 in IPv6); more are closed.
    pub connections_per_ip: usize,
    /// Requests at once on one HTTP/2 connection.
    pub streams: u32,
    /// Requests at once in all; more are answered 503.
    pub in_flight: usize,
    /// Bytes of a request's head: 431.
    pub header_bytes: usize,
    /// Headers of a request: 431.
    pub headers: usize,
    /// Bytes of a request's target: 414.
    pub target_bytes: usize,
    /// How long requests in hand may take once the server is told to stop.
    pub drain: Duration,
}

impl Limits {
    /// The defaults.
    pub const DEFAULT: Self = Self {
        first_byte: Duration::from_secs(5),
        header: Duration::from_secs(10),
        body: Duration::from_secs(30),
        write: Duration::from_secs(10),
        idle: Duration::from_mins(1),
        age: Duration::from_hours(1),
        requests_per_connection: 10_000,
        connections: 10_000,
        connections_per_ip: 256,
        streams: 100,
        in_flight: 4_096,
        header_bytes: 32 * 1024,
        headers: 100,
        target_bytes: 8 * 1024,
        drain: Duration::from_secs(30),
    };
}

/// Longer than any wait makes sense, and short enough to be added to any moment.
pub(crate) const LONGEST: Duration = Duration::from_hours(24 * 365);

impl Limits {
    /// The same without values that the clock or a counter can't hold: who writes them means "no bound".
    pub(crate) fn sane(self) -> Self {
        Self {
            first_byte: self.first_byte.min(LONGEST),
            header: self.header.min(LONGEST),
            body: self.body.min(LONGEST),
            write: self.write.min(LONGEST),
            idle: self.idle.min(LONGEST),
            age: self.age.min(LONGEST),
            drain: self.drain.min(LONGEST),
            connections: self.connections.min(Semaphore::MAX_PERMITS),
            in_flight: self.in_flight.min(Semaphore::MAX_PERMITS),
            ..self
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
