//! What a program declares, out of the trees of its files and into lists, and the ids of all names.
//!
//! The place in a list is the id. An item that repeats a name stays in its list, so that its inside is checked too.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::{Names, TypeShape, case};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::load::Program;
use crate::model::{OperationId, ServiceId, TypeId};
use crate::source::Span;
use crate::syntax::ast;

/// An item and the documentation above it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Documented<'a, T> {
    /// The item.
    pub(crate) item: &'a T,
    /// Its documentation.
    pub(crate) docs: &'a [ast::Text],
}

/// A `type` or an `enum`.
#[derive(Debug, Clone, Copy)]
pub(crate) enum DeclaredType<'a> {
    /// `type`
    Type(&'a ast::TypeItem),
    /// `enum`
    Enum(&'a ast::EnumItem),
}

impl<'a> DeclaredType<'a> {
    /// Its name.
    pub(crate) fn name(self) -> &'a ast::Name {
        match self {
            Self::Type(item) => &item.name,
            Self::Enum(item) => &item.name,
        }
    }

    /// What `type X = …` stands for.
    pub(crate) fn written_base(self) -> Option<&'a ast::TypeExpr> {
        match self {
            Self::Type(ast::TypeItem { body: ast::TypeBody::Alias(base), .. }) => Some(base),
            Self::Type(_) | Self::Enum(_) => None,
        }
    }

    /// Whether a part of it could not be read.
    fn is_broken(self) -> bool {
        match self {
            Self::Type(item) => item.broken,
            Self::Enum(item) => item.broken,
        }
    }

    fn shape(self) -> TypeShape {
        match self {
            Self::Type(ast::TypeItem { body: ast::TypeBody::Alias(_), .. }) => TypeShape::Alias,
            Self::Type(ast::TypeItem { body: ast::TypeBody::Object { .. }, .. }) => TypeShape::Object,
            Self::Enum(_) => TypeShape::Enum,
        }
    }
}

/// Everything that a program declares, in source order, files in the order in which they were loaded.
#[derive(Debug, Default)]
pub(crate) struct Declared<'a> {
    /// Every `gateway`; one is right.
    pub(crate) gateways: Vec<Documented<'a, ast::Gateway>>,
    /// By `TypeId`.
    pub(crate) types: Vec<(DeclaredType<'a>, &'a [ast::Text])>,
    /// By `ServiceId`; their operations one after the other make the `OperationId`s.
    pub(crate) services: Vec<Documented<'a, ast::Service>>,
    /// Every `policy`.
    pub(crate) policies: Vec<&'a ast::Policy>,
    /// Groups and endpoints that stand in no group.
    pub(crate) roots: Vec<&'a ast::Item>,
    /// Every endpoint, those in groups included.
    pub(crate) endpoints: Vec<&'a ast::Endpoint>,
    /// What is refused with "not yet".
    pub(crate) later: Vec<&'a ast::Later>,
}

/// The lines of documentation, owned.
pub(crate) fn docs_text(docs: &[ast::Text]) -> Vec<String> {
    docs.iter().map(|line| line.value.clone()).collect()
}

/// Sorts the items of all files into lists.
pub(super) fn collect(program: &Program) -> Declared<'_> {
    let mut declared = Declared::default();
    for item in program.files.iter().flat_map(|file| &file.tree.items) {
        let docs = item.docs.as_slice();
        match &item.kind {
            ast::ItemKind::Use(_) => {}
            ast::ItemKind::Gateway(item) => declared.gateways.push(Documented { item, docs }),
            ast::ItemKind::Type(item) => declared.types.push((DeclaredType::Type(item), docs)),
            ast::ItemKind::Enum(item) => declared.types.push((DeclaredType::Enum(item), docs)),
            ast::ItemKind::Policy(item) => declared.policies.push(item),
            ast::ItemKind::Service(item) => declared.services.push(Documented { item, docs }),
            ast::ItemKind::Group(_) | ast::ItemKind::Endpoint(_) => {
                declared.roots.push(item);
                collect_endpoints(item, &mut declared.endpoints);
            }
            ast::ItemKind::Later(item) => declared.later.push(item),
        }
    }
    declared
}

fn collect_endpoints<'a>(item: &'a ast::Item, endpoints: &mut Vec<&'a ast::Endpoint>) {
    match &item.kind {
        ast::ItemKind::Endpoint(endpoint) => endpoints.push(endpoint),
        ast::ItemKind::Group(group) => group.items.iter().for_each(|item| collect_endpoints(item, endpoints)),
        ast::ItemKind::Use(_)
        | ast::ItemKind::Gateway(_)
        | ast::ItemKind::Type(_)
        | ast::ItemKind::Enum(_)
        | ast::ItemKind::Policy(_)
        | ast::ItemKind::Service(_)
        | ast::ItemKind::Later(_) => {}
    }
}

