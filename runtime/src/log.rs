//! The log: one JSON object a line, written by a thread of its own so that a slow reader of it slows no request.
//!
//! The queue between the two is bounded. When it is full a line is dropped and counted, and the count is the next line
//! that gets through.

pub(crate) mod line;

use std::fmt;
use std::io::{self, BufWriter, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use serde::Serialize;

/// Lines that may wait for the writer.
const QUEUE: usize = 8_192;

/// Where a gateway's lines go. Cheap to clone.
#[derive(Clone)]
pub struct Log(Option<Arc<Queue>>);

struct Queue {
    sender: SyncSender<Message>,
    dropped: Arc<AtomicU64>,
}

enum Message {
    Line(Vec<u8>),
    Flush(SyncSender<()>),
}

impl Log {
    /// No log.
    pub fn none() -> Self {
        Self(None)
    }

    /// Standard output, shared by all gateways of the process.
    pub fn stdout() -> Self {
        static STDOUT: OnceLock<Log> = OnceLock::new();
        STDOUT.get_or_init(|| Self::to(io::stdout())).clone()
    }

    /// Any writer. It is written to by one thread, which ends when the last clone of the log is gone.
    pub fn to(writer: impl Write + Send + 'static) -> Self {
        let (sender, receiver) = sync_channel(QUEUE);
        let dropped = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&dropped);
        let started = thread::Builder::new()
            .name("gatewright-log".to_owned())
            .spawn(move || write_lines(BufWriter::new(writer), &receiver, &counted));
        // Without a thread the receiver is gone, and every line counts as dropped: a gateway serves without its log.
        drop(started);
        Self(Some(Arc::new(Queue { sender, dropped })))
    }

    /// Hands one line to the writer, or drops it when too many wait.
    pub(crate) fn write(&self, line: &impl Serialize) {
        let Some(queue) = &self.0 else { return };
        let Ok(mut text) = serde_json::to_vec(line) else { return };
        text.push(b'\n');
        if queue.sender.try_send(Message::Line(text)).is_err() {
            queue.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Waits until what was written so far is out, at most a second.
    pub(crate) fn flush(&self) {
        let Some(queue) = &self.0 else { return };
        let (done, wait) = sync_channel(1);
        // A full queue has no room for the question either; it is asked again as the queue empties.
        for _ in 0..200 {
            match queue.sender.try_send(Message::Flush(done.clone())) {
                Ok(()) => {
                    let _ = wait.recv_timeout(Duration::from_secs(1));
                    return;
                }
                Err(TrySendError::Full(_)) => {
                    let _ = wait.recv_timeout(Duration::from_millis(5));
                }
                Err(TrySendError::Disconnected(_)) => return,
            }
        }
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.0.is_some() { "Log" } else { "Log(none)" })
    }
}

/// The writer's thread. Flushes whenever nothing waits, so that a quiet gateway's lines are not held back.
fn write_lines(mut out: impl Write, lines: &Receiver<Message>, dropped: &AtomicU64) {
    while let Ok(first) = lines.recv() {
        let mut next = Some(first);
        while let Some(message) = next {
            match message {
                Message::Line(text) => drop(out.write_all(&text)),
                Message::Flush(done) => {
                    catch_up(&mut out, dropped);
                    let _ = done.try_send(());
                }
            }
            next = lines.try_recv().ok();
        }
        catch_up(&mut out, dropped);
    }
}

/// Tells how many lines were lost, and lets go of what is held back. An error has nowhere to be told.
fn catch_up(out: &mut impl Write, dropped: &AtomicU64) {
    let lost = dropped.swap(0, Ordering::Relaxed);
    if lost > 0 {
        let _ = writeln!(out, r#"{{"time":"{}","event":"log_lines_dropped","count":{lost}}}"#, line::now());
    }
    let _ = out.flush();
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn a_stuck_reader_costs_lines_and_no_time() {
        struct Stuck(Arc<Mutex<Vec<u8>>>, Receiver<()>);
        impl Write for Stuck {
            fn write(&mut self, text: &[u8]) -> io::Result<usize> {
                let _ = self.1.recv();
                self.0.lock().expect("not poisoned").extend_from_slice(text);
                Ok(text.len())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let (release, gate) = channel();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Log::to(Stuck(Arc::clone(&seen), gate));
        for number in 0..QUEUE * 2 {
            log.write(&format!("{number:0>4096}"));
        }
        drop(release);
        log.flush();
        let text = String::from_utf8(seen.lock().expect("not poisoned").clone()).expect("UTF-8");
        assert!(text.contains("log_lines_dropped"));
    }
}
