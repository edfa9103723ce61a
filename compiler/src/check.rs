//! The order of the checks: from a loaded program and its names to [`Typed`], or to errors that say why not.
//!
//! Each family of rules is a file of its own. A check reports and goes on: where something is wrong it leaves
//! [`Ty::Unknown`](crate::model::Ty) behind, which fits everything, so that one fault stays one error.

mod addresses;
mod bodies;
mod constraints;
mod endpoints;
mod gateway;
mod ladder;
mod later;
mod params;
mod paths;
mod routes;
mod services;
mod settings;
pub(crate) mod show;
mod texts;
pub(crate) mod types;
mod values;
mod waste;

use crate::diagnostic::Diagnostics;
use crate::load::Program;
use crate::model::Model;
use crate::resolve::{Declared, Names};
use crate::typed::Typed;
use ladder::Policies;

/// What the body of an endpoint may refer to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context<'a> {
    /// Types, services, operations: everything that is declared.
    pub(crate) model: &'a Model,
    /// What the types mark as sensitive.
    pub(crate) declared: &'a bodies::Declared<'a>,
    /// Their names.
    pub(crate) names: &'a Names,
}

/// Checks everything that is declared, one family of rules after the other.
pub(crate) fn check(program: &Program, declared: &Declared<'_>, names: &Names, diagnostics: &mut Diagnostics) -> Typed {
    later::items(declared, diagnostics);
    let types = types::check(declared, names, diagnostics);
    let (services, operations) = services::check(declared, names, &types, diagnostics);
    let mut policies = Policies::read(declared, names, diagnostics);
    let (gateway, ladder) = gateway::check(declared, names, &mut policies, diagnostics);
    let heads = endpoints::check(declared, names, &types, (&ladder, &mut policies), diagnostics);
    routes::check(&gateway, &heads, diagnostics);

    let model = Model { gateway, types, services, operations };
    let marked = bodies::Declared::of(&model);
    let context = Context { model: &model, declared: &marked, names };
    let endpoints = heads
        .into_iter()
        .map(|endpoint| bodies::check_endpoint(endpoint.item, endpoint.head, &context, diagnostics))
        .collect();
    let checked = Typed { model, endpoints };
    if !diagnostics.has_errors() {
        waste::check(program, declared, &policies, &checked, diagnostics);
    }
    checked
}
