//! Settings: which stand where, each once, and what their values may be.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::{later, show};
use crate::diagnostic::later::knows;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::Config;
use crate::resolve::{Names, nearest};
use crate::source::Span;
use crate::syntax::ast::{LiteralKind, Name, Setting, SettingKind, SettingValue, SourceCall, Spanned, Text};

/// The items that have settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Gateway,
    Group,
    Policy,
    Endpoint,
    Service,
    Operation,
}

use Place::{Endpoint, Gateway, Group, Operation, Policy, Service};

/// Every setting of this version and where it may stand.
const PLACES: &[(&str, &[Place])] = &[
    ("absent", &[Operation]),
    ("body", &[Gateway, Group, Policy, Endpoint]),
    ("connect", &[Service]),
    ("health", &[Gateway]),
    ("idempotent", &[Operation]),
    ("limits", &[Gateway]),
    ("listen", &[Gateway]),
    ("public", &[Gateway, Group, Policy, Endpoint]),
    ("relay", &[Operation]),
    ("response", &[Service, Operation]),
    ("timeout", &[Gateway, Group, Policy, Endpoint, Service, Operation]),
    ("use", &[Gateway, Group, Endpoint]),
];

impl Place {
    const fn noun(self) -> &'static str {
        match self {
            Self::Gateway => "the gateway",
            Self::Group => "a group",
            Self::Policy => "a policy",
            Self::Endpoint => "an endpoint",
            Self::Service => "a service",
            Self::Operation => "an operation",
        }
    }
}

/// The settings that may stand here, the first of each name; all others are reported.
pub(super) fn placed<'a>(
    settings: &'a [Setting],
    place: Place,
    names: &Names,
    diagnostics: &mut Diagnostics,
) -> Vec<&'a Setting> {
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    let mut kept = Vec::new();
    for setting in settings {
        let word = setting.name.text.as_str();
        match setting.kind {
            SettingKind::Later if word == "auth" && names.auth_refused => continue,
            SettingKind::Later => {
                later::word(&setting.name, diagnostics);
                continue;
            }
            SettingKind::Unknown => {
                diagnostics.push(unknown(&setting.name, place));
                continue;
            }
            _ => {}
        }
        let places = PLACES.iter().find(|(name, _)| *name == word).map_or(&[][..], |(_, places)| *places);
        if !places.contains(&place) {
            diagnostics.push(misplaced(&setting.name, place, places));
            continue;
        }
        match seen.entry(word) {
            Entry::Occupied(first) if word != "use" => {
                diagnostics.push(
                    Diagnostic::new(
                        Code::GW0803,
                        format!("`{word}` is set twice"),
                        setting.name.span,
                        "set again here",
                    )
                    .also(*first.get(), "set first here"),
                );
                continue;
            }
            Entry::Occupied(_) => {}
            Entry::Vacant(free) => {
                free.insert(setting.name.span);
            }
        }
        kept.push(setting);
    }
    kept
}

/// Whether one of the settings is refused with "not yet" under that word: what it would have said is not known.
pub(super) fn refuses(settings: &[Setting], word: &str) -> bool {
    settings.iter().any(|setting| setting.kind == SettingKind::Later && setting.name.text == word)
}

fn unknown(name: &Name, place: Place) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(Code::GW0801, format!("there is no setting `{}`", name.text), name.span, "unknown");
    let here = || PLACES.iter().filter(|(_, places)| places.contains(&place)).map(|(word, _)| *word);
    match nearest(&name.text, here()) {
        Some(near) => diagnostic.fix(format!("did you mean `{near}`?"), name.span, near),
        None => diagnostic.note(format!("{} may have {}", place.noun(), show::alternatives(here()))),
    }
}

fn misplaced(name: &Name, place: Place, places: &[Place]) -> Diagnostic {
    let message = format!("`{}` is no setting of {}", name.text, place.noun());
    let homes: Vec<&str> = places.iter().map(|place| place.noun()).collect();
    let diagnostic = Diagnostic::new(Code::GW0802, message, name.span, "not allowed here");
    match homes.split_last() {
        None => diagnostic,
        Some((only, [])) => diagnostic.note(format!("it stands on {only}")),
        Some((last, rest)) => diagnostic.note(format!("it stands on {} or {last}", rest.join(", "))),
    }
}

// ── values ───────────────────────────────────────────────────────────────────────────────────────────────────────

/// A kind of number with its bounds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quantity {
    /// What one is called, and an example.
    what: &'static str,
    /// Whether it is a time in milliseconds, else a size in bytes.
    time: bool,
    least: u64,
    most: u64,
    most_text: &'static str,
}

