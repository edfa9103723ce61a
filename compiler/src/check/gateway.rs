//! The gateway item: there is one, it listens somewhere, answers a health check, and has bounds.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::net::SocketAddr;

use super::ladder::{Ladder, Policies};
use super::settings::{self, Place};
use super::{paths, show};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{Config, Gateway, Setting, Source};
use crate::resolve::{Declared, Documented, Names, docs_text, nearest};
use crate::source::{FileId, Span};
use crate::syntax::ast;

/// Where a gateway listens that does not say: this machine only, so that nothing is open by accident.
const DEFAULT_LISTEN: &str = "127.0.0.1:8080";

/// Where a gateway answers health checks that does not say.
const DEFAULT_HEALTH: &str = "/__health";

/// The kinds of bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Count,
    Bytes,
    Time,
}

/// The bounds of the server: name, kind, least and most. Names and defaults are those of the runtime's `Limits`.
const BOUNDS: &[(&str, Unit, u64, u64)] = &[
    ("first_byte", Unit::Time, 1, 3_600_000),
    ("header", Unit::Time, 1, 3_600_000),
    ("body", Unit::Time, 1, 24 * 3_600_000),
    ("write", Unit::Time, 1, 3_600_000),
    ("idle", Unit::Time, 1, 24 * 3_600_000),
    ("age", Unit::Time, 1, 30 * 24 * 3_600_000),
    ("drain", Unit::Time, 1, 3_600_000),
    ("header_bytes", Unit::Bytes, 1024, 1 << 20),
    ("target_bytes", Unit::Bytes, 64, 64 * 1024),
    ("headers", Unit::Count, 1, 1_000),
    ("requests_per_connection", Unit::Count, 1, u32::MAX as u64),
    ("connections", Unit::Count, 1, 1_000_000),
    ("connections_per_ip", Unit::Count, 1, 1_000_000),
    ("streams", Unit::Count, 1, 10_000),
    ("in_flight", Unit::Count, 1, 1_000_000),
];

/// The gateway and what it sets for all endpoints. Where there is none, one without a name stands for it.
pub(super) fn check(
    declared: &Declared<'_>,
    names: &Names,
    policies: &mut Policies<'_>,
    diagnostics: &mut Diagnostics,
) -> (Gateway, Ladder) {
    let mut all = declared.gateways.iter();
    let first = all.next();
    for second in all {
        report_second(first, second, diagnostics);
        read(second, names, policies, diagnostics);
    }
    if let Some(item) = first {
        return read(item, names, policies, diagnostics);
    }
    if !names.incomplete {
        let start = Span::new(FileId(0), 0, 0);
        diagnostics.push(
            Diagnostic::new(
                Code::GW0108,
                "this program has no gateway",
                start,
                "none in this file, nor in those it uses",
            )
            .suggest("add one", start, "gateway Name {\n}\n\n"),
        );
    }
    (without_settings(String::new(), Span::new(FileId(0), 0, 0)), Ladder::default())
}

fn report_second(
    first: Option<&Documented<'_, ast::Gateway>>,
    second: &Documented<'_, ast::Gateway>,
    diagnostics: &mut Diagnostics,
) {
    let diagnostic = Diagnostic::new(Code::GW0109, "a program has one gateway", second.item.name.span, "the second");
    diagnostics.push(match first {
        Some(first) => diagnostic.also(first.item.name.span, "the first"),
        None => diagnostic,
    });
}

fn without_settings(name: String, origin: Span) -> Gateway {
    Gateway {
        name,
        docs: Vec::new(),
        listen: default(Config::Literal(DEFAULT_LISTEN.to_owned())),
        health: default(DEFAULT_HEALTH.to_owned()),
        limits: Vec::new(),
        origin,
    }
}

fn default<T>(value: T) -> Setting<T> {
    Setting { value, source: Source::Default, origin: None }
}

fn read(
    gateway: &Documented<'_, ast::Gateway>,
    names: &Names,
    policies: &mut Policies<'_>,
    diagnostics: &mut Diagnostics,
) -> (Gateway, Ladder) {
    let Documented { item, docs } = gateway;
    let mut model = without_settings(item.name.text.clone(), item.name.span);
    model.docs = docs_text(docs);
    let placed = settings::placed(&item.settings, Place::Gateway, names, diagnostics);
    for setting in &placed {
        let set = |source| (source, Some(setting.span));
        match &setting.kind {
            ast::SettingKind::Listen(value) => {
                if let Some(value) = settings::text(value, listen_address, diagnostics) {
                    let (source, origin) = set(Source::Gateway);
                    model.listen = Setting { value, source, origin };
                }
            }
            ast::SettingKind::Health { path, access } => {
                if let Some(value) = health(setting, path, access.as_ref(), diagnostics) {
                    let (source, origin) = set(Source::Gateway);
                    model.health = Setting { value, source, origin };
                }
            }
            ast::SettingKind::Limits(limits) => model.limits = bounds(limits, diagnostics),
            _ => {}
        }
    }
    let ladder = Ladder::read(&item.settings, &placed, &Source::Gateway, names, policies, diagnostics);
    (model, ladder)
}

