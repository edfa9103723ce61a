//! What all parts of the emitter share: the plan, the names of global things, and places in the sources.

use std::cell::RefCell;
use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Options;
use super::names::{self, Namer};
use crate::model::{
    Constraint, Model, Operation, OperationId, Scalar, Service, ServiceId, Ty, TypeDecl, TypeDeclKind, TypeId,
};
use crate::plan::Plan;
use crate::source::{SourceMap, Span};

/// The emitter's surroundings.
pub(super) struct Context<'a> {
    pub(super) plan: &'a Plan,
    pub(super) sources: &'a SourceMap,
    pub(super) options: &'a Options<'a>,
    pub(super) names: Names,
    /// Declared types that are copied whole somewhere.
    copied: RefCell<BTreeSet<TypeId>>,
    /// Declared types that are checked in a client's body without being kept.
    checked: RefCell<BTreeSet<TypeId>>,
}

/// The names of global things, by their ids.
pub(super) struct Names {
    /// The gateway's type.
    pub(super) gateway: String,
    /// The gateway's module.
    pub(super) module: String,
    /// Declared types, in `types`.
    pub(super) types: Vec<String>,
    /// Services: types in their modules.
    pub(super) services: Vec<String>,
    /// Services: their modules, and their fields of `Services`.
    pub(super) service_modules: Vec<String>,
    /// Operations.
    pub(super) operations: Vec<OperationNames>,
    /// Endpoints' modules.
    pub(super) endpoints: Vec<String>,
}

/// The names of one operation in its service's module.
#[derive(Debug, Clone, Default)]
pub(super) struct OperationNames {
    /// The `static`.
    pub(super) constant: String,
    /// The typed client's method.
    pub(super) method: String,
    /// The method that builds a request.
    pub(super) request: String,
}

impl Names {
    fn new(plan: &Plan) -> Self {
        let model = &plan.model;
        let mut root = Namer::reserving(names::PRELUDE.iter().copied().chain(["Builder", "Services"]));
        let mut types = Namer::reserving(names::PRELUDE.iter().copied());
        let mut services = Namer::reserving(names::PRELUDE.iter().copied());
        let mut service_modules = Namer::reserving(["gw", "types"]);
        let mut endpoints = Namer::reserving(["gw", "types"]);
        Self {
            gateway: root.pick(&names::pascal(&model.gateway.name)),
            module: names::snake(&model.gateway.name),
            types: model.types.iter().map(|decl| types.pick(&names::pascal(&decl.name))).collect(),
            services: model.services.iter().map(|service| services.pick(&names::pascal(&service.name))).collect(),
            service_modules: model
                .services
                .iter()
                .map(|service| service_modules.pick(&names::snake(&service.name)))
                .collect(),
            operations: operation_names(model),
            endpoints: plan
                .endpoints
                .iter()
                .map(|endpoint| endpoints.pick(&names::snake(&endpoint.head.name)))
                .collect(),
        }
    }
}

fn operation_names(model: &Model) -> Vec<OperationNames> {
    let mut all = vec![OperationNames::default(); model.operations.len()];
    for service in &model.services {
        let mut constants = Namer::default();
        let mut methods = Namer::reserving(["new"]);
        for id in &service.operations {
            let (Some(operation), Some(slot)) = (model.operations.get(id.0), all.get_mut(id.0)) else { continue };
            let method = methods.pick(&names::snake(&operation.name));
            *slot = OperationNames {
                constant: constants.pick(&names::screaming(&operation.name)),
                request: methods.pick(&format!("{method}_request")),
                method,
            };
        }
    }
    all
}

impl<'a> Context<'a> {
    pub(super) fn new(plan: &'a Plan, sources: &'a SourceMap, options: &'a Options<'a>) -> Self {
        let names = Names::new(plan);
        Self { plan, sources, options, names, copied: RefCell::default(), checked: RefCell::default() }
    }

