//! Literal values: defaults and fallbacks, and whether they fit their type.

use super::{constraints, show, texts, types};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{Bounds, Constraint, Scalar, Ty, TypeDecl, TypeDeclKind, TypeId, Value};
use crate::resolve::nearest;
use crate::source::Span;
use crate::syntax::ast::{Literal, LiteralKind, Name, TypeExpr};

/// The value, where it fits its type; else one error.
pub(crate) fn check(literal: &Literal, ty: &Ty, types: &[TypeDecl], diagnostics: &mut Diagnostics) -> Option<Value> {
    match value(literal, ty, types) {
        Ok(value) => value,
        Err(misfit) => {
            let message = format!("this value does not fit `{}`", show::ty(ty, types));
            let mut diagnostic = Diagnostic::new(Code::GW0305, message, misfit.span, misfit.why);
            if let Some(better) = misfit.better {
                diagnostic = diagnostic.fix(format!("did you mean `{better}`?"), misfit.span, better);
            }
            diagnostics.push(diagnostic);
            None
        }
    }
}

/// The value of `= v`: what stands for a field or a parameter that is left out, so that it is never null.
pub(crate) fn check_default(
    literal: &Literal,
    written: &TypeExpr,
    ty: &Ty,
    types: &[TypeDecl],
    diagnostics: &mut Diagnostics,
) -> Option<Value> {
    let (Ty::Optional(_), Some(mark)) = (ty, written.optional) else {
        return check(literal, ty, types, diagnostics);
    };
    let diagnostic = Diagnostic::new(Code::GW0308, "a `T?` has no default", literal.span, "never null with a default")
        .also(mark, "null where it is left out");
    diagnostics.push(if literal.kind == LiteralKind::Null {
        diagnostic.note("what may be left out is null without saying so")
    } else {
        diagnostic.note("leave out the `?` or the default").suggest("leave out the `?`", mark, "")
    });
    None
}

struct Misfit {
    span: Span,
    why: String,
    better: Option<String>,
}

impl Misfit {
    fn new(span: Span, why: impl Into<String>) -> Self {
        Self { span, why: why.into(), better: None }
    }
}

/// `Ok(None)` where the type is not known.
fn value(literal: &Literal, ty: &Ty, types: &[TypeDecl]) -> Result<Option<Value>, Misfit> {
    let misfit = |why: &str| Err(Misfit::new(literal.span, why));
    match types::base(ty, types) {
        Ty::Unknown => Ok(None),
        Ty::Optional(inner) => match &literal.kind {
            LiteralKind::Null => Ok(Some(Value::Null)),
            _ => value(literal, inner, types),
        },
        _ if literal.kind == LiteralKind::Null => misfit("is null, and the type has no `?`"),
        Ty::Scalar(kind) => scalar(literal, *kind, &Constraint::default()).map(Some),
        Ty::Constrained(kind, rule) => scalar(literal, *kind, rule).map(Some),
        Ty::Enum(id) => variant(literal, *id, types).map(Some),
        Ty::List(element, bounds) => list(literal, element, *bounds, types),
        Ty::Map(_) | Ty::Keyed { .. } => misfit("a map has no literal value"),
        Ty::Object(_) | Ty::Built(_) => misfit("an object has no literal value"),
        Ty::Null | Ty::Alias(_) => misfit("has no literal value"),
    }
}

fn list(literal: &Literal, element: &Ty, bounds: Bounds, types: &[TypeDecl]) -> Result<Option<Value>, Misfit> {
    let LiteralKind::List(items) = &literal.kind else {
        return Err(Misfit::new(literal.span, "a list is expected"));
    };
    let length = u32::try_from(items.len()).unwrap_or(u32::MAX);
    if length < bounds.min || bounds.max.is_some_and(|max| length > max) {
        return Err(Misfit::new(literal.span, format!("has {length} elements")));
    }
    let values: Vec<Option<Value>> = items.iter().map(|item| value(item, element, types)).collect::<Result<_, _>>()?;
    Ok(values.into_iter().collect::<Option<Vec<_>>>().map(Value::List))
}

