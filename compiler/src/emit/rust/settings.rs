//! Settings that are read from the environment when a gateway starts: each variable once for all that it is for.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::context::Context;
use super::layout::docs;
use super::names::{self, Namer};
use crate::model::{Config, Operation, ServiceId};
use crate::plan::EndpointPlan;

/// What is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Read {
    kind: Kind,
    variable: String,
    default: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Duration,
    Bytes,
}

/// A setting that is read, with its names.
#[derive(Debug, Clone)]
pub(super) struct ReadSetting {
    pub(super) read: Read,
    /// The `static`.
    pub(super) constant: Ident,
    /// The field that keeps its value.
    pub(super) field: Ident,
}

/// The time of an operation, where it is read.
pub(super) fn timeout_read(operation: &Operation) -> Option<Read> {
    read(Kind::Duration, &operation.timeout.as_ref()?.value)
}

/// The bound of an operation's answer, where it is read.
pub(super) fn response_read(operation: &Operation) -> Option<Read> {
    read(Kind::Bytes, &operation.response.value)
}

/// The time of an endpoint, where it is read.
pub(super) fn endpoint_timeout_read(endpoint: &EndpointPlan) -> Option<Read> {
    read(Kind::Duration, &endpoint.head.timeout.value)
}

/// The bound of an endpoint's body, where it has one and it is read.
pub(super) fn body_read(endpoint: &EndpointPlan) -> Option<Read> {
    endpoint.body.and_then(|_| read(Kind::Bytes, &endpoint.head.body.value))
}

fn read(kind: Kind, config: &Config<u64>) -> Option<Read> {
    match config {
        Config::Literal(_) => None,
        Config::Env { name, default } => Some(Read { kind, variable: name.clone(), default: *default }),
    }
}

/// The settings of a service's operations.
pub(super) fn of_service(context: &Context<'_>, id: ServiceId) -> Vec<ReadSetting> {
    let operations = &context.service(id).operations;
    let constants = operations.iter().map(|id| context.operation_names(*id).constant.as_str());
    let reads = operations.iter().map(|id| context.operation(*id));
    named(reads.flat_map(|operation| [timeout_read(operation), response_read(operation)]), constants, &["upstream"])
}

/// The settings of the endpoints.
pub(super) fn of_endpoints<'n>(
    context: &Context<'_>,
    constants: impl IntoIterator<Item = &'n str>,
) -> Vec<ReadSetting> {
    let endpoints = context.plan.endpoints.iter();
    let reads = endpoints.flat_map(|endpoint| [endpoint_timeout_read(endpoint), body_read(endpoint)]);
    named(reads, constants, &["services", "runtime", "config"])
}

fn named<'n>(
    reads: impl Iterator<Item = Option<Read>>,
    constants: impl IntoIterator<Item = &'n str>,
    fields: &[&str],
) -> Vec<ReadSetting> {
    let mut constants = Namer::reserving(constants);
    let mut fields = Namer::reserving(fields.iter().copied());
    let mut settings: Vec<ReadSetting> = Vec::new();
    for read in reads.flatten() {
        if settings.iter().all(|setting| setting.read != read) {
            let constant = names::ident(&constants.pick(&names::screaming(&read.variable)));
            let field = names::ident(&fields.pick(&names::snake(&read.variable)));
            settings.push(ReadSetting { read, constant, field });
        }
    }
    settings
}

impl ReadSetting {
    /// The method of the configuration that reads it.
    pub(super) fn method(&self) -> Ident {
        match self.read.kind {
            Kind::Duration => format_ident!("duration"),
            Kind::Bytes => format_ident!("bytes"),
        }
    }

    /// The type of its value.
    pub(super) fn ty(&self) -> TokenStream {
        match self.read.kind {
            Kind::Duration => quote! { gw::Duration },
            Kind::Bytes => quote! { usize },
        }
    }

    /// Its `static`.
    pub(super) fn item(&self) -> TokenStream {
        let (constant, method, variable) = (&self.constant, self.method(), &self.read.variable);
        let unit = if self.read.kind == Kind::Duration { "ms" } else { "" };
        let default = self.read.default.map(|value| format!("{value}{unit}"));
        let default = default.map_or_else(|| quote! { None }, |default| quote! { Some(#default) });
        let doc = docs([format!("`{variable}`").as_str()]);
        quote! { #doc pub static #constant: gw::Setting = gw::Setting::#method(Some(#variable), #default); }
    }
}
