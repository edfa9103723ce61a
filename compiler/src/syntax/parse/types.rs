//! Types, fields and constraints.

use super::{Builder, Kids, Node, Rule};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{Constraint, Field, Range, Spanned, Text, TypeExpr, TypeKind};
use crate::syntax::recover::Piece;

impl Builder<'_> {
    /// The fields of an object, and whether it ends in `..`.
    pub(super) fn fields(&mut self, node: Node<'_>) -> (Vec<Field>, bool) {
        let block = self.span(&node);
        let (mut fields, mut open, mut previous) = (Vec::new(), false, None);
        for kid in Kids::of(node) {
            let place = self.span(&kid);
            match kid.as_rule() {
                Rule::field => fields.extend(self.field(kid)),
                Rule::dots => open = true,
                _ => self.block_rest(&kid, Piece::Field, previous, block),
            }
            previous = Some((Piece::Field, place));
        }
        (fields, open)
    }

    fn field(&mut self, node: Node<'_>) -> Option<Field> {
        let end = self.span(&node).at_end();
        let mut kids = Kids::of(node);
        let docs = self.docs(&mut kids);
        let wire = kids.eat(Rule::string).map(|wire| self.text(&wire));
        let name = self.name(&kids.eat(Rule::word)?);
        kids.eat(Rule::colon)?;
        let ty = self.ty(kids.eat(Rule::ty)?)?;
        let marking = kids.eat(Rule::marking).map(|marking| self.name(&marking));
        let default = if kids.pass(Rule::eq) { Some(self.lit(kids.next()?)?) } else { None };
        let fallback = if kids.pass(Rule::k_else) { Some(self.lit(kids.next()?)?) } else { None };
        let span = wire.as_ref().map_or(name.span, |wire| wire.span).to(end);
        Some(Field { docs, wire, name, ty, marking, default, fallback, span })
    }

    /// A type.
    pub(super) fn ty(&mut self, node: Node<'_>) -> Option<TypeExpr> {
        let span = self.span(&node);
        let mut kids = Kids::of(node);
        let first = kids.next()?;
        let kind = match first.as_rule() {
            Rule::list_ty => {
                let element = Kids::of(first).find(|kid| kid.as_rule() == Rule::ty)?;
                TypeKind::List(Box::new(self.ty(element)?))
            }
            Rule::map_ty => {
                let mut types = Kids::of(first).filter(|kid| kid.as_rule() == Rule::ty);
                let (key, value) = (types.next()?, types.next()?);
                TypeKind::Map(Box::new(self.ty(key)?), Box::new(self.ty(value)?))
            }
            _ => TypeKind::Name(self.name(&first)),
        };
        let constraint = kids.eat(Rule::constraint).map(|constraint| self.constraint(constraint));
        let optional = kids.eat(Rule::question).map(|mark| self.span(&mark));
        Some(TypeExpr { kind, constraint, optional, span })
    }

    fn constraint(&mut self, node: Node<'_>) -> Constraint {
        let span = self.span(&node);
        let (mut range, mut pattern) = (None, None);
        for kid in Kids::of(node) {
            match kid.as_rule() {
                Rule::range => range = Some(self.range(kid)),
                Rule::pattern => pattern = self.pattern(kid),
                _ => {}
            }
        }
        Constraint { range, pattern, span }
    }

    /// A regular expression is a raw string, so that no backslash of it is ever an escape, in a file or in a macro.
    fn pattern(&mut self, node: Node<'_>) -> Option<Text> {
        let node = Kids::of(node).next()?;
        if node.as_rule() == Rule::raw {
            return Some(self.text(&node));
        }
        let span = self.span(&node);
        let raw = format!("r{}", node.as_str());
        self.report(
            Diagnostic::new(Code::GW0013, "a pattern is a raw string", span, "a plain string")
                .note("in a raw string a `\\` stands for itself")
                .fix("write a raw string", span, raw),
        );
        None
    }

    fn range(&mut self, node: Node<'_>) -> Range {
        let span = self.span(&node);
        let mut range = Range { from: None, to: None, inclusive: false, span };
        let mut behind = false;
        for kid in Kids::of(node) {
            match kid.as_rule() {
                Rule::bound if behind => range.to = Some(self.bound(&kid)),
                Rule::bound => range.from = Some(self.bound(&kid)),
                Rule::dots_eq => (behind, range.inclusive) = (true, true),
                Rule::dots => behind = true,
                _ => {}
            }
        }
        range
    }

    fn bound(&self, node: &Node<'_>) -> Spanned<String> {
        let span: Span = self.span(node);
        let written = self.text.get(span.start as usize..span.end as usize).unwrap_or_default();
        // A macro may set a blank between the sign and its number.
        let value = written.chars().filter(|next| !next.is_whitespace() && *next != '_').collect();
        Spanned { value, span }
    }
}
