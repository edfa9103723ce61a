//! From an expression to its label: what is sensitive of a value is so of what derives from it.
//!
//! Three things are free: the truth of a comparison, whether a value is null, and how many elements a list has. Every other
//! form passes on what its parts have; a form that is new has to say so here.

use super::Privacy;
use super::label::{Label, Mark};
use crate::check::bodies::fit::scalar;
use crate::check::bodies::walk;
use crate::model::{Destination, Marking, Scalar, Ty, Value};
use crate::source::Span;
use crate::typed::{ByElement, Call, Comparison, Expr, ExprKind, LocalId, OfList, TextPart};

impl Privacy<'_> {
    /// What is sensitive of the value of an expression. Reports data that leaves inside of it: arguments of calls.
    pub(super) fn label(&mut self, expr: &mut Expr) -> Label {
        let span = expr.span;
        match &mut expr.kind {
            ExprKind::Invalid | ExprKind::Literal(_) => Label::free(),
            ExprKind::Param(id) => self.params.get(id.0).cloned().unwrap_or_default().standing(span, None),
            ExprKind::Let(id) => self.lets.get(id).cloned().unwrap_or_default().standing(span, None),
            ExprKind::Local(id) => self.locals.get(id).cloned().unwrap_or_default().standing(span, None),
            ExprKind::Field { base, name } => {
                let label = self.label(base);
                let key = self.declared.key(&base.ty, name).to_owned();
                label.key(&key, self.declared).standing(span, Some(name))
            }
            ExprKind::Call(call) => self.call(call).standing(span, None),
            // A part of a text, its length and its hash tell of it.
            ExprKind::Apply { args, .. } => Label::derived(self.all(args)).standing(span, None),
            ExprKind::Text(parts) => {
                let values = parts.iter_mut().filter_map(|part| match part {
                    TextPart::Literal(_) => None,
                    TextPart::Value(value) => Some(value),
                });
                // No `reveal` can stand inside of a string.
                Label::derived(self.all(values)).standing(span, None)
            }
            ExprKind::Bind { value, item, body } | ExprKind::Present { value, item, body } => {
                let value = self.label(value);
                self.bound(*item, value, body)
            }
            ExprKind::Map { list, item, body, .. } => {
                let element = self.label(list).element(self.declared);
                Label::each(self.bound(*item, element, body))
            }
            ExprKind::ByElement { list, what, item, by } => self.by_element(list, *what, (*item, by), span),
            ExprKind::OfList { list, what } => self.of_list(list, what).standing(span, None),
            ExprKind::OrElse { value, default } => {
                let value = self.label(value);
                value.either(self.label(default))
            }
            ExprKind::Slice { list, from, to } => {
                let list = self.label(list);
                let ends = self.all(from.iter_mut().chain(to).map(|end| &mut **end));
                list.with(ends).standing(span, None)
            }
            ExprKind::Index { base, index } => {
                let base = self.label(base).element(self.declared);
                let index = self.everything(index);
                base.with(index).standing(span, None)
            }
            ExprKind::Object(entries) => {
                let keys = entries.iter_mut().map(|entry| (entry.key.clone(), self.label(&mut entry.value)));
                Label::object(keys.collect())
            }
            ExprKind::List(items) => {
                let one = items.iter_mut().map(|item| self.label(item)).fold(Label::free(), Label::either);
                Label::each(one)
            }
            // Each of them is a list itself.
            ExprKind::Concat(lists) => lists.iter_mut().map(|list| self.label(list)).fold(Label::free(), Label::either),
            ExprKind::Reveal(inner) => self.reveal(inner, span),
            ExprKind::Not(inner) | ExprKind::Negate(inner) => Label::derived(self.everything(inner)),
            ExprKind::Arithmetic { left, right, .. } => Label::derived(self.all([&mut **left, &mut **right])),
            ExprKind::Compare { operator, left, right } => {
                self.compare(operator, left, right);
                Label::free()
            }
            ExprKind::In { item, list, secret } => {
                let marks = self.all([&mut **item, &mut **list]);
                *secret = has_secret(&marks) && self.is_text(&item.ty);
                Label::free()
            }
            ExprKind::And(left, right) | ExprKind::Or(left, right) => {
                let marks = self.everything(left);
                let mut marks = self.decision(marks, &[right]);
                marks.extend(self.everything(right));
                Label::derived(marks)
            }
            ExprKind::If { condition, then, otherwise } => self.choice(condition, (then, otherwise)),
        }
    }
}

