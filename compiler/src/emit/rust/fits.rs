//! Which values of the client go into a place that not every text fits: a segment of a path, a header, a cookie. They are checked when
//! they are read, so that what does not fit is refused beside everything else that is wrong, before anything is called.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use super::context::Context;
use crate::model::{ParamPlace, Scalar, Ty, TypeDeclKind};
use crate::plan::walk;
use crate::plan::{
    Condition, EndpointPlan, Expr, ExprKind, Flow, LocalId, NodeId, Outcome, ParamId, Readings, Rows, Step, StepKind,
    Take, TextPart, WithSet,
};

/// A place that not every text fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// A whole segment of a path.
    Segment,
    /// A part of a header; what fits one of the others fits it too.
    Header,
    /// A part of a cookie.
    Cookie,
}

impl Fit {
    /// The function of the runtime that checks it.
    fn check(self) -> TokenStream {
        match self {
            Self::Segment => quote! { gw::text::segment },
            Self::Header => quote! { gw::text::header },
            Self::Cookie => quote! { gw::text::cookie },
        }
    }

    /// What a part of the text in this place must fit.
    fn of_part(self) -> Self {
        match self {
            // A part may be empty or a dot.
            Self::Segment => Self::Header,
            whole => whole,
        }
    }
}

/// What the client's values have to fit.
#[derive(Debug, Default)]
pub(super) struct Fits {
    params: BTreeMap<ParamId, BTreeSet<Fit>>,
    nodes: BTreeMap<NodeId, BTreeSet<Fit>>,
    /// Names for parameters, for what is behind a nullable one, and for elements of a list of them.
    locals: BTreeMap<LocalId, ParamId>,
    /// What was computed of them, by its name.
    computed: BTreeMap<LocalId, Expr>,
}

impl Fits {
    pub(super) fn of(plan: &EndpointPlan, context: &Context<'_>) -> Self {
        let mut fits = Self::default();
        fits.name_flow(&plan.flow);
        fits.name_outcome(&plan.outcome);
        fits.flow(&plan.flow, plan, context);
        fits.outcome(&plan.outcome, plan);
        fits
    }

    /// The checks of a parameter's values, or of its elements, of this type.
    pub(super) fn of_param(&self, param: ParamId, ty: &Ty, context: &Context<'_>) -> Vec<TokenStream> {
        checks(self.params.get(&param), ty, context)
    }

    /// The checks of a value in the client's body.
    pub(super) fn of_node(&self, node: NodeId, ty: &Ty, context: &Context<'_>) -> Vec<TokenStream> {
        checks(self.nodes.get(&node), ty, context)
    }

    // ── what locals stand for ────────────────────────────────────────────────────────────────────────────────────

    fn name_flow(&mut self, flow: &Flow) {
        for step in &flow.steps {
            for condition in &step.when {
                if let Condition::Present { value, item } = condition {
                    self.name(*item, value);
                }
            }
            match &step.kind {
                StepKind::Each { rows, flow, .. } => {
                    self.name_rows(rows);
                    self.name_flow(flow);
                }
                StepKind::Require { value, item, .. } => self.name(*item, value),
                StepKind::Compute { value, item } => {
                    self.computed.insert(*item, value.clone());
                }
                StepKind::Call { .. } | StepKind::Check { .. } => {}
            }
            walk::step_exprs(step, &mut |expr| self.name_all(expr));
        }
    }

