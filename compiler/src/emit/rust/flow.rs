//! Calls and guards in the order in which they run: plain awaits where one step stands alone, futures that are joined where
//! several run together.
//!
//! Inside a join a step may wait for another of the same join: that one is `gw::shared`, and the waiting one an `async` block
//! that first gets what it needs.

mod fan;

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::endpoint::{Endpoint, base};
use super::held::Held;
use super::layout;
use super::names;
use super::outcome::refusal_error;
use super::uses::{UsedAfter, block_steps};
use super::value::{By, Going, Level, Scope, Variable, is_fallible};
use super::write::some_of;
use crate::plan::{Block, Condition, Expr, ExprKind, Flow, LocalId, Outcome, Refusal, Step, StepId, StepKind};

/// What comes behind a flow.
#[derive(Clone, Copy)]
pub(super) enum Rest<'p> {
    /// The endpoint's answer.
    Outcome(&'p Outcome),
    /// The values that are kept of a list's element.
    Kept(&'p [&'p Step]),
}

/// What the future of a step gives: of a guard what it found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Guarded {
    /// A copy.
    Copied,
    /// A reference to what lies elsewhere.
    Borrowed,
    /// A value of its own.
    Owned,
}

/// A step in a join, while its future is written.
struct Joined<'s, 'p> {
    step: &'p Step,
    /// All steps of the join.
    together: &'s [&'p Step],
}

impl Joined<'_, '_> {
    fn is_together(&self, id: StepId) -> bool {
        self.together.iter().any(|step| step.id == id)
    }

    /// Whether another step of the join waits for this one.
    fn is_shared(&self) -> bool {
        let id = self.step.id;
        self.together
            .iter()
            .any(|step| step.needs.contains(&id) || step.after.contains(&id) || step.yields_to.contains(&id))
    }
}

