//! The module of one service: its operations, the requests that they are, and its client for the crate's own code.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::Module;
use super::context::Context;
use super::endpoint::{literal, method_name};
use super::held::scalar_type;
use super::layout::{self, docs};
use super::names;
use super::scalar::{duration, number};
use super::settings::{self, Read, ReadSetting, response_read, timeout_read};
use crate::model::{Config, Method, Operation, OperationId, Param, ParamPlace, Scalar, Segment, ServiceId, Ty};

/// Writes the module of a service; the second part says whether it names declared types.
pub(super) fn module(context: &Context<'_>, id: ServiceId) -> (Module, bool) {
    let service = context.service(id);
    let name = context.service_type(id);
    let settings = settings::of_service(context, id);
    let writer = Writer { context, names_types: std::cell::Cell::new(false), settings: &settings };
    let mut items: Vec<TokenStream> = settings.iter().map(ReadSetting::item).collect();
    items.extend(service.operations.iter().map(|operation| writer.operation(*operation)));
    let mut lines = vec![format!("The service `{}`.", service.name)];
    if !service.docs.is_empty() {
        lines.push(String::new());
        lines.extend(service.docs.iter().cloned());
    }
    let doc = docs(lines.iter().map(String::as_str));
    let fields = settings.iter().map(|setting| {
        let (field, ty) = (&setting.field, setting.ty());
        quote! { #field: #ty, }
    });
    items.push(quote! {
        #doc
        #[derive(Debug, Clone)]
        pub struct #name { upstream: gw::Upstream, #(#fields)* }
    });
    let new = new_function(&settings);
    let methods = service.operations.iter().flat_map(|id| [writer.request(*id), writer.client(*id)]);
    let methods = layout::spaced(std::iter::once(new).chain(methods));
    items.push(quote! { impl #name { #methods } });
    let types = writer.names_types.get().then(|| quote! { , types });
    let import = if types.is_some() {
        quote! { use super::{gw #types}; }
    } else {
        quote! { use super::gw; }
    };
    let module = Module {
        name: context.service_module(id).to_string().trim_start_matches("r#").to_owned(),
        docs: vec![format!("`{}`, at {}, from {}.", service.name, addresses(service), context.line(service.origin))],
        imports: import,
        items: layout::spaced(items),
        children: Vec::new(),
    };
    (module, types.is_some())
}

fn new_function(settings: &[ReadSetting]) -> TokenStream {
    let names = settings.iter().map(|setting| &setting.field);
    let arguments = settings.iter().map(|setting| {
        let (field, ty) = (&setting.field, setting.ty());
        quote! { , #field: #ty }
    });
    quote! {
        pub(crate) fn new(upstream: gw::Upstream #(#arguments)*) -> Self {
            Self { upstream #(, #names)* }
        }
    }
}

struct Writer<'c, 'a> {
    context: &'c Context<'a>,
    names_types: std::cell::Cell<bool>,
    settings: &'c [ReadSetting],
}

impl Writer<'_, '_> {
    /// `pub static USER: gw::Operation = …;`
    fn operation(&self, id: OperationId) -> TokenStream {
        let operation = self.context.operation(id);
        let constant = names::ident(&self.context.operation_names(id).constant);
        let title = self.context.operation_title(id);
        let method = method_tokens(operation.method);
        let timeout = operation.timeout.as_ref().map_or_else(
            || quote! { None },
            |timeout| {
                let timeout = duration(literal(&timeout.value));
                quote! { Some(#timeout) }
            },
        );
        let response = number(&literal(&operation.response.value).to_string());
        let statuses = |statuses: &[u16]| {
            let statuses = statuses.iter().map(|status| number(&status.to_string()));
            quote! { &[#(#statuses),*] }
        };
        let (absent, relay) = (statuses(&operation.absent), statuses(&operation.relay));
        let nullable = operation.returns.as_ref().is_some_and(|ty| matches!(self.context.resolve(ty), Ty::Optional(_)));
        let doc = docs([format!("`{} {}`", method_name(operation.method), operation.path.text).as_str()]);
        let safe = operation.safe;
        quote! {
            #doc
            pub static #constant: gw::Operation = gw::Operation {
                name: #title,
                method: #method,
                safe: #safe,
                timeout: #timeout,
                response_limit: #response,
                absent: #absent,
                relay: #relay,
                nullable: #nullable,
            };
        }
    }

    // ── requests ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// The method that builds a request.
    fn request(&self, id: OperationId) -> TokenStream {
        let operation = self.context.operation(id);
        let names = self.context.operation_names(id);
        let (constant, request) = (names::ident(&names.constant), names::ident(&names.request));
        let idents = param_idents(self.context, operation);
        let arguments = operation.params.iter().zip(&idents).map(|(param, name)| {
            let ty = self.argument_type(param);
            quote! { , #name: #ty }
        });
        let path = path_calls(operation, &idents);
        let others = operation.params.iter().zip(&idents).map(|(param, name)| self.param_call(param, name));
        let setting =
            |read: Option<Read>| read.and_then(|read| self.settings.iter().find(|setting| setting.read == read));
        let timeout = setting(timeout_read(operation)).map(|setting| {
            let field = &setting.field;
            quote! { .timeout(self.#field) }
        });
        let response = setting(response_read(operation)).map(|setting| {
            let field = &setting.field;
            quote! { .response_limit(self.#field) }
        });
        let doc = docs([format!("Builds `{} {}`.", method_name(operation.method), operation.path.text).as_str()]);
        let many = too_many(operation);
        quote! {
            #doc
            #many
            pub(crate) fn #request(&self #(#arguments)*) -> gw::Request<'_> {
                self.upstream.request(&#constant) #path #(#others)* #timeout #response
            }
        }
    }

    fn param_call(&self, param: &Param, name: &Ident) -> TokenStream {
        let ty = self.context.resolve(&param.ty);
        let (inner, optional) = match &ty {
            Ty::Optional(inner) => (self.context.resolve(inner), true),
            other => (other.clone(), false),
        };
        let is_list = matches!(inner, Ty::List(..));
        let (method, wire) = match &param.place {
            ParamPlace::Path => return TokenStream::new(),
            ParamPlace::Query(wire) => ("query", wire),
            ParamPlace::Header(wire) => ("header", wire),
            ParamPlace::Cookie(wire) => ("cookie", wire),
            ParamPlace::Body if optional => return quote! { .body_optional(#name) },
            ParamPlace::Body => return quote! { .body(#name) },
        };
        let value = if is_list && optional {
            quote! { #name.unwrap_or_default() }
        } else {
            quote! { #name }
        };
        let suffix = match (is_list, optional) {
            (true, _) => "_list",
            (false, true) => "_optional",
            (false, false) => "",
        };
        let method = format_ident!("{method}{suffix}");
        quote! { .#method(#wire, #value) }
    }

    /// The type of an argument: a value that is copied, or a reference.
    fn argument_type(&self, param: &Param) -> TokenStream {
        let optional = matches!(self.context.resolve(&param.ty), Ty::Optional(_));
        match param.place {
            ParamPlace::Body if optional => quote! { Option<gw::Fragment> },
            ParamPlace::Body => quote! { gw::Fragment },
            _ => self.borrowed(&param.ty),
        }
    }

    fn borrowed(&self, ty: &Ty) -> TokenStream {
        match self.context.resolve(ty) {
            Ty::Optional(inner) => {
                let inner = self.borrowed(&inner);
                quote! { Option<#inner> }
            }
            Ty::List(element, _) => {
                let element = self.owned(&element);
                quote! { &[#element] }
            }
            Ty::Scalar(scalar) | Ty::Constrained(scalar, _) => match scalar {
                Scalar::Int | Scalar::Bool => self.owned(ty),
                Scalar::String => quote! { &str },
                other => {
                    let ty = scalar_type(other);
                    quote! { &#ty }
                }
            },
            Ty::Enum(id) if !self.context.is_open_enum(id) => self.owned(ty),
            other => {
                let ty = self.owned(&other);
                quote! { &#ty }
            }
        }
    }

    /// The plain Rust type of a value.
    fn owned(&self, ty: &Ty) -> TokenStream {
        let mut path = |id| {
            self.names_types.set(true);
            self.context.type_path(id)
        };
        plain_type(ty, &mut path)
    }

    // ── the client ───────────────────────────────────────────────────────────────────────────────────────────────

    /// The method for the crate's own code.
    fn client(&self, id: OperationId) -> TokenStream {
        let operation = self.context.operation(id);
        let names = self.context.operation_names(id);
        let request = names::ident(&names.request);
        let idents = param_idents(self.context, operation);
        let arguments = operation.params.iter().zip(&idents).map(|(param, name)| {
            let ty = match param.place {
                ParamPlace::Body => self.body_type(&param.ty),
                _ => self.borrowed(&param.ty),
            };
            quote! { , #name: #ty }
        });
        let values = operation.params.iter().zip(&idents).map(|(param, name)| {
            let optional = matches!(self.context.resolve(&param.ty), Ty::Optional(_));
            match param.place {
                ParamPlace::Body if optional => quote! { #name.map(gw::Fragment::encode).transpose()? },
                ParamPlace::Body => quote! { gw::Fragment::encode(#name)? },
                _ => quote! { #name },
            }
        });
        let (returns, fetch) = self.returns(operation);
        let ident = self.context.ident(&names.method, operation.origin);
        let mut lines = vec![format!("`{} {}`", method_name(operation.method), operation.path.text)];
        if !operation.docs.is_empty() {
            lines.push(String::new());
            lines.extend(operation.docs.iter().cloned());
        }
        let doc = docs(lines.iter().map(String::as_str));
        let many = too_many(operation);
        quote! {
            #doc
            #many
            pub async fn #ident(&self #(#arguments)*) -> Result<#returns, gw::Error> {
                self.#request(#(#values),*).#fetch(&gw::Call::detached()).await
            }
        }
    }

    fn body_type(&self, ty: &Ty) -> TokenStream {
        match self.context.resolve(ty) {
            Ty::Optional(inner) => {
                let inner = self.body_type(&inner);
                quote! { Option<#inner> }
            }
            other => {
                let ty = self.owned(&other);
                quote! { &#ty }
            }
        }
    }

    fn returns(&self, operation: &Operation) -> (TokenStream, TokenStream) {
        match &operation.returns {
            None => (quote! { () }, quote! { fetch_nothing }),
            Some(ty) => match self.context.resolve(ty) {
                Ty::Optional(inner) => {
                    let inner = self.owned(&inner);
                    (quote! { Option<#inner> }, quote! { json_if_any })
                }
                _ => (self.owned(ty), quote! { json }),
            },
        }
    }
}

/// The names of an operation's parameters in Rust.
fn param_idents(context: &Context<'_>, operation: &Operation) -> Vec<Ident> {
    let mut namer = names::Namer::reserving(["gw", "types"]);
    operation.params.iter().map(|param| context.ident(&namer.pick(&names::snake(&param.name)), param.origin)).collect()
}

/// `.path("/users/").segment(id)`
fn path_calls(operation: &Operation, idents: &[Ident]) -> TokenStream {
    let (mut calls, mut text) = (TokenStream::new(), String::new());
    let mut param = |text: &mut String, place: usize, method: &str| {
        let (literal, method) = (std::mem::take(text), format_ident!("{method}"));
        if let Some(name) = idents.get(place) {
            calls.extend(quote! { .path(#literal).#method(#name) });
        }
    };
    for segment in &operation.path.segments {
        text.push('/');
        match segment {
            Segment::Literal(literal) => text.push_str(literal),
            Segment::Param(place) => param(&mut text, *place, "segment"),
            Segment::Rest(place) => param(&mut text, *place, "rest"),
        }
    }
    if operation.path.segments.is_empty() {
        text.push('/');
    }
    if text.is_empty() {
        calls
    } else {
        quote! { #calls .path(#text) }
    }
}

/// An operation may have more parameters than is good style; its author knows why.
fn too_many(operation: &Operation) -> TokenStream {
    if operation.params.len() < 7 {
        return TokenStream::new();
    }
    quote! { #[expect(clippy::too_many_arguments, reason = "the operation has as many parameters")] }
}

/// A method as Rust writes it.
pub(super) fn method_tokens(method: Method) -> TokenStream {
    let name = format_ident!("{}", method_name(method));
    quote! { gw::Method::#name }
}

/// The plain Rust type of a value, as the typed clients take and give it.
pub(super) fn plain_type(ty: &Ty, path: &mut dyn FnMut(crate::model::TypeId) -> TokenStream) -> TokenStream {
    match ty {
        Ty::Scalar(scalar) | Ty::Constrained(scalar, _) => scalar_type(*scalar),
        Ty::Alias(id) | Ty::Object(id) | Ty::Enum(id) => path(*id),
        Ty::List(element, _) => {
            let element = plain_type(element, path);
            quote! { Vec<#element> }
        }
        Ty::Map(value) => {
            let value = plain_type(value, path);
            quote! { std::collections::BTreeMap<String, #value> }
        }
        Ty::Optional(inner) => {
            let inner = plain_type(inner, path);
            quote! { Option<#inner> }
        }
        Ty::Unknown | Ty::Null | Ty::Built(_) | Ty::Keyed { .. } => quote! { gw::Json },
    }
}

/// Where a service is, in words.
fn addresses(service: &crate::model::Service) -> String {
    let addresses: Vec<String> = service
        .addresses
        .iter()
        .map(|address| match address {
            Config::Literal(address) => format!("<{address}>"),
            Config::Env { name, default: Some(default) } => format!("`{name}` (<{default}>)"),
            Config::Env { name, default: None } => format!("`{name}`"),
        })
        .collect();
    addresses.join(" and ")
}