    fn name_outcome(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Respond { with, .. } | Outcome::Redirect { with, .. } => {
                for set in with {
                    self.name_all(&set.value);
                }
            }
            Outcome::Reject(_) => {}
            Outcome::If { then, otherwise, .. } => {
                self.name_outcome(then);
                self.name_outcome(otherwise);
            }
        }
    }

    fn name_all(&mut self, expr: &Expr) {
        walk::visit(expr, &mut |part| match &part.kind {
            ExprKind::Map { rows, .. } | ExprKind::Found { rows, .. } | ExprKind::Gather { rows, .. } => {
                self.name_rows(rows);
            }
            ExprKind::IfPresent { value, item, .. } => self.name(*item, value),
            _ => {}
        });
    }

    fn name_rows(&mut self, rows: &Rows) {
        if let [item] = rows.columns.as_slice() {
            self.name(*item, &rows.list);
        }
    }

    fn name(&mut self, local: LocalId, value: &Expr) {
        self.locals.extend(self.param_of(value).map(|param| (local, param)));
    }

    /// The parameter that a value is, or is an element of.
    fn param_of(&self, value: &Expr) -> Option<ParamId> {
        match &value.kind {
            ExprKind::Param(param) => Some(*param),
            ExprKind::Local(local) => self.locals.get(local).copied(),
            ExprKind::Known { value: inner, .. }
            | ExprKind::Slice { list: inner, .. }
            | ExprKind::Index { base: inner, .. } => self.param_of(inner),
            _ => None,
        }
    }

    // ── where they go ────────────────────────────────────────────────────────────────────────────────────────────

    fn flow(&mut self, flow: &Flow, plan: &EndpointPlan, context: &Context<'_>) {
        for Step { kind, .. } in &flow.steps {
            match kind {
                StepKind::Call { operation, args, .. } => {
                    for (arg, param) in args.iter().zip(&context.operation(*operation).params) {
                        let fit = match param.place {
                            ParamPlace::Path => Fit::Segment,
                            ParamPlace::Header(_) => Fit::Header,
                            ParamPlace::Cookie(_) => Fit::Cookie,
                            ParamPlace::Query(_) | ParamPlace::Body => continue,
                        };
                        self.put(arg, fit, &plan.readings);
                    }
                }
                StepKind::Each { flow, .. } => self.flow(flow, plan, context),
                StepKind::Compute { .. } | StepKind::Check { .. } | StepKind::Require { .. } => {}
            }
        }
    }

    fn outcome(&mut self, outcome: &Outcome, plan: &EndpointPlan) {
        match outcome {
            Outcome::Respond { with, .. } | Outcome::Redirect { with, .. } => {
                for WithSet { cookie, value, .. } in with {
                    self.put(value, if *cookie { Fit::Cookie } else { Fit::Header }, &plan.readings);
                }
            }
            Outcome::Reject(_) => {}
            Outcome::If { then, otherwise, .. } => {
                self.outcome(then, plan);
                self.outcome(otherwise, plan);
            }
        }
    }

    /// A value goes into a place: what of it is the client's must fit.
    fn put(&mut self, value: &Expr, fit: Fit, readings: &Readings) {
        if let Some(param) = self.param_of(value) {
            self.params.entry(param).or_default().insert(fit);
        } else if let Some(node) = value.node {
            self.nodes.entry(scalar_node(node, readings)).or_default().insert(fit);
        }
        match &value.kind {
            ExprKind::Local(local) => {
                if let Some(computed) = self.computed.get(local).cloned() {
                    self.put(&computed, fit, readings);
                }
            }
            ExprKind::Apply { function, args, .. } if function.keeps_text => {
                for arg in args {
                    self.put(arg, fit.of_part(), readings);
                }
            }
            ExprKind::Text(parts) => {
                let fit = if parts.len() == 1 { fit } else { fit.of_part() };
                for part in parts {
                    if let TextPart::Value(part) = part {
                        self.put(part, fit, readings);
                    }
                }
            }
            ExprKind::Arithmetic { left, right, .. } => {
                self.put(left, fit.of_part(), readings);
                self.put(right, fit.of_part(), readings);
            }
            ExprKind::If { then, otherwise, .. }
            | ExprKind::IfPresent { then, otherwise, .. }
            | ExprKind::Found { then, otherwise, .. } => {
                self.put(then, fit, readings);
                self.put(otherwise, fit, readings);
            }
            ExprKind::Map { body, .. } | ExprKind::Gather { body, .. } => self.put(body, fit, readings),
            ExprKind::Join { value, separator, .. } => {
                self.put(value, fit.of_part(), readings);
                self.put(separator, fit.of_part(), readings);
            }
            ExprKind::List(elements) => elements.iter().for_each(|element| self.put(element, fit, readings)),
            ExprKind::Concat(parts) => {
                parts.iter().flat_map(|part| &part.values).for_each(|value| self.put(value, fit, readings));
            }
            _ => {}
        }
    }
}

/// The scalar in a node of a list or of what can be null.
fn scalar_node(node: NodeId, readings: &Readings) -> NodeId {
    match readings.get(node).take {
        Take::List(inner) | Take::Optional(inner) => scalar_node(inner, readings),
        _ => node,
    }
}

/// The checks that values of a type can fail.
fn checks(fits: Option<&BTreeSet<Fit>>, ty: &Ty, context: &Context<'_>) -> Vec<TokenStream> {
    let fits = fits.into_iter().flatten().copied().filter(|fit| can_fail(*fit, ty, context));
    let only = fits.clone().count() == 1;
    fits.filter(|fit| only || *fit != Fit::Header).map(Fit::check).collect()
}

fn can_fail(fit: Fit, ty: &Ty, context: &Context<'_>) -> bool {
    let ty = context.resolve(ty);
    if let Ty::Enum(id) = ty {
        let TypeDeclKind::Enum { variants, open } = &context.decl(id).kind else { return false };
        return *open || !variants.iter().all(|variant| is_word(&variant.wire));
    }
    match context.scalar(&ty) {
        Some((Scalar::String, _)) => true,
        // Neither has a control character.
        Some((Scalar::Url | Scalar::Path, _)) => fit == Fit::Cookie,
        _ => false,
    }
}

/// Whether a text fits everywhere.
fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}
