//! Methods of lists and maps: what each takes, and what it becomes in the core language.
//!
//! `METHODS` says all that people need to know of a method; `list_method` and what it calls say what it means.

use std::rc::Rc;

use super::fit::bare;
use super::methods::is_known;
use super::scope::Binding;
use super::{Elaborator, bounds, fields, hoist, invalid, optional, walk};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Bounds, BuiltField, Scalar, Ty, Value};
use crate::source::Span;
use crate::syntax::ast::{self, Arg, Name};
use crate::typed::{ByElement, Expr, ExprKind, LetId, OfList, Statement};

/// What stands in a method's parentheses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Takes {
    Nothing,
    /// `x => …`
    Function,
    /// The same, or nothing.
    MaybeFunction,
    Value,
}

/// What a method is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    List,
    Map,
    Both,
}

/// One method.
struct Method {
    name: &'static str,
    of: Of,
    takes: Takes,
    /// How it is written.
    form: &'static str,
}

const fn method(name: &'static str, of: Of, takes: Takes, form: &'static str) -> Method {
    Method { name, of, takes, form }
}

/// Every method of lists and maps.
const METHODS: &[Method] = &[
    method("all", Of::List, Takes::Function, "all(x => condition)"),
    method("any", Of::List, Takes::Function, "any(x => condition)"),
    method("avg", Of::List, Takes::MaybeFunction, "avg(x => number)"),
    method("chunk", Of::List, Takes::Value, "chunk(10)"),
    method("contains", Of::List, Takes::Value, "contains(value)"),
    method("count", Of::Both, Takes::MaybeFunction, "count()"),
    method("distinct", Of::List, Takes::MaybeFunction, "distinct(x => key)"),
    method("entries", Of::Map, Takes::Nothing, "entries()"),
    method("filter", Of::List, Takes::Function, "filter(x => condition)"),
    method("find", Of::List, Takes::Function, "find(x => condition)"),
    method("first", Of::List, Takes::Nothing, "first()"),
    method("flat_map", Of::List, Takes::Function, "flat_map(x => list)"),
    method("flatten", Of::List, Takes::Nothing, "flatten()"),
    method("group_by", Of::List, Takes::Function, "group_by(x => key)"),
    method("index_by", Of::List, Takes::Function, "index_by(x => key)"),
    method("join", Of::List, Takes::Value, "join(\", \")"),
    method("keys", Of::Map, Takes::Nothing, "keys()"),
    method("last", Of::List, Takes::Nothing, "last()"),
    method("map", Of::List, Takes::Function, "map(x => value)"),
    method("max", Of::List, Takes::MaybeFunction, "max(x => value)"),
    method("min", Of::List, Takes::MaybeFunction, "min(x => value)"),
    method("reverse", Of::List, Takes::Nothing, "reverse()"),
    method("sort_by", Of::List, Takes::Function, "sort_by(x => key)"),
    method("sum", Of::List, Takes::MaybeFunction, "sum(x => number)"),
    method("values", Of::Map, Takes::Nothing, "values()"),
    method("zip", Of::List, Takes::Value, "zip(list)"),
];

/// The names of all methods of lists and maps.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    METHODS.iter().map(|method| method.name)
}

/// `x => body`
#[derive(Clone, Copy)]
struct Function<'t> {
    parameter: &'t Name,
    body: &'t ast::Expr,
}

/// What keys are for: which of them will do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum KeysFor {
    Order,
    Sameness,
    Names,
}

