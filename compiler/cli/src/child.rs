//! A child process that never outlives us: it runs in a process group of its own, and the whole group is ended with it.

use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::process::{Child as TokioChild, ChildStderr, ChildStdout, Command};

use crate::failure::{Failure, Outcome};

/// How long a child may take to end by itself once it was asked to.
const GRACE: Duration = Duration::from_secs(10);

/// A running child with its descendants.
#[derive(Debug)]
pub(crate) struct Child {
    child: TokioChild,
    /// The process group, which has the child's own id.
    group: Option<u32>,
}

impl Child {
    /// Starts a program; it can't read what is typed here.
    pub(crate) fn start(command: &mut Command) -> Outcome<Self> {
        command.stdin(Stdio::null()).kill_on_drop(true);
        #[cfg(unix)]
        command.process_group(0);
        let program = command.as_std().get_program().to_string_lossy().into_owned();
        let child = command.spawn().map_err(|why| match why.kind() {
            std::io::ErrorKind::NotFound => Failure::new(format!("`{program}` is not installed, or not on the PATH")),
            _ => Failure::new(format!("can't start `{program}`: {why}")),
        })?;
        Ok(Self { group: child.id(), child })
    }

    /// Its standard output, where that is a pipe.
    pub(crate) fn stdout(&mut self) -> Option<ChildStdout> {
        self.child.stdout.take()
    }

    /// Its standard error, where that is a pipe.
    pub(crate) fn stderr(&mut self) -> Option<ChildStderr> {
        self.child.stderr.take()
    }

    /// Waits until it ends; may be dropped and called again.
    pub(crate) async fn wait(&mut self) -> Outcome<ExitStatus> {
        let status = self.child.wait().await;
        status.map_err(|why| Failure::new(format!("can't wait for a child process: {why}")))
    }

    /// Asks it to end, and ends it where it does not.
    pub(crate) async fn stop(mut self) {
        self.signal(Ask::Stop);
        let _ = tokio::time::timeout(GRACE, self.child.wait()).await;
        // What is dropped now is killed, and so is whatever of its group still runs.
    }

    #[cfg(unix)]
    fn signal(&self, ask: Ask) {
        use rustix::process::{Pid, Signal, kill_process_group};
        let signal = match ask {
            Ask::Stop => Signal::TERM,
            Ask::Kill => Signal::KILL,
        };
        let group = self.group.and_then(|group| i32::try_from(group).ok()).and_then(Pid::from_raw);
        // A group that is gone already is what we want.
        let _ = group.map(|group| kill_process_group(group, signal));
    }

    #[cfg(not(unix))]
    fn signal(&self, _ask: Ask) {}
}

impl Drop for Child {
    fn drop(&mut self) {
        self.signal(Ask::Kill);
    }
}

/// What a group is told.
#[derive(Debug, Clone, Copy)]
enum Ask {
    Stop,
    Kill,
}
