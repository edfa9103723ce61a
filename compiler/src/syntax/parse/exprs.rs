//! Expressions. The grammar gives operands and operators in a row; precedence is put in here.

use super::{Builder, Kids, Node, Rule};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{
    Arg, Arm, BinaryOperator, Element, Entry, EntryKind, Expr, ExprKind, Key, Literal, Name, Spanned, UnaryOperator,
};

impl Builder<'_> {
    /// Any value.
    pub(super) fn expr(&mut self, node: Node<'_>) -> Option<Expr> {
        let mut kids = Kids::of(node);
        if let Some(node) = kids.eat(Rule::if_expr) {
            return self.if_expr(node);
        }
        let mut row = Row { values: vec![self.operand(kids.next()?)?], operators: Vec::new() };
        while let Some(node) = kids.next() {
            let span = self.span(&node);
            if let Some(first) = row.push_operator(Spanned { value: binary_operator(&node)?, span }) {
                // What follows is left out, so that nothing is said of its types.
                self.chained_comparison(first, span);
                row.operators.pop();
                break;
            }
            row.values.push(self.operand(kids.next()?)?);
        }
        row.finish()
    }

    fn chained_comparison(&mut self, first: Span, second: Span) {
        self.report(
            Diagnostic::new(Code::GW0015, "comparisons do not chain", second, "a second comparison")
                .also(first, "the first one")
                .note("write both comparisons and join them with `&&`, or set parentheses"),
        );
    }

    fn if_expr(&mut self, node: Node<'_>) -> Option<Expr> {
        let span = self.span(&node);
        let mut parts = Kids::of(node).filter(|kid| kid.as_rule() == Rule::expr);
        let (condition, then, otherwise) = (parts.next()?, parts.next()?, parts.next()?);
        let condition = Box::new(self.expr(condition)?);
        let then = Box::new(self.expr(then)?);
        let otherwise = Box::new(self.expr(otherwise)?);
        Some(Expr { kind: ExprKind::If { condition, then, otherwise }, span })
    }

    fn operand(&mut self, node: Node<'_>) -> Option<Expr> {
        let mut kids = Kids::of(node);
        let mut signs = Vec::new();
        let primary = loop {
            let kid = kids.next()?;
            let value = match kid.as_rule() {
                Rule::not => UnaryOperator::Not,
                Rule::minus => UnaryOperator::Negate,
                Rule::k_reveal => UnaryOperator::Reveal,
                _ => break kid,
            };
            signs.push(Spanned { value, span: self.span(&kid) });
        };
        let primary = self.primary(primary)?;
        let mut value = self.postfix(primary, kids)?;
        while let Some(operator) = signs.pop() {
            let span = operator.span.to(value.span);
            value = Expr { kind: ExprKind::Unary { operator, operand: Box::new(value) }, span };
        }
        Some(value)
    }

    fn primary(&mut self, node: Node<'_>) -> Option<Expr> {
        let inner = Kids::of(node).next()?;
        let span = self.span(&inner);
        let kind = match inner.as_rule() {
            Rule::lit_atom => return Some(self.literal(&Kids::of(inner).next()?)),
            Rule::match_expr => self.match_expr(inner)?,
            Rule::object => ExprKind::Object(self.entries(inner)?),
            Rule::array => ExprKind::Array(self.elements(inner)?),
            Rule::paren => self.paren(inner)?,
            Rule::subject => ExprKind::Subject(self.name(&Kids::of(inner).last()?)),
            Rule::name => ExprKind::Name(self.name(&inner)),
            _ => return None,
        };
        Some(Expr { kind, span })
    }

    fn literal(&mut self, node: &Node<'_>) -> Expr {
        if node.as_rule() == Rule::string {
            return self.interpolated(node);
        }
        let literal: Literal = self.atom(node);
        Expr { span: literal.span, kind: ExprKind::Literal(literal) }
    }

    fn paren(&mut self, node: Node<'_>) -> Option<ExprKind> {
        let inner = Kids::of(node).find(|kid| kid.as_rule() == Rule::expr)?;
        Some(ExprKind::Paren(Box::new(self.expr(inner)?)))
    }

    /// What follows a value: fields, arguments, indexes, `?`, selections.
    fn postfix(&mut self, mut value: Expr, kids: Kids<'_>) -> Option<Expr> {
        for kid in kids {
            let place = self.span(&kid);
            let span = value.span.to(place);
            let base = Box::new(value);
            let kind = match kid.as_rule() {
                Rule::access_field => ExprKind::Field { base, name: self.name(&Kids::of(kid).last()?) },
                Rule::args => ExprKind::Apply { callee: base, args: self.args(kid)? },
                Rule::index => self.index(base, kid)?,
                Rule::question => ExprKind::Optional { base, mark: place },
                Rule::select => ExprKind::Select { base, entries: self.entries(kid)? },
                Rule::omit => ExprKind::Omit { base, paths: self.omit_paths(kid) },
                _ => return None,
            };
            value = Expr { kind, span };
        }
        Some(value)
    }

    fn args(&mut self, node: Node<'_>) -> Option<Vec<Arg>> {
        let mut args = Vec::new();
        for kid in Kids::of(node) {
            match kid.as_rule() {
                Rule::arg => args.push(self.arg(kid)?),
                Rule::missing_comma => self.missing_comma(&kid),
                _ => {}
            }
        }
        Some(args)
    }

    fn arg(&mut self, node: Node<'_>) -> Option<Arg> {
        let mut kids = Kids::of(node);
        if let Some(lambda) = kids.eat(Rule::lambda) {
            let span = self.span(&lambda);
            let mut parts = Kids::of(lambda);
            let parameter = self.name(&parts.eat(Rule::name)?);
            parts.eat(Rule::fat_arrow)?;
            let body = Box::new(self.expr(parts.next()?)?);
            return Some(Arg { name: None, value: Expr { kind: ExprKind::Lambda { parameter, body }, span } });
        }
        let name = kids.eat(Rule::word).map(|name| self.name(&name));
        kids.pass(Rule::colon);
        Some(Arg { name, value: self.expr(kids.next()?)? })
    }

    fn index(&mut self, base: Box<Expr>, node: Node<'_>) -> Option<ExprKind> {
        let (mut from, mut to, mut range) = (None, None, None);
        for kid in Kids::of(node) {
            match kid.as_rule() {
                Rule::dots => range = Some(false),
                Rule::dots_eq => range = Some(true),
                Rule::expr if range.is_none() => from = Some(Box::new(self.expr(kid)?)),
                Rule::expr => to = Some(Box::new(self.expr(kid)?)),
                _ => {}
            }
        }
        match range {
            Some(inclusive) => Some(ExprKind::Slice { base, from, to, inclusive }),
            None => Some(ExprKind::Index { base, index: from? }),
        }
    }

    fn entries(&mut self, node: Node<'_>) -> Option<Vec<Entry>> {
        let mut entries = Vec::new();
        for kid in Kids::of(node) {
            match kid.as_rule() {
                Rule::entry | Rule::object_entry => entries.push(self.entry(kid)?),
                Rule::missing_comma => self.missing_comma(&kid),
                _ => {}
            }
        }
        Some(entries)
    }

    fn entry(&mut self, node: Node<'_>) -> Option<Entry> {
        let span = self.span(&node);
        let mut kids = Kids::of(node);
        let first = kids.next()?;
        let kind = match first.as_rule() {
            Rule::spread => match kids.next() {
                Some(value) => EntryKind::Spread(self.expr(value)?),
                None => EntryKind::Rest,
            },
            Rule::short => self.short(first)?,
            _ => {
                let key = self.key(&first);
                kids.eat(Rule::colon)?;
                let value = self.expr(kids.next()?)?;
                let at_most = kids.eat(Rule::at_most).and_then(|at_most| self.at_most(at_most));
                EntryKind::Pair { key, value, at_most }
            }
        };
        Some(Entry { kind, span })
    }

    fn key(&mut self, node: &Node<'_>) -> Key {
        let span = self.span(node);
        let quoted = node.as_rule() == Rule::string;
        let text = if quoted { self.string_value(span) } else { node.as_str().to_owned() };
        Key { text, quoted, span }
    }

    fn short(&mut self, node: Node<'_>) -> Option<EntryKind> {
        let mut kids = Kids::of(node);
        let key = self.name(&kids.eat(Rule::word)?);
        let base = Expr { kind: ExprKind::Name(key.clone()), span: key.span };
        Some(EntryKind::Short { key, value: self.postfix(base, kids)? })
    }

    fn omit_paths(&self, node: Node<'_>) -> Vec<Vec<Name>> {
        let paths = Kids::of(node).filter(|kid| kid.as_rule() == Rule::omit_path);
        paths
            .map(|path| Kids::of(path).filter(|kid| kid.as_rule() == Rule::word).map(|word| self.name(&word)).collect())
            .collect()
    }

    fn elements(&mut self, node: Node<'_>) -> Option<Vec<Element>> {
        let mut elements = Vec::new();
        for kid in Kids::of(node) {
            match kid.as_rule() {
                Rule::element => {
                    let mut parts = Kids::of(kid);
                    let spread = parts.pass(Rule::spread);
                    elements.push(Element { spread, value: self.expr(parts.next()?)? });
                }
                Rule::missing_comma => self.missing_comma(&kid),
                _ => {}
            }
        }
        Some(elements)
    }

    fn match_expr(&mut self, node: Node<'_>) -> Option<ExprKind> {
        let mut kids = Kids::of(node);
        kids.eat(Rule::k_match)?;
        let subject = Box::new(self.match_subject(kids.eat(Rule::match_subject)?)?);
        let mut arms = Vec::new();
        for kid in kids {
            match kid.as_rule() {
                Rule::arm => arms.push(self.arm(kid)?),
                Rule::missing_comma => self.missing_comma(&kid),
                _ => {}
            }
        }
        Some(ExprKind::Match { subject, arms })
    }

    fn match_subject(&mut self, node: Node<'_>) -> Option<Expr> {
        let mut kids = Kids::of(node);
        let first = kids.next()?;
        let span = self.span(&first);
        match first.as_rule() {
            Rule::paren => Some(Expr { kind: self.paren(first)?, span }),
            Rule::subject => {
                let subject = Expr { kind: ExprKind::Subject(self.name(&Kids::of(first).last()?)), span };
                self.postfix(subject, kids)
            }
            _ => {
                let mut parts = Kids::of(first);
                let name = self.name(&parts.eat(Rule::name)?);
                let base = Expr { span: name.span, kind: ExprKind::Name(name) };
                self.postfix(base, parts)
            }
        }
    }

    fn arm(&mut self, node: Node<'_>) -> Option<Arm> {
        let mut kids = Kids::of(node);
        let pattern = kids.eat(Rule::word).map(|tag| self.name(&tag));
        kids.pass(Rule::k_else);
        let binds = kids.eat(Rule::name).map(|name| self.name(&name));
        kids.eat(Rule::fat_arrow)?;
        Some(Arm { pattern, binds, value: self.expr(kids.next()?)? })
    }
}

