//! One connection, from its first byte to its last.

use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;

use hyper::rt::{Read, Write};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::activity::Activity;
use super::front::{Front, Requests};
use super::limits::Limits;
use super::socket::Socket;

/// How far the whole server is with ending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Ending {
    No,
    /// No new requests; those in hand may finish.
    Drain,
    /// Nothing may go on.
    Cut,
}

/// hyper as this server wants it.
pub(super) fn builder(limits: &Limits) -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    let mut http1 = builder.http1();
    // Times are kept by the connection's own task. A head that is over its bound in bytes is refused by the screen with
    // an answer that says so; hyper's own bound is a little higher and bounds the memory.
    http1.header_read_timeout(None).max_buf_size((limits.header_bytes + limits.target_bytes + 8 * 1024).max(8 * 1024));
    if limits.headers != Limits::DEFAULT.headers {
        http1.max_headers(limits.headers);
    }
    builder
        .http2()
        .max_concurrent_streams(limits.streams)
        .max_header_list_size(u32::try_from(limits.header_bytes + limits.target_bytes).unwrap_or(u32::MAX));
    builder
}

/// Serves one connection until it ends, is over one of its times, or the server ends.
pub(super) async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    builder: &auto::Builder<TokioExecutor>,
    front: Arc<Front>,
    ending: watch::Receiver<Ending>,
) {
    let limits = front.runtime.limits;
    let activity = Activity::new(Instant::now());
    let socket = TokioIo::new(Socket::new(stream, Arc::clone(&activity)));
    let requests = Requests { front, activity: Arc::clone(&activity), peer };
    let connection = pin!(builder.serve_connection(socket, requests));
    supervise(connection, &activity, &limits, ending).await;
}

/// Drives a connection and keeps its times, with one timer for all of them.
async fn supervise<I>(
    mut connection: Pin<&mut auto::Connection<'_, I, Requests, TokioExecutor>>,
    activity: &Activity,
    limits: &Limits,
    mut ending: watch::Receiver<Ending>,
) where
    I: Read + Write + Unpin + Send + 'static,
{
    let mut retire_at = Instant::now() + limits.age;
    let mut retiring = false;
    let mut timer = pin!(sleep_until(next_look(activity, limits, retire_at)));
    let mut worn_out = pin!(activity.worn_out.notified());
    loop {
        // Some of these begin the end of the connection, which then has so long to finish what is in hand.
        tokio::select! {
            biased;
            // An error here is the other side's doing, or a request that was no HTTP and is answered already.
            _ = connection.as_mut() => return,
            () = timer.as_mut() => {
                let now = Instant::now();
                let late = activity.due(limits).is_some_and(|due| due <= now);
                if late || (retiring && retire_at <= now) {
                    return;
                }
                if retire_at > now {
                    timer.as_mut().reset(next_look(activity, limits, retire_at));
                    continue;
                }
            }
            () = worn_out.as_mut(), if !retiring => {}
            () = reached(&mut ending, if retiring { Ending::Cut } else { Ending::Drain }) => {
                if retiring {
                    return;
                }
            }
        }
        retiring = true;
        retire_at = Instant::now() + limits.drain;
        connection.as_mut().graceful_shutdown();
        timer.as_mut().reset(next_look(activity, limits, retire_at));
    }
}

/// When to look next. What is not due now can become due at the earliest after the shortest of the times that begin
/// anew: looking then is early enough for all of them.
fn next_look(activity: &Activity, limits: &Limits, retire_at: Instant) -> Instant {
    let soonest = Instant::now() + limits.header.min(limits.write).min(limits.idle);
    let due = activity.due(limits).unwrap_or(soonest);
    due.min(soonest).min(retire_at)
}

/// Waits until the server is so far with ending.
async fn reached(ending: &mut watch::Receiver<Ending>, stage: Ending) {
    // A server that is gone has cut all it had.
    let _ = ending.wait_for(|now| *now >= stage).await;
}
