//! Methods of lists and maps: what each takes, and what it becomes in the core language.
//!
//! `METHODS` says all that people need to know of a method; `list_method` and what it calls say what it means.

mod functions;
mod whole;
mod written;

use std::rc::Rc;

use super::fit::bare;
use super::methods::is_known;
use super::{Elaborator, bounds, invalid, walk};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Bounds, Scalar, Ty};
use crate::source::Span;
use crate::syntax::ast::{self, Arg, Name};
use crate::typed::{ByElement, Expr, OfList};

use self::functions::KeysFor;

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
    pub(super) fn arguments_without_functions(&mut self, args: &[Arg]) {
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

    /// The type of a list's elements or of a map's values.
    pub(super) fn element_type(&self, list: &Ty) -> Ty {
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

    pub(super) fn bounds_of(&self, list: &Ty, change: impl FnOnce(Bounds) -> Bounds) -> Bounds {
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
    pub(super) fn is_plain(&self, ty: &Ty) -> bool {
        matches!(self.structure(bare(ty)), Ty::Enum(_)) || self.scalar(bare(ty)).is_some()
    }
}

/// How many elements may be in work at once where a function makes calls.
pub(super) fn at_once(by: &Expr) -> Option<u32> {
    walk::makes_calls(by).then_some(bounds::USUAL_AT_ONCE)
}