/// Values and the operators between them, joined as soon as precedence allows.
struct Row {
    values: Vec<Expr>,
    operators: Vec<Spanned<BinaryOperator>>,
}

impl Row {
    /// Puts an operator behind the values so far. Gives the place of a comparison that it would chain to.
    fn push_operator(&mut self, operator: Spanned<BinaryOperator>) -> Option<Span> {
        let mut chained = None;
        while let Some(last) = self.operators.last().cloned() {
            if precedence(last.value) < precedence(operator.value) {
                break;
            }
            if precedence(last.value) == COMPARISON && precedence(operator.value) == COMPARISON {
                chained = Some(last.span);
            }
            self.join();
        }
        self.operators.push(operator);
        chained
    }

    /// Makes one value of the last two and the operator between them.
    fn join(&mut self) {
        let (Some(operator), Some(right), Some(left)) = (self.operators.pop(), self.values.pop(), self.values.pop())
        else {
            return;
        };
        let span = left.span.to(right.span);
        let kind = ExprKind::Binary { operator, left: Box::new(left), right: Box::new(right) };
        self.values.push(Expr { kind, span });
    }

    fn finish(mut self) -> Option<Expr> {
        while !self.operators.is_empty() {
            self.join();
        }
        self.values.pop()
    }
}

/// The precedence of comparisons, which do not chain.
const COMPARISON: u8 = 3;

