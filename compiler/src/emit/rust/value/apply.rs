//! Methods and functions of the language: calls of the runtime's functions.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Scope, Value};
use crate::emit::rust::endpoint::Endpoint;
use crate::emit::rust::held::Held;
use crate::functions::{Function, Gives, Takes};
use crate::model::{self, Scalar};
use crate::plan::{Expr, ExprKind};

impl Endpoint<'_> {
    /// `gw::strings::lower(&user.name)`
    pub(super) fn apply(&self, function: &Function, args: &[Expr], place: &str, scope: &Scope) -> Value {
        let path: TokenStream = function.runtime.parse().unwrap_or_default();
        let on = args.len().saturating_sub(function.params.len());
        let (base, rest) = args.split_at_checked(on).unwrap_or((&[], args));
        let base = base.iter().map(|arg| self.handed(arg, scope));
        let rest = rest.iter().zip(function.params).map(|(arg, param)| match (param.takes, &arg.kind) {
            (Takes::Pattern, ExprKind::Literal(model::Value::String(pattern))) => {
                let pattern = self.site.pattern(pattern);
                quote! { &#pattern }
            }
            _ => self.handed(arg, scope),
        });
        let args: Vec<TokenStream> = base.chain(rest).collect();
        let call = if function.overflows {
            quote! { gw::#path(#(#args),*, #place)? }
        } else {
            quote! { gw::#path(#(#args),*) }
        };
        Value::made(call, held(function.gives))
    }

    /// A value as a function of the runtime takes it: an Int itself, anything else by reference.
    fn handed(&self, arg: &Expr, scope: &Scope) -> TokenStream {
        let value = self.value(arg, scope);
        let looked = self.look(&value);
        match &value.held {
            Held::Scalar(Scalar::Int) => looked.tokens().clone(),
            Held::Scalar(Scalar::Path | Scalar::Url) => {
                let tight = value.within(super::Level::Postfix);
                quote! { #tight.as_str() }
            }
            _ => value.reference(),
        }
    }
}

/// How what a function gives is held.
fn held(gives: Gives) -> Held {
    match gives {
        Gives::Plain(scalar) => Held::Scalar(scalar),
        Gives::Strings(_) => Held::List(Box::new(Held::Scalar(Scalar::String))),
    }
}
