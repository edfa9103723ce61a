//! `gw run`: builds the gateway and runs it, with its helpers, until somebody wishes it to stop.
//!
//! Whatever ends it (Ctrl-C, a failed build, a child that dies), no process stays behind: each is dropped with what started it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, ToSocketAddrs as _};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use gatewright_compiler::model::Config;
use gatewright_compiler::plan::Plan;
use tokio::net::TcpStream;
use tokio::process::Command;

use crate::args::Run;
use crate::cache::Cache;
use crate::cargo::{self, Built, Profile};
use crate::child::Child;
use crate::failure::{Exit, Failure, Outcome};
use crate::helpers::{self, Helper};
use crate::layout::{self, Purpose};
use crate::ports::{self, Ports};
use crate::program::{self, Program};
use crate::project::Project;
use crate::signals::Signals;
use crate::terminal::{Style, Terminal, elapsed};
use crate::{routes, stand_ins};

/// The variable by which a gateway is told where to listen.
const LISTEN: &str = "GATEWRIGHT_LISTEN";

/// How often to ask whether the gateway listens.
const ASK_EVERY: Duration = Duration::from_millis(20);

/// How long after the end of a child the wish to stop may come that ended it.
const WISH_WITHIN: Duration = Duration::from_millis(300);

/// Builds and runs a gateway.
pub(crate) fn run(arguments: &Run, terminal: &Arc<Terminal>) -> Outcome {
    let project = Project::find(&arguments.path)?;
    let Some((plan, program)) = program::plan(&project, terminal) else {
        return Ok(Exit::Errors);
    };
    let ports = Ports::choose(&project.settings, arguments.free_ports)?;
    let listen = listen(arguments, &plan)?;
    let session = Session { project, plan, program, ports, listen, terminal: Arc::clone(terminal) };
    crate::block_on(session.run())
}

/// Where the gateway will listen; that it can is tried at once, so that nobody waits for a build in vain.
fn listen(arguments: &Run, plan: &Plan) -> Outcome<SocketAddr> {
    let text = match (&arguments.listen, std::env::var(LISTEN), &plan.model.gateway.listen.value) {
        (Some(address), _, _) => address.to_string(),
        (None, Ok(address), _) => address,
        (None, Err(_), Config::Literal(address)) => address.clone(),
        (None, Err(_), Config::Env { name, default }) => {
            let set = std::env::var(name).ok().filter(|value| !value.is_empty()).or_else(|| default.clone());
            set.ok_or_else(|| Failure::new(format!("{name} is not set: it says where to listen")))?
        }
    };
    let resolved = text.to_socket_addrs().ok().and_then(|mut addresses| addresses.next());
    let address = resolved.ok_or_else(|| Failure::new(format!("`{text}` is no address to listen at")))?;
    if arguments.listen.is_none() && arguments.free_ports {
        let ip = IpAddr::V4(Ipv4Addr::LOCALHOST);
        return Ok(SocketAddr::new(ip, ports::free_port(ip)?));
    }
    if address.port() == 0 {
        return Ok(SocketAddr::new(address.ip(), ports::free_port(address.ip())?));
    }
    let free = TcpListener::bind(address);
    free.map(|_| address).map_err(|why| {
        Failure::new(format!("can't listen at {address}: {why}"))
            .note("stop what listens there, or choose another address: --listen 127.0.0.1:8081, --free-ports")
    })
}

/// One run of a gateway.
struct Session {
    project: Project,
    plan: Plan,
    program: Program,
    ports: Ports,
    listen: SocketAddr,
    terminal: Arc<Terminal>,
}

impl Session {
    async fn run(self) -> Outcome {
        let mut signals = Signals::listen()?;
        let Some(binary) = self.build(&mut signals).await? else {
            return Ok(Exit::Fine);
        };
        let mut helpers = Vec::new();
        let outcome = tokio::select! {
            biased;
            () = signals.stop() => Ok(Exit::Fine),
            outcome = self.serve(&binary, &mut helpers) => outcome,
        };
        // Whoever stops everything at once may reach a helper before us: its end is then no fault.
        let outcome = match outcome {
            Err(_) if tokio::time::timeout(WISH_WITHIN, signals.stop()).await.is_ok() => Ok(Exit::Fine),
            outcome => outcome,
        };
        tokio::select! {
            () = stop(helpers) => {}
            // Asked twice: what still runs is killed as it is dropped.
            () = signals.stop() => {}
        }
        outcome
    }

    /// Builds the gateway; nothing where somebody wished us to stop.
    async fn build(&self, signals: &mut Signals) -> Outcome<Option<PathBuf>> {
        let started = Instant::now();
        let cache = Cache::open()?;
        let package = layout::package(&self.plan, &self.program.compiled.sources, Purpose::Run);
        let gateway = &self.plan.model.gateway.name;
        let name = layout::crate_name(gateway);
        let folder = cache.write(&self.project.folder.join(&self.project.root), &name, &package)?;
        match cargo::build(&folder, &cache.target(), Profile::Dev, &self.terminal, signals).await? {
            Built::Stopped => Ok(None),
            Built::Binary(binary) => {
                // Under a path of its own: another gateway of the same name is built to the same path.
                let own = folder.join("bin").join(binary.file_name().unwrap_or(binary.as_os_str()));
                cargo::copy(&binary, &own)?;
                self.terminal.done("Built", &format!("{gateway} in {}", elapsed(started.elapsed())));
                Ok(Some(own))
            }
        }
    }