/// The higher, the tighter.
fn precedence(operator: BinaryOperator) -> u8 {
    use BinaryOperator as B;
    match operator {
        B::Or => 1,
        B::And => 2,
        B::Equal | B::NotEqual | B::Less | B::LessOrEqual | B::Greater | B::GreaterOrEqual | B::In => COMPARISON,
        B::OrElse => 4,
        B::Add | B::Subtract => 5,
        B::Multiply | B::Divide | B::Remainder => 6,
    }
}

fn binary_operator(node: &Node<'_>) -> Option<BinaryOperator> {
    Some(match node.as_str() {
        "||" => BinaryOperator::Or,
        "&&" => BinaryOperator::And,
        "==" => BinaryOperator::Equal,
        "!=" => BinaryOperator::NotEqual,
        "<" => BinaryOperator::Less,
        "<=" => BinaryOperator::LessOrEqual,
        ">" => BinaryOperator::Greater,
        ">=" => BinaryOperator::GreaterOrEqual,
        "in" => BinaryOperator::In,
        "or" => BinaryOperator::OrElse,
        "+" => BinaryOperator::Add,
        "-" => BinaryOperator::Subtract,
        "*" => BinaryOperator::Multiply,
        "/" => BinaryOperator::Divide,
        "%" => BinaryOperator::Remainder,
        _ => return None,
    })
}
