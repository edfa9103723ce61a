//! Calls: the request with its arguments, and how its answer is fetched.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::endpoint::Endpoint;
use super::held::Held;
use super::names;
use super::scalar::{Reader, Side};
use super::value::{By, Level, Scope, Value};
use crate::model::{self, OperationId, Param, ParamPlace, Scalar, Ty};
use crate::plan::{Expr, ExprKind, NodeId, Step, Take};

impl Endpoint<'_> {
    /// The future of a call: `services.users.user_request(id).fetch(call, copy_user)`.
    pub(super) fn call(
        &self,
        step: &Step,
        (operation, args, optional, reads): (OperationId, &[Expr], bool, NodeId),
        scope: &Scope,
    ) -> TokenStream {
        let declared = self.context.operation(operation);
        let service = self.context.service_module(declared.service);
        let request = names::ident(&self.context.operation_names(operation).request);
        let arguments = args.iter().zip(&declared.params).map(|(arg, param)| self.argument(arg, param, scope));
        let request = quote! { services.#service.#request(#(#arguments),*) };
        let once = self.is_repeated(step.id, operation).then(|| quote! { .once() });
        let fetch = self.fetch(operation, optional, reads);
        quote! { #request #once #fetch }
    }

    fn fetch(&self, operation: OperationId, optional: bool, reads: NodeId) -> TokenStream {
        let Some(returns) = &self.context.operation(operation).returns else {
            let method = if optional {
                quote! { fetch_nothing_or_null }
            } else {
                quote! { fetch_nothing }
            };
            return quote! { .#method(call) };
        };
        let node = match self.plan.readings.get(reads).take {
            Take::Optional(inner) => inner,
            _ => reads,
        };
        let reader = self.root_reader(node);
        let nullable = matches!(self.context.resolve(returns), Ty::Optional(_));
        let method = match (optional, nullable) {
            (true, _) => quote! { fetch_or_null },
            (false, true) => quote! { fetch_if_any },
            (false, false) => quote! { fetch },
        };
        quote! { .#method(call, #reader) }
    }

    /// What reads a whole answer. A method of the runtime is bound to one scanner's lifetime, and what is fetched with has to
    /// take any: so it gets a function of its own.
    fn root_reader(&self, node: NodeId) -> TokenStream {
        let reader = self.answer_reader(node);
        let Reader::Plain(..) = reader else { return reader.function() };
        if let Some(name) = self.node_names.borrow().get(&node) {
            return names::ident(name).to_token_stream();
        }
        let (ty, read) = (self.rust_type(&self.held(node)), reader.call(Side::Answer));
        let title = self.type_title(&self.plan.readings.get(node).ty);
        let name = self.site.pick(&format!("read_{}", names::snake(&title)));
        self.node_names.borrow_mut().insert(node, name.to_string());
        let doc = format!(" Reads `{title}`.");
        self.site.add(quote! {
            #[doc = #doc]
            fn #name(scan: &mut gw::Scanner<'_>) -> Result<#ty, gw::Broken> {
                #read
            }
        });
        quote! { #name }
    }

    /// An argument in the form that the operation's request takes.
    fn argument(&self, arg: &Expr, param: &Param, scope: &Scope) -> TokenStream {
        if param.place == ParamPlace::Body {
            return self.body_argument(arg, &param.ty, scope);
        }
        let value = self.value(arg, scope);
        self.argument_form(&value, &self.context.resolve(&param.ty))
    }

    fn argument_form(&self, value: &Value, ty: &Ty) -> TokenStream {
        if let Ty::Optional(inner) = ty {
            if matches!(value.held, Held::Optional(_)) {
                return self.optional_argument(value, &self.context.resolve(inner));
            }
            let inner = self.argument_form(value, &self.context.resolve(inner));
            return quote! { Some(#inner) };
        }
        let looked = self.look(value);
        match (ty, &value.held) {
            (Ty::List(..), _) => value.reference(),
            (_, held) if held.is_string() => value.reference(),
            (_, Held::Scalar(Scalar::Int)) => match self.context.scalar(ty) {
                Some((Scalar::Decimal, _)) => {
                    let tokens = looked.tokens();
                    quote! { &gw::Decimal::from(#tokens) }
                }
                _ => looked.tokens().clone(),
            },
            (_, held) if self.is_copy(held) => looked.tokens().clone(),
            _ => looked.reference(),
        }
    }

    /// An argument that may be null: it is then left out.
    fn optional_argument(&self, value: &Value, inner: &Ty) -> TokenStream {
        let looked = self.look(value);
        let tight = looked.within(Level::Postfix);
        match (looked.by, &looked.held) {
            (By::Made, _) if looked.tokens().to_string() == "None" => quote! { None },
            (By::Made, held) if self.is_copy(held) => looked.tokens().clone(),
            (By::OptionRef, held) if self.is_copy(held) => quote! { #tight.copied() },
            (By::Place | By::Ref | By::OptionRef, _) if matches!(inner, Ty::List(..)) => {
                let tight = value.within(Level::Postfix);
                if looked.by == value.by {
                    quote! { #tight.map(Vec::as_slice) }
                } else {
                    quote! { #tight.as_deref() }
                }
            }
            (By::Made, _) if matches!(inner, Ty::List(..)) => quote! { #tight.as_deref() },
            (By::OptionRef, held) if held.behind().is_string() => quote! { #tight.map(String::as_str) },
            (By::Made, held) if held.behind().is_string() => quote! { #tight.as_deref() },
            (By::Made, _) => quote! { #tight.as_ref() },
            (By::OptionStr | By::OptionRef | By::Place | By::Ref | By::Str, _) => looked.tokens().clone(),
        }
    }

    /// A body: finished JSON, an `Option` of it where the operation may be called without.
    fn body_argument(&self, arg: &Expr, ty: &Ty, scope: &Scope) -> TokenStream {
        let is_null = arg.kind == ExprKind::Literal(model::Value::Null);
        match self.context.resolve(ty) {
            Ty::Optional(_) if is_null => quote! { None },
            Ty::Optional(_) => {
                if is_place(arg) && matches!(arg.ty, Ty::Optional(_)) {
                    return self.owned(&self.value(arg, scope));
                }
                let json = self.finished_json(arg, scope);
                quote! { Some(#json) }
            }
            _ => self.finished_json(arg, scope),
        }
    }
}

/// A value that lies somewhere while the gateway runs.
fn is_place(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::Param(_) | ExprKind::Step(_) | ExprKind::Inner { .. } | ExprKind::Local(_) | ExprKind::Field { .. }
    )
}
