//! Which value fits which place: literals adopt the type of their place, names for types don't mix, null needs a `T?`.

use std::rc::Rc;

use super::compatible::{Fault, Why, check_bounds, compatible, field_place, is_wider_number, missing};
use super::literals::{check_constraint, check_scalar, known};
use super::{Elaborator, describe, optional};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Bounds, Field, Model, Scalar, Ty, TypeDeclKind, TypeId, Value};
use crate::source::Span;
use crate::typed::{Arithmetic, Entry, Expr, ExprKind};

/// A place that a value goes to, for messages.
pub(super) struct Place {
    /// "the argument `id` of `Users.user`"
    pub(super) what: String,
    /// Where its type is written.
    pub(super) origin: Option<Span>,
}

/// A value that does not fit.
pub(super) struct Misfit {
    span: Span,
    fault: Fault,
}

impl Elaborator<'_> {
    /// The value as its place has it; reports where it does not fit.
    pub(super) fn fit(&mut self, expr: Expr, wanted: &Ty, place: &Place) -> Expr {
        let span = expr.span;
        match adopt(self.context.model, expr, wanted) {
            Ok(expr) => expr,
            Err(misfit) => {
                self.report_misfit(misfit, place);
                super::invalid(span)
            }
        }
    }

    fn report_misfit(&mut self, misfit: Misfit, place: &Place) {
        let Misfit { span, fault: Fault { path, why } } = misfit;
        let inner = path.iter().rev().map(String::as_str).collect::<Vec<_>>().join(".");
        let what = if inner.is_empty() { place.what.clone() } else { format!("`{inner}` in {}", place.what) };
        let diagnostic = match why {
            Why::Null(ty) => return self.report_null_of(&ty, span, &what, inner.is_empty()),
            Why::Type { found, wanted } => self.type_misfit(&found, &wanted, span, &what),
            Why::Literal(why) => Diagnostic::new(Code::GW0333, format!("{what} does not take this value"), span, why),
            Why::TooLong { max, found } => {
                let length =
                    found.map_or_else(|| "of any length".to_owned(), |found| format!("of up to {found} elements"));
                Diagnostic::new(
                    Code::GW0605,
                    format!("{what} takes at most {max} elements"),
                    span,
                    format!("a list {length}"),
                )
                .suggest(
                    format!("take the first of them: `[..{max}]`"),
                    span.at_end(),
                    format!("[..{max}]"),
                )
            }
            Why::TooShort { min } => {
                let least = if min == 1 { "one element".to_owned() } else { format!("{min} elements") };
                let message = format!("{what} takes at least {least}");
                Diagnostic::new(Code::GW0507, message, span, "this list can be shorter")
                    .note(format!("only a list whose type says so is surely long enough: `[T]({min}..)`"))
            }
            Why::Missing { owner, field } => {
                let owner = describe::type_name(self.context.model, owner);
                let message = format!("the field `{field}` of `{owner}` is missing");
                Diagnostic::new(Code::GW0342, message, span, format!("no `{field}`"))
            }
            Why::Extra { owner, field } => {
                let owner = describe::type_name(self.context.model, owner);
                let message = format!("the type `{owner}` has no field `{field}`");
                Diagnostic::new(Code::GW0342, message, span, format!("a field too many for {what}"))
            }
        };
        let diagnostic = match place.origin {
            Some(origin) => diagnostic.also(origin, "declared here"),
            None => diagnostic,
        };
        self.report(diagnostic);
    }

    fn type_misfit(&self, found: &Ty, wanted: &Ty, span: Span, what: &str) -> Diagnostic {
        let (is, want) = (self.describe(found), self.describe(wanted));
        let message = format!("{what} is {want}, and this is {is}");
        let diagnostic = Diagnostic::new(Code::GW0330, message, span, format!("expected {want}, found {is}"));
        match (bare(found), bare(wanted)) {
            (Ty::Alias(_), Ty::Alias(_)) => {
                diagnostic.note("two names for types don't mix, even where they stand for the same")
            }
            (Ty::Scalar(_) | Ty::Constrained(..), Ty::Alias(id))
                if self.scalar(bare(found)) == self.scalar(bare(wanted)) =>
            {
                let name = describe::type_name(self.context.model, *id);
                diagnostic.note(format!(
                    "a literal fits {want}; other values must be declared as `{name}` where they come in"
                ))
            }
            (Ty::Scalar(Scalar::Json), _) => {
                diagnostic.note("`Json` is any value, unchecked: declare a type for what the upstream sends")
            }
            (Ty::Scalar(Scalar::String), Ty::Enum(id)) => match self.enum_variants(*id).and_then(<[_]>::first) {
                Some(variant) => {
                    let name = describe::type_name(self.context.model, *id);
                    diagnostic.note(format!("a variant is written `{name}.{}`", variant.name))
                }
                None => diagnostic,
            },
            _ => diagnostic,
        }
    }
}

