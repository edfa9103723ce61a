//! What a connection is doing, and by when it has to do something else.
//!
//! The socket and the requests note what happens; nobody of them keeps a timer. The connection's own task asks for the
//! next moment at which something would be due, sleeps until then and looks again.

use std::sync::{Mutex, MutexGuard, PoisonError};

use std::sync::Arc;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::framing::{Finding, Framing};
use super::limits::Limits;

/// The state of one connection.
#[derive(Debug)]
pub(super) struct Activity {
    state: Mutex<State>,
    /// Told when the connection has had all the requests that it may have.
    pub(super) worn_out: Notify,
}

#[derive(Debug)]
struct State {
    framing: Framing,
    /// When it was accepted, until its first byte.
    silent_since: Option<Instant>,
    /// When the first byte of a head came, until its last.
    head_since: Option<Instant>,
    /// When the socket began to take nothing, until it takes something.
    stuck_since: Option<Instant>,
    /// Requests whose answer is not over.
    in_flight: usize,
    /// When the last of them ended.
    quiet_since: Instant,
    /// Answers of which the body is being sent, and when any of them last got further.
    sending: usize,
    sent_at: Instant,
    requests: u64,
}

impl Activity {
    pub(super) fn new(now: Instant) -> Arc<Self> {
        let state = State {
            framing: Framing::default(),
            silent_since: Some(now),
            head_since: None,
            stuck_since: None,
            in_flight: 0,
            quiet_since: now,
            sending: 0,
            sent_at: now,
            requests: 0,
        };
        Arc::new(Self { state: Mutex::new(state), worn_out: Notify::new() })
    }

    /// Bytes came in.
    pub(super) fn read(&self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        let mut state = self.state();
        state.silent_since = None;
        state.framing.feed(bytes);
        if state.framing.is_in_head() {
            state.head_since.get_or_insert_with(Instant::now);
        } else {
            state.head_since = None;
        }
    }

    /// The socket took bytes.
    pub(super) fn wrote(&self) {
        self.state().stuck_since = None;
    }

    /// The socket takes nothing.
    pub(super) fn stuck(&self) {
        self.state().stuck_since.get_or_insert_with(Instant::now);
    }

    /// A request came: what was found in its head, and which it is on this connection.
    pub(super) fn begin(self: &Arc<Self>) -> (InFlight, Option<Finding>, u64) {
        let mut state = self.state();
        state.in_flight += 1;
        state.requests += 1;
        let finding = state.framing.next_finding();
        let number = state.requests;
        drop(state);
        (InFlight { activity: Arc::clone(self), sending: false }, finding, number)
    }

    /// The earliest moment at which something is due, if things stay as they are.
    pub(super) fn due(&self, limits: &Limits) -> Option<Instant> {
        let state = self.state();
        let idle = state.in_flight == 0 && state.silent_since.is_none() && state.head_since.is_none();
        [
            state.silent_since.map(|since| since + limits.first_byte),
            state.head_since.map(|since| since + limits.header),
            state.stuck_since.map(|since| since + limits.write),
            (state.sending > 0).then(|| state.sent_at + limits.write),
            idle.then(|| state.quiet_since + limits.idle),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that is in hand, from its head until its answer is over or given up.
#[derive(Debug)]
pub(super) struct InFlight {
    activity: Arc<Activity>,
    sending: bool,
}

impl InFlight {
    /// Its answer is there, and its body got further: to its beginning, the first time.
    pub(super) fn progress(&mut self) {
        let mut state = self.activity.state();
        state.sent_at = Instant::now();
        if !self.sending {
            self.sending = true;
            state.sending += 1;
        }
    }

    /// Its body waits for whoever makes it: not the client's doing.
    pub(super) fn wait(&mut self) {
        if std::mem::take(&mut self.sending) {
            let mut state = self.activity.state();
            state.sending = state.sending.saturating_sub(1);
        }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let mut state = self.activity.state();
        state.in_flight = state.in_flight.saturating_sub(1);
        state.sending = state.sending.saturating_sub(usize::from(self.sending));
        state.quiet_since = Instant::now();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::advance;

    use super::*;

    const LIMITS: Limits = Limits::DEFAULT;

    #[tokio::test(start_paused = true)]
    async fn each_state_has_its_own_time() {
        let start = Instant::now();
        let activity = Activity::new(start);
        assert_eq!(activity.due(&LIMITS), Some(start + LIMITS.first_byte));

        advance(Duration::from_secs(1)).await;
        activity.read(b"GET / HTTP/1.1\r\n");
        advance(Duration::from_secs(1)).await;
        activity.read(b"Host: a\r\n");
        assert_eq!(activity.due(&LIMITS), Some(start + Duration::from_secs(1) + LIMITS.header), "from its first byte");

        activity.read(b"\r\n");
        let (mut request, finding, number) = activity.begin();
        assert_eq!((activity.due(&LIMITS), finding, number), (None, None, 1), "the endpoint has its own deadline");

        request.progress();
        let now = Instant::now();
        assert_eq!(activity.due(&LIMITS), Some(now + LIMITS.write));
        activity.stuck();
        advance(Duration::from_secs(1)).await;
        activity.stuck();
        request.progress();
        assert_eq!(activity.due(&LIMITS), Some(now + LIMITS.write), "the socket is stuck all the same");
        activity.wrote();
        drop(request);
        assert_eq!(activity.due(&LIMITS), Some(Instant::now() + LIMITS.idle));
    }

    #[tokio::test(start_paused = true)]
    async fn blank_lines_keep_nothing_awake() {
        let start = Instant::now();
        let activity = Activity::new(start);
        activity.read(b"\r\n");
        advance(Duration::from_secs(9)).await;
        activity.read(b"\r\n");
        assert_eq!(activity.due(&LIMITS), Some(start + LIMITS.idle));
    }
}