fn variant(literal: &Literal, id: TypeId, types: &[TypeDecl]) -> Result<Value, Misfit> {
    let Some(TypeDecl { name: type_name, kind: TypeDeclKind::Enum { variants, .. }, .. }) = types.get(id.0) else {
        return Err(Misfit::new(literal.span, "has no literal value"));
    };
    let names = || variants.iter().map(|variant| variant.name.as_str());
    let expected = || format!("{} is expected", show::alternatives(names().take(8)));
    let better = |word: &str, span: Span, written: &dyn Fn(&str) -> String| Misfit {
        span,
        why: expected(),
        better: nearest(word, names()).map(written),
    };
    let find = |name: &Name| {
        let place = variants.iter().position(|variant| variant.name == name.text);
        place.map(|place| Value::Variant(id, place)).ok_or_else(|| better(&name.text, name.span, &str::to_owned))
    };
    match &literal.kind {
        LiteralKind::Path(path) => match path.as_slice() {
            [name] => find(name),
            [of, name] if of.text == *type_name => find(name),
            [of, _] => Err(Misfit {
                span: of.span,
                why: format!("`{type_name}` is expected"),
                better: Some(type_name.clone()),
            }),
            _ => Err(Misfit::new(literal.span, expected())),
        },
        LiteralKind::String(text) => Err(better(text, literal.span, &str::to_owned)),
        _ => Err(Misfit::new(literal.span, expected())),
    }
}

fn scalar(literal: &Literal, kind: Scalar, rule: &Constraint) -> Result<Value, Misfit> {
    let misfit = |why: String| Misfit::new(literal.span, why);
    match (kind, &literal.kind) {
        (Scalar::Int, LiteralKind::Number(text)) => {
            let number: i64 = text.parse().map_err(|_| misfit("a whole number of 64 bits is expected".to_owned()))?;
            let end = |end: &Option<String>| end.as_ref().and_then(|end| end.parse::<i64>().ok());
            in_range(number, end(&rule.min), end(&rule.max)).map_err(misfit)?;
            Ok(Value::Number(text.clone()))
        }
        (Scalar::Float | Scalar::Decimal, LiteralKind::Number(text)) => {
            let number: f64 = text.parse().map_err(|_| misfit("a number is expected".to_owned()))?;
            let end = |end: &Option<String>| end.as_ref().and_then(|end| end.parse::<f64>().ok());
            in_range(number, end(&rule.min), end(&rule.max)).map_err(misfit)?;
            Ok(Value::Number(text.clone()))
        }
        (Scalar::String, LiteralKind::String(text)) => {
            fits_text(text, rule).map_err(misfit)?;
            Ok(Value::String(text.clone()))
        }
        (Scalar::Time | Scalar::Date | Scalar::Uuid | Scalar::Url | Scalar::Path, LiteralKind::String(text)) => {
            texts::check(kind, text).map_err(|why| misfit(why.to_owned()))?;
            Ok(Value::String(text.clone()))
        }
        (Scalar::Bool, LiteralKind::Bool(value)) => Ok(Value::Bool(*value)),
        (Scalar::Json, _) => json(literal),
        (Scalar::Int | Scalar::Float | Scalar::Decimal, _) => Err(misfit("a number is expected".to_owned())),
        (Scalar::Bool, _) => Err(misfit("`true` or `false` is expected".to_owned())),
        (Scalar::String | Scalar::Time | Scalar::Date | Scalar::Uuid | Scalar::Url | Scalar::Path, _) => {
            Err(misfit("a string is expected".to_owned()))
        }
    }
}

fn json(literal: &Literal) -> Result<Value, Misfit> {
    match &literal.kind {
        LiteralKind::Number(text) => Ok(Value::Number(text.clone())),
        LiteralKind::String(text) => Ok(Value::String(text.clone())),
        LiteralKind::Bool(value) => Ok(Value::Bool(*value)),
        LiteralKind::Null => Ok(Value::Null),
        LiteralKind::List(items) => items.iter().map(json).collect::<Result<_, _>>().map(Value::List),
        LiteralKind::Duration(_) | LiteralKind::Size(_) | LiteralKind::Path(_) => {
            Err(Misfit::new(literal.span, "is no JSON value"))
        }
    }
}

fn in_range<N: PartialOrd + std::fmt::Display + Copy>(number: N, min: Option<N>, max: Option<N>) -> Result<(), String> {
    match (min, max) {
        (Some(min), _) if number < min => Err(format!("is less than {min}")),
        (_, Some(max)) if number > max => Err(format!("is more than {max}")),
        _ => Ok(()),
    }
}

fn fits_text(text: &str, rule: &Constraint) -> Result<(), String> {
    let end = |end: &Option<String>| end.as_ref().and_then(|end| end.parse::<usize>().ok());
    let length = text.chars().count();
    if in_range(length, end(&rule.min), end(&rule.max)).is_err() {
        return Err(format!("has {length} characters"));
    }
    let Some(pattern) = &rule.pattern else { return Ok(()) };
    match constraints::whole_match(pattern) {
        Ok(expression) if !expression.is_match(text) => Err("does not match the pattern".to_owned()),
        _ => Ok(()),
    }
}
