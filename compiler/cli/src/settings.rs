//! `gatewright.toml`: which file is the root, and what `gw run` starts beside the gateway.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::failure::{Failure, Outcome};

/// The file's name.
pub(crate) const FILE: &str = "gatewright.toml";

/// What the file says. Everything may be left out.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct Settings {
    /// The file with the `gateway`, beside or below this one.
    pub(crate) root: Option<String>,
    /// Ports by name; `{name}` stands for one in the texts below.
    pub(crate) ports: BTreeMap<String, Port>,
    /// Variables for the gateway, where the environment does not have them.
    pub(crate) env: BTreeMap<String, String>,
    /// For each variable with a service's address: requests (`GET /quote`) and the files that answer them.
    pub(crate) stand_ins: BTreeMap<String, BTreeMap<String, String>>,
    /// What runs beside the gateway, in the order of their start.
    pub(crate) processes: Vec<Process>,
}

/// A port: one number, or any that is free.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum Port {
    /// This one.
    Fixed(u16),
    /// `"free"`
    Word(Word),
}

/// The words that can stand for a port.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Word {
    /// Any port that nobody listens on.
    Free,
}

/// A helper.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Process {
    /// What its lines are marked with.
    pub(crate) name: String,
    /// The program and its arguments; it starts in the folder of this file.
    pub(crate) command: Vec<String>,
    /// Variables for it.
    #[serde(default)]
    pub(crate) env: BTreeMap<String, String>,
    /// When it is ready: an `http://` address that answers 2xx, or a `host:port` that takes connections.
    #[serde(default)]
    pub(crate) ready: OneOrMany,
}

/// A text, or a list of them.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum OneOrMany {
    /// One.
    One(String),
    /// A list.
    Many(Vec<String>),
}

impl Default for OneOrMany {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl OneOrMany {
    /// All of them.
    pub(crate) fn as_slice(&self) -> &[String] {
        match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::Many(list) => list,
        }
    }
}

impl Settings {
    /// What the file in this folder says; nothing, where there is none.
    pub(crate) fn read(folder: &Path) -> Outcome<Option<Self>> {
        let path = folder.join(FILE);
        if !path.is_file() {
            return Ok(None);
        }
        let text = fs::read_to_string(&path).map_err(|why| Failure::file("read", &path, &why))?;
        Self::parse(&text).map(Some).map_err(|why| {
            Failure::new(format!("{} can't be understood", path.display())).note(why.to_string().trim_end())
        })
    }

    fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_part() {
        let settings = Settings::parse(
            r#"
            root = "shop.gw"
            ports = { store = "free", users = 9002 }
            env = { STORE_URL = "http://localhost:{store}" }
            stand-ins.QUOTES_URL = { "GET /quote" = "stand-ins/quote.json" }
            [[processes]]
            name = "upstreams"
            command = ["cargo", "run"]
            ready = "localhost:{users}"
            "#,
        )
        .unwrap();
        assert_eq!(settings.root.as_deref(), Some("shop.gw"));
        assert!(matches!(settings.ports["store"], Port::Word(Word::Free)));
        assert!(matches!(settings.ports["users"], Port::Fixed(9002)));
        assert_eq!(settings.stand_ins["QUOTES_URL"]["GET /quote"], "stand-ins/quote.json");
        assert_eq!(settings.processes[0].ready.as_slice(), ["localhost:{users}"]);
    }

    #[test]
    fn names_what_it_does_not_know() {
        let why = Settings::parse("rot = 'shop.gw'").unwrap_err().to_string();
        assert!(why.contains("unknown field `rot`"), "{why}");
    }
}
