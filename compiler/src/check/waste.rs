//! Waste: what is declared and nothing uses. Told only of programs without errors, so that no warning is an error's echo.
//!
//! A file that declares no gateway and no endpoint may be shared with other gateways, so what one of them leaves unused
//! is no waste there; such a file is waste where nothing in it is used.

mod uses;

use std::collections::{BTreeMap, BTreeSet};

use super::ladder::Policies;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::load::Program;
use crate::model::TypeId;
use crate::resolve::Declared;
use crate::source::{FileId, Span};
use crate::syntax::ast;
use crate::typed::{Endpoint, Typed};

use uses::Uses;

/// Warns of everything that nothing uses.
pub(super) fn check(
    program: &Program,
    declared: &Declared<'_>,
    policies: &Policies<'_>,
    typed: &Typed,
    diagnostics: &mut Diagnostics,
) {
    let uses = Uses::collect(declared, typed);
    let shared = shared_files(program);
    let mut waste = Waste { shared: &shared, used_files: BTreeSet::new(), diagnostics };

    types(typed, &uses, &mut waste);
    for (id, service) in typed.model.services.iter().enumerate() {
        waste.judge(Code::GW0702, "service", &service.name, service.origin, uses.services.contains(&id));
    }
    for policy in &declared.policies {
        waste.judge(Code::GW0703, "policy", &policy.name.text, policy.name.span, policies.is_used(&policy.name.text));
    }
    let used_files = waste.used_files;
    files(program, &shared, &used_files, diagnostics);
    repeated_uses(program, diagnostics);
    for endpoint in &typed.endpoints {
        params(endpoint, diagnostics);
    }
}

struct Waste<'a> {
    shared: &'a BTreeSet<FileId>,
    used_files: BTreeSet<FileId>,
    diagnostics: &'a mut Diagnostics,
}

impl Waste<'_> {
    fn judge(&mut self, code: Code, noun: &str, name: &str, origin: Span, used: bool) {
        if used {
            self.used_files.insert(origin.file);
        } else if !self.shared.contains(&origin.file) {
            let message = format!("nothing uses the {noun} `{name}`");
            self.diagnostics.push(Diagnostic::new(code, message, origin, "never used"));
        }
    }
}

/// Files that other gateways may use too.
fn shared_files(program: &Program) -> BTreeSet<FileId> {
    let own = |item: &ast::Item| {
        matches!(item.kind, ast::ItemKind::Gateway(_) | ast::ItemKind::Endpoint(_) | ast::ItemKind::Group(_))
    };
    program.files.iter().filter(|file| !file.tree.items.iter().any(own)).map(|file| file.id).collect()
}

/// A type that only an unused type names is that one's waste, not its own.
fn types(typed: &Typed, uses: &Uses, waste: &mut Waste<'_>) {
    let all = (0..typed.model.types.len()).map(TypeId);
    let unused: BTreeSet<TypeId> = all.filter(|id| !uses.types.contains(id)).collect();
    let mut named: BTreeMap<TypeId, BTreeSet<TypeId>> = BTreeMap::new();
    for id in &unused {
        for other in uses::named_by(typed, *id) {
            if other != *id {
                named.entry(other).or_default().insert(*id);
            }
        }
    }
    let mut told: BTreeSet<TypeId> = BTreeSet::new();
    // First those that nothing names at all, then what is left: types that name each other.
    for round in [true, false] {
        for (id, decl) in typed.model.types.iter().enumerate().map(|(id, decl)| (TypeId(id), decl)) {
            if round {
                waste.used_files.extend(uses.types.contains(&id).then_some(decl.origin.file));
            }
            if !unused.contains(&id) || told.contains(&id) || (round && named.contains_key(&id)) {
                continue;
            }
            waste.judge(Code::GW0701, "type", &decl.name, decl.origin, false);
            told.extend(uses::reached(typed, [id]));
        }
    }
}

/// A shared file of which nothing is used, by whatever way.
fn files(program: &Program, shared: &BTreeSet<FileId>, used: &BTreeSet<FileId>, diagnostics: &mut Diagnostics) {
    let mut needed: BTreeSet<FileId> = used.clone();
    // A file that leads on to a used one is used; chains are short, and there are no circles by now.
    for _ in 0..program.files.len() {
        let before = needed.len();
        for file in &program.files {
            if file.uses.iter().any(|(_, target)| needed.contains(target)) {
                needed.insert(file.id);
            }
        }
        if needed.len() == before {
            break;
        }
    }
    for (span, target) in program.files.iter().flat_map(|file| &file.uses) {
        if shared.contains(target) && !needed.contains(target) && !needed_by_waste(program, span.file, &needed, shared)
        {
            let name = program.sources.get(*target).map_or("", |source| source.name.as_str());
            let message = format!("nothing of `{name}` is used");
            diagnostics.push(Diagnostic::new(Code::GW0705, message, *span, "used for nothing"));
        }
    }
}

/// Whether the file that says `use` is itself one of which nothing is used: then that is the one to tell of.
fn needed_by_waste(program: &Program, file: FileId, needed: &BTreeSet<FileId>, shared: &BTreeSet<FileId>) -> bool {
    let is_root = program.files.first().is_some_and(|root| root.id == file);
    !is_root && shared.contains(&file) && !needed.contains(&file)
}

fn repeated_uses(program: &Program, diagnostics: &mut Diagnostics) {
    for file in &program.files {
        let mut seen: BTreeMap<FileId, Span> = BTreeMap::new();
        for (span, target) in &file.uses {
            let Some(first) = seen.get(target) else {
                seen.insert(*target, *span);
                continue;
            };
            let name = program.sources.get(*target).map_or("", |source| source.name.as_str());
            let message = format!("`{name}` is used twice in one file");
            diagnostics.push(Diagnostic::new(Code::GW0706, message, *span, "again here").also(*first, "first here"));
        }
    }
}

/// A parameter that a client must send and nothing reads. `_name` says that this is meant.
fn params(endpoint: &Endpoint, diagnostics: &mut Diagnostics) {
    let used = uses::params(endpoint);
    for (place, param) in endpoint.head.params.iter().enumerate() {
        if !used.contains(&place) && !param.name.starts_with('_') {
            let message = format!("`{}` never uses its parameter `{}`", endpoint.head.name, param.name);
            diagnostics.push(
                Diagnostic::new(Code::GW0704, message, param.origin, "never used")
                    .note("a name that begins with `_` says that this is meant"),
            );
        }
    }
}