/// The type itself, or what it is a name for.
pub(super) fn structure<'t>(model: &'t Model, ty: &'t Ty) -> &'t Ty {
    match ty {
        Ty::Alias(id) => match model.types.get(id.0).map(|decl| &decl.kind) {
            Some(TypeDeclKind::Alias { base }) => base,
            _ => &Ty::Unknown,
        },
        _ => ty,
    }
}

pub(super) fn bare(ty: &Ty) -> &Ty {
    match ty {
        Ty::Optional(inner) => inner,
        _ => ty,
    }
}

/// The value as a place of the type `wanted` has it.
pub(super) fn adopt(model: &Model, expr: Expr, wanted: &Ty) -> Result<Expr, Misfit> {
    if matches!(expr.ty, Ty::Unknown) || matches!(wanted, Ty::Unknown) {
        return Ok(expr);
    }
    let span = expr.span;
    match (expr.kind, structure(model, wanted)) {
        (ExprKind::Literal(Value::Null), Ty::Optional(_) | Ty::Null) => Ok(known(Value::Null, wanted.clone(), span)),
        (ExprKind::Literal(value), _) if !matches!(value, Value::Null | Value::Variant(..)) => {
            adopt_literal(model, value, expr.ty, span, wanted)
        }
        (ExprKind::List(items), Ty::List(element, bounds)) => {
            let items = items.into_iter().map(|item| adopt(model, item, element)).collect::<Result<Vec<_>, _>>()?;
            let length = super::bounds::count(items.len());
            let exact = Bounds { min: length, max: Some(length) };
            check_bounds(exact, *bounds).map_err(|why| misfit(span, why))?;
            Ok(Expr { kind: ExprKind::List(items), ty: Ty::List(Rc::clone(element), exact), span })
        }
        (ExprKind::Object(entries), Ty::Object(id)) => adopt_object(model, entries, *id, span),
        (ExprKind::List(items), Ty::Optional(inner)) => {
            adopt(model, Expr { kind: ExprKind::List(items), ty: expr.ty, span }, inner)
        }
        (ExprKind::Object(entries), Ty::Optional(inner)) => {
            adopt(model, Expr { kind: ExprKind::Object(entries), ty: expr.ty, span }, inner)
        }
        (kind, wanted_structure) => {
            let expr = Expr { kind, ty: expr.ty, span };
            adopt_parts(model, expr, wanted, &wanted_structure.clone())
        }
    }
}

/// A value whose parts may be literals.
fn adopt_parts(model: &Model, expr: Expr, wanted: &Ty, structure: &Ty) -> Result<Expr, Misfit> {
    let Expr { kind, ty, span } = expr;
    match kind {
        ExprKind::Bind { value, item, body } => {
            let body = Box::new(adopt(model, *body, wanted)?);
            Ok(Expr { ty: body.ty.clone(), kind: ExprKind::Bind { value, item, body }, span })
        }
        ExprKind::Reveal(inner) => {
            let inner = Box::new(adopt(model, *inner, wanted)?);
            Ok(Expr { ty: inner.ty.clone(), kind: ExprKind::Reveal(inner), span })
        }
        ExprKind::If { condition, then, otherwise } => {
            let (then, otherwise) = (adopt(model, *then, wanted)?, adopt(model, *otherwise, wanted)?);
            let ty = either(&then.ty, &otherwise.ty, wanted);
            let (then, otherwise) = (Box::new(then), Box::new(otherwise));
            Ok(Expr { kind: ExprKind::If { condition, then, otherwise }, ty, span })
        }
        ExprKind::OrElse { value, default } => {
            let value = Box::new(adopt(model, *value, &optional(wanted.clone()))?);
            let default = Box::new(adopt(model, *default, wanted)?);
            let ty = either(bare(&value.ty), &default.ty, wanted);
            Ok(Expr { kind: ExprKind::OrElse { value, default }, ty, span })
        }
        ExprKind::Map { list, item, body, at_most } if has_literals(&body) => {
            let (Ty::List(element, wanted_bounds), Ty::List(_, bounds)) = (bare(structure), &ty) else {
                return Err(misfit(span, Why::Type { found: ty, wanted: wanted.clone() }));
            };
            check_bounds(*bounds, *wanted_bounds).map_err(|why| misfit(span, why))?;
            let body = Box::new(adopt(model, *body, element)?);
            let ty = Ty::List(Rc::new(body.ty.clone()), *bounds);
            Ok(Expr { kind: ExprKind::Map { list, item, body, at_most }, ty, span })
        }
        ExprKind::Present { value, item, body } if has_literals(&body) && matches!(structure, Ty::Optional(_)) => {
            let body = Box::new(adopt(model, *body, wanted)?);
            Ok(Expr { ty: optional(body.ty.clone()), kind: ExprKind::Present { value, item, body }, span })
        }
        kind => convert(model, Expr { kind, ty, span }, wanted),
    }
}