/// Gives every name its id, and reports those that two declarations share.
pub(super) fn name(program: &Program, declared: &Declared<'_>, diagnostics: &mut Diagnostics) -> Names {
    let mut names = Names {
        incomplete: program.incomplete || program.files.iter().any(|file| file.tree.broken),
        type_shapes: declared.types.iter().map(|(item, _)| item.shape()).collect(),
        ..Names::default()
    };
    let mut taken = Taken { spaces: BTreeMap::new(), diagnostics };

    for (id, (item, _)) in declared.types.iter().enumerate() {
        if taken.take(Space::Capital, item.name()) {
            names.types.insert(item.name().text.clone(), TypeId(id));
        }
    }
    name_as_meant(declared, &mut names);
    let mut next_operation = 0;
    for (id, Documented { item, .. }) in declared.services.iter().enumerate() {
        if taken.take(Space::Capital, &item.name) {
            names.services.insert(item.name.text.clone(), ServiceId(id));
        }
        for operation in &item.operations {
            if taken.take(Space::Operations(id), &operation.head.name) {
                let key = (ServiceId(id), operation.head.name.text.clone());
                names.operations.insert(key, OperationId(next_operation));
            }
            next_operation += 1;
        }
    }
    for item in &declared.later {
        if let Some(name) = &item.name {
            let space = if item.keyword.text == "union" { Space::Capital } else { Space::Lower };
            taken.take(space, name);
            names.refused.insert(name.text.clone(), name.span);
        }
        names.auth_refused |= item.keyword.text == "auth";
    }
    names.refused.extend(written_lower(declared));
    for policy in &declared.policies {
        taken.take(Space::Policies, &policy.name);
    }
    for endpoint in &declared.endpoints {
        taken.take(Space::Endpoints, &endpoint.head.name);
    }
    names
}

/// A type that is not Capitalised is reported, and found under the name that it should have: those who use that one do right.
fn name_as_meant(declared: &Declared<'_>, names: &mut Names) {
    for (id, (item, _)) in declared.types.iter().enumerate() {
        if item.is_broken() {
            names.broken_types.insert(TypeId(id));
        }
        let right = case::upper_camel(&item.name().text);
        let is_free = !right.is_empty() && !declared.services.iter().any(|service| service.item.name.text == right);
        if is_free {
            names.types.entry(right).or_insert(TypeId(id));
        }
    }
}

/// Types and services that are not Capitalised: that is reported, and where they are used they look like values.
fn written_lower<'a>(declared: &'a Declared<'_>) -> impl Iterator<Item = (String, Span)> + 'a {
    let types = declared.types.iter().map(|(item, _)| item.name());
    let services = declared.services.iter().map(|service| &service.item.name);
    types
        .chain(services)
        .filter(|name| name.text.starts_with(char::is_lowercase))
        .map(|name| (name.text.clone(), name.span))
}

/// Names that must differ from each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Space {
    /// Types, enums, unions and services: they stand in the same places.
    Capital,
    /// `auth` and `extern fn`.
    Lower,
    Policies,
    Endpoints,
    /// The operations of one service.
    Operations(usize),
}

impl Space {
    const fn rule(self) -> &'static str {
        match self {
            Self::Capital => "a type or service has one name in all files of a program",
            Self::Lower | Self::Policies => "a name means one thing in all files of a program",
            Self::Endpoints => "an endpoint has a name of its own, also across groups and files",
            Self::Operations(_) => "an operation has a name of its own in its service",
        }
    }
}

struct Taken<'a, 'n> {
    spaces: BTreeMap<(Space, &'n str), Span>,
    diagnostics: &'a mut Diagnostics,
}

impl<'n> Taken<'_, 'n> {
    /// Whether the name is new; where it is not, both places are reported.
    fn take(&mut self, space: Space, name: &'n ast::Name) -> bool {
        match self.spaces.entry((space, name.text.as_str())) {
            Entry::Vacant(free) => {
                free.insert(name.span);
                true
            }
            Entry::Occupied(first) => {
                let message = format!("`{}` is declared twice", name.text);
                let diagnostic = Diagnostic::new(Code::GW0201, message, name.span, "declared again here")
                    .also(*first.get(), "declared first here")
                    .note(space.rule());
                self.diagnostics.push(diagnostic);
                false
            }
        }
    }
}