impl Privacy<'_> {
    /// `if c then a else b`
    fn choice(&mut self, condition: &mut Expr, (then, otherwise): (&mut Box<Expr>, &mut Box<Expr>)) -> Label {
        let marks = self.everything(condition);
        let marks = self.decision(marks, &[then, otherwise]);
        let then = self.label(then);
        then.either(self.label(otherwise)).with(marks)
    }

    /// The label of `body` with a local for a value of this label.
    fn bound(&mut self, item: LocalId, value: Label, body: &mut Expr) -> Label {
        self.locals.insert(item, value);
        self.label(body)
    }

    /// Something that asks each element of a list.
    fn by_element(&mut self, list: &mut Expr, what: ByElement, by: (LocalId, &mut Expr), span: Span) -> Label {
        let list = self.label(list);
        let (item, by) = by;
        let asked = self.bound(item, list.element(self.declared), by);
        match what {
            // Which elements are left tells of what is asked of them.
            ByElement::Filter => {
                self.leave(&asked, &Destination::Decision, None);
                list.standing(span, None)
            }
            ByElement::Sort { .. } => {
                self.leave(&asked, &Destination::Order, None);
                list.standing(span, None)
            }
            // That two are alike is the truth of a comparison.
            ByElement::Distinct => list.standing(span, None),
            ByElement::Any => Label::derived(asked.own()),
            ByElement::Index => {
                self.leave(&asked, &Destination::Keys, None);
                Label::values(list.element(self.declared)).standing(span, None)
            }
            ByElement::Groups => {
                self.leave(&asked, &Destination::Keys, None);
                Label::values(Label::each(list.element(self.declared))).standing(span, None)
            }
        }
    }

    /// Something of a list as a whole.
    fn of_list(&mut self, list: &mut Expr, what: &mut OfList) -> Label {
        let label = self.label(list);
        let element = label.element(self.declared);
        match what {
            OfList::Reverse => label,
            OfList::Flatten | OfList::First | OfList::Last => element,
            OfList::Chunk(_) => Label::each(label),
            OfList::Zip(other) => {
                let second = self.label(other).element(self.declared);
                Label::each(Label::object(vec![("first".to_owned(), element), ("second".to_owned(), second)]))
            }
            OfList::Count => Label::free(),
            OfList::Sum | OfList::Min | OfList::Max | OfList::Average => Label::derived(self.inner_marks(&label)),
            OfList::Join(separator) => {
                let mut marks = self.inner_marks(&label);
                marks.extend(self.everything(separator));
                Label::derived(marks)
            }
            OfList::Keys => Label::each(Label::derived(label.own())),
            OfList::Values => Label::each(element),
            OfList::Entries => {
                let key = Label::derived(label.own());
                Label::each(Label::object(vec![("key".to_owned(), key), ("value".to_owned(), element)]))
            }
        }
    }

    /// Every mark of the value and of what is in it: what derives from all of it has them all.
    pub(super) fn everything(&mut self, expr: &mut Expr) -> Vec<Mark> {
        let label = self.label(expr);
        self.inner_marks(&label)
    }

    fn inner_marks(&self, label: &Label) -> Vec<Mark> {
        let met = label.marks(self.declared);
        met.into_iter().map(|met| Mark { at: met.place.at, ..met.mark }).collect()
    }

    fn all<'e>(&mut self, exprs: impl IntoIterator<Item = &'e mut Expr>) -> Vec<Mark> {
        exprs.into_iter().flat_map(|expr| self.everything(expr)).collect()
    }

    /// An answer has what its type declares; its arguments leave the gateway.
    fn call(&mut self, call: &mut Call) -> Label {
        let model = self.model;
        let Some(operation) = model.operations.get(call.operation.0) else { return Label::free() };
        for (place, (arg, param)) in call.args.iter_mut().zip(&operation.params).enumerate() {
            let label = self.label(arg);
            self.leave(&label, &Destination::Argument(call.operation, place), param.marking);
        }
        let service = model.services.get(operation.service.0).map_or("", |service| service.name.as_str());
        let what = format!("{service}.{}", operation.name);
        operation.returns.as_ref().map_or_else(Label::free, |ty| Label::declared(ty.clone(), &what))
    }

    /// Whether `branches` call something is seen by what they call. Gives the marks that their value has by it.
    fn decision(&mut self, marks: Vec<Mark>, branches: &[&mut Box<Expr>]) -> Vec<Mark> {
        if !branches.iter().any(|branch| walk::makes_calls(branch)) {
            return marks;
        }
        let label = Label::derived(marks);
        if self.leave(&label, &Destination::Decision, None) { label.whole() } else { Vec::new() }
    }

    fn reveal(&mut self, inner: &mut Expr, span: Span) -> Label {
        let label = self.label(inner);
        if inner.ty == Ty::Unknown {
            return Label::free();
        }
        let whole = label.whole();
        if let Some(secret) = whole.iter().find(|mark| mark.source.marking == Marking::Secret) {
            self.report_revealed_secret(&secret.source, span);
            return Label::free();
        }
        if !whole.is_empty() {
            return label.revealed(&whole);
        }
        let inside = label.marks(self.declared);
        if inside.is_empty() {
            self.report_nothing_revealed(span);
        } else {
            self.report_revealed_whole(&inside, span);
        }
        Label::free()
    }

    /// Texts of a secret are compared in a time that does not tell how much of them is alike.
    fn compare(&mut self, operator: &mut Comparison, left: &mut Expr, right: &mut Expr) {
        let marks = self.all([&mut *left, &mut *right]);
        let is_null = matches!(right.kind, ExprKind::Literal(Value::Null));
        if is_null || !has_secret(&marks) || !self.is_text(&left.ty) {
            return;
        }
        match operator {
            Comparison::Equal => *operator = Comparison::SecretEqual,
            Comparison::NotEqual => *operator = Comparison::SecretNotEqual,
            Comparison::SecretEqual
            | Comparison::SecretNotEqual
            | Comparison::Less
            | Comparison::LessOrEqual
            | Comparison::Greater
            | Comparison::GreaterOrEqual => {}
        }
    }

    /// Whether values of a type are held as text.
    fn is_text(&self, ty: &Ty) -> bool {
        use Scalar::{Bool, Date, Decimal, Float, Int, Json, Path, String, Time, Url, Uuid};
        match scalar(self.model, ty) {
            Some(String | Uuid | Url | Path) => true,
            Some(Int | Float | Decimal | Bool | Json | Time | Date) | None => false,
        }
    }
}

fn has_secret(marks: &[Mark]) -> bool {
    marks.iter().any(|mark| mark.source.marking == Marking::Secret)
}
