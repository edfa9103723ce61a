//! What becomes of rows, stage by stage.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::super::scope::Gathered;
use super::super::{By, Variable, is_fallible};
use super::gathered::variables;
use super::parts::tuple;
use super::values::closure;
use super::{Going, Looping, Shape};
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
        let (iterator, looping) = (going.iterator.clone(), going.looping());
        (going.first, going.made, going.reversed, going.option) = (None, None, None, None);
        if !matches!(stage, Stage::Reverse) {
            going.list = None;
        }
        match stage {
            Stage::Beside(beside) => self.beside(beside, going),
            Stage::Filter(condition) => self.filter(condition, &looping, going),
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
            Stage::Flatten(inner) => self.flatten(inner, used, &looping, going),
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

    fn filter(&self, condition: &Expr, looping: &Looping, going: &mut Going) {
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
        let all = looping.each(&all, &quote! { if #value { #chosen.push(#row); } });
        going.before.extend(quote! { let mut #chosen = Vec::new(); #all });
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
    fn flatten(&self, inner: &Rows, used: &dyn Fn(LocalId) -> bool, outer: &Looping, going: &mut Going) {
        let name = names::ident(&going.scope.pick("all"));
        let other = self.rows(inner, used, &going.scope);
        let keeps_outer = going.shape.is_used(used);
        let outer_used = |local: LocalId| keeps_outer || rows_mention(inner, local);
        // What the inner rows refer to is gone after each round, so they are kept themselves.
        let inner_row = if other.held_before { self.own_row(&other) } else { other.shape.row() };
        let row = if keeps_outer {
            let outer_row = going.shape.row();
            quote! { (#outer_row, #inner_row) }
        } else {
            inner_row
        };
        let push = other.each(&other.shape.pattern(&|_| true), &quote! { #name.push(#row); });
        let own = &other.before;
        let all = outer.each(&going.shape.pattern(&outer_used), &quote! { #own #push });
        going.before.extend(quote! { let mut #name = Vec::new(); #all });
        (going.iterator, going.made) = match (other.held_before, keeps_outer) {
            (false, _) => (quote! { #name.into_iter() }, Some(quote! { #name })),
            (true, false) => (quote! { #name.iter() }, None),
            (true, true) => (quote! { #name.iter().map(|(outer, inner)| (*outer, inner)) }, None),
        };
        going.shape = if keeps_outer { going.shape.clone().and(other.shape) } else { other.shape };
        going.scope = other.scope;
        going.two_ended = true;
        going.held_before |= other.held_before;
    }

    /// A row of values of its own.
    fn own_row(&self, going: &Going) -> TokenStream {
        let mut columns = Vec::new();
        going.shape.columns(&mut columns);
        let value = |column: &Shape| match column {
            Shape::One { local, .. } => going.scope.local(*local).map(|value| self.owned(&value)),
            _ => None,
        };
        let values: Vec<TokenStream> = columns.iter().filter_map(value).collect();
        tuple(&values)
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
