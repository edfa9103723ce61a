//! The heads of endpoints: groups add prefixes and settings, and each endpoint ends up with a path, parameters and limits.

use super::ladder::{Ladder, Policies};
use super::params::{self, Scope};
use super::paths::{self, Side, Written};
use super::services;
use super::settings::{self, Place};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{Access, EndpointHead, Method, Setting, Source, TypeDecl};
use crate::resolve::{Declared, Names, docs_text};
use crate::source::Span;
use crate::syntax::ast;

/// An endpoint whose body is still to be checked.
#[derive(Debug)]
pub(super) struct Headed<'a> {
    /// Its tree.
    pub(super) item: &'a ast::Endpoint,
    /// What is known of it.
    pub(super) head: EndpointHead,
    /// Whether its path could be read, so that it can be compared with others.
    pub(super) has_path: bool,
}

/// The heads of all endpoints, in source order.
pub(super) fn check<'a>(
    declared: &Declared<'a>,
    names: &Names,
    types: &[TypeDecl],
    (ladder, policies): (&Ladder, &mut Policies<'_>),
    diagnostics: &mut Diagnostics,
) -> Vec<Headed<'a>> {
    let mut walk = Walk { names, types, policies, diagnostics, found: Vec::new() };
    let top = Around { prefix: Some(Written::default()), ladder: ladder.clone() };
    for item in &declared.roots {
        walk.item(item, &top);
    }
    walk.found
}

/// What stands around an item.
struct Around {
    /// The prefixes of all groups; `None` where one of them is malformed.
    prefix: Option<Written>,
    ladder: Ladder,
}

struct Walk<'a, 'w, 'p> {
    names: &'w Names,
    types: &'w [TypeDecl],
    policies: &'w mut Policies<'p>,
    diagnostics: &'w mut Diagnostics,
    found: Vec<Headed<'a>>,
}

impl<'a> Walk<'a, '_, '_> {
    fn item(&mut self, item: &'a ast::Item, around: &Around) {
        match &item.kind {
            ast::ItemKind::Group(group) => self.group(group, around),
            ast::ItemKind::Endpoint(endpoint) => self.endpoint(endpoint, &item.docs, around),
            ast::ItemKind::Use(_)
            | ast::ItemKind::Gateway(_)
            | ast::ItemKind::Type(_)
            | ast::ItemKind::Enum(_)
            | ast::ItemKind::Policy(_)
            | ast::ItemKind::Service(_)
            | ast::ItemKind::Later(_) => {}
        }
    }

    fn group(&mut self, group: &'a ast::Group, around: &Around) {
        let own = paths::parse_prefix(&group.prefix, self.diagnostics);
        let prefix = match (&around.prefix, own) {
            (Some(outer), Some(own)) => {
                self.report_repeated(outer, &own);
                Some(own.under(outer))
            }
            _ => None,
        };
        let name = prefix.as_ref().map_or_else(|| group.prefix.value.clone(), |prefix| prefix.text.clone());
        let ladder = self.read(&group.settings, Place::Group, &Source::Group(name)).or(&around.ladder);
        let inside = Around { prefix, ladder };
        for item in &group.items {
            self.item(item, &inside);
        }
    }

    fn endpoint(&mut self, item: &'a ast::Endpoint, docs: &[ast::Text], around: &Around) {
        let own = paths::parse(&item.head.path, Side::Endpoint, self.diagnostics);
        let path = match (&around.prefix, own) {
            (Some(prefix), Some(own)) => {
                self.report_repeated(prefix, &own);
                Some(own.under(prefix))
            }
            _ => None,
        };
        let ladder = self.read(&item.settings, Place::Endpoint, &Source::Endpoint).or(&around.ladder);
        let method = services::method(&item.head.method.text).unwrap_or(Method::Get);
        let scope = Scope { names: self.names, types: self.types, side: Side::Endpoint, method };
        let (params, pattern) = params::check(&item.head, path.as_ref(), scope, self.diagnostics);
        let head = EndpointHead {
            name: item.head.name.text.clone(),
            docs: docs_text(docs),
            method,
            path: pattern,
            params,
            timeout: ladder.timeout(),
            body: ladder.body(),
            access: self.access(item, &ladder),
            origin: item.head.name.span,
        };
        self.found.push(Headed { item, head, has_path: path.is_some() });
    }

    fn read(&mut self, all: &[ast::Setting], place: Place, source: &Source) -> Ladder {
        let placed = settings::placed(all, place, self.names, self.diagnostics);
        Ladder::read(all, &placed, source, self.names, self.policies, self.diagnostics)
    }

    /// Open to everybody is never what silence means.
    fn access(&mut self, item: &ast::Endpoint, ladder: &Ladder) -> Setting<Access> {
        if let Some(access) = ladder.access() {
            return access;
        }
        let message = format!("nothing says who may call `{}`", item.head.name.text);
        let mut diagnostic = Diagnostic::new(Code::GW0807, message, item.head.name.span, "no access class")
            .note("an endpoint is `public`, itself or by its group, a policy or the gateway; `auth` is not built yet");
        if let Some(first) = first_inside(item) {
            diagnostic = diagnostic.suggest("let everybody call it", first.at_start(), "public\n    ");
        }
        self.diagnostics.push(diagnostic);
        Setting { value: Access::Public, source: Source::Default, origin: None }
    }

    fn report_repeated(&mut self, prefix: &Written, own: &Written) {
        for placeholder in own.placeholders() {
            if let Some(first) = prefix.placeholders().find(|other| other.name == placeholder.name) {
                self.diagnostics.push(paths::repeated(placeholder, first.span));
            }
        }
    }
}

/// Where the first thing inside the braces stands.
fn first_inside(item: &ast::Endpoint) -> Option<Span> {
    let setting = item.settings.first().map(|setting| setting.span);
    let statement = item.statements.first().map(|statement| match statement {
        ast::Statement::Let(statement) => statement.span,
        ast::Statement::Check(statement) => statement.span,
    });
    setting.or(statement).or(item.result.as_ref().map(|result| result.span))
}
