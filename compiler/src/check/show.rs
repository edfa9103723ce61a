//! Types as people write them, for messages.

use crate::model::{Bounds, Constraint, Ty, TypeDecl};

/// `[Int](1..=100)?`
pub(crate) fn ty(ty: &Ty, types: &[TypeDecl]) -> String {
    match ty {
        Ty::Unknown => "unknown".to_owned(),
        Ty::Null => "null".to_owned(),
        Ty::Scalar(kind) => kind.as_str().to_owned(),
        Ty::Constrained(kind, rule) => format!("{}{}", kind.as_str(), constraint(rule)),
        Ty::Alias(id) | Ty::Object(id) | Ty::Enum(id) => {
            types.get(id.0).map_or_else(String::new, |decl| decl.name.clone())
        }
        Ty::List(element, limits) => format!("[{}]{}", self::ty(element, types), bounds(*limits)),
        Ty::Map(value) => format!("{{String: {}}}", self::ty(value, types)),
        Ty::Keyed { key, value } => format!("{{{}: {}}}", self::ty(key, types), self::ty(value, types)),
        Ty::Optional(inner) => format!("{}?", self::ty(inner, types)),
        Ty::Built(fields) => {
            let fields: Vec<String> =
                fields.iter().map(|field| format!("{}: {}", field.key, self::ty(&field.ty, types))).collect();
            format!("{{ {} }}", fields.join(", "))
        }
    }
}

fn constraint(rule: &Constraint) -> String {
    let mut parts = Vec::new();
    match (&rule.min, &rule.max) {
        (None, None) => {}
        (Some(min), None) => parts.push(format!("{min}..")),
        (min, Some(max)) => parts.push(format!("{}..={max}", min.as_deref().unwrap_or(""))),
    }
    if let Some(pattern) = &rule.pattern {
        parts.push(format!("matches r\"{pattern}\""));
    }
    format!("({})", parts.join(", "))
}

fn bounds(bounds: Bounds) -> String {
    match bounds {
        Bounds { min: 0, max: None } => String::new(),
        Bounds { min, max: None } => format!("({min}..)"),
        Bounds { min: 0, max: Some(max) } => format!("(..={max})"),
        Bounds { min, max: Some(max) } => format!("({min}..={max})"),
    }
}

/// `a`, `b` or `c`, each in backticks.
pub(crate) fn alternatives<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
    }
}
