//! Methods and functions: what is called by its name, on which kind of value, and with what.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::super::constraints::whole_match;
use super::arguments::Callee;
use super::fit::Place;
use super::literals::known;
use super::names::with_nearest;
use super::{Elaborator, fields, invalid, lists};
use crate::diagnostic::{Code, Diagnostic};
use crate::functions::{FUNCTIONS, Function, Gives, Parameter, Takes};
use crate::model::{Bounds, Scalar, Ty, Value};
use crate::source::Span;
use crate::syntax::ast::{self, Arg, Name};
use crate::typed::{Expr, ExprKind};

/// Methods of the language that this version does not compile yet.
const LATER_METHODS: &[&str] = &["format"];

/// Functions of the language that this version does not compile yet.
const LATER_FUNCTIONS: &[&str] = &["now"];

/// Whether plain values have a method of this name.
pub(super) fn is_known(name: &str) -> bool {
    LATER_METHODS.contains(&name) || FUNCTIONS.iter().any(|function| !function.on.is_empty() && function.name == name)
}

/// What methods are called elsewhere, with ours for it.
const CALLED_ELSEWHERE: &[(&str, &str)] = &[
    ("count", "length"),
    ("len", "length"),
    ("size", "length"),
    ("includes", "contains"),
    ("to_lower", "lower"),
    ("lowercase", "lower"),
    ("to_upper", "upper"),
    ("uppercase", "upper"),
    ("substring", "truncate"),
    ("pad", "pad_start"),
    ("ceiling", "ceil"),
    ("encode", "url_encode"),
];

