//! What is read when a gateway starts: addresses and settings, from its file, the environment, or the program.
//!
//! Everything that is missing or malformed is told together, and then nothing starts.

mod values;

use std::collections::BTreeMap;
use std::env;
use std::fmt;
use std::time::Duration;

use crate::log::Log;
use crate::route::Endpoint;
use crate::server::Limits;
use crate::upstream::{Address, Upstream};

/// Making a connection, where the file doesn't say and a fault keeps the gateway from starting anyway.
const DEFAULT_CONNECT: Duration = Duration::from_millis(500);

/// Listens elsewhere than the gateway's file says.
const LISTEN_VARIABLE: &str = "GATEWRIGHT_LISTEN";

/// A gateway as its file declares it.
#[derive(Debug)]
pub struct Gateway {
    /// Its name.
    pub name: &'static str,
    /// Where it listens.
    pub listen: Setting,
    /// The path that says whether it is well.
    pub health: Option<&'static str>,
    /// What it serves.
    pub endpoints: &'static [&'static Endpoint],
    /// What it calls.
    pub services: &'static [&'static Service],
    /// Settings that are read from the environment, besides those of the services.
    pub settings: &'static [&'static Setting],
    /// The bounds of its server.
    pub limits: Limits,
}

/// A service that a gateway calls.
#[derive(Debug)]
pub struct Service {
    /// Its name in the file.
    pub name: &'static str,
    /// Its addresses, taken in turn.
    pub addresses: &'static [Setting],
    /// How long making a connection to it may take.
    pub connect: Setting,
}

/// One value that stands in the file, or that a variable of the environment has.
#[derive(Debug)]
pub struct Setting {
    variable: Option<&'static str>,
    value: Option<&'static str>,
    kind: Kind,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Listen,
    Address,
    Duration,
    Bytes,
}

impl Setting {
    /// An address to listen at, such as `0.0.0.0:8080`.
    pub const fn listen(variable: Option<&'static str>, value: Option<&'static str>) -> Self {
        Self { variable, value, kind: Kind::Listen }
    }

    /// An address of a service, such as `http://localhost:9001`.
    pub const fn address(variable: Option<&'static str>, value: Option<&'static str>) -> Self {
        Self { variable, value, kind: Kind::Address }
    }

    /// A duration, such as `500ms`.
    pub const fn duration(variable: Option<&'static str>, value: Option<&'static str>) -> Self {
        Self { variable, value, kind: Kind::Duration }
    }

    /// A number of bytes, such as `64kib`.
    pub const fn bytes(variable: Option<&'static str>, value: Option<&'static str>) -> Self {
        Self { variable, value, kind: Kind::Bytes }
    }

    /// What it is now, as text. A variable that is empty is a missing one.
    fn text(&self, from_environment: bool) -> Result<String, Fault> {
        let given = self.variable.filter(|_| from_environment).map(env::var);
        match (given, self.variable, self.value) {
            (Some(Ok(text)), _, _) if !text.trim().is_empty() => Ok(text.trim().to_owned()),
            (Some(Err(env::VarError::NotUnicode(_))), Some(variable), _) => Err(Fault::new(variable, "is not UTF-8")),
            (_, _, Some(value)) => Ok(value.to_owned()),
            (Some(_), Some(variable), None) => Err(Fault::new(variable, "is not set")),
            (_, variable, None) => Err(Fault::new(
                variable.unwrap_or("a setting"),
                "is needed: read the environment with `from_env`, or set it in code",
            )),
        }
    }

    /// What it is now, as what it has to be.
    fn read<T>(&self, from_environment: bool, parse: impl FnOnce(&str) -> Result<T, &'static str>) -> Result<T, Fault> {
        let text = self.text(from_environment)?;
        parse(&text).map_err(|why| Fault::malformed(self.variable.unwrap_or("a setting of the file"), &text, why))
    }

    fn check(&self, from_environment: bool) -> Result<(), Fault> {
        match self.kind {
            Kind::Listen => self.read(from_environment, values::listen).map(drop),
            Kind::Address => self.read(from_environment, str::parse::<Address>).map(drop),
            Kind::Duration => self.read(from_environment, values::duration).map(drop),
            Kind::Bytes => self.read(from_environment, values::bytes).map(drop),
        }
    }
}

/// What a gateway's builder has been told so far.
#[derive(Debug, Clone)]
pub struct Config {
    gateway: &'static Gateway,
    from_environment: bool,
    /// Addresses that the program gave, by service. They win over all others.
    addresses: BTreeMap<&'static str, Vec<String>>,
    log: Option<Log>,
    limits: Option<Limits>,
    faults: Vec<Fault>,
}

impl Config {
    /// Nothing but what the gateway's file says.
    pub fn new(gateway: &'static Gateway) -> Self {
        Self {
            gateway,
            from_environment: false,
            addresses: BTreeMap::new(),
            log: None,
            limits: None,
            faults: Vec::new(),
        }
    }

