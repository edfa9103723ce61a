//! What becomes of rows, stage by stage.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::super::scope::Gathered;
use super::super::{By, Variable, is_fallible};
use super::gathered::variables;
use super::values::closure;
use super::{Going, Shape};
use crate::emit::rust::endpoint::Endpoint;
use crate::emit::rust::held::Held;
use crate::emit::rust::{names, scalar, uses};
use crate::model;
use crate::plan::{EachResults, Expr, ExprKind, LocalId, Rows, Stage, walk};

impl Endpoint<'_> {
    pub(super) fn stage(&self, stage: &Stage, used: &dyn Fn(LocalId) -> bool, going: &mut Going) {
        if let Stage::Beside(beside) = stage
            && !used(beside.local)
        {
            return;
        }
        let (iterator, looped) = (going.iterator.clone(), going.looped());
        (going.first, going.made, going.reversed) = (None, None, None);
        if !matches!(stage, Stage::Reverse) {
            going.list = None;
        }
        match stage {
            Stage::Beside(beside) => self.beside(beside, going),
            Stage::Filter(condition) => self.filter(condition, &looped, going),
            Stage::Sort { key, descending } => {
                let (pattern, value) = (going.pattern(key), self.value(key, &going.scope));
                let function = if *descending { "sorted_descending" } else { "sorted" };
                going.iterator = chained(function, &iterator, &pattern, self.look(&value).tokens());
                going.two_ended = true;
            }
            Stage::Distinct(key) => {
                let (pattern, value) = (going.pattern(key), self.look(&self.value(key, &going.scope)));
                going.iterator = chained("distinct", &iterator, &pattern, value.tokens());
                going.two_ended = true;
            }
            Stage::Reverse if going.two_ended => {
                going.iterator = quote! { #iterator.rev() };
                going.reversed = Some(iterator);
            }
            Stage::Reverse => {
                going.iterator = quote! { gw::rows::reversed(#iterator) };
                (going.two_ended, going.list) = (true, None);
            }
            Stage::Slice { from, to } => self.between(from.as_ref(), to.as_ref(), going),
            Stage::Flatten(inner) => self.flatten(inner, used, &looped, going),
            Stage::Zip(inner) => {
                let other = self.rows(inner, used, &going.scope);
                let (own, beside) = (&other.before, &other.iterator);
                going.before.extend(quote! { #own });
                going.iterator = quote! { #iterator.zip(#beside) };
                going.shape = std::mem::replace(&mut going.shape, Shape::Nothing).and(other.shape);
                going.scope = other.scope;
                going.two_ended = false;
            }
            Stage::Chunk { size, members } => {
                let size = scalar::number(&size.to_string());
                let chunks = going.scope.pick("chunks");
                let title = going.scope.pick(self.local_name(*members));
                let rows = self.flat(going);
                let name = names::ident(&chunks);
                going.before.extend(quote! { let #name = gw::rows::chunks(#rows, #size); });
                let gathered = Gathered { name: title.clone(), columns: variables(going), group_key: None };
                going.scope.set_gathered(*members, gathered);
                going.shape = Shape::One { local: *members, name: title, is_copied: false };
                going.iterator = quote! { #name.iter() };
                (going.two_ended, going.held_before) = (true, true);
            }
        }
    }

    fn beside(&self, beside: &EachResults, going: &mut Going) {
        let results = self.value(&beside.list, &going.scope);
        let held = match &results.held {
            Held::List(element) => (**element).clone(),
            other => other.clone(),
        };
        let name = going.scope.pick(&self.results_title(&beside.list));
        going.scope.set_local(beside.local, Variable { name: name.clone(), held, by: By::Ref });
        let column = Shape::One { local: beside.local, name, is_copied: false };
        let (iterator, results) = (&going.iterator, results.reference());
        going.iterator = quote! { #iterator.zip(#results) };
        going.shape = std::mem::replace(&mut going.shape, Shape::Nothing).and(column);
        going.two_ended = false;
    }

    fn filter(&self, condition: &Expr, looped: &TokenStream, going: &mut Going) {
        let (pattern, value) = (going.pattern(condition), self.value(condition, &going.scope));
        let (iterator, value) = (&going.iterator, value.tokens());
        if !is_fallible(value) {
            let first = quote! { #iterator.find(|&#pattern| #value) };
            going.first = Some((first, quote! { #iterator.any(|#pattern| #value) }));
            going.iterator = quote! { #iterator.filter(|&#pattern| #value) };
            return;
        }
        let chosen = names::ident(&going.scope.pick("chosen"));
        let (all, row) = (going.shape.pattern(&|_| true), going.shape.row());
        going.before.extend(quote! {
            let mut #chosen = Vec::new();
            for #all in #looped {
                if #value {
                    #chosen.push(#row);
                }
            }
        });
        going.iterator = quote! { #chosen.into_iter() };
        going.made = Some(quote! { #chosen });
    }

    fn between(&self, from: Option<&Expr>, to: Option<&Expr>, going: &mut Going) {
        let constant = |bound: Option<&Expr>| match bound.map(|bound| &bound.kind) {
            None => Some(None),
            Some(ExprKind::Literal(model::Value::Number(digits))) => {
                digits.replace('_', "").parse::<u64>().ok().map(Some)
            }
            Some(_) => None,
        };
        let iterator = &going.iterator;
        going.iterator = if let (Some(from), Some(to)) = (constant(from), constant(to)) {
            let from = from.unwrap_or(0);
            let skip = (from > 0).then(|| scalar::number(&from.to_string())).into_iter();
            if from > 0 {
                let place = scalar::number(&from.to_string());
                let nth = quote! { #iterator.nth(#place) };
                going.first = Some((nth.clone(), quote! { #nth.is_some() }));
            }
            let take = to.map(|to| scalar::number(&to.saturating_sub(from).to_string())).into_iter();
            quote! { #iterator #(.skip(#skip))* #(.take(#take))* }
        } else {
            let bound = |bound: &Expr| self.look(&self.value(bound, &going.scope)).tokens().clone();
            let from = from.map_or_else(|| quote! { 0 }, bound);
            let to = to.map(bound).map_or_else(|| quote! { None }, |to| quote! { Some(#to) });
            quote! { gw::rows::between(#iterator, #from, #to) }
        };
        going.two_ended = false;
    }

    /// Each row with each row of a list of its own: two loops.
    fn flatten(&self, inner: &Rows, used: &dyn Fn(LocalId) -> bool, looped: &TokenStream, going: &mut Going) {
        let name = names::ident(&going.scope.pick("all"));
        let other = self.rows(inner, used, &going.scope);
        let inner_uses = |local: LocalId| rows_mention(inner, local);
        let outer = going.shape.pattern(&|local| used(local) || inner_uses(local));
        let keeps_outer = going.shape.is_used(used);
        let (own, inner_looped) = (&other.before, other.looped());
        let all_inner = other.shape.pattern(&|_| true);
        let mut shape = other.shape.clone();
        let row = if keeps_outer {
            let all = going.shape.pattern(&|_| true);
            let (left, right) = (going.shape.row(), other.shape.row());
            shape = going.shape.clone().and(other.shape);
            (all, quote! { (#left, #right) })
        } else {
            (outer, other.shape.row())
        };
        let (outer, row) = row;
        going.before.extend(quote! {
            let mut #name = Vec::new();
            for #outer in #looped {
                #own
                for #all_inner in #inner_looped {
                    #name.push(#row);
                }
            }
        });
        going.scope = other.scope;
        going.shape = shape;
        going.iterator = quote! { #name.into_iter() };
        going.made = Some(quote! { #name });
        going.two_ended = true;
        going.held_before |= other.held_before;
    }
}

/// `gw::rows::function(rows, |row| key)`; where the key can fail, the function that tries.
fn chained(function: &str, iterator: &TokenStream, pattern: &TokenStream, key: &TokenStream) -> TokenStream {
    if is_fallible(key) {
        let function = format_ident!("try_{function}");
        return quote! { gw::rows::#function(#iterator, |#pattern| Ok::<_, gw::Error>(#key))? };
    }
    let (function, closure) = (format_ident!("{function}"), closure(pattern, key));
    quote! { gw::rows::#function(#iterator, #closure) }
}

fn rows_mention(rows: &Rows, local: LocalId) -> bool {
    let mut found = false;
    walk::row_exprs(rows, &mut |expr| found |= uses::mentions(expr, local));
    found
}