impl Endpoint<'_> {
    /// The statements of a flow; the variables that they bind are added to `scope`.
    pub(super) fn flow(&self, flow: &Flow, rest: Rest<'_>, scope: &mut Scope) -> TokenStream {
        let mut parts = Vec::new();
        let mut lines = TokenStream::new();
        for (at, block) in flow.blocks.iter().enumerate() {
            let remaining = flow.blocks.get(at + 1..).unwrap_or_default();
            let used = match rest {
                Rest::Outcome(outcome) => UsedAfter::new(flow, remaining, Some(outcome), &[]),
                Rest::Kept(kept) => UsedAfter::new(flow, remaining, None, kept),
            };
            let steps: Vec<&Step> =
                block_steps(block).iter().filter_map(|id| flow.steps.iter().find(|step| step.id == *id)).collect();
            if let (Block::One(_), [step]) = (block, steps.as_slice()) {
                lines.extend(self.one(step, &used, scope));
            } else {
                parts.push(std::mem::take(&mut lines));
                parts.push(self.together(&steps, &used, scope));
            }
        }
        parts.push(lines);
        layout::spaced(parts)
    }

    // ── one step by itself ───────────────────────────────────────────────────────────────────────────────────────

    fn one(&self, step: &Step, used: &UsedAfter, scope: &mut Scope) -> TokenStream {
        match &step.kind {
            StepKind::Check { condition, refusal } => {
                let code = self.check(condition, refusal, scope);
                quote! { #code }
            }
            StepKind::Compute { value, .. } => {
                let value = self.owned(&self.value(value, scope));
                let name = scope.pick(&self.step_title(step));
                let variable = Variable { name: name.clone(), held: self.held_step(step), by: By::Place };
                bind(step, variable, scope);
                let name = names::ident(&name);
                if used.step(step) {
                    quote! { let #name = #value; }
                } else {
                    TokenStream::new()
                }
            }
            StepKind::Require { value, item, refusal } => {
                let moved = self.moved(value, scope);
                let is_moved = moved.is_some();
                self.require(step, (value, *item, refusal), (moved, is_moved), scope)
            }
            StepKind::Call { .. } | StepKind::Each { .. } => {
                let name = scope.pick(&self.step_title(step));
                let value = self.conditional(step, scope, &|scope| {
                    let (before, future) = self.future(step, scope);
                    (before, quote! { #future.await? })
                });
                let variable = Variable { name: name.clone(), held: self.held_step(step), by: By::Place };
                let is_used = used.step(step) && variable.held != Held::Unit;
                scope.set_step(step.id, variable);
                if is_used {
                    let name = names::ident(&name);
                    quote! { let #name = #value; }
                } else {
                    quote! { #value; }
                }
            }
        }
    }

    /// A step's value, `None` where its conditions do not hold; `make` gives statements and an expression.
    fn conditional(
        &self,
        step: &Step,
        scope: &Scope,
        make: &dyn Fn(&Scope) -> (TokenStream, TokenStream),
    ) -> TokenStream {
        let (test, inner) = self.conditions(step, scope);
        let (before, value) = make(&inner);
        let held = self.held_step(step);
        match test {
            None if before.is_empty() => value,
            None => quote! { { #before #value } },
            Some(test) if held == Held::Unit => quote! { if #test { #before #value; } },
            Some(test) if self.is_nullable(step) => {
                layout::if_else(&test, &quote! { #before #value }, &quote! { None })
            }
            Some(test) => layout::if_else(&test, &quote! { #before Some(#value) }, &quote! { None }),
        }
    }

    /// Whether a step's own value is an `Option`.
    fn is_nullable(&self, step: &Step) -> bool {
        match &step.kind {
            StepKind::Call { operation, reads, .. } => {
                self.context.operation(*operation).returns.is_some() && matches!(self.held(*reads), Held::Optional(_))
            }
            StepKind::Each { .. } | StepKind::Compute { .. } | StepKind::Check { .. } | StepKind::Require { .. } => {
                false
            }
        }
    }

    /// The test of all conditions of a step, and the scope with what they bind.
    fn conditions(&self, step: &Step, scope: &Scope) -> (Option<TokenStream>, Scope) {
        let mut inner = scope.clone();
        let mut tests = Vec::new();
        for condition in &step.when {
            tests.push(match condition {
                Condition::Holds(expr) => self.value(expr, &inner).within(Level::And),
                Condition::Fails(expr) => self.negated(expr, &inner).within(Level::And),
                Condition::Absent(expr) => {
                    let value = self.value(expr, &inner).within(Level::Postfix);
                    quote! { #value.is_none() }
                }
                Condition::Present { value, item } => {
                    let value = self.value(value, &inner);
                    let looked = self.look(&value);
                    let (bound, name) = self.bind_present(&looked, *item, None, &inner);
                    inner = bound;
                    if super::uses::step_mentions(step, *item) {
                        let looked = some_of(&value, &looked);
                        quote! { let Some(#name) = #looked }
                    } else {
                        let tight = value.within(Level::Postfix);
                        quote! { #tight.is_some() }
                    }
                }
                Condition::Found(rows) => {
                    let going = self.rows(rows, &|local| super::uses::step_mentions(step, local), &inner);
                    let pattern = going.pattern_of(&|local| super::uses::step_mentions(step, local));
                    let first = with_before(&going, going.first());
                    let exists = with_before(&going, going.exists());
                    inner = going.scope;
                    if pattern.to_string() == "_" {
                        exists
                    } else {
                        quote! { let Some(#pattern) = #first }
                    }
                }
                Condition::NotFound(rows) => {
                    let going = self.rows(rows, &|_| false, &inner);
                    with_before(&going, going.lacks())
                }
            });
        }
        (tests.into_iter().reduce(|all, test| quote! { #all && #test }), inner)
    }

    fn check(&self, condition: &Expr, refusal: &Refusal, scope: &Scope) -> TokenStream {
        let contrary = self.negated(condition, scope);
        let (contrary, error) = (contrary.tokens(), refusal_error(refusal));
        quote! { if #contrary { return Err(#error); } }
    }

    fn require(
        &self,
        step: &Step,
        (value, item, refusal): (&Expr, LocalId, &Refusal),
        (named, moves): (Option<String>, bool),
        scope: &mut Scope,
    ) -> TokenStream {
        let value = self.value(value, scope);
        let looked = self.look(&value);
        let error = refusal_error(refusal);
        if !self.uses.local(item) {
            let tight = value.within(Level::Postfix);
            return quote! { if #tight.is_none() { return Err(#error); } };
        }
        let source = if moves { value.tokens().clone() } else { some_of(&value, &looked) };
        let by = match looked.by {
            By::OptionStr if value.by == By::OptionStr => By::Str,
            By::OptionStr | By::OptionRef if !moves => By::Ref,
            By::OptionStr | By::OptionRef | By::Made | By::Place | By::Ref | By::Str => By::Place,
        };
        let name = named.unwrap_or_else(|| scope.pick(self.local_name(item)));
        let variable = Variable { name: name.clone(), held: looked.held.behind(), by };
        bind(step, variable, scope);
        let name = names::ident(&name);
        quote! { let Some(#name) = #source else { return Err(#error); }; }
    }

    /// The name of a step's variable that nobody uses but this guard: it is moved out of, and its name kept.
    fn moved(&self, value: &Expr, scope: &Scope) -> Option<String> {
        let (value, uses, name) = match value.kind {
            ExprKind::Step(step) => (scope.step(step)?, self.uses.of_step(step), scope.step_name(step)?),
            ExprKind::Local(local) => (scope.local(local)?, self.uses.of_local(local), scope.local_name(local)?),
            _ => return None,
        };
        (value.by == By::Place && uses == 1).then(|| name.to_owned())
    }

    // ── steps that run together ──────────────────────────────────────────────────────────────────────────────────

    fn together(&self, steps: &[&Step], used: &UsedAfter, scope: &mut Scope) -> TokenStream {
        let mut lines = TokenStream::new();
        let mut waiting = scope.clone();
        let (mut bound, mut joined, mut derefs) = (Vec::new(), Vec::new(), TokenStream::new());
        for step in steps {
            let name = scope.pick(&self.step_title(step));
            waiting.reserve(&name);
            let this = Joined { step, together: steps };
            let future = self.joined(&this, &waiting);
            let ident = names::ident(&name);
            lines.extend(quote! { let #ident = #future; });
            let held = self.held_step(step);
            let is_shared = this.is_shared();
            joined.push(if is_shared {
                quote! { #ident.get() }
            } else {
                quote! { #ident }
            });
            let is_used = used.step(step) && held != Held::Unit;
            bound.push(match &held {
                _ if is_used => quote! { #ident },
                Held::Unit => quote! { () },
                _ => quote! { _ },
            });
            let deref = self.done(step, &name, is_shared, &waiting, scope);
            if is_used {
                derefs.extend(deref);
            }
            // While the join is written, its steps are futures: only `waits` makes values of them.
            bind(step, Variable { name: name.clone(), held, by: By::Ref }, &mut waiting);
        }
        let pattern = if bound.iter().any(|name| name.to_string() != "_" && name.to_string() != "()") {
            quote! { let (#(#bound),*) = }
        } else {
            TokenStream::new()
        };
        quote! { #lines #pattern gw::try_join!(#(#joined),*)?; #derefs }
    }

    /// What a step's future is called.
    pub(super) fn step_title(&self, step: &Step) -> String {
        match &step.kind {
            StepKind::Require { item, .. } => format!("found_{}", self.local_name(*item)),
            StepKind::Each { rows, flow, .. } => {
                let item = rows.columns.first().map_or("row", |item| self.local_name(*item));
                match flow.steps.as_slice() {
                    [only] => format!("{item}_{}", base(&only.name)),
                    _ => format!("{item}_calls"),
                }
            }
            StepKind::Compute { item, .. } => self.local_name(*item).to_owned(),
            StepKind::Check { .. } | StepKind::Call { .. } => base(&step.name).to_owned(),
        }
    }

    /// The future of a step in a join.
    fn joined(&self, this: &Joined<'_, '_>, scope: &Scope) -> TokenStream {
        let step = this.step;
        let (waits, inner) = self.waits(this, scope);
        let mut future = match &step.kind {
            StepKind::Check { condition, refusal } => {
                let check = self.check(condition, refusal, &inner);
                quote! { async { #waits #check Ok(()) } }
            }
            StepKind::Compute { value, .. } => {
                let value = self.owned(&self.value(value, &inner));
                quote! { async { #waits Ok(#value) } }
            }
            StepKind::Require { value, item, refusal } => {
                self.joined_require(step, (value, *item, refusal), (&waits, &inner))
            }
            StepKind::Call { .. } | StepKind::Each { .. } => self.joined_call(step, (&waits, &inner)),
        };
        let guards: Vec<TokenStream> = step
            .yields_to
            .iter()
            .filter(|guard| this.is_together(**guard))
            .filter_map(|guard| scope.step_name(*guard))
            .map(|name| {
                let name = names::ident(name);
                quote! { #name.get() }
            })
            .collect();
        future = match guards.as_slice() {
            [] => future,
            [guard] => quote! { gw::after(#guard, #future) },
            _ => quote! { gw::after(async { gw::try_join!(#(#guards),*) }, #future) },
        };
        if this.is_shared() {
            quote! { gw::shared(#future) }
        } else {
            future
        }
    }

    fn joined_call(&self, step: &Step, (waits, inner): (&TokenStream, &Scope)) -> TokenStream {
        let (test, inner) = self.conditions(step, inner);
        let (before, future) = self.future(step, &inner);
        let plain = waits.is_empty() && before.is_empty() && !is_fallible(&future);
        match test {
            None if plain => future,
            None => quote! { async { #waits #before #future.await } },
            Some(test) => {
                let (value, nothing) = match self.held_step(step) {
                    Held::Unit => (quote! { #future.await }, quote! { Ok(()) }),
                    _ if self.is_nullable(step) => (quote! { #future.await }, quote! { Ok(None) }),
                    _ => (quote! { #future.await.map(Some) }, quote! { Ok(None) }),
                };
                let choice = layout::if_else(&test, &quote! { #before #value }, &nothing);
                quote! { async { #waits #choice } }
            }
        }
    }

    fn joined_require(
        &self,
        step: &Step,
        (value, item, refusal): (&Expr, LocalId, &Refusal),
        (waits, inner): (&TokenStream, &Scope),
    ) -> TokenStream {
        let mut inner = inner.clone();
        let shadowed = self.shadowed(value, item, &[], &inner);
        let require = self.require(step, (value, item, refusal), (shadowed, false), &mut inner);
        match inner.local(item) {
            Some(value) if self.uses.local(item) => {
                let name = value.tokens();
                quote! { async { #waits #require Ok(#name) } }
            }
            _ => quote! { async { #waits #require Ok(()) } },
        }
    }

    /// What a step of a join gets of others before it starts, and the scope with their values.
    fn waits(&self, this: &Joined<'_, '_>, scope: &Scope) -> (TokenStream, Scope) {
        let mut inner = scope.clone();
        let mut lines = TokenStream::new();
        let needs: BTreeSet<StepId> = this.step.needs.iter().copied().collect();
        let before: BTreeSet<StepId> = needs.iter().chain(&this.step.after).copied().collect();
        for other in this.together.iter().filter(|step| before.contains(&step.id)) {
            let Some(name) = scope.step_name(other.id) else { continue };
            let ident = names::ident(name);
            let held = self.held_step(other);
            let mut used = UsedAfter::default();
            used.note_step(this.step);
            if !needs.contains(&other.id) || held == Held::Unit || !used.step(other) {
                lines.extend(quote! { #ident.get().await?; });
                continue;
            }
            let (by, star) = match self.guarded(other, scope) {
                Guarded::Copied => (By::Place, quote! { * }),
                Guarded::Borrowed => (By::Ref, quote! { * }),
                Guarded::Owned => (By::Ref, TokenStream::new()),
            };
            lines.extend(quote! { let #ident = #star #ident.get().await?; });
            bind(other, Variable { name: name.to_owned(), held, by }, &mut inner);
        }
        (lines, inner)
    }

    /// What the future of a step gives.
    fn guarded(&self, step: &Step, scope: &Scope) -> Guarded {
        let StepKind::Require { value, .. } = &step.kind else { return Guarded::Owned };
        let value = self.value(value, scope);
        match self.look(&value).by {
            By::Made if self.is_copy(&value.held) => Guarded::Copied,
            By::Made => Guarded::Owned,
            By::Place | By::Ref | By::Str | By::OptionRef | By::OptionStr => Guarded::Borrowed,
        }
    }

    /// After the join, its steps are values; those of shared steps are referred to. A reference to a reference loses one.
    fn done(&self, step: &Step, name: &str, is_shared: bool, waiting: &Scope, scope: &mut Scope) -> TokenStream {
        let ident = names::ident(name);
        let (by, deref) = match (self.guarded(step, waiting), is_shared) {
            (Guarded::Owned, true) | (Guarded::Borrowed, false) => (By::Ref, TokenStream::new()),
            (Guarded::Owned | Guarded::Copied, false) => (By::Place, TokenStream::new()),
            (Guarded::Copied, true) => (By::Place, quote! { let #ident = *#ident; }),
            (Guarded::Borrowed, true) => (By::Ref, quote! { let #ident = *#ident; }),
        };
        bind(step, Variable { name: name.to_owned(), held: self.held_step(step), by }, scope);
        deref
    }
}

/// An expression, with the statements before the rows that it is of.
fn with_before(going: &Going, expression: TokenStream) -> TokenStream {
    let before = going.before();
    if before.is_empty() {
        expression
    } else {
        quote! { { #before #expression } }
    }
}

/// Binds a step's variable; of a `Require` or a `Compute` also the local that it binds.
fn bind(step: &Step, variable: Variable, scope: &mut Scope) {
    if let StepKind::Require { item, .. } | StepKind::Compute { item, .. } = &step.kind {
        scope.set_local(*item, variable.clone());
    }
    scope.set_step(step.id, variable);
}