impl Elaborator<'_> {
    /// A method of a list or a map that is not null.
    pub(super) fn list_method(&mut self, base: Expr, name: &Name, args: &[Arg], span: Span) -> Expr {
        let is_list = matches!(self.structure(&base.ty), Ty::List(..));
        let fits = |of: Of| of == Of::Both || is_list == (of == Of::List);
        let Some(method) = METHODS.iter().find(|method| method.name == name.text && fits(method.of)) else {
            self.arguments_without_functions(args);
            if is_known(&name.text) || METHODS.iter().any(|method| method.name == name.text) {
                return self.misplaced_method(&base, name, span);
            }
            let known: Vec<&str> = METHODS.iter().filter(|it| fits(it.of)).map(|it| it.name).collect();
            return self.unknown_method(&base, name, &known, span);
        };
        let Some((function, value, named)) = self.taken(method, args, span) else { return invalid(span) };
        if is_list && self.is_written_out(&base) {
            return self.report_written_out(&base, name, span);
        }
        self.apply_method(base, name, (function, value, named), span)
    }

    fn apply_method(
        &mut self,
        base: Expr,
        name: &Name,
        (function, value, named): (Option<Function<'_>>, Option<&Arg>, Option<&Arg>),
        span: Span,
    ) -> Expr {
        let list = base.ty.clone();
        match (name.text.as_str(), function) {
            ("map", Some(function)) => self.mapped(base, function, span),
            ("flat_map", Some(function)) => {
                let mapped = self.mapped(base, function, span);
                self.flattened(mapped, function.body.span, span)
            }
            ("flatten", _) => {
                let place = base.span;
                self.flattened(base, place, span)
            }
            ("filter", Some(function)) => self.filtered(base, function, span),
            ("find", Some(function)) => {
                let found = self.filtered(base, function, span);
                self.of_list(found, OfList::First, span)
            }
            ("any", Some(function)) => self.any(base, function, false, span),
            ("all", Some(function)) => self.any(base, function, true, span),
            ("sort_by", Some(function)) => {
                let Some(descending) = self.descending(named) else { return invalid(span) };
                self.keyed(base, function, (ByElement::Sort { descending }, KeysFor::Order), span)
            }
            ("distinct", Some(function)) => self.keyed(base, function, (ByElement::Distinct, KeysFor::Sameness), span),
            ("distinct", None) => self.distinct(base, span),
            ("index_by", Some(function)) => self.keyed(base, function, (ByElement::Index, KeysFor::Names), span),
            ("group_by", Some(function)) => self.keyed(base, function, (ByElement::Groups, KeysFor::Names), span),
            ("count", Some(function)) if matches!(self.structure(&list), Ty::List(..)) => {
                let filtered = self.filtered(base, function, span);
                self.of_list(filtered, OfList::Count, span)
            }
            ("sum" | "avg" | "min" | "max", Some(function)) => {
                let values = self.mapped(base, function, span);
                self.fold(values, name, function.body.span, span)
            }
            ("sum" | "avg" | "min" | "max", None) => {
                let place = base.span;
                self.fold(base, name, place, span)
            }
            ("contains", _) => self.contains(base, value, span),
            ("join", _) => self.joined(base, value, span),
            ("chunk", _) => self.chunked(base, value, span),
            ("zip", _) => self.zipped(base, value, span),
            ("reverse", _) => self.of_list(base, OfList::Reverse, span),
            ("first", _) => self.of_list(base, OfList::First, span),
            ("last", _) => self.of_list(base, OfList::Last, span),
            ("keys", _) => self.of_list(base, OfList::Keys, span),
            ("values", _) => self.of_list(base, OfList::Values, span),
            ("entries", _) => self.of_list(base, OfList::Entries, span),
            _ => self.of_list(base, OfList::Count, span),
        }
    }

    // ── arguments ────────────────────────────────────────────────────────────────────────────────────────────────

    /// What a method was given; reports where that is not what it takes.
    #[allow(clippy::type_complexity, reason = "a function, a value and a named argument, each where there is one")]
    fn taken<'t>(
        &mut self,
        method: &Method,
        args: &'t [Arg],
        span: Span,
    ) -> Option<(Option<Function<'t>>, Option<&'t Arg>, Option<&'t Arg>)> {
        let (named, plain): (Vec<&Arg>, Vec<&Arg>) = args.iter().partition(|arg| arg.name.is_some());
        let takes_named =
            |arg: &Arg| method.name == "sort_by" && arg.name.as_ref().is_some_and(|it| it.text == "descending");
        let extra = named.iter().find(|arg| !takes_named(arg)).or_else(|| plain.get(1));
        let extra = extra.or_else(|| plain.first().filter(|_| method.takes == Takes::Nothing));
        if let Some(arg) = extra {
            let message = format!("`{}` takes nothing like this", method.name);
            self.report(
                Diagnostic::new(Code::GW0360, message, arg.value.span, "one too many")
                    .note(format!("it is written `.{}`", method.form)),
            );
            self.arguments_without_functions(args);
            return None;
        }
        let function = plain.first().and_then(|arg| match &arg.value.kind {
            ast::ExprKind::Lambda { parameter, body } => Some(Function { parameter, body }),
            _ => None,
        });
        let wants_function = matches!(method.takes, Takes::Function | Takes::MaybeFunction);
        let is_missing = plain.is_empty() && matches!(method.takes, Takes::Function | Takes::Value);
        let is_other = plain.first().filter(|_| function.is_some() != wants_function);
        if is_missing || is_other.is_some() {
            self.report_argument(method, is_other.copied(), span);
            self.arguments_without_functions(args);
            return None;
        }
        Some((function, plain.first().copied(), named.first().copied()))
    }

    fn report_argument(&mut self, method: &Method, found: Option<&Arg>, span: Span) {
        let wants_function = matches!(method.takes, Takes::Function | Takes::MaybeFunction);
        let (what, label) = match (wants_function, found) {
            (true, None) => ("takes a function", "of what?"),
            (true, Some(_)) => ("takes a function", "a value, and no function"),
            (false, None) => ("takes a value", "none is given"),
            (false, Some(_)) => ("takes a value", "a function"),
        };
        let place = found.map_or(span, |arg| arg.value.span);
        let diagnostic = Diagnostic::new(Code::GW0360, format!("`{}` {what}", method.name), place, label);
        let field = found.and_then(|arg| match &arg.value.kind {
            ast::ExprKind::Subject(field) if wants_function => Some(field.text.clone()),
            _ => None,
        });
        let diagnostic = match field {
            Some(field) => diagnostic.fix("name the element", place, format!("x => x.{field}")),
            None => diagnostic.note(format!("it is written `.{}`", method.form)),
        };
        self.report(diagnostic);
    }

    /// Arguments of what can't be called: of functions, and of fields of an element that has no name, nothing is known.
    fn arguments_without_functions(&mut self, args: &[Arg]) {
        use ast::ExprKind::{Lambda, Subject};
        for arg in args.iter().filter(|arg| !matches!(arg.value.kind, Lambda { .. } | Subject(_))) {
            let _ = self.expr(&arg.value);
        }
    }

    fn misplaced_method(&mut self, base: &Expr, name: &Name, span: Span) -> Expr {
        let what = self.describe(&base.ty);
        let message = format!("{what} has no method `{}`", name.text);
        let owner = match METHODS.iter().find(|method| method.name == name.text).map(|method| method.of) {
            Some(Of::List) => "lists have it",
            Some(Of::Map) => "maps have it",
            Some(Of::Both) => "lists and maps have it",
            None => "a plain value has it: take it of each element, as in `.map(x => …)`",
        };
        self.report(Diagnostic::new(Code::GW0256, message, name.span, "not of this").note(owner));
        invalid(span)
    }

    /// `descending: true`
    fn descending(&mut self, named: Option<&Arg>) -> Option<bool> {
        let Some(arg) = named else { return Some(false) };
        if let ast::ExprKind::Literal(ast::Literal { kind: ast::LiteralKind::Bool(truth), .. }) = &arg.value.kind {
            return Some(*truth);
        }
        let message = "`descending` is `true` or `false`, written out";
        self.report(Diagnostic::new(Code::GW0360, message, arg.value.span, "not a literal"));
        None
    }

    // ── functions ────────────────────────────────────────────────────────────────────────────────────────────────

    /// The body of a function, whose parameter stands for `element`.
    fn body_of(&mut self, function: Function<'_>, element: Expr) -> Expr {
        let name = function.parameter;
        if let Some(origin) = self.binding(&name.text).map(|binding| binding.origin) {
            self.report(
                Diagnostic::new(Code::GW0253, format!("the name `{}` is taken", name.text), name.span, "used again")
                    .also(origin, "the first is here")
                    .note("a name means one thing in a whole endpoint"),
            );
            return invalid(function.body.span);
        }
        let before = self.bindings.len();
        self.bind_name(Binding {
            name: name.text.clone(),
            kind: element.kind,
            ty: element.ty,
            origin: name.span,
            used: true,
        });
        let body = self.expr(function.body);
        self.bindings.truncate(before);
        self.places.remove(&name.text);
        body
    }

    /// `list.map(x => body)`
    fn mapped(&mut self, list: Expr, function: Function<'_>, span: Span) -> Expr {
        let hint = function.parameter.text.clone();
        self.map_named(list, &hint, span, |this, item| this.body_of(function, item))
    }

    /// What a function makes of each element; nothing where something is wrong with it.
    fn by_element(
        &mut self,
        list: Expr,
        function: Function<'_>,
        span: Span,
        ty: impl FnOnce(&mut Self, &Expr) -> Option<(ByElement, Ty)>,
    ) -> Expr {
        let element = self.element_type(&list.ty);
        let item = self.locals.open(&function.parameter.text);
        self.fans.push(None);
        let mut by = self.body_of(function, super::local(item, element, function.parameter.span));
        self.fans.pop();
        self.locals.close();
        let made = if walk::is_broken(&by) { None } else { ty(self, &by) };
        let Some((what, ty)) = made else { return invalid(span) };
        let hoisted = self.hoist(&mut by, item);
        let kind = ExprKind::ByElement { list: Box::new(list), what, item, by: Box::new(by) };
        hoist::bound(hoisted, Expr { kind, ty, span })
    }

    fn filtered(&mut self, list: Expr, function: Function<'_>, span: Span) -> Expr {
        let ty = self.bounded(&list.ty, |bounds| Bounds { min: 0, ..bounds });
        self.by_element(list, function, span, |this, by| {
            this.is_bool(by, "what `filter` asks").then_some((ByElement::Filter, ty))
        })
    }

    /// `any`, and `all` as the contrary of any of the contrary.
    fn any(&mut self, list: Expr, function: Function<'_>, all: bool, span: Span) -> Expr {
        let bool = || Ty::Scalar(Scalar::Bool);
        let mut any = self.by_element(list, function, span, |this, by| {
            this.is_bool(by, "what is asked of each").then_some((ByElement::Any, bool()))
        });
        if !all || walk::is_broken(&any) {
            return any;
        }
        negate_condition(&mut any);
        Expr { kind: ExprKind::Not(Box::new(any)), ty: bool(), span }
    }

    /// `sort_by`, `distinct`, `index_by` and `group_by`.
    fn keyed(&mut self, list: Expr, function: Function<'_>, (what, keys): (ByElement, KeysFor), span: Span) -> Expr {
        let (whole, element) = (list.ty.clone(), self.element_type(&list.ty));
        let least = |bounds: Bounds| Bounds { min: bounds.min.min(1), ..bounds };
        let distinct = self.bounded(&whole, least);
        self.by_element(list, function, span, |this, by| {
            if !this.is_key(by, keys) {
                return None;
            }
            let key = Rc::new(by.ty.clone());
            let ty = match what {
                ByElement::Sort { .. } | ByElement::Filter | ByElement::Any => whole,
                ByElement::Distinct => distinct,
                ByElement::Index => Ty::Keyed { key, value: Rc::new(element) },
                ByElement::Groups => {
                    let members = Ty::List(Rc::new(element), this.bounds_of(&whole, |it| Bounds { min: 1, ..it }));
                    Ty::Keyed { key, value: Rc::new(members) }
                }
            };
            Some((what, ty))
        })
    }

    /// `distinct()` of plain values.
    fn distinct(&mut self, list: Expr, span: Span) -> Expr {
        let element = self.element_type(&list.ty);
        let hint = self.element_hint(&list, &element);
        let item = self.locals.open(&hint);
        self.locals.close();
        let by = super::local(item, element, list.span);
        if !self.is_key(&by, KeysFor::Sameness) {
            return invalid(span);
        }
        let ty = self.bounded(&list.ty, |bounds| Bounds { min: bounds.min.min(1), ..bounds });
        let kind = ExprKind::ByElement { list: Box::new(list), what: ByElement::Distinct, item, by: Box::new(by) };
        Expr { kind, ty, span }
    }

    /// Whether a value can be a key; reports where it can't.
    fn is_key(&mut self, key: &Expr, wanted: KeysFor) -> bool {
        if matches!(key.ty, Ty::Unknown) {
            return false;
        }
        if matches!(key.ty, Ty::Null | Ty::Optional(_)) {
            self.report_null(key, "a key");
            return false;
        }
        let is_enum = matches!(self.structure(&key.ty), Ty::Enum(_));
        let (fits, note) = match wanted {
            KeysFor::Order => (
                matches!(
                    self.scalar(&key.ty),
                    Some(
                        Scalar::Int
                            | Scalar::Float
                            | Scalar::Decimal
                            | Scalar::String
                            | Scalar::Time
                            | Scalar::Date
                            | Scalar::Bool
                    )
                ),
                "lists are ordered by numbers, strings, times, dates and truths",
            ),
            KeysFor::Sameness => (
                is_enum
                    || matches!(
                        self.scalar(&key.ty),
                        Some(
                            Scalar::Int
                                | Scalar::Decimal
                                | Scalar::String
                                | Scalar::Uuid
                                | Scalar::Time
                                | Scalar::Date
                                | Scalar::Bool
                        )
                    ),
                "what can be the same: whole and decimal numbers, strings, enums, ids, times and dates",
            ),
            KeysFor::Names => (
                is_enum || matches!(self.scalar(&key.ty), Some(Scalar::Int | Scalar::String | Scalar::Uuid)),
                "keys are of `Int`, `String`, `Uuid`, an enum, or a name for one of them",
            ),
        };
        if !fits {
            let what = self.describe(&key.ty);
            let message = format!("{what} can't be a key here");
            self.report(Diagnostic::new(Code::GW0361, message, key.span, what).note(note));
        }
        fits
    }

    // ── a list as a whole ────────────────────────────────────────────────────────────────────────────────────────

    fn of_list(&mut self, list: Expr, what: OfList, span: Span) -> Expr {
        if matches!(list.ty, Ty::Unknown) {
            return invalid(span);
        }
        let element = self.element_type(&list.ty);
        let unbounded = |ty: Ty| Ty::List(Rc::new(ty), Bounds::default());
        let ty = match &what {
            OfList::First | OfList::Last => optional(element),
            OfList::Count => Ty::Scalar(Scalar::Int),
            OfList::Keys => unbounded(self.key_type(&list.ty)),
            OfList::Values => unbounded(element),
            OfList::Entries => {
                let field = |key: &str, ty: Ty| BuiltField { key: key.to_owned(), ty };
                let fields = vec![field("key", self.key_type(&list.ty)), field("value", element)];
                unbounded(Ty::Built(Rc::new(fields)))
            }
            _ => list.ty.clone(),
        };
        Expr { kind: ExprKind::OfList { list: Box::new(list), what }, ty, span }
    }

    /// One list of lists; `place` is where the lists come from.
    fn flattened(&mut self, lists: Expr, place: Span, span: Span) -> Expr {
        if walk::is_broken(&lists) {
            return invalid(span);
        }
        let element = self.element_type(&lists.ty);
        let Ty::List(inner, length) = self.structure(bare(&element)).clone() else {
            let what = self.describe(&element);
            let message = format!("only lists can be put behind each other, and this is {what}");
            self.report(Diagnostic::new(Code::GW0362, message, place, format!("expected a list, found {what}")));
            return invalid(span);
        };
        if let ExprKind::Map { body, .. } = &lists.kind
            && self.is_choice_of_lists(body)
        {
            self.report(
                Diagnostic::new(Code::GW0362, "this function chooses between lists", place, "one list or another")
                    .note("flatten each by itself, or choose after: `if c then a.flat_map(…) else b.flat_map(…)`"),
            );
            return invalid(span);
        }
        let outer = self.bounds_of(&lists.ty, |bounds| bounds);
        let max = outer.max.zip(length.max).map(|(outer, inner)| outer.saturating_mul(inner));
        let ty = Ty::List(inner, Bounds { min: 0, max });
        with_type(lists, OfList::Flatten, ty, span)
    }

    /// Whether a value is one of two lists, of which neither is empty.
    fn is_choice_of_lists(&self, expr: &Expr) -> bool {
        let is_empty = |expr: &Expr| match &expr.kind {
            ExprKind::List(items) => items.is_empty(),
            ExprKind::Literal(Value::Null) => true,
            _ => false,
        };
        match &expr.kind {
            ExprKind::If { otherwise, .. } => !is_empty(otherwise),
            ExprKind::OrElse { default, .. } => !is_empty(default),
            ExprKind::Bind { body, .. } | ExprKind::Present { body, .. } => self.is_choice_of_lists(body),
            ExprKind::List(_) => !self.is_plain(&self.element_type(&expr.ty)),
            _ => false,
        }
    }

    fn fold(&mut self, values: Expr, name: &Name, place: Span, span: Span) -> Expr {
        if walk::is_broken(&values) || matches!(values.ty, Ty::Unknown) {
            return invalid(span);
        }
        let element = self.element_type(&values.ty);
        if matches!(element, Ty::Null | Ty::Optional(_)) {
            let what = format!("what `{}` takes", name.text);
            self.report_null_of(&element, place, &what, true);
            return invalid(span);
        }
        let kind = self.scalar(&element);
        let number = kind.filter(|kind| matches!(kind, Scalar::Int | Scalar::Float | Scalar::Decimal));
        let made = match (name.text.as_str(), number) {
            ("sum", Some(number)) => Some((OfList::Sum, Ty::Scalar(number))),
            ("avg", Some(Scalar::Float)) => Some((OfList::Average, optional(Ty::Scalar(Scalar::Float)))),
            ("avg", Some(_)) => Some((OfList::Average, optional(Ty::Scalar(Scalar::Decimal)))),
            ("sum" | "avg", None) => None,
            (name, _) => {
                let ordered = number.is_some() || matches!(kind, Some(Scalar::String | Scalar::Time | Scalar::Date));
                let what = if name == "min" { OfList::Min } else { OfList::Max };
                ordered.then(|| (what, optional(element.clone())))
            }
        };
        let Some((what, ty)) = made else {
            let found = self.describe(&element);
            let wanted = if matches!(name.text.as_str(), "sum" | "avg") {
                "numbers"
            } else {
                "numbers, strings, times or dates"
            };
            let message = format!("`{}` is of {wanted}, and these are {found}", name.text);
            self.report(Diagnostic::new(Code::GW0362, message, place, format!("expected {wanted}")));
            return invalid(span);
        };
        with_type(values, what, ty, span)
    }

    fn contains(&mut self, list: Expr, value: Option<&Arg>, span: Span) -> Expr {
        let Some(value) = value else { return invalid(span) };
        let item = self.expr(&value.value);
        self.contained(item, list, span)
    }

    fn joined(&mut self, list: Expr, separator: Option<&Arg>, span: Span) -> Expr {
        let Some(separator) = separator else { return invalid(span) };
        let separator = self.expr(&separator.value);
        let place = super::fit::Place { what: "what stands between".to_owned(), origin: None };
        let separator = self.fit(separator, &Ty::Scalar(Scalar::String), &place);
        let element = self.element_type(&list.ty);
        if matches!(separator.ty, Ty::Unknown) || matches!(element, Ty::Unknown) {
            return invalid(span);
        }
        if matches!(element, Ty::Null | Ty::Optional(_)) {
            self.report_null_of(&element, list.span, "what `join` takes", true);
            return invalid(span);
        }
        if self.scalar(&element) != Some(Scalar::String) {
            let what = self.describe(&element);
            let message = format!("`join` is of strings, and these are {what}");
            self.report(
                Diagnostic::new(Code::GW0362, message, list.span, "expected strings")
                    .note("make strings of them first: `.map(x => \"{x}\").join(\", \")`"),
            );
            return invalid(span);
        }
        with_type(list, OfList::Join(Box::new(separator)), Ty::Scalar(Scalar::String), span)
    }

    fn chunked(&mut self, list: Expr, size: Option<&Arg>, span: Span) -> Expr {
        let Some(size) = size else { return invalid(span) };
        let size = self.expr(&size.value);
        if matches!(size.ty, Ty::Unknown) {
            return invalid(span);
        }
        let Some(count) = fields::constant(&size).and_then(|size| u32::try_from(size).ok()).filter(|size| *size > 0)
        else {
            let message = "how many elements a chunk has is a number from 1 on, written out";
            self.report(Diagnostic::new(Code::GW0363, message, size.span, "not such a number"));
            return invalid(span);
        };
        let element = self.element_type(&list.ty);
        let all = self.bounds_of(&list.ty, |bounds| bounds);
        let chunk =
            Ty::List(Rc::new(element), Bounds { min: 1, max: Some(all.max.map_or(count, |max| max.min(count))) });
        let length = Bounds { min: all.min.div_ceil(count), max: all.max.map(|max| max.div_ceil(count)) };
        with_type(list, OfList::Chunk(count), Ty::List(Rc::new(chunk), length), span)
    }

    fn zipped(&mut self, list: Expr, other: Option<&Arg>, span: Span) -> Expr {
        let Some(other) = other else { return invalid(span) };
        let other = self.expr(&other.value);
        if matches!(other.ty, Ty::Unknown) || matches!(list.ty, Ty::Unknown) {
            return invalid(span);
        }
        if !matches!(self.structure(&other.ty), Ty::List(..)) || self.is_written_out(&other) {
            let what = self.describe(&other.ty);
            let message = "only a list can stand beside a list";
            self.report(Diagnostic::new(Code::GW0362, message, other.span, format!("this is {what}")));
            return invalid(span);
        }
        let field = |key: &str, ty: Ty| BuiltField { key: key.to_owned(), ty };
        let pair = vec![field("first", self.element_type(&list.ty)), field("second", self.element_type(&other.ty))];
        let (one, two) = (self.bounds_of(&list.ty, |it| it), self.bounds_of(&other.ty, |it| it));
        let max = match (one.max, two.max) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        let ty = Ty::List(Rc::new(Ty::Built(Rc::new(pair))), Bounds { min: one.min.min(two.min), max });
        with_type(list, OfList::Zip(Box::new(other)), ty, span)
    }

    // ── types ────────────────────────────────────────────────────────────────────────────────────────────────────

    /// The type of a list's elements or of a map's values.
    fn element_type(&self, list: &Ty) -> Ty {
        match self.structure(list) {
            Ty::List(element, _) | Ty::Map(element) | Ty::Keyed { value: element, .. } => (**element).clone(),
            _ => Ty::Unknown,
        }
    }

    fn key_type(&self, map: &Ty) -> Ty {
        match self.structure(map) {
            Ty::Keyed { key, .. } => (**key).clone(),
            _ => Ty::Scalar(Scalar::String),
        }
    }

    fn bounds_of(&self, list: &Ty, change: impl FnOnce(Bounds) -> Bounds) -> Bounds {
        match self.structure(list) {
            Ty::List(_, bounds) => change(*bounds),
            _ => Bounds::default(),
        }
    }

    /// The same list with other bounds.
    fn bounded(&self, list: &Ty, change: impl FnOnce(Bounds) -> Bounds) -> Ty {
        match self.structure(list) {
            Ty::List(element, bounds) => Ty::List(Rc::clone(element), change(*bounds)),
            _ => Ty::Unknown,
        }
    }

    /// Whether values of a type are plain: neither objects nor lists.
    fn is_plain(&self, ty: &Ty) -> bool {
        matches!(self.structure(bare(ty)), Ty::Enum(_)) || self.scalar(bare(ty)).is_some()
    }

    // ── lists that are written out ───────────────────────────────────────────────────────────────────────────────

    /// Whether a list is written out element by element, and its elements are no plain values.
    fn is_written_out(&self, list: &Expr) -> bool {
        match &list.kind {
            ExprKind::List(_) => !self.is_plain(&self.element_type(&list.ty)),
            ExprKind::Let(LetId(at)) => match self.statements.get(*at) {
                Some(Statement::Let { value, .. }) => self.is_written_out(value),
                _ => false,
            },
            ExprKind::Bind { body, .. } | ExprKind::Present { body, .. } => self.is_written_out(body),
            ExprKind::If { then, otherwise, .. } => self.is_written_out(then) || self.is_written_out(otherwise),
            ExprKind::OrElse { value, default } => self.is_written_out(value) || self.is_written_out(default),
            ExprKind::Map { list, .. } | ExprKind::Slice { list, .. } => self.is_written_out(list),
            _ => false,
        }
    }

    fn report_written_out(&mut self, list: &Expr, name: &Name, span: Span) -> Expr {
        self.report(
            Diagnostic::new(
                Code::GW0362,
                format!("`{}` is of lists that come from somewhere, and this one is written out", name.text),
                list.span,
                "its elements are known now",
            )
            .note(
                "write what is meant of its elements themselves; select from it with `{ … }` if it is to be reshaped",
            ),
        );
        invalid(span)
    }
}

fn with_type(list: Expr, what: OfList, ty: Ty, span: Span) -> Expr {
    Expr { kind: ExprKind::OfList { list: Box::new(list), what }, ty, span }
}

/// Turns what is asked of each element round.
fn negate_condition(any: &mut Expr) {
    match &mut any.kind {
        ExprKind::ByElement { by, .. } => {
            let (ty, span) = (by.ty.clone(), by.span);
            let inner = std::mem::replace(&mut **by, invalid(span));
            **by = Expr { kind: ExprKind::Not(Box::new(inner)), ty, span };
        }
        ExprKind::Bind { body, .. } => negate_condition(body),
        _ => {}
    }
}

/// How many elements may be in work at once where a function makes calls.
pub(super) fn at_once(by: &Expr) -> Option<u32> {
    walk::makes_calls(by).then_some(bounds::USUAL_AT_ONCE)
}
