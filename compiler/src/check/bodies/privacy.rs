//! Sensitive data: what of a body's values is marked, and that it leaves the gateway only where the program says so.
//!
//! One pass over a checked body. It gives every value a [`Label`](label::Label), and looks at the places where data leaves: the answer, its headers
//! and cookies, a redirect's target, what goes to services, and what decides between answers.

mod declared;
mod flow;
mod label;
mod report;
mod written;

use std::collections::BTreeMap;
use std::rc::Rc;

pub(crate) use declared::Declared;

use self::label::{Label, Mark, Source};
use crate::diagnostic::Diagnostics;
use crate::model::{Destination, Disclosure, EndpointHead, Marking, Model, Param};
use crate::syntax::ast;
use crate::typed::{Expr, LetId, LocalId, Outcome, Statement, WithSet};

/// Checks where the marked data of one body goes, and says where the program lets it go. Comparisons with secrets are
/// told to take the same time whatever they find.
pub(super) fn check(
    (statements, outcome): (&mut [Statement], &mut Outcome),
    (ast, head): (&ast::Endpoint, &EndpointHead),
    (model, declared): (&Model, &Declared<'_>),
    diagnostics: &mut Diagnostics,
) -> Vec<Disclosure> {
    let mut privacy = Privacy {
        model,
        declared,
        ast,
        diagnostics,
        params: head.params.iter().map(of_param).collect(),
        lets: BTreeMap::new(),
        locals: BTreeMap::new(),
        disclosures: Vec::new(),
    };
    for (at, statement) in statements.iter_mut().enumerate() {
        privacy.statement(statement, LetId(at));
    }
    privacy.outcome(outcome);
    privacy.disclosures
}

/// The pass over one body.
struct Privacy<'a> {
    model: &'a Model,
    declared: &'a Declared<'a>,
    ast: &'a ast::Endpoint,
    diagnostics: &'a mut Diagnostics,
    params: Vec<Label>,
    lets: BTreeMap<LetId, Label>,
    locals: BTreeMap<LocalId, Label>,
    disclosures: Vec<Disclosure>,
}

/// What a client sends has what its type declares, and is marked as a whole where the parameter is.
fn of_param(param: &Param) -> Label {
    let label = Label::declared(param.ty.clone(), &param.name);
    let Some(marking) = param.marking else { return label };
    let source = Rc::new(Source { marking, what: param.name.clone(), declared: param.origin });
    label.with(vec![Mark { source, revealed: false, at: param.origin }])
}

impl Privacy<'_> {
    fn statement(&mut self, statement: &mut Statement, id: LetId) {
        match statement {
            Statement::Let { value, .. } => {
                let label = self.label(value);
                self.lets.insert(id, label);
            }
            Statement::Check { condition, .. } => self.goes(condition, &Destination::Decision),
            // Whether it is null may be seen.
            Statement::Require { value, item, .. } => {
                let label = self.label(value);
                self.locals.insert(*item, label);
            }
        }
    }

    fn outcome(&mut self, outcome: &mut Outcome) {
        match outcome {
            Outcome::Respond { body, with, .. } => {
                if let Some(body) = body {
                    self.goes(body, &Destination::Answer);
                }
                self.with_sets(with);
            }
            Outcome::Redirect { target, with, .. } => {
                self.goes(target, &Destination::Redirect);
                self.with_sets(with);
            }
            Outcome::Reject(_) => {}
            Outcome::If { condition, then, otherwise } => {
                self.goes(condition, &Destination::Decision);
                self.outcome(then);
                self.outcome(otherwise);
            }
        }
    }

    fn with_sets(&mut self, with: &mut [WithSet]) {
        for set in with {
            let name = set.name.clone();
            let to = if set.cookie { Destination::Cookie(name) } else { Destination::Header(name) };
            self.goes(&mut set.value, &to);
        }
    }

    /// The value of an expression goes somewhere that takes nothing marked.
    fn goes(&mut self, expr: &mut Expr, to: &Destination) {
        let label = self.label(expr);
        self.leave(&label, to, None);
    }

    /// A value goes somewhere that takes what is marked up to `takes`. Reports what may not go there, and says whether all may.
    fn leave(&mut self, label: &Label, to: &Destination, takes: Option<Marking>) -> bool {
        let mut leaks = Vec::new();
        for met in label.marks(self.declared) {
            let (source, revealed) = (&met.mark.source, met.mark.revealed);
            if !revealed && takes < Some(source.marking) {
                leaks.push(met);
                continue;
            }
            let (what, marking) = (source.what.clone(), source.marking);
            let disclosure = Disclosure { what, marking, to: to.clone(), revealed };
            if !self.disclosures.contains(&disclosure) {
                self.disclosures.push(disclosure);
            }
        }
        let all_may = leaks.is_empty();
        self.report_leaks(leaks, to);
        all_may
    }
}
