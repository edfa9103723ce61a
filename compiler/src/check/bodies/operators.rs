//! Operators: arithmetic, comparison, truth, `in`, `or`, and `if then else`.

use super::calls::call_below;
use super::fit::{adopt, as_decimal, bare};
use super::literals::known;
use super::{Elaborator, fields, invalid};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Scalar, Ty, Value};
use crate::source::Span;
use crate::syntax::ast::{self, BinaryOperator, Spanned, UnaryOperator};
use crate::typed::{Arithmetic, Comparison, Expr, ExprKind};

impl Elaborator<'_> {
    /// `!a`, `-a`, `reveal a`
    pub(super) fn unary(&mut self, operator: &Spanned<UnaryOperator>, operand: &ast::Expr, span: Span) -> Expr {
        match operator.value {
            UnaryOperator::Reveal => {
                let operand = self.expr(operand);
                let ty = operand.ty.clone();
                Expr { kind: ExprKind::Reveal(Box::new(operand)), ty, span }
            }
            UnaryOperator::Not => {
                let operand = self.expr(operand);
                if !self.is_bool(&operand, "what `!` turns round") {
                    return invalid(span);
                }
                Expr { kind: ExprKind::Not(Box::new(operand)), ty: Ty::Scalar(Scalar::Bool), span }
            }
            UnaryOperator::Negate => self.negate(operand, span),
        }
    }

    fn negate(&mut self, operand: &ast::Expr, span: Span) -> Expr {
        if let ast::ExprKind::Literal(ast::Literal { kind: ast::LiteralKind::Number(text), .. }) = &operand.kind {
            return match text.strip_prefix('-') {
                Some(positive) => self.number(positive, span),
                None => self.number(&format!("-{text}"), span),
            };
        }
        let operand = self.expr(operand);
        let Some(scalar) = self.operand(&operand, "-") else { return invalid(span) };
        if !is_number(scalar) {
            self.report_operand(&operand, "-", "a number");
            return invalid(span);
        }
        Expr { kind: ExprKind::Negate(Box::new(operand)), ty: Ty::Scalar(scalar), span }
    }

    /// `a + b`, `a < b`, `a && b`, `a in b`, `a or b`
    pub(super) fn binary(
        &mut self,
        operator: &Spanned<BinaryOperator>,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
    ) -> Expr {
        use BinaryOperator as Op;
        if operator.value == Op::OrElse {
            return self.or_else(left, right, span);
        }
        let (left, right) = (self.expr(left), self.expr(right));
        match operator.value {
            Op::Or | Op::And => self.logical(operator.value, left, right, span),
            Op::In => self.contained(left, right, span),
            Op::Equal => self.equality(Comparison::Equal, left, right, span),
            Op::NotEqual => self.equality(Comparison::NotEqual, left, right, span),
            Op::Less => self.ordering(Comparison::Less, left, right, span),
            Op::LessOrEqual => self.ordering(Comparison::LessOrEqual, left, right, span),
            Op::Greater => self.ordering(Comparison::Greater, left, right, span),
            Op::GreaterOrEqual => self.ordering(Comparison::GreaterOrEqual, left, right, span),
            Op::Add => self.arithmetic(Arithmetic::Add, left, right, span),
            Op::Subtract => self.arithmetic(Arithmetic::Subtract, left, right, span),
            Op::Multiply => self.arithmetic(Arithmetic::Multiply, left, right, span),
            Op::Divide => self.arithmetic(Arithmetic::Divide, left, right, span),
            Op::Remainder => self.arithmetic(Arithmetic::Remainder, left, right, span),
            Op::OrElse => invalid(span),
        }
    }

    // ── truth ────────────────────────────────────────────────────────────────────────────────────────────────────

    /// Reports what should be a `Bool` and is none.
    pub(super) fn is_bool(&mut self, expr: &Expr, place: &str) -> bool {
        if matches!(expr.ty, Ty::Unknown) {
            return false;
        }
        if self.scalar(&expr.ty) == Some(Scalar::Bool) {
            return true;
        }
        if matches!(bare(&expr.ty), inner if self.scalar(inner) == Some(Scalar::Bool)) {
            self.report_null(expr, place);
            return false;
        }
        let what = self.describe(&expr.ty);
        let message = format!("{place} is a `Bool`, and this is {what}");
        let mut diagnostic = Diagnostic::new(Code::GW0335, message, expr.span, "expected `Bool`");
        if matches!(expr.ty, Ty::Optional(_)) {
            diagnostic = diagnostic.suggest("ask whether it is there: `… != null`", expr.span.at_end(), " != null");
        }
        self.report(diagnostic);
        false
    }

    fn logical(&mut self, operator: BinaryOperator, left: Expr, right: Expr, span: Span) -> Expr {
        let word = if operator == BinaryOperator::And { "`&&`" } else { "`||`" };
        let place = format!("each side of {word}");
        let left_is = self.is_bool(&left, &place);
        if !self.is_bool(&right, &place) || !left_is {
            return invalid(span);
        }
        let (left, right) = (Box::new(left), Box::new(right));
        let kind = match operator {
            BinaryOperator::And => ExprKind::And(left, right),
            _ => ExprKind::Or(left, right),
        };
        Expr { kind, ty: Ty::Scalar(Scalar::Bool), span }
    }

    /// `if c then a else b`
    pub(super) fn if_then_else(
        &mut self,
        condition: &ast::Expr,
        then: &ast::Expr,
        otherwise: &ast::Expr,
        span: Span,
    ) -> Expr {
        let condition = self.expr(condition);
        let sound = self.is_bool(&condition, "the condition");
        let (then, otherwise) = (self.expr(then), self.expr(otherwise));
        let (then_ty, otherwise_ty) = (then.ty.clone(), otherwise.ty.clone());
        let (then_span, otherwise_span) = (then.span, otherwise.span);
        let Some((then, otherwise, ty)) = self.join(then, otherwise) else {
            let (one, two) = (self.describe(&then_ty), self.describe(&otherwise_ty));
            self.report(
                Diagnostic::new(
                    Code::GW0336,
                    format!("the branches have no type in common: {one} and {two}"),
                    otherwise_span,
                    format!("this is {two}"),
                )
                .also(then_span, format!("this is {one}"))
                .note("both branches give one value, so both give the same type, with the same keys in the same order"),
            );
            return invalid(span);
        };
        if !sound {
            return invalid(span);
        }
        let (condition, then, otherwise) = (Box::new(condition), Box::new(then), Box::new(otherwise));
        Expr { kind: ExprKind::If { condition, then, otherwise }, ty, span }
    }

    // ── null ─────────────────────────────────────────────────────────────────────────────────────────────────────

    /// `value or default`
    fn or_else(&mut self, left: &ast::Expr, right: &ast::Expr, span: Span) -> Expr {
        let value = self.expr(left);
        let default = self.expr(right);
        if matches!(value.ty, Ty::Unknown) || matches!(default.ty, Ty::Unknown) {
            return invalid(span);
        }
        let Ty::Optional(behind) = &value.ty else {
            self.report_never_null(&value, left, "`or` replaces null, and this is never null");
            return invalid(span);
        };
        let behind = (**behind).clone();
        if matches!(default.ty, Ty::Null) {
            let message = "`or null` replaces null by null";
            self.report(Diagnostic::new(Code::GW0502, message, default.span, "changes nothing"));
            return invalid(span);
        }
        let (one, two, default_span) = (self.describe(&behind), self.describe(&default.ty), default.span);
        let Some((default, ty)) = self.join_default(&behind, default) else {
            self.report(
                Diagnostic::new(
                    Code::GW0336,
                    format!("`or` gives a value of one type, and here are {one} and {two}"),
                    default_span,
                    format!("this is {two}"),
                )
                .also(value.span, format!("this is {one} where it is not null")),
            );
            return invalid(span);
        };
        let (value, default) = (Box::new(value), Box::new(default));
        Expr { kind: ExprKind::OrElse { value, default }, ty, span }
    }

    /// Reports a value that is tested for null and never is.
    pub(super) fn report_never_null(&mut self, value: &Expr, ast: &ast::Expr, message: &str) {
        let what = self.describe(&value.ty);
        let mut diagnostic = Diagnostic::new(Code::GW0502, message, value.span, format!("this is {what}"));
        if matches!(value.ty, Ty::Null) {
            diagnostic = Diagnostic::new(Code::GW0502, "this is always null", value.span, "only `null`");
        } else if let Some(call) = call_below(ast) {
            diagnostic = diagnostic
                .note("a call that fails makes the endpoint fail; one that is marked `?` is null instead")
                .suggest("let the call be null where it fails: `?`", call.at_end(), "?");
        }
        self.report(diagnostic);
    }

    // ── comparison ───────────────────────────────────────────────────────────────────────────────────────────────

    fn equality(&mut self, operator: Comparison, left: Expr, right: Expr, span: Span) -> Expr {
        let (left, right) = match (&left.kind, &right.kind) {
            (ExprKind::Literal(Value::Null), _) => (right, left),
            _ => (left, right),
        };
        if !matches!(right.kind, ExprKind::Literal(Value::Null)) {
            return self.compare(operator, left, right, span);
        }
        match &left.ty {
            Ty::Unknown => return invalid(span),
            Ty::Optional(_) => {}
            _ => {
                let what = self.describe(&left.ty);
                self.report(
                    Diagnostic::new(Code::GW0502, "this is never null", left.span, format!("this is {what}"))
                        .note("the answer of this comparison never changes"),
                );
                return invalid(span);
            }
        }
        let right = known(Value::Null, left.ty.clone(), right.span);
        let (left, right) = (Box::new(left), Box::new(right));
        Expr { kind: ExprKind::Compare { operator, left, right }, ty: Ty::Scalar(Scalar::Bool), span }
    }

    fn ordering(&mut self, operator: Comparison, left: Expr, right: Expr, span: Span) -> Expr {
        for side in [&left, &right] {
            let Some(scalar) = self.operand(side, "a comparison") else { return invalid(span) };
            let is_ordered = is_number(scalar) || matches!(scalar, Scalar::Time | Scalar::Date);
            // A string beside a time may be a literal that becomes one.
            if !is_ordered && !matches!(side.kind, ExprKind::Literal(_)) {
                self.report_operand(side, "an order", "a number, a `Time` or a `Date`");
                return invalid(span);
            }
        }
        if [&left, &right].iter().all(|side| self.scalar(&side.ty) == Some(Scalar::String)) {
            self.report_operand(&left, "an order", "a number, a `Time` or a `Date`");
            return invalid(span);
        }
        self.compare(operator, left, right, span)
    }

    fn compare(&mut self, operator: Comparison, left: Expr, right: Expr, span: Span) -> Expr {
        let Some((left, right)) = self.same_kind(left, right, span) else { return invalid(span) };
        let (left, right) = (Box::new(left), Box::new(right));
        Expr { kind: ExprKind::Compare { operator, left, right }, ty: Ty::Scalar(Scalar::Bool), span }
    }

    /// Both sides of a comparison, of one kind that can be compared.
    fn same_kind(&mut self, left: Expr, right: Expr, span: Span) -> Option<(Expr, Expr)> {
        for side in [&left, &right] {
            if !self.is_comparable(side) {
                return None;
            }
        }
        let (left, right) = self.adopted(left, right);
        let two_names = matches!((&left.ty, &right.ty), (Ty::Alias(one), Ty::Alias(two)) if one != two);
        match (self.scalar(&left.ty), self.scalar(&right.ty)) {
            (Some(one), Some(two)) if one == two && !two_names => return Some((left, right)),
            (Some(Scalar::Int), Some(Scalar::Decimal)) => return Some((as_decimal(left), right)),
            (Some(Scalar::Decimal), Some(Scalar::Int)) => return Some((left, as_decimal(right))),
            (None, None) if left.ty == right.ty => return Some((left, right)),
            _ => {}
        }
        let (one, two) = (self.describe(&left.ty), self.describe(&right.ty));
        let message = format!("{one} and {two} can't be compared");
        let diagnostic = Diagnostic::new(Code::GW0337, message, right.span, format!("this is {two}"))
            .also(left.span, format!("this is {one}"));
        let _ = span;
        let diagnostic = if two_names { diagnostic.note("two names for types don't mix") } else { diagnostic };
        let variant = self.variant_meant(&left, &right).or_else(|| self.variant_meant(&right, &left));
        self.report(match variant {
            Some((place, variant)) => diagnostic.fix(format!("write the variant: `{variant}`"), place, variant),
            None => diagnostic,
        });
        None
    }

    /// The variant of an enum that a literal text stands for.
    fn variant_meant(&self, value: &Expr, text: &Expr) -> Option<(Span, String)> {
        let Ty::Enum(id) = self.structure(&value.ty) else { return None };
        let ExprKind::Literal(Value::String(wire)) = &text.kind else { return None };
        let variant = self.enum_variants(*id)?.iter().find(|variant| variant.wire == *wire)?;
        let decl = self.context.model.types.get(id.0)?;
        Some((text.span, format!("{}.{}", decl.name, variant.name)))
    }

    /// Whether a value is a scalar or of an enum, and not null.
    fn is_comparable(&mut self, side: &Expr) -> bool {
        match self.structure(&side.ty) {
            Ty::Unknown => false,
            Ty::Null | Ty::Optional(_) => {
                self.report_null(side, "a side of a comparison");
                false
            }
            Ty::Enum(_) => true,
            Ty::Scalar(scalar) | Ty::Constrained(scalar, _) if *scalar != Scalar::Json => true,
            _ => {
                let what = self.describe(&side.ty);
                let message = format!("{what} can't be compared");
                self.report(
                    Diagnostic::new(Code::GW0337, message, side.span, format!("this is {what}"))
                        .note("only plain values and enums can: compare a field"),
                );
                false
            }
        }
    }

    /// `a in list`
    pub(super) fn contained(&mut self, item: Expr, list: Expr, span: Span) -> Expr {
        if matches!(item.ty, Ty::Unknown) || matches!(list.ty, Ty::Unknown) || !self.is_comparable(&item) {
            return invalid(span);
        }
        let element = match self.structure(&list.ty) {
            Ty::Optional(_) | Ty::Null => {
                self.report_null(&list, "the list behind `in`");
                return invalid(span);
            }
            Ty::List(element, _) => (**element).clone(),
            _ => {
                let what = self.describe(&list.ty);
                let message = format!("`in` looks into a list, and this is {what}");
                self.report(Diagnostic::new(Code::GW0337, message, list.span, "expected a list"));
                return invalid(span);
            }
        };
        // An empty list holds nothing of any kind.
        if element == Ty::Null {
            return known(Value::Bool(false), Ty::Scalar(Scalar::Bool), span);
        }
        let wanted = Ty::List(std::rc::Rc::new(item.ty.clone()), crate::model::Bounds::default());
        let list = adopt(self.context.model, list.clone(), &wanted).unwrap_or(list);
        let element = match self.structure(&list.ty) {
            Ty::List(element, _) => (**element).clone(),
            _ => element,
        };
        let stand_in = Expr { kind: ExprKind::Invalid, ty: element, span: list.span };
        let Some((item, _)) = self.same_kind(item, stand_in, span) else { return invalid(span) };
        let (item, list) = (Box::new(item), Box::new(list));
        Expr { kind: ExprKind::In { item, list, secret: false }, ty: Ty::Scalar(Scalar::Bool), span }
    }

    // ── arithmetic ───────────────────────────────────────────────────────────────────────────────────────────────

    fn arithmetic(&mut self, operator: Arithmetic, left: Expr, right: Expr, span: Span) -> Expr {
        let sign = sign(operator);
        for side in [&left, &right] {
            let Some(scalar) = self.operand(side, sign) else { return invalid(span) };
            let joins = operator == Arithmetic::Add && scalar == Scalar::String;
            if !is_number(scalar) && !joins {
                let wanted = if operator == Arithmetic::Add { "a number or a `String`" } else { "a number" };
                self.report_operand(side, sign, wanted);
                return invalid(span);
            }
        }
        if matches!((&left.ty, &right.ty), (Ty::Alias(one), Ty::Alias(two)) if one != two) {
            self.report_mixed(&left, &right, sign, "two names for types don't mix");
            return invalid(span);
        }
        let (left, right) = self.adopted(left, right);
        let ty = match (self.scalar(&left.ty), self.scalar(&right.ty)) {
            (Some(Scalar::Int), Some(Scalar::Int)) if operator == Arithmetic::Divide => Scalar::Decimal,
            (Some(one), Some(two)) if one == two => one,
            (Some(Scalar::Int), Some(Scalar::Decimal)) | (Some(Scalar::Decimal), Some(Scalar::Int)) => Scalar::Decimal,
            _ => {
                self.report_mixed(
                    &left,
                    &right,
                    sign,
                    "a `Decimal` keeps its digits, a `Float` does not, and text is no number",
                );
                return invalid(span);
            }
        };
        if let Some(folded) = self.folded(operator, &left, &right, span) {
            return folded;
        }
        let (left, right) = (Box::new(left), Box::new(right));
        Expr { kind: ExprKind::Arithmetic { operator, left, right }, ty: Ty::Scalar(ty), span }
    }

    /// What is known now: a value, or that there is none.
    fn folded(&mut self, operator: Arithmetic, left: &Expr, right: &Expr, span: Span) -> Option<Expr> {
        let divides = matches!(operator, Arithmetic::Divide | Arithmetic::Remainder);
        if divides && is_zero(right) {
            self.report(Diagnostic::new(Code::GW0334, "this divides by zero", right.span, "always 0"));
            return Some(invalid(span));
        }
        if let (ExprKind::Literal(Value::String(one)), ExprKind::Literal(Value::String(two))) =
            (&left.kind, &right.kind)
        {
            return Some(known(Value::String(format!("{one}{two}")), Ty::Scalar(Scalar::String), span));
        }
        let both_int = [left, right].iter().all(|side| self.scalar(&side.ty) == Some(Scalar::Int));
        let (Some(one), Some(two)) = (fields::constant(left), fields::constant(right)) else { return None };
        if !both_int || operator == Arithmetic::Divide {
            return None;
        }
        let value = match operator {
            Arithmetic::Add => one.checked_add(two),
            Arithmetic::Subtract => one.checked_sub(two),
            Arithmetic::Multiply => one.checked_mul(two),
            Arithmetic::Divide | Arithmetic::Remainder => one.checked_rem(two),
        };
        let Some(value) = value else {
            self.report(Diagnostic::new(Code::GW0334, "this is beyond what an `Int` holds", span, "more than 64 bits"));
            return Some(invalid(span));
        };
        Some(known(Value::Number(value.to_string()), Ty::Scalar(Scalar::Int), span))
    }

    /// A literal on one side takes the kind of the other.
    fn adopted(&mut self, left: Expr, right: Expr) -> (Expr, Expr) {
        let model = self.context.model;
        let kind = |ty: &Ty| match ty {
            Ty::Enum(_) => Some(ty.clone()),
            _ => self.scalar(ty).map(Ty::Scalar),
        };
        let is_literal = |expr: &Expr| matches!(expr.kind, ExprKind::Literal(_));
        if is_literal(&right)
            && let Some(wanted) = kind(&left.ty)
            && let Ok(right) = adopt(model, right.clone(), &wanted)
        {
            return (left, right);
        }
        if is_literal(&left)
            && let Some(wanted) = kind(&right.ty)
            && let Ok(left) = adopt(model, left.clone(), &wanted)
        {
            return (left, right);
        }
        (left, right)
    }

    /// The kind of one side of an operator; reports where it is null or no scalar.
    fn operand(&mut self, side: &Expr, sign: &str) -> Option<Scalar> {
        match self.structure(&side.ty) {
            Ty::Unknown => None,
            Ty::Null | Ty::Optional(_) => {
                let place = if sign == "a comparison" {
                    "a side of a comparison".to_owned()
                } else {
                    format!("a side of `{sign}`")
                };
                self.report_null(side, &place);
                None
            }
            _ => {
                let scalar = self.scalar(&side.ty);
                if scalar.is_none() {
                    self.report_operand(side, sign, "a plain value");
                }
                scalar
            }
        }
    }

    fn report_operand(&mut self, side: &Expr, sign: &str, wanted: &str) {
        let what = self.describe(&side.ty);
        let sign = if sign.len() == 1 { format!("`{sign}`") } else { sign.to_owned() };
        let message = format!("{sign} takes {wanted}, and this is {what}");
        self.report(Diagnostic::new(Code::GW0332, message, side.span, format!("expected {wanted}")));
    }

    fn report_mixed(&mut self, left: &Expr, right: &Expr, sign: &str, note: &str) {
        let (one, two) = (self.describe(&left.ty), self.describe(&right.ty));
        self.report(
            Diagnostic::new(
                Code::GW0332,
                format!("`{sign}` does not mix {one} and {two}"),
                right.span,
                format!("this is {two}"),
            )
            .also(left.span, format!("this is {one}"))
            .note(note),
        );
    }
}

fn is_number(scalar: Scalar) -> bool {
    matches!(scalar, Scalar::Int | Scalar::Decimal | Scalar::Float)
}

fn is_zero(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(Value::Number(text)) => text.parse::<f64>().is_ok_and(|value| value == 0.0),
        _ => false,
    }
}

fn sign(operator: Arithmetic) -> &'static str {
    match operator {
        Arithmetic::Add => "+",
        Arithmetic::Subtract => "-",
        Arithmetic::Multiply => "*",
        Arithmetic::Divide => "/",
        Arithmetic::Remainder => "%",
    }
}
