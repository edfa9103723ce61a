//! A gateway as a program: it reads its environment, listens, and ends when it is told to.

use std::process::ExitCode;

use axum::Router;
use tokio::net::TcpListener;

use crate::config::{Config, ConfigError};
use crate::server::Server;

/// A gateway that can be served: what the compiler's builders are.
pub trait Serve: Sized {
    /// What it has been told so far.
    fn config(&mut self) -> &mut Config;

    /// Its routes.
    fn router(self) -> Result<Router, ConfigError>;
}

/// Runs a gateway until SIGTERM or SIGINT. What is wrong with its environment is told all at once on standard error,
/// and then nothing listens.
pub fn serve(gateway: impl Serve) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return refuse(&format!("no threads to run on: {error}")),
    };
    match runtime.block_on(run(gateway)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => refuse(&why),
    }
}

async fn run(mut gateway: impl Serve) -> Result<(), String> {
    let config = gateway.config();
    config.read_environment().map_err(|error| error.to_string())?;
    let plan = config.gateway();
    let listen = config.listen().map_err(|fault| ConfigError::one(plan.name, fault).to_string())?;
    let runtime = config.clone().finish().map_err(|error| error.to_string())?;
    let router = gateway.router().map_err(|error| error.to_string())?;
    let taken = |error| format!("{} can't start:\n  can't listen at {listen}: {error}", plan.name);
    let listener = TcpListener::bind(&listen).await.map_err(taken)?;
    let address = listener.local_addr().map_err(taken)?;
    let (ended, cut) = (Signal::new().map_err(taken)?, Signal::new().map_err(taken)?);
    let count = plan.endpoints.len();
    let plural = if count == 1 { "" } else { "s" };
    tell(&format!("{} listens at http://{address} with {count} route{plural}; Ctrl-C stops it", plan.name));
    let log = runtime.log.clone();
    let stopping = async {
        ended.arrived(1).await;
        tell(&format!("{} finishes what is in hand; Ctrl-C again cuts it", plan.name));
    };
    Server::of_gateway(router, runtime, plan.health).run(listener, stopping, cut.arrived(2)).await;
    log.flush();
    Ok(())
}

/// SIGTERM and SIGINT.
struct Signal {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl Signal {
    #[cfg(unix)]
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    #[cfg(not(unix))]
    fn new() -> std::io::Result<Self> {
        Ok(Self {})
    }

    /// Waits until so many of them have come.
    async fn arrived(mut self, count: usize) {
        for _ in 0..count {
            self.next().await;
        }
    }

    #[cfg(unix)]
    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }

    #[cfg(not(unix))]
    async fn next(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}

fn refuse(why: &str) -> ExitCode {
    tell(why);
    ExitCode::FAILURE
}

/// Tells the person who started the gateway. Standard output is the log's.
fn tell(text: &str) {
    use std::io::Write;
    // Nobody may be there to read it.
    let _ = writeln!(std::io::stderr(), "{text}");
}