impl Elaborator<'_> {
    /// `value.method(args)`
    pub(super) fn method(&mut self, base: &ast::Expr, name: &Name, args: &[Arg], span: Span) -> Expr {
        let base = self.expr(base);
        self.method_of(base, name, args, span)
    }

    /// A method by what it is called on: null stays null, and a list is not its elements.
    fn method_of(&mut self, base: Expr, name: &Name, args: &[Arg], span: Span) -> Expr {
        match self.structure(&base.ty) {
            Ty::Optional(_) => self.present(base, span, |this, item| this.method_of(item, name, args, span)),
            Ty::List(..) | Ty::Map(_) | Ty::Keyed { .. } => self.list_method(base, name, args, span),
            _ => self.plain_method(base, name, args, span),
        }
    }

    /// A method of a plain value.
    fn plain_method(&mut self, base: Expr, name: &Name, args: &[Arg], span: Span) -> Expr {
        let kind = self.scalar(&base.ty);
        let found = kind.and_then(|kind| called(Some(kind), &name.text, args.len()));
        if let Some(function) = found {
            return self.application(function, Some(base), name, args, span);
        }
        self.arguments_without_functions(args);
        if matches!(base.ty, Ty::Unknown) {
            return invalid(span);
        }
        if LATER_METHODS.contains(&name.text.as_str()) {
            let _ = self.not_yet(&format!("the method `{}`", name.text), name.span);
            return invalid(span);
        }
        let known: Vec<&str> = FUNCTIONS
            .iter()
            .filter(|function| kind.is_some() && function.is_on(kind))
            .map(|function| function.name)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        self.unknown_method(&base, name, &known, span)
    }

    /// `x => …` where no method takes it.
    pub(super) fn function_as_value(&mut self, span: Span) -> Expr {
        let message = "a function is no value";
        self.report(
            Diagnostic::new(Code::GW0360, message, span, "only methods of lists take one")
                .note("it stands in the parentheses of a method: `products.filter(p => p.price < 10)`"),
        );
        invalid(span)
    }

    /// Reports a method that a value does not have; `known` are those that it has.
    pub(super) fn unknown_method(&mut self, base: &Expr, name: &Name, known: &[&str], span: Span) -> Expr {
        let what = self.describe(&base.ty);
        let message = format!("{what} has no method `{}`", name.text);
        let mut diagnostic = Diagnostic::new(Code::GW0256, message, name.span, "no such method");
        let elsewhere = CALLED_ELSEWHERE.iter().find(|(other, ours)| *other == name.text && known.contains(ours));
        diagnostic = match (elsewhere, owners(&name.text)) {
            (Some((_, ours)), _) => diagnostic.fix(format!("here it is called `{ours}`"), name.span, *ours),
            (None, owners) if !owners.is_empty() => {
                diagnostic.note(format!("`{}` is a method of {}", name.text, owners.join(", ")))
            }
            (None, _) => with_nearest(diagnostic, name, known.iter().copied(), "its methods are"),
        };
        self.report(diagnostic);
        invalid(span)
    }

    /// `now()`
    pub(super) fn function(&mut self, name: &Name, args: &[Arg], span: Span) -> Expr {
        if let Some(function) = called(None, &name.text, args.len()) {
            return self.application(function, None, name, args, span);
        }
        self.arguments_without_functions(args);
        if self.context.names.excuses(&name.text) {
            return invalid(span);
        }
        if LATER_FUNCTIONS.contains(&name.text.as_str()) {
            return self.not_yet(&format!("`{}()`", name.text), span);
        }
        let mut diagnostic =
            Diagnostic::new(Code::GW0256, format!("there is no function `{}`", name.text), name.span, "not declared");
        let owner = self.context.model.operations.iter().find(|operation| operation.name == name.text);
        let owners = owners(&name.text);
        if name.text == "env" || name.text == "file" {
            diagnostic = diagnostic.note(format!("`{}` stands in settings and addresses only", name.text));
        } else if let Some(service) = owner.map(|operation| self.service_name(operation.service)) {
            let meant = format!("{service}.{}", name.text);
            diagnostic = diagnostic.fix(format!("did you mean `{meant}`?"), name.span, meant);
        } else if !owners.is_empty() {
            diagnostic =
                diagnostic.note(format!("`{0}` is a method of {1}: `value.{0}()`", name.text, owners.join(", ")));
        } else {
            diagnostic = diagnostic.note("a call names a service and its operation: `Users.user(id)`");
        }
        self.report(diagnostic);
        invalid(span)
    }

    // ── arguments ────────────────────────────────────────────────────────────────────────────────────────────────

    /// A function of the table with its arguments.
    fn application(
        &mut self,
        function: &'static Function,
        base: Option<Expr>,
        name: &Name,
        args: &[Arg],
        span: Span,
    ) -> Expr {
        let callee = Callee {
            title: function.name,
            origin: None,
            params: function.params.iter().map(|param| (param.name, param.default.is_none())).collect(),
        };
        let close = Span::new(span.file, name.span.start, span.end);
        let Some(given) = self.arguments(&callee, args, close) else { return invalid(span) };
        let mut values: Vec<Expr> = base.into_iter().collect();
        for (param, arg) in function.params.iter().zip(given) {
            values.push(match arg {
                Some(arg) => self.argument_of(function, param, &arg.value),
                None => known(
                    Value::String(param.default.unwrap_or_default().to_owned()),
                    Ty::Scalar(Scalar::String),
                    close,
                ),
            });
        }
        if values.iter().any(|value| matches!(value.ty, Ty::Unknown)) {
            return invalid(span);
        }
        Expr { kind: ExprKind::Apply { function, args: values }, ty: given_type(function.gives), span }
    }

    fn argument_of(&mut self, function: &Function, param: &Parameter, value: &ast::Expr) -> Expr {
        let value = self.expr(value);
        let what = format!("the argument `{}` of `{}`", param.name, function.name);
        let wanted = match param.takes {
            Takes::Int(..) => Scalar::Int,
            Takes::Text | Takes::SomeText | Takes::Pattern => Scalar::String,
        };
        let has_text = self.scalar(&value.ty).is_some_and(|kind| matches!(kind, Scalar::Path | Scalar::Url));
        let value = match wanted {
            Scalar::String if has_text => value,
            _ => self.fit(value, &Ty::Scalar(wanted), &Place { what: what.clone(), origin: None }),
        };
        if matches!(value.ty, Ty::Unknown) || self.is_taken(param, &value, &what) {
            return value;
        }
        invalid(value.span)
    }

    /// Whether an argument is one that its parameter takes, as far as that can be seen; reports where it is not.
    fn is_taken(&mut self, param: &Parameter, value: &Expr, what: &str) -> bool {
        let written = match &value.kind {
            ExprKind::Literal(Value::String(text)) => Some(text.as_str()),
            _ => None,
        };
        match (param.takes, written) {
            (Takes::Text, _) => true,
            (Takes::SomeText, text) => {
                text.is_none_or(|text| !text.is_empty()) || self.refuse(value, what, "is empty", "nothing stands here")
            }
            (Takes::Int(least, most), _) => {
                let fits = fields::constant(value).is_none_or(|number| (least..=most).contains(&number));
                let most = if most == i64::MAX { String::new() } else { format!("={most}") };
                fits || self.refuse(value, what, &format!("is outside of `{least}..{most}`"), "it can't be this")
            }
            (Takes::Pattern, None) => self.not_written_out(value, what, "a pattern is compiled with the program"),
            (Takes::Pattern, Some(text)) => match whole_match(text) {
                Ok(_) => true,
                Err(error) => {
                    self.report(super::super::constraints::no_pattern(&error, value.span));
                    false
                }
            },
        }
    }

    fn refuse(&mut self, value: &Expr, what: &str, why: &str, label: &str) -> bool {
        self.report(Diagnostic::new(Code::GW0344, format!("{what} {why}"), value.span, label));
        false
    }

    fn not_written_out(&mut self, value: &Expr, what: &str, why: &str) -> bool {
        let message = format!("{what} must be written out");
        self.report(Diagnostic::new(Code::GW0343, message, value.span, "no literal string").note(why));
        false
    }
}

/// The function of that name that takes so many arguments; where none does, the one with the most.
fn called(on: Option<Scalar>, name: &str, arguments: usize) -> Option<&'static Function> {
    let named = Function::named(on, name);
    let fits = |function: &&Function| {
        let least = function.params.iter().filter(|param| param.default.is_none()).count();
        (least..=function.params.len()).contains(&arguments)
    };
    named.clone().find(fits).or_else(|| named.max_by_key(|function| function.params.len()))
}

/// The kinds of values that have a method of that name.
fn owners(name: &str) -> Vec<String> {
    let kinds: BTreeSet<Scalar> = FUNCTIONS
        .iter()
        .filter(|function| function.name == name)
        .flat_map(|function| function.on.iter().copied())
        .collect();
    let mut owners: Vec<String> = kinds.into_iter().map(|kind| format!("`{}`", kind.as_str())).collect();
    if lists::names().any(|method| method == name) {
        owners.push("lists and maps".to_owned());
    }
    owners
}

/// The type of what a function gives.
fn given_type(gives: Gives) -> Ty {
    match gives {
        Gives::Plain(scalar) => Ty::Scalar(scalar),
        Gives::Strings(most) => Ty::List(Rc::new(Ty::Scalar(Scalar::String)), Bounds { min: 1, max: Some(most) }),
    }
}