/// An address of this machine and a port.
fn listen_address(text: &ast::Text) -> Result<String, Diagnostic> {
    let value = &text.value;
    let local = value.strip_prefix("localhost:").is_some_and(|port| port.parse::<u16>().is_ok());
    if local || value.parse::<SocketAddr>().is_ok() {
        return Ok(value.clone());
    }
    let diagnostic = Diagnostic::new(Code::GW0804, "this is no address to listen at", text.span, "not an address and a port")
        .note("such as `\"0.0.0.0:8080\"` for every network, `\"127.0.0.1:8080\"` for this machine only, `\"[::]:8080\"` for IPv6");
    let port = value.trim_start_matches(':');
    Err(if port.parse::<u16>().is_ok() {
        diagnostic.suggest("every network", text.span, format!("\"0.0.0.0:{port}\"")).suggest(
            "this machine only",
            text.span,
            format!("\"127.0.0.1:{port}\""),
        )
    } else {
        diagnostic
    })
}

fn health(
    setting: &ast::Setting,
    path: &ast::Text,
    access: Option<&ast::Name>,
    diagnostics: &mut Diagnostics,
) -> Option<String> {
    match access {
        Some(name) if name.text == "public" => {}
        Some(name) if name.text == "auth" => super::later::word(name, diagnostics),
        Some(name) => {
            let message = "nothing says who may read the health of this gateway";
            diagnostics.push(Diagnostic::new(Code::GW0807, message, name.span, "`public` is expected"));
        }
        None => {
            let message = "nothing says who may read the health of this gateway";
            diagnostics.push(Diagnostic::new(Code::GW0807, message, setting.span, "no access class").suggest(
                "let everybody read it",
                setting.span.at_end(),
                " public",
            ));
        }
    }
    let parsed = paths::parse(path, paths::Side::Endpoint, diagnostics)?;
    if parsed.placeholders().next().is_some() {
        diagnostics.push(Diagnostic::new(Code::GW0401, "the health path has no parameters", path.span, "has a `{…}`"));
        return None;
    }
    Some(parsed.text)
}

fn bounds(limits: &[ast::Limit], diagnostics: &mut Diagnostics) -> Vec<(String, u64)> {
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    let mut kept = Vec::new();
    for limit in limits {
        let word = limit.name.text.as_str();
        let Some((name, unit, least, most)) = BOUNDS.iter().find(|(name, ..)| *name == word) else {
            diagnostics.push(unknown_bound(&limit.name));
            continue;
        };
        if let Entry::Occupied(first) = seen.entry(name) {
            diagnostics.push(
                Diagnostic::new(Code::GW0803, format!("`{word}` is set twice"), limit.name.span, "set again here")
                    .also(*first.get(), "set first here"),
            );
            continue;
        }
        seen.insert(name, limit.name.span);
        if let Some(value) = bound(limit, *unit, (*least, *most), diagnostics) {
            kept.push(((*name).to_owned(), value));
        }
    }
    kept
}

fn bound(limit: &ast::Limit, unit: Unit, (least, most): (u64, u64), diagnostics: &mut Diagnostics) -> Option<u64> {
    let (value, written) = match limit.value {
        ast::LimitValue::Count(value) => (value, Unit::Count),
        ast::LimitValue::Bytes(value) => (value, Unit::Bytes),
        ast::LimitValue::Millis(value) => (value, Unit::Time),
    };
    let (what, unit_text) = match unit {
        Unit::Count => ("a number such as `100`", ""),
        Unit::Bytes => ("a size such as `32kib`", " bytes"),
        Unit::Time => ("a time such as `10s`", "ms"),
    };
    let message = format!("this is no value for `{}`", limit.name.text);
    if written != unit {
        diagnostics.push(Diagnostic::new(Code::GW0804, message, limit.span, format!("{what} is expected")));
        return None;
    }
    if !(least..=most).contains(&value) {
        let label = format!("from {least}{unit_text} to {most}{unit_text} is possible");
        diagnostics.push(Diagnostic::new(Code::GW0804, message, limit.span, label));
        return None;
    }
    Some(value)
}

fn unknown_bound(name: &ast::Name) -> Diagnostic {
    let known = || BOUNDS.iter().map(|(name, ..)| *name);
    let diagnostic = Diagnostic::new(Code::GW0812, format!("there is no bound `{}`", name.text), name.span, "unknown");
    match nearest(&name.text, known()) {
        Some(near) => diagnostic.fix(format!("did you mean `{near}`?"), name.span, near),
        None => diagnostic.note(format!("expected {}", show::alternatives(known()))),
    }
}