    /// Reads the environment from here on, and checks all of it now.
    pub fn read_environment(&mut self) -> Result<(), ConfigError> {
        self.from_environment = true;
        let services = self.gateway.services.iter().filter(|service| !self.addresses.contains_key(service.name));
        let addresses = services.flat_map(|service| service.addresses);
        let connects = self.gateway.services.iter().map(|service| &service.connect);
        let settings = addresses.chain(connects).chain(self.gateway.settings.iter().copied());
        let faults = settings.filter_map(|setting| setting.check(true).err()).collect();
        let listen = self.listen().err();
        ConfigError::of(self.gateway.name, listen.into_iter().chain::<Vec<Fault>>(faults).collect())
    }

    /// Calls a service at this address, whatever the environment says.
    pub fn set_address(&mut self, service: &'static Service, address: impl Into<String>) {
        self.addresses.insert(service.name, vec![address.into()]);
    }

    /// Writes the log elsewhere than to standard output.
    pub fn set_log(&mut self, log: Log) {
        self.log = Some(log);
    }

    /// Serves within other bounds than the file says.
    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = Some(limits);
    }

    /// A service, ready to be called. What is wrong with its addresses is told by [`Config::finish`].
    pub fn upstream(&mut self, service: &'static Service) -> Upstream {
        let given = self.addresses.get(service.name).cloned();
        let addresses: Vec<Result<Address, Fault>> = match given {
            Some(given) => {
                let parse = |text: &String| text.parse().map_err(|why| Fault::malformed(service.name, text, why));
                given.iter().map(parse).collect()
            }
            None => service.addresses.iter().map(|setting| setting.read(self.from_environment, str::parse)).collect(),
        };
        let addresses = addresses.into_iter().filter_map(|address| self.note(address)).collect();
        let connect = service.connect.read(self.from_environment, values::duration);
        Upstream::new(service.name, addresses, self.note(connect).unwrap_or(DEFAULT_CONNECT))
    }

    /// A duration that the file lets the environment set.
    pub fn duration(&mut self, setting: &'static Setting) -> Duration {
        let value = setting.read(self.from_environment, values::duration);
        self.note(value).unwrap_or_default()
    }

    /// A number of bytes that the file lets the environment set.
    pub fn bytes(&mut self, setting: &'static Setting) -> usize {
        let value = setting.read(self.from_environment, values::bytes);
        self.note(value).unwrap_or_default()
    }

    /// All that was wrong, or what the routes need while they run.
    pub fn finish(self) -> Result<Runtime, ConfigError> {
        ConfigError::of(self.gateway.name, self.faults)?;
        Ok(Runtime {
            log: self.log.unwrap_or_else(Log::stdout),
            limits: self.limits.unwrap_or(self.gateway.limits).sane(),
        })
    }

    pub(crate) fn gateway(&self) -> &'static Gateway {
        self.gateway
    }

    /// Where to listen.
    pub(crate) fn listen(&self) -> Result<String, Fault> {
        match env::var(LISTEN_VARIABLE) {
            Ok(text) if self.from_environment && !text.trim().is_empty() => {
                values::listen(text.trim()).map_err(|why| Fault::malformed(LISTEN_VARIABLE, &text, why))
            }
            _ => self.gateway.listen.read(self.from_environment, values::listen),
        }
    }

    fn note<T>(&mut self, value: Result<T, Fault>) -> Option<T> {
        value.map_err(|fault| self.faults.push(fault)).ok()
    }
}

/// What the routes of a gateway need while they run. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Runtime {
    pub(crate) log: Log,
    pub(crate) limits: Limits,
}

/// All that is missing or malformed in what a gateway was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    gateway: &'static str,
    faults: Vec<Fault>,
}

/// One thing that is missing or malformed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    name: String,
    why: String,
}

impl Fault {
    fn new(name: &str, why: &str) -> Self {
        Self { name: name.to_owned(), why: why.to_owned() }
    }

    /// Tells the value as well, unless it may hold a password.
    fn malformed(name: &str, value: &str, why: &str) -> Self {
        let why = if value.contains('@') { why.to_owned() } else { format!("{why}, and is {value:?}") };
        Self { name: name.to_owned(), why }
    }
}

impl ConfigError {
    fn of(gateway: &'static str, mut faults: Vec<Fault>) -> Result<(), Self> {
        // One variable may stand in several settings.
        faults.dedup();
        if faults.is_empty() { Ok(()) } else { Err(Self { gateway, faults }) }
    }

    pub(crate) fn one(gateway: &'static str, fault: Fault) -> Self {
        Self { gateway, faults: vec![fault] }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} can't start:", self.gateway)?;
        self.faults.iter().try_for_each(|fault| write!(formatter, "\n  {} {}", fault.name, fault.why))
    }
}

impl std::error::Error for ConfigError {}