/// How long something may take, in milliseconds.
pub(super) const TIME: Quantity =
    Quantity { what: "a time such as `2s` or `500ms`", time: true, least: 1, most: 24 * 3_600_000, most_text: "24h" };

/// How large something may be, in bytes.
pub(super) const SIZE: Quantity =
    Quantity { what: "a size such as `64kib` or `2mb`", time: false, least: 1, most: 1 << 30, most_text: "1gib" };

/// A time or a size, written or from the environment.
pub(super) fn quantity(
    value: &SettingValue<Spanned<u64>>,
    kind: Quantity,
    diagnostics: &mut Diagnostics,
) -> Option<Config<u64>> {
    match value {
        SettingValue::Literal(number) => in_bounds(number.value, number.span, kind, diagnostics).map(Config::Literal),
        SettingValue::Source(call) => {
            let name = variable(call, diagnostics)?;
            let Some(default) = &call.default else { return Some(Config::Env { name, default: None }) };
            let number = match (&default.kind, kind.time) {
                (LiteralKind::Duration(value), true) | (LiteralKind::Size(value), false) => *value,
                _ => {
                    let message = format!("the default of `{name}` has the wrong kind");
                    let label = format!("{} is expected", kind.what);
                    diagnostics.push(Diagnostic::new(Code::GW0804, message, default.span, label));
                    return None;
                }
            };
            let default = in_bounds(number, default.span, kind, diagnostics)?;
            Some(Config::Env { name, default: Some(default) })
        }
    }
}

fn in_bounds(value: u64, span: Span, kind: Quantity, diagnostics: &mut Diagnostics) -> Option<u64> {
    if (kind.least..=kind.most).contains(&value) {
        return Some(value);
    }
    let (message, label) = if value < kind.least {
        ("this would let nothing through".to_owned(), "is zero".to_owned())
    } else {
        ("this is more than a gateway should bear".to_owned(), format!("at most {}", kind.most_text))
    };
    diagnostics.push(Diagnostic::new(Code::GW0804, message, span, label));
    None
}

/// The variable that `env("X")` names; every other source is reported.
pub(super) fn variable(call: &SourceCall, diagnostics: &mut Diagnostics) -> Option<String> {
    let function = &call.function;
    if function.text != "env" {
        if knows(&function.text) {
            later::word(function, diagnostics);
        } else {
            let message = format!("there is no source `{}`", function.text);
            let mut diagnostic = Diagnostic::new(Code::GW0805, message, function.span, "`env` is expected");
            if nearest(&function.text, ["env"]).is_some() {
                diagnostic = diagnostic.fix("did you mean `env`?", function.span, "env");
            }
            diagnostics.push(diagnostic);
        }
        return None;
    }
    let named = call.argument.as_ref().filter(|name| is_variable(&name.value));
    if named.is_none() {
        let span = call.argument.as_ref().map_or(call.span, |name| name.span);
        diagnostics.push(
            Diagnostic::new(Code::GW0805, "`env` names a variable of the environment", span, "no name of a variable")
                .note("letters, digits and `_`, such as `env(\"USERS_URL\")`"),
        );
    }
    named.map(|name| name.value.clone())
}

fn is_variable(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// A text, written or from the environment; `fits` says why one is none.
pub(super) fn text(
    value: &SettingValue<Text>,
    fits: impl Fn(&Text) -> Result<String, Diagnostic>,
    diagnostics: &mut Diagnostics,
) -> Option<Config<String>> {
    match value {
        SettingValue::Literal(text) => keep(fits(text), diagnostics).map(Config::Literal),
        SettingValue::Source(call) => env_text(call, fits, diagnostics),
    }
}

/// `env("X", "default")` whose default must fit.
pub(super) fn env_text(
    call: &SourceCall,
    fits: impl Fn(&Text) -> Result<String, Diagnostic>,
    diagnostics: &mut Diagnostics,
) -> Option<Config<String>> {
    let name = variable(call, diagnostics)?;
    let Some(default) = &call.default else { return Some(Config::Env { name, default: None }) };
    let LiteralKind::String(value) = &default.kind else {
        let message = format!("the default of `{name}` has the wrong kind");
        diagnostics.push(Diagnostic::new(Code::GW0804, message, default.span, "a string is expected"));
        return None;
    };
    let default = keep(fits(&Text { value: value.clone(), span: default.span }), diagnostics)?;
    Some(Config::Env { name, default: Some(default) })
}

fn keep<T>(result: Result<T, Diagnostic>, diagnostics: &mut Diagnostics) -> Option<T> {
    result.map_err(|diagnostic| diagnostics.push(diagnostic)).ok()
}