/// Whether adopting a type can change an expression.
pub(super) fn has_literals(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Object(_) => true,
        ExprKind::Bind { body, .. } | ExprKind::Map { body, .. } | ExprKind::Present { body, .. } => has_literals(body),
        _ => false,
    }
}

/// The type of a value that is one of two, both of which fit `wanted`.
fn either(left: &Ty, right: &Ty, wanted: &Ty) -> Ty {
    if left == right { left.clone() } else { wanted.clone() }
}

/// A value that is no literal.
fn convert(model: &Model, expr: Expr, wanted: &Ty) -> Result<Expr, Misfit> {
    let span = expr.span;
    if let (Some(Scalar::Int), Some(Scalar::Decimal)) = (scalar(model, &expr.ty), scalar(model, bare(wanted))) {
        if matches!(bare(wanted), Ty::Alias(_)) {
            return Err(misfit(span, Why::Type { found: expr.ty, wanted: wanted.clone() }));
        }
        return Ok(as_decimal(expr));
    }
    match compatible(model, &expr.ty, wanted) {
        Ok(()) => Ok(expr),
        Err(fault) => Err(Misfit { span, fault }),
    }
}

pub(super) fn scalar(model: &Model, ty: &Ty) -> Option<Scalar> {
    match structure(model, ty) {
        Ty::Scalar(scalar) | Ty::Constrained(scalar, _) => Some(*scalar),
        _ => None,
    }
}

/// An Int, read as a Decimal: the core language does so beside a Decimal.
pub(super) fn as_decimal(expr: Expr) -> Expr {
    let (span, ty) = (expr.span, Ty::Scalar(Scalar::Decimal));
    let zero = known(Value::Number("0".to_owned()), ty.clone(), span);
    let kind = ExprKind::Arithmetic { operator: Arithmetic::Add, left: Box::new(expr), right: Box::new(zero) };
    Expr { kind, ty, span }
}

fn adopt_literal(model: &Model, value: Value, found: Ty, span: Span, wanted: &Ty) -> Result<Expr, Misfit> {
    let target = bare(wanted);
    let (scalar, constraint) = match structure(model, target) {
        Ty::Scalar(scalar) => (*scalar, None),
        Ty::Constrained(scalar, constraint) => (*scalar, Some(constraint)),
        _ => return Err(misfit(span, Why::Type { found, wanted: wanted.clone() })),
    };
    let is_text_kind = matches!(scalar, Scalar::Time | Scalar::Date | Scalar::Uuid | Scalar::Url | Scalar::Path);
    let is_kind = match &value {
        Value::Number(_) => matches!(scalar, Scalar::Int | Scalar::Decimal | Scalar::Float | Scalar::Json),
        Value::String(_) => matches!(scalar, Scalar::String | Scalar::Json) || is_text_kind,
        Value::Bool(_) => matches!(scalar, Scalar::Bool | Scalar::Json),
        Value::Null | Value::Variant(..) | Value::List(_) => false,
    };
    if !is_kind {
        return Err(misfit(span, Why::Type { found, wanted: wanted.clone() }));
    }
    check_scalar(scalar, &value).map_err(|why| misfit(span, Why::Literal(why.to_owned())))?;
    if let Some(constraint) = constraint {
        check_constraint(constraint, &value).map_err(|why| misfit(span, Why::Literal(why)))?;
    }
    Ok(known(value, target.clone(), span))
}

/// A built object for a declared one: every field fits, none is missing, none is too many.
fn adopt_object(model: &Model, entries: Vec<Entry>, id: TypeId, span: Span) -> Result<Expr, Misfit> {
    let Some(TypeDeclKind::Object { fields, open }) = model.types.get(id.0).map(|decl| &decl.kind) else {
        return Ok(Expr { kind: ExprKind::Object(entries), ty: Ty::Unknown, span });
    };
    if let Some(field) = missing(fields, |wire| entries.iter().any(|entry| entry.key == wire)) {
        return Err(misfit(span, Why::Missing { owner: id, field }));
    }
    let mut adopted = Vec::new();
    for Entry { key, value } in entries {
        let value = match fields.iter().find(|field| field.wire == key) {
            Some(field) => adopt_field(model, value, field)?,
            None if *open => value,
            None => return Err(misfit(value.span, Why::Extra { owner: id, field: key })),
        };
        adopted.push(Entry { key, value });
    }
    Ok(Expr { kind: ExprKind::Object(adopted), ty: Ty::Object(id), span })
}

/// A value for a field: as JSON has it, so that an Int may stand for a Decimal as it is.
fn adopt_field(model: &Model, value: Expr, field: &Field) -> Result<Expr, Misfit> {
    let place = field_place(field);
    if is_wider_number(model, &value.ty, &place) && !matches!(value.kind, ExprKind::Literal(_)) {
        return Ok(value);
    }
    adopt(model, value, &place).map_err(|mut misfit| {
        misfit.fault.path.push(field.name.clone());
        misfit
    })
}

fn misfit(span: Span, why: Why) -> Misfit {
    Misfit { span, fault: why.into() }
}
