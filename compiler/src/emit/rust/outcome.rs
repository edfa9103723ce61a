//! What an endpoint answers, once all its guards have passed.

use proc_macro2::TokenStream;
use quote::quote;

use super::endpoint::Endpoint;
use super::held::Held;
use super::layout;
use super::scalar::number;
use super::value::{By, Scope};
use crate::model::{Scalar, Ty};
use crate::plan::{Expr, ExprKind, Outcome, Refusal, TextPart, WithSet};

impl Endpoint<'_> {
    /// The end of the handler: an expression of `Result<gw::Answer, gw::Error>`, with statements before it.
    pub(super) fn outcome(&self, outcome: &Outcome, scope: &Scope) -> TokenStream {
        match outcome {
            Outcome::Respond { status, body, with } => self.respond(*status, body.as_ref(), with, scope),
            Outcome::Redirect { status, target, with } => {
                let (status, target) = (number(&status.to_string()), self.target(target, scope));
                let answer = quote! { gw::Answer::redirect(#status, #target) };
                if with.is_empty() { answer } else { self.dressed(&quote! { #answer? }, with, scope) }
            }
            Outcome::Reject(refusal) => {
                let error = refusal_error(refusal);
                quote! { Err(#error) }
            }
            Outcome::If { condition, then, otherwise: otherwise_outcome } => {
                let test = self.value(condition, scope);
                let test = test.tokens();
                let (then, otherwise) = (self.outcome(then, scope), self.outcome(otherwise_outcome, scope));
                if matches!(**otherwise_outcome, Outcome::If { .. }) {
                    quote! { if #test { #then } else #otherwise }
                } else {
                    layout::if_else(test, &then, &otherwise)
                }
            }
        }
    }

    fn respond(&self, status: u16, body: Option<&Expr>, with: &[WithSet], scope: &Scope) -> TokenStream {
        let status = number(&status.to_string());
        let Some(body) = body else {
            return self.dressed(&quote! { gw::Answer::empty(#status) }, with, scope);
        };
        let direct = matches!(body.kind, ExprKind::Step(_) | ExprKind::Param(_) | ExprKind::Local(_));
        if direct {
            let value = self.value(body, scope);
            if value.held == Held::Fragment {
                let fragment =
                    if value.by == By::Place && with.is_empty() { value.tokens().clone() } else { self.owned(&value) };
                return self.dressed(&quote! { gw::Answer::json(#status, #fragment) }, with, scope);
            }
        }
        let written = self.written(body, scope);
        let answer = self.dressed(&quote! { gw::Answer::json(#status, out) }, with, scope);
        let blank = if with.is_empty() { TokenStream::new() } else { layout::blank() };
        quote! {
            let mut out = gw::Writer::with_capacity(1024);
            #written
            #blank
            #answer
        }
    }

    /// An answer with its headers and cookies.
    fn dressed(&self, answer: &TokenStream, with: &[WithSet], scope: &Scope) -> TokenStream {
        let last = with.len().saturating_sub(1);
        let sets = with.iter().enumerate().map(|(at, set)| {
            let name = &set.name;
            let value = self.value(unwrapped(&set.value), scope);
            let (method, value) = if matches!(value.held, Held::Optional(_)) {
                let looked = self.look(&value);
                let looked = looked.tokens().clone();
                (
                    if set.cookie {
                        quote! { cookie_optional }
                    } else {
                        quote! { header_optional }
                    },
                    looked,
                )
            } else {
                (
                    if set.cookie {
                        quote! { cookie }
                    } else {
                        quote! { header }
                    },
                    self.display(&value),
                )
            };
            let question = (at < last).then(|| quote! { ? });
            quote! { .#method(#name, #value) #question }
        });
        if with.is_empty() {
            quote! { Ok(#answer) }
        } else {
            quote! { #answer #(#sets)* }
        }
    }

    /// Where a redirect leads: values in it are encoded, so that none can choose another host or add a query.
    fn target(&self, target: &Expr, scope: &Scope) -> TokenStream {
        let ExprKind::Text(parts) = &target.kind else {
            return self.display(&self.value(target, scope));
        };
        let (mut format, mut arguments) = (String::new(), Vec::new());
        for part in parts {
            match part {
                TextPart::Literal(text) => format.push_str(&text.replace('{', "{{").replace('}', "}}")),
                TextPart::Value(expr) => {
                    let value = self.display(&self.value(expr, scope));
                    format.push_str("{}");
                    arguments.push(match self.context.scalar(&expr.ty) {
                        Some((Scalar::Int | Scalar::Bool | Scalar::Uuid | Scalar::Date, _)) => value,
                        Some((Scalar::Path, _)) => quote! { gw::encoded_path(#value) },
                        _ if matches!(self.context.resolve(&expr.ty), Ty::Enum(_)) => quote! { gw::encoded(#value) },
                        _ => quote! { gw::encoded(#value) },
                    });
                }
            }
        }
        quote! { format!(#format #(, #arguments)*) }
    }
}

/// An interpolated string that is one value is that value, where it is displayed anyway.
fn unwrapped(expr: &Expr) -> &Expr {
    match &expr.kind {
        ExprKind::Text(parts) => match parts.as_slice() {
            [TextPart::Value(value)] => value,
            _ => expr,
        },
        _ => expr,
    }
}

/// The error that refuses a request.
pub(super) fn refusal_error(refusal: &Refusal) -> TokenStream {
    let (status, reason) = (number(&refusal.status.to_string()), refusal.reason.as_deref().unwrap_or(""));
    quote! { gw::Error::reject(#status, #reason) }
}
