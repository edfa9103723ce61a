//! Calls for each row of a list: the future of a fan-out, and what is kept of each row.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::endpoint::{Endpoint, kept_field};
use super::super::held::Held;
use super::super::names;
use super::super::scalar;
use super::super::uses::step_mentions;
use super::super::value::{By, Level, Scope, Variable, is_fallible};
use super::Rest;
use crate::model::ParamPlace;
use crate::plan::{EachResults, Expr, ExprKind, LocalId, Rows, Stage, Step, StepKind};

impl Endpoint<'_> {
    /// The future of a call or a fan-out, and statements that must stand before it.
    pub(super) fn future(&self, step: &Step, scope: &Scope) -> (TokenStream, TokenStream) {
        match &step.kind {
            StepKind::Call { operation, args, optional, reads } => {
                let call = self.call(step, (*operation, args, *optional, *reads), scope);
                (TokenStream::new(), call)
            }
            StepKind::Each { .. } => self.each(step, scope),
            StepKind::Compute { .. } | StepKind::Check { .. } | StepKind::Require { .. } => {
                (TokenStream::new(), quote! { async { Ok(()) } })
            }
        }
    }

    fn each(&self, step: &Step, scope: &Scope) -> (TokenStream, TokenStream) {
        let StepKind::Each { rows, at_most, flow } = &step.kind else { return Default::default() };
        let Some((list, item, results)) = all_elements(rows) else { return self.each_chosen(step, scope) };
        let at_most = scalar::number(&at_most.to_string());
        if let Some(future) = self.direct_each(step, scope) {
            return (TokenStream::new(), future);
        }
        let is_copy = |held: &Held| self.is_copy(held);
        let mut inner = scope.borrowed(is_copy);
        let (list, bound) = self.each_list(list, item, &results, scope, &mut inner);
        let name = inner.local(item).map(|value| value.tokens().clone()).unwrap_or_default();
        let kept = self.uses.kept(flow);
        let code = self.flow(flow, Rest::Kept(&kept), &mut inner);
        let result = self.results(step, &kept, &inner);
        let index = if bound.is_empty() {
            quote! { _ }
        } else {
            quote! { index }
        };
        let borrows = scope.borrows(&inner, is_copy);
        let each = quote! {
            gw::each(#list, #at_most, move |#index, #name| async move { #bound #code Ok(#result) })
        };
        (borrows, each)
    }

    /// Calls for each row of a list that stages have changed: the rows are chosen first.
    fn each_chosen(&self, step: &Step, scope: &Scope) -> (TokenStream, TokenStream) {
        let StepKind::Each { rows, at_most, flow } = &step.kind else { return Default::default() };
        let at_most = scalar::number(&at_most.to_string());
        let used = |local: LocalId| flow.steps.iter().any(|step| step_mentions(step, local));
        let going = self.rows(rows, &used, scope);
        let (pattern, before, iterator) = (going.pattern_of(&used), going.before().clone(), going.iterator().clone());
        let mut chosen_scope = going.scope;
        let chosen = names::ident(&chosen_scope.pick("chosen"));
        let is_copy = |held: &Held| self.is_copy(held);
        let mut inner = chosen_scope.borrowed(is_copy);
        let kept = self.uses.kept(flow);
        let code = self.flow(flow, Rest::Kept(&kept), &mut inner);
        let result = self.results(step, &kept, &inner);
        let borrows = scope.borrows(&inner, is_copy);
        let pattern = if pattern.to_string() == "_" {
            pattern
        } else {
            quote! { &#pattern }
        };
        let before = quote! { #before let #chosen = #iterator.collect::<Vec<_>>(); #borrows };
        (before, quote! { gw::each(&#chosen, #at_most, move |_, #pattern| async move { #code Ok(#result) }) })
    }

    /// One call for each element and nothing else: the closure gives its future.
    fn direct_each(&self, step: &Step, scope: &Scope) -> Option<TokenStream> {
        let StepKind::Each { rows, at_most, flow } = &step.kind else { return None };
        let (list, item, results) = all_elements(rows)?;
        let [only] = flow.steps.as_slice() else { return None };
        let StepKind::Call { operation, .. } = &only.kind else { return None };
        let sends_body = self.context.operation(*operation).params.iter().any(|param| param.place == ParamPlace::Body);
        if !only.when.is_empty() || !results.is_empty() || sends_body {
            return None;
        }
        let mut inner = scope.clone();
        let (list, _) = self.each_list(list, item, &results, scope, &mut inner);
        let (_, future) = self.future(only, &inner);
        let name = inner.local(item).map(|value| value.tokens().clone())?;
        let at_most = scalar::number(&at_most.to_string());
        (!is_fallible(&future)).then(|| quote! { gw::each(#list, #at_most, |_, #name| #future) })
    }

    /// The list that is gone through, and what binds the results of others beside it.
    fn each_list(
        &self,
        list: &Expr,
        item: LocalId,
        results: &[&EachResults],
        scope: &Scope,
        inner: &mut Scope,
    ) -> (TokenStream, TokenStream) {
        let value = self.value(list, scope);
        let element = match &value.held {
            Held::List(element) | Held::Map(element) => (**element).clone(),
            other => other.clone(),
        };
        let name = inner.pick(self.local_name(item));
        let shown = if self.uses.local(item) { name.clone() } else { format!("_{name}") };
        inner.set_local(item, Variable { name: shown, held: element, by: By::Ref });
        let mut bound = TokenStream::new();
        for beside in results {
            let outer = self.value(&beside.list, inner);
            let held = match &outer.held {
                Held::List(element) => (**element).clone(),
                other => other.clone(),
            };
            let name = inner.pick(&self.results_title(&beside.list));
            let (ident, tight) = (names::ident(&name), outer.within(Level::Postfix));
            bound.extend(quote! { let #ident = gw::known(#tight.get(index))?; });
            inner.set_local(beside.local, Variable { name, held, by: By::Ref });
        }
        (value.reference(), bound)
    }

    /// What is kept of one element.
    fn results(&self, step: &Step, kept: &[&Step], scope: &Scope) -> TokenStream {
        let member = |step: &Step| {
            scope.step(step.id).map_or_else(
                || quote! { () },
                |value| {
                    if value.by == By::Place { value.tokens().clone() } else { self.owned(&value) }
                },
            )
        };
        match kept {
            [] => quote! { () },
            [only] => member(only),
            _ => {
                let name = names::ident(&self.results_name(step.id));
                let members = kept.iter().map(|step| {
                    let (field, value) = (names::ident(&kept_field(kept, step.id)), member(step));
                    if field == value.to_string().as_str() {
                        quote! { #field }
                    } else {
                        quote! { #field: #value }
                    }
                });
                quote! { #name { #(#members),* } }
            }
        }
    }
}

/// The list, its element, and what stands beside it, where every element is a row.
fn all_elements(rows: &Rows) -> Option<(&Expr, LocalId, Vec<&EachResults>)> {
    let [item] = rows.columns.as_slice() else { return None };
    if matches!(rows.list.kind, ExprKind::Gather { .. } | ExprKind::Lookup { .. }) {
        return None;
    }
    let mut results = Vec::new();
    for stage in &rows.stages {
        let Stage::Beside(beside) = stage else { return None };
        results.push(beside);
    }
    Some((&rows.list, *item, results))
}