    /// Starts all that the gateway needs, and it; ends when one of them does.
    async fn serve(&self, binary: &Path, helpers: &mut Vec<Helper>) -> Outcome {
        for process in &self.project.settings.processes {
            let helper = Helper::start(process, &self.project.base, &self.ports, &self.terminal)?;
            helpers.push(helper);
        }
        for (helper, process) in helpers.iter_mut().zip(&self.project.settings.processes) {
            helper.ready(process, &self.ports, &self.terminal).await?;
        }
        let gateway = Helper { name: self.plan.model.gateway.name.clone(), child: self.start(binary).await? };
        // Last in the list, first to be stopped.
        helpers.push(gateway);
        if let Some(gateway) = helpers.last_mut()
            && let Some(status) = self.listening(&mut gateway.child).await?
        {
            return self.ended(&gateway.name, status);
        }
        self.greet();
        let (name, status) = helpers::first_to_end(helpers).await?;
        self.ended(&name, status)
    }

    /// Starts the gateway with the variables that the project gives it.
    async fn start(&self, binary: &Path) -> Outcome<Child> {
        let mut command = Command::new(binary);
        command.env(LISTEN, self.listen.to_string());
        let unset = |name: &str| std::env::var_os(name).is_none_or(|value| value.is_empty());
        for (name, value) in self.project.settings.env.iter().filter(|(name, _)| unset(name)) {
            command.env(name, self.ports.fill(value)?);
        }
        for (name, answers) in self.project.settings.stand_ins.iter().filter(|(name, _)| unset(name)) {
            command.env(name, stand_ins::serve(&self.project.base, answers).await?);
        }
        command.stderr(Stdio::piped());
        let mut child = Child::start(&mut command)?;
        let terminal = Arc::clone(&self.terminal);
        helpers::each_line(child.stderr(), move |line| {
            // Where it listens is told below, with its routes.
            if !line.contains(" listens at http://") {
                terminal.say(line);
            }
        });
        Ok(child)
    }

    /// Waits until the gateway listens; gives its status where it ends instead.
    async fn listening(&self, gateway: &mut Child) -> Outcome<Option<ExitStatus>> {
        let started = Instant::now();
        loop {
            tokio::select! {
                biased;
                status = gateway.wait() => return status.map(Some),
                answer = TcpStream::connect(reachable(self.listen)) => if answer.is_ok() { return Ok(None) },
            }
            self.terminal.live("Starting", &self.plan.model.gateway.name, started);
            tokio::time::sleep(ASK_EVERY).await;
        }
    }

    /// Says where it listens and what can be asked of it.
    fn greet(&self) {
        let terminal = &self.terminal;
        let address = format!("http://{}", reachable(self.listen));
        let at = if self.listen.ip().is_unspecified() {
            format!(" ({}: every address of this machine)", self.listen.ip())
        } else {
            String::new()
        };
        terminal.done("Listening", &format!("{}{at}", terminal.err(Style::Bold, &address)));
        for (line, place) in routes::lines(&self.plan).iter().zip(1..) {
            terminal.say(&format!("{:>10} {line}", if place == 1 { "routes" } else { "" }));
        }
        if let Some(curl) = routes::curl(&self.plan, &address) {
            terminal.say(&format!("{:>10} {}", "try", terminal.err(Style::Accent, &curl)));
        }
        terminal.say(&format!("{:>10} Ctrl-C", "stop"));
    }

    /// Nobody wished us to stop, but one of them did.
    fn ended(&self, name: &str, status: ExitStatus) -> Outcome {
        if *name == self.plan.model.gateway.name && status.code() == Some(1) {
            // It said why.
            return Ok(Exit::Errors);
        }
        Err(Failure::new(format!("`{name}` ended by itself ({status})")))
    }
}

/// Asks all to end: the last started first, then the others together.
async fn stop(mut helpers: Vec<Helper>) {
    if let Some(gateway) = helpers.pop() {
        gateway.child.stop().await;
    }
    let mut others: tokio::task::JoinSet<()> = helpers.into_iter().map(|helper| helper.child.stop()).collect();
    while others.join_next().await.is_some() {}
}

/// An address that can be connected to: `0.0.0.0` means every address of this machine.
fn reachable(listen: SocketAddr) -> SocketAddr {
    match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => SocketAddr::new(Ipv4Addr::LOCALHOST.into(), listen.port()),
        IpAddr::V6(ip) if ip.is_unspecified() => SocketAddr::new(std::net::Ipv6Addr::LOCALHOST.into(), listen.port()),
        _ => listen,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_is_reached_at_home() {
        assert_eq!(reachable("0.0.0.0:80".parse().unwrap()).to_string(), "127.0.0.1:80");
        assert_eq!(reachable("[::]:80".parse().unwrap()).to_string(), "[::1]:80");
        assert_eq!(reachable("10.0.0.1:80".parse().unwrap()).to_string(), "10.0.0.1:80");
    }
}
