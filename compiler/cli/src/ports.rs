//! The ports of `gatewright.toml`: picks the free ones, and puts all of them in where a text says `{name}`.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use crate::failure::{Failure, Outcome};
use crate::settings::{self, Port, Settings};

/// Ports by name.
#[derive(Debug, Default)]
pub(crate) struct Ports(BTreeMap<String, u16>);

impl Ports {
    /// The ports of a project. With `free` each is any free one, whatever the file says.
    pub(crate) fn choose(settings: &Settings, free: bool) -> Outcome<Self> {
        let mut ports = BTreeMap::new();
        for (name, port) in &settings.ports {
            let port = match port {
                Port::Fixed(port) if !free => fixed(name, *port)?,
                Port::Fixed(_) | Port::Word(_) => free_port(Ipv4Addr::LOCALHOST.into())?,
            };
            ports.insert(name.clone(), port);
        }
        Ok(Self(ports))
    }

    /// A text with the ports put in.
    pub(crate) fn fill(&self, text: &str) -> Outcome<String> {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, after)) = after.split_once('}') else { break };
            let port = self.0.get(name).ok_or_else(|| {
                Failure::new(format!("{}: `{text}` names `{name}`, which is not under [ports]", settings::FILE))
            })?;
            filled.push_str(before);
            filled.push_str(&port.to_string());
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }
}

/// A port that somebody else may hold: better told now than after a build.
fn fixed(name: &str, port: u16) -> Outcome<u16> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(port),
        Err(why) => Err(Failure::new(format!("can't use port {port} (`{name}` in {}): {why}", settings::FILE))
            .note("stop what listens there, or take other ports: gw run --free-ports")),
    }
}

/// A port of this address that nobody listens on now.
pub(crate) fn free_port(address: std::net::IpAddr) -> Outcome<u16> {
    TcpListener::bind(SocketAddr::new(address, 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|why| Failure::new(format!("there is no free port: {why}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_put_in_by_name() {
        let ports = Ports(BTreeMap::from([("store".to_owned(), 9001)]));
        assert_eq!(ports.fill("http://localhost:{store}/x").unwrap(), "http://localhost:9001/x");
        assert_eq!(ports.fill("no braces").unwrap(), "no braces");
        assert!(ports.fill("{user}").unwrap_err().message().contains("`user`"));
    }

    #[test]
    fn a_taken_port_is_told() {
        let held = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = held.local_addr().unwrap().port();
        let why = fixed("store", port).unwrap_err();
        assert!(why.message().contains(&format!("port {port} (`store`")), "{why}");
    }
}
