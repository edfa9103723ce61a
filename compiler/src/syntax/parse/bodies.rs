//! The body of an endpoint: settings, then statements, then one result.

use super::{Builder, Kids, Node, Rule};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{Check, Let, Refusal, ResultKind, ResultStatement, Setting, Statement, WithSet};
use crate::syntax::recover::Piece;

/// What a body holds.
#[derive(Default)]
pub(super) struct Body {
    pub(super) settings: Vec<Setting>,
    pub(super) statements: Vec<Statement>,
    pub(super) result: Option<ResultStatement>,
}

impl Builder<'_> {
    /// The body of an endpoint. The grammar takes its parts in any order; here they are held to theirs.
    pub(super) fn body(&mut self, node: Node<'_>) -> Body {
        let block = self.span(&node);
        let reports_before = self.diagnostics.len();
        let (mut body, mut previous) = (Body::default(), None);
        let mut kids = Kids::of(node);
        while let Some(kid) = kids.next() {
            let place = self.span(&kid);
            let started = body.result.is_some() || !body.statements.is_empty();
            let piece = if started { Piece::Statement } else { Piece::Setting };
            match kid.as_rule() {
                Rule::statement => {
                    self.nothing_behind_result(&body, place);
                    body.statements.extend(self.statement(kid));
                }
                Rule::result => {
                    self.nothing_behind_result(&body, place);
                    let result = self.result(kid);
                    body.result = body.result.or(result);
                }
                Rule::unknown_setting if self.meant_as_statement(&kid) => {
                    kids.pass(Rule::broken_setting);
                }
                // A word behind a statement that starts nothing belongs to it.
                Rule::unknown_setting if started => self.broken(Piece::Statement, place, previous),
                Rule::setting | Rule::unknown_setting => {
                    let next = kids.peek();
                    body.settings.extend(self.setting_before(kid, next, started));
                }
                Rule::broken_statement => self.broken(Piece::Statement, place, previous),
                _ => self.block_rest(&kid, piece, previous, block),
            }
            let started = body.result.is_some() || !body.statements.is_empty();
            previous = Some((if started { Piece::Statement } else { Piece::Setting }, place));
        }
        if body.result.is_none() && self.diagnostics.len() == reports_before {
            self.missing_result(block);
        }
        body
    }

    fn nothing_behind_result(&mut self, body: &Body, place: Span) {
        let Some(result) = &body.result else { return };
        self.report(
            Diagnostic::new(Code::GW0008, "the result of an endpoint is its last statement", place, "never reached")
                .also(result.span, "the endpoint ends here"),
        );
    }

    fn missing_result(&mut self, block: Span) {
        let end = Span::new(block.file, block.end.saturating_sub(1).max(block.start), block.end);
        self.report(
            Diagnostic::new(Code::GW0008, "this endpoint answers nothing", end, "expected `respond` before this")
                .note("a body ends in one of `respond`, `redirect`, `proxy` and `reject`"),
        );
    }

    fn statement(&mut self, node: Node<'_>) -> Option<Statement> {
        let statement = Kids::of(node).next()?;
        let span = self.span(&statement);
        let rule = statement.as_rule();
        let mut kids = Kids::of(statement);
        kids.next()?;
        if rule == Rule::check_statement {
            let condition = self.expr(kids.eat(Rule::expr)?)?;
            kids.eat(Rule::k_else)?;
            let otherwise = self.refusal(kids.next()?)?;
            return Some(Statement::Check(Check { condition, otherwise, span }));
        }
        let name = self.name(&kids.eat(Rule::name)?);
        let ty = if kids.pass(Rule::colon) { Some(self.ty(kids.next()?)?) } else { None };
        kids.eat(Rule::eq)?;
        let value = self.expr(kids.eat(Rule::expr)?)?;
        let at_most = kids.eat(Rule::at_most).and_then(|at_most| self.at_most(at_most));
        let otherwise = if kids.pass(Rule::k_else) { Some(self.refusal(kids.next()?)?) } else { None };
        Some(Statement::Let(Let { name, ty, value, at_most, otherwise, span }))
    }

    fn refusal(&mut self, node: Node<'_>) -> Option<Refusal> {
        let mut kids = Kids::of(node);
        let status = self.status(&kids.eat(Rule::int)?);
        let reason = kids.eat(Rule::string).map(|reason| self.text(&reason));
        Some(Refusal { status, reason })
    }

    fn result(&mut self, node: Node<'_>) -> Option<ResultStatement> {
        let span = self.span(&node);
        let mut kids = Kids::of(node);
        let inner = kids.next()?;
        let rule = inner.as_rule();
        let mut parts = Kids::of(inner);
        parts.next()?;
        let kind = match rule {
            Rule::respond => {
                let status = parts.eat(Rule::int).map(|status| self.status(&status));
                let body = match parts.eat(Rule::expr) {
                    Some(body) => Some(self.expr(body)?),
                    None => None,
                };
                ResultKind::Respond { status, body }
            }
            Rule::redirect => {
                let status = self.status(&parts.eat(Rule::int)?);
                ResultKind::Redirect { status, target: self.interpolated(&parts.eat(Rule::string)?) }
            }
            Rule::reject => ResultKind::Reject(self.refusal(parts.next()?)?),
            Rule::proxy => ResultKind::Proxy,
            Rule::if_result => {
                let condition = self.expr(parts.eat(Rule::expr)?)?;
                parts.eat(Rule::k_then)?;
                let then = Box::new(self.result(parts.eat(Rule::result)?)?);
                parts.eat(Rule::k_else)?;
                let otherwise = Box::new(self.result(parts.eat(Rule::result)?)?);
                ResultKind::If { condition, then, otherwise }
            }
            _ => return None,
        };
        let with = match kids.eat(Rule::with_clause) {
            Some(clause) => self.with_clause(clause)?,
            None => Vec::new(),
        };
        Some(ResultStatement { kind, with, span })
    }

    fn with_clause(&mut self, node: Node<'_>) -> Option<Vec<WithSet>> {
        let mut sets = Vec::new();
        for node in Kids::of(node).filter(|kid| kid.as_rule() == Rule::with_set) {
            let span = self.span(&node);
            let mut kids = Kids::of(node);
            let place = self.name(&kids.next()?);
            let wire = self.text(&kids.eat(Rule::string)?);
            kids.eat(Rule::eq)?;
            sets.push(WithSet { place, wire, value: self.expr(kids.next()?)?, span });
        }
        Some(sets)
    }
}