    pub(super) fn model(&self) -> &'a Model {
        &self.plan.model
    }

    /// An identifier that people wrote at `origin`.
    pub(super) fn ident(&self, name: &str, origin: Span) -> Ident {
        names::ident_at(name, (self.options.span)(origin))
    }

    /// `frontpage.gw:31`
    pub(super) fn line(&self, origin: Span) -> String {
        let place = self.sources.place(origin);
        place.rsplit_once(':').map_or(place.clone(), |(line, _)| line.to_owned())
    }

    // ── types ────────────────────────────────────────────────────────────────────────────────────────────────────

    pub(super) fn decl(&self, id: TypeId) -> &'a TypeDecl {
        &self.model().types[id.0]
    }

    /// The type's path from a module beside `types`.
    pub(super) fn type_path(&self, id: TypeId) -> TokenStream {
        let name = self.type_ident(id);
        quote! { types::#name }
    }

    pub(super) fn type_ident(&self, id: TypeId) -> Ident {
        let name = self.names.types.get(id.0).map_or("", String::as_str);
        self.ident(name, self.decl(id).origin)
    }

    /// What a name for a type stands for; any other type as it is.
    pub(super) fn resolve(&self, ty: &Ty) -> Ty {
        match ty {
            Ty::Alias(id) => match &self.decl(*id).kind {
                TypeDeclKind::Alias { base } => self.resolve(base),
                TypeDeclKind::Object { .. } | TypeDeclKind::Enum { .. } => ty.clone(),
            },
            other => other.clone(),
        }
    }

    /// The plain type of a scalar, with its constraint.
    pub(super) fn scalar(&self, ty: &Ty) -> Option<(Scalar, Option<Constraint>)> {
        match self.resolve(ty) {
            Ty::Scalar(scalar) => Some((scalar, None)),
            Ty::Constrained(scalar, constraint) => Some((scalar, Some((*constraint).clone()))),
            _ => None,
        }
    }

    /// Whether an enum takes strings that it does not name.
    pub(super) fn is_open_enum(&self, id: TypeId) -> bool {
        matches!(self.decl(id).kind, TypeDeclKind::Enum { open: true, .. })
    }

    /// Notes that a declared object is copied whole, and all objects in it.
    pub(super) fn note_copied(&self, id: TypeId) {
        self.copied.borrow_mut().insert(id);
    }

    /// The next type that is copied whole and not yet written.
    pub(super) fn next_copied(&self, written: &BTreeSet<TypeId>) -> Option<TypeId> {
        self.copied.borrow().difference(written).next().copied()
    }

    /// Notes that a declared object is checked in a client's body.
    pub(super) fn note_checked(&self, id: TypeId) {
        self.checked.borrow_mut().insert(id);
    }

    /// The next type that is checked and not yet written.
    pub(super) fn next_checked(&self, written: &BTreeSet<TypeId>) -> Option<TypeId> {
        self.checked.borrow().difference(written).next().copied()
    }

    // ── services ─────────────────────────────────────────────────────────────────────────────────────────────────

    pub(super) fn service(&self, id: ServiceId) -> &'a Service {
        &self.model().services[id.0]
    }

    pub(super) fn operation(&self, id: OperationId) -> &'a Operation {
        &self.model().operations[id.0]
    }

    pub(super) fn operation_names(&self, id: OperationId) -> &OperationNames {
        &self.names.operations[id.0]
    }

    /// The service's module, and field of `Services`.
    pub(super) fn service_module(&self, id: ServiceId) -> Ident {
        let name = self.names.service_modules.get(id.0).map_or("", String::as_str);
        self.ident(name, self.service(id).origin)
    }

    pub(super) fn service_type(&self, id: ServiceId) -> Ident {
        let name = self.names.services.get(id.0).map_or("", String::as_str);
        self.ident(name, self.service(id).origin)
    }

    /// `Users.user`
    pub(super) fn operation_title(&self, id: OperationId) -> String {
        let operation = self.operation(id);
        format!("{}.{}", self.service(operation.service).name, operation.name)
    }
}
