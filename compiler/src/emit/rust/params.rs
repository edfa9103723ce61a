//! What comes in: parameters, each read by its type from its place, all violations told together.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::endpoint::Endpoint;
use super::held::Held;
use super::layout;
use super::names;
use super::scalar::{Reader, Side, bounds};
use super::value::{By, Scope, Variable};
use crate::model::{Param, ParamPlace, Ty, Value};
use crate::plan::{NodeId, ParamId};

/// A parameter as it is read.
struct Read<'a> {
    id: ParamId,
    param: &'a Param,
    /// The variable and the field of `Params`.
    name: Ident,
    held: Held,
    is_used: bool,
}

impl Endpoint<'_> {
    /// The struct `Params` with its reader, and the line of the handler that reads it; the variables are bound in `scope`.
    pub(super) fn params(&self, scope: &mut Scope) -> (TokenStream, TokenStream) {
        let reads: Vec<Read<'_>> = self
            .plan
            .head
            .params
            .iter()
            .enumerate()
            .map(|(place, param)| self.read_of(ParamId(place), param, scope))
            .collect();
        if reads.is_empty() {
            return (TokenStream::new(), quote! { gw::Input::of(call).finish()?; });
        }
        let used: Vec<&Read<'_>> = reads.iter().filter(|read| read.is_used).collect();
        let reading: TokenStream = reads.iter().map(|read| self.reading(read)).collect();
        let finish = finish(&used);
        if used.is_empty() {
            let doc = layout::docs(["Checks the parameters; none of them is used."]);
            let function = quote! {
                #doc
                fn check_params(call: &gw::Call) -> Result<(), gw::Error> {
                    let mut input = gw::Input::of(call);
                    #reading
                    Ok(input.finish()?)
                }
            };
            return (function, quote! { check_params(call)?; });
        }
        let members = used.iter().map(|read| {
            let (name, held) = (&read.name, self.rust_type(&read.held));
            quote! { #name: #held, }
        });
        let names: Vec<&Ident> = used.iter().map(|read| &read.name).collect();
        let doc = layout::docs(["What a request says."]);
        let blank = layout::blank();
        let params = quote! {
            #doc
            struct Params { #(#members)* }
            #blank
            impl Params {
                fn read(call: &gw::Call) -> Result<Self, gw::Error> {
                    let mut input = gw::Input::of(call);
                    #reading
                    #finish
                    Ok(Self { #(#names),* })
                }
            }
        };
        (params, quote! { let Params { #(#names),* } = Params::read(call)?; })
    }

    fn read_of<'p>(&self, id: ParamId, param: &'p Param, scope: &mut Scope) -> Read<'p> {
        let name = scope.pick(&param.name);
        let held = match (&param.place, self.plan.body) {
            (ParamPlace::Body, Some(node)) => self.held(node),
            _ => self.held_type(&param.ty),
        };
        let is_used = self.uses.of_param(id) > 0 && held != Held::Unit;
        scope.set_param(id, Variable { name: name.clone(), held: held.clone(), by: By::Place });
        Read { id, param, name: self.context.ident(&name, param.origin), held, is_used }
    }

    /// `let page = input.query("page", …);`
    fn reading(&self, read: &Read<'_>) -> TokenStream {
        let (input, name) = (self.input(read), &read.name);
        if read.is_used {
            quote! { let #name = #input; }
        } else {
            quote! { #input; }
        }
    }

    fn input(&self, read: &Read<'_>) -> TokenStream {
        let param = read.param;
        let (method, wire) = match &param.place {
            ParamPlace::Path => ("path", param.name.as_str()),
            ParamPlace::Query(name) => ("query", name.as_str()),
            ParamPlace::Header(name) => ("header", name.as_str()),
            ParamPlace::Cookie(name) => ("cookie", name.as_str()),
            ParamPlace::Body => return self.body_input(param),
        };
        let ty = self.context.resolve(&param.ty);
        let (inner, optional) = match &ty {
            Ty::Optional(inner) => (self.context.resolve(inner), true),
            other => (other.clone(), false),
        };
        if let Ty::List(element, length) = &inner {
            return self.list_input(read, method, (wire, element, bounds(*length)), optional);
        }
        let parse = self.parser(read.id, &inner);
        match &param.default {
            Some(default) if *default != Value::Null => {
                let method = format_ident!("{method}_or");
                let default = self.constant(default, &read.held);
                let some = optional.then(|| quote! { .map(Some) });
                let default = if optional { behind_some(&default) } else { default };
                quote! { input.#method(#wire, #parse, #default)#some }
            }
            _ if optional => {
                let method = format_ident!("{method}_optional");
                quote! { input.#method(#wire, #parse) }
            }
            _ => {
                let method = format_ident!("{method}");
                quote! { input.#method(#wire, #parse) }
            }
        }
    }

    /// What reads a parameter, or an element of it, from its text; one that goes into a path, a header or a cookie must fit there.
    fn parser(&self, id: ParamId, ty: &Ty) -> TokenStream {
        let reader = self.site.scalar_reader(ty, Side::Text);
        let checks = self.fits.of_param(id, ty, self.context);
        if checks.is_empty() {
            return reader.function();
        }
        let call = reader.call(Side::Text);
        quote! { |text| #call #(.and_then(#checks))* }
    }

    fn list_input(
        &self,
        read: &Read<'_>,
        method: &str,
        (wire, element, length): (&str, &Ty, TokenStream),
        optional: bool,
    ) -> TokenStream {
        let parse = self.parser(read.id, element);
        let default = read.param.default.as_ref().filter(|default| **default != Value::Null);
        if optional || default.is_some() {
            let method = format_ident!("{method}_list_optional");
            let list = quote! { input.#method(#wire, #length, #parse) };
            let Some(default) = default else { return list };
            let default = self.constant(default, &read.held.behind());
            let kept = quote! { #list.map(|list| list.unwrap_or_else(|| #default)) };
            return if optional {
                quote! { #kept.map(Some) }
            } else {
                kept
            };
        }
        let method = format_ident!("{method}_list");
        quote! { input.#method(#wire, #length, #parse) }
    }

    fn body_input(&self, param: &Param) -> TokenStream {
        let Some(node) = self.plan.body else { return quote! { input.body(|body| Some(body.skip())) } };
        let is_optional = matches!(self.context.resolve(&param.ty), Ty::Optional(_));
        let node = match self.plan.readings.get(node).take {
            crate::plan::Take::Optional(inner) if is_optional => inner,
            _ => node,
        };
        let take = self.root_taker(node);
        if is_optional {
            quote! { input.body_optional(#take) }
        } else {
            quote! { input.body(#take) }
        }
    }

    /// What reads a whole body. A method of the runtime is bound to one scanner's lifetime, and what takes a body has to take
    /// any: so it gets a function of its own.
    fn root_taker(&self, node: NodeId) -> TokenStream {
        let reader = self.body_reader(node);
        let Reader::Plain(..) = reader else { return reader.function() };
        let (ty, take) = (self.rust_type(&self.held(node)), reader.call(Side::Body));
        let title = self.type_title(&self.plan.readings.get(node).ty);
        let name = self.site.pick(&format!("take_{}", names::snake(&title)));
        let doc = format!(" Checks a body that is a `{title}`.");
        self.site.add(quote! {
            #[doc = #doc]
            fn #name(body: &mut gw::BodyScanner<'_>) -> Option<#ty> {
                #take
            }
        });
        name.to_token_stream()
    }
}

/// Every parameter must be there; else the rejection tells all that is wrong.
fn finish(used: &[&Read<'_>]) -> TokenStream {
    let names: Vec<&Ident> = used.iter().map(|read| &read.name).collect();
    let (pattern, value) = match names.as_slice() {
        [only] => (quote! { Some(#only) }, quote! { #only }),
        _ => (quote! { (#(Some(#names)),*) }, quote! { (#(#names),*) }),
    };
    quote! {
        let #pattern = #value else { return Err(input.reject().into()); };
        input.finish()?;
    }
}

/// What is in `Some(…)`.
fn behind_some(tokens: &TokenStream) -> TokenStream {
    let inner = tokens.clone().into_iter().find_map(|token| match token {
        proc_macro2::TokenTree::Group(group) => Some(group.stream()),
        _ => None,
    });
    inner.unwrap_or_else(|| tokens.clone())
}
