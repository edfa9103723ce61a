//! What endpoints inherit: gateway → group → endpoint, each with the policies it uses. The nearest wins.
//!
//! What an item says itself wins over the policies that it uses, and both win over what stands around it.

use std::collections::{BTreeMap, BTreeSet};

use super::settings::{self, Place, SIZE, TIME};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{Access, Config, Setting, Source};
use crate::resolve::{Declared, Names, nearest};
use crate::syntax::ast::{self, SettingKind};

/// How long an answer may take where nobody says, ms.
const DEFAULT_TIMEOUT: u64 = 2_000;

/// How large a client's body may be where nobody says, bytes.
const DEFAULT_BODY: u64 = 1024 * 1024;

/// What is set so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Ladder {
    timeout: Option<Setting<Config<u64>>>,
    body: Option<Setting<Config<u64>>>,
    /// `None` inside: it is said, and refused with "not yet".
    access: Option<Setting<Option<Access>>>,
}

impl Ladder {
    /// What an item sets by itself and by the policies that it uses. `placed` are those of `all` that may stand on it.
    pub(super) fn read<'a>(
        all: &'a [ast::Setting],
        placed: &[&'a ast::Setting],
        source: &Source,
        names: &Names,
        policies: &mut Policies<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let own = Self::own(all, placed, source, diagnostics);
        let mut used: Vec<(&ast::Name, &Ladder)> = Vec::new();
        for name in placed.iter().filter_map(|setting| used_policy(setting)) {
            if used.iter().any(|(other, _)| other.text == name.text) {
                let message = format!("`use {}` is written twice", name.text);
                diagnostics.push(Diagnostic::new(Code::GW0803, message, name.span, "used again here"));
                continue;
            }
            policies.used.insert(name.text.clone());
            match policies.by_name.get(name.text.as_str()) {
                Some(ladder) => used.push((name, ladder)),
                None if names.excuses(&name.text) => {}
                None => diagnostics.push(unknown_policy(name, policies)),
            }
        }
        report_conflicts(&used, diagnostics);
        used.into_iter().fold(own, |own, (_, policy)| own.or(policy))
    }

    fn own(all: &[ast::Setting], placed: &[&ast::Setting], source: &Source, diagnostics: &mut Diagnostics) -> Self {
        let mut own = Self::default();
        for setting in placed {
            let from = |value| Setting { value, source: source.clone(), origin: Some(setting.span) };
            match &setting.kind {
                SettingKind::Timeout(value) => own.timeout = settings::quantity(value, TIME, diagnostics).map(from),
                SettingKind::Body(value) => own.body = settings::quantity(value, SIZE, diagnostics).map(from),
                SettingKind::Public => {
                    let origin = Some(setting.span);
                    own.access = Some(Setting { value: Some(Access::Public), source: source.clone(), origin });
                }
                _ => {}
            }
        }
        if settings::refuses(all, "auth") {
            own.access = Some(Setting { value: None, source: source.clone(), origin: None });
        }
        own
    }

    /// This, and what stands around it where this says nothing.
    pub(super) fn or(self, outer: &Self) -> Self {
        Self {
            timeout: self.timeout.or_else(|| outer.timeout.clone()),
            body: self.body.or_else(|| outer.body.clone()),
            access: self.access.or_else(|| outer.access.clone()),
        }
    }

    /// How long an answer may take.
    pub(super) fn timeout(&self) -> Setting<Config<u64>> {
        self.timeout.clone().unwrap_or_else(|| default(DEFAULT_TIMEOUT))
    }

    /// How large a client's body may be.
    pub(super) fn body(&self) -> Setting<Config<u64>> {
        self.body.clone().unwrap_or_else(|| default(DEFAULT_BODY))
    }

    /// Who may call; `None` where nobody says.
    pub(super) fn access(&self) -> Option<Setting<Access>> {
        self.access.as_ref().map(|access| Setting {
            value: access.value.unwrap_or(Access::Public),
            source: access.source.clone(),
            origin: access.origin,
        })
    }

    /// The settings that are set, by name.
    fn set(&self) -> [(&'static str, bool); 3] {
        [
            ("`timeout`", self.timeout.is_some()),
            ("`body`", self.body.is_some()),
            ("who may call", self.access.is_some()),
        ]
    }
}

fn default(value: u64) -> Setting<Config<u64>> {
    Setting { value: Config::Literal(value), source: Source::Default, origin: None }
}

fn used_policy(setting: &ast::Setting) -> Option<&ast::Name> {
    match &setting.kind {
        SettingKind::Use(name) => Some(name),
        _ => None,
    }
}

/// Two policies that one item uses must not set one thing: which of them wins would be a guess.
fn report_conflicts(used: &[(&ast::Name, &Ladder)], diagnostics: &mut Diagnostics) {
    for (at, (name, ladder)) in used.iter().enumerate() {
        for (other, before) in used.iter().take(at) {
            let both: Vec<&str> = before
                .set()
                .iter()
                .zip(ladder.set())
                .filter(|((_, first), (_, second))| *first && *second)
                .map(|((what, _), _)| *what)
                .collect();
            if both.is_empty() {
                continue;
            }
            let message = format!("`{}` and `{}` both set {}", other.text, name.text, both.join(" and "));
            diagnostics.push(
                Diagnostic::new(Code::GW0806, message, name.span, "sets it too")
                    .also(other.span, "sets it")
                    .note("what an item sets itself wins over its policies, but of two policies none is nearer"),
            );
        }
    }
}

fn unknown_policy(name: &ast::Name, policies: &Policies<'_>) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::GW0205, format!("there is no policy `{}`", name.text), name.span, "unknown");
    match nearest(&name.text, policies.by_name.keys().copied()) {
        Some(near) => diagnostic.fix(format!("did you mean `{near}`?"), name.span, near),
        None => diagnostic,
    }
}

/// Every policy by its name, and which of them something uses.
#[derive(Debug, Default)]
pub(super) struct Policies<'a> {
    by_name: BTreeMap<&'a str, Ladder>,
    used: BTreeSet<String>,
}

impl<'a> Policies<'a> {
    /// Reads all policies; of two with one name the first counts.
    pub(super) fn read(declared: &Declared<'a>, names: &Names, diagnostics: &mut Diagnostics) -> Self {
        let mut policies = Self::default();
        let mut none = Self::default();
        for item in &declared.policies {
            let source = Source::Policy(item.name.text.clone());
            let placed = settings::placed(&item.settings, Place::Policy, names, diagnostics);
            let ladder = Ladder::read(&item.settings, &placed, &source, names, &mut none, diagnostics);
            policies.by_name.entry(&item.name.text).or_insert(ladder);
        }
        policies
    }

    /// Whether something uses the policy of that name.
    pub(super) fn is_used(&self, name: &str) -> bool {
        self.used.contains(name)
    }
}
