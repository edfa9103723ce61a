//! Types against types: whether every value of one may stand in a place of another, and if not, why.

use super::fit::{bare, scalar, structure};
use super::optional;
use crate::model::{Bounds, BuiltField, Field, Model, Scalar, Ty, TypeDeclKind, TypeId};

/// Why a value does not fit.
pub(super) struct Fault {
    /// The fields that lead to it, the innermost first.
    pub(super) path: Vec<String>,
    pub(super) why: Why,
}

pub(super) enum Why {
    /// Another type.
    Type { found: Ty, wanted: Ty },
    /// It can be null.
    Null(Ty),
    /// A literal that its type refuses, in words.
    Literal(String),
    /// It can be longer than its place takes.
    TooLong { max: u32, found: Option<u32> },
    /// It can be shorter than its place takes.
    TooShort { min: u32 },
    /// An object without a field that must be there.
    Missing { owner: TypeId, field: String },
    /// An object with a field that its type does not have.
    Extra { owner: TypeId, field: String },
}

impl From<Why> for Fault {
    fn from(why: Why) -> Self {
        Self { path: Vec::new(), why }
    }
}

/// The type of the place that a field is for who fills it.
pub(super) fn field_place(field: &Field) -> Ty {
    if field.default.is_some() { optional(field.ty.clone()) } else { field.ty.clone() }
}

/// The first field that must be there and is not.
pub(super) fn missing(fields: &[Field], has: impl Fn(&str) -> bool) -> Option<String> {
    fields
        .iter()
        .filter(|field| field.default.is_none() && !matches!(field.ty, Ty::Optional(_) | Ty::Unknown))
        .find(|field| !has(&field.wire))
        .map(|field| field.name.clone())
}

/// Whether every value of one type may stand in a place of another.
pub(super) fn compatible(model: &Model, found: &Ty, wanted: &Ty) -> Result<(), Fault> {
    let other = || Fault::from(Why::Type { found: found.clone(), wanted: wanted.clone() });
    match (found, wanted) {
        (Ty::Unknown, _) | (_, Ty::Unknown) | (Ty::Null, Ty::Null | Ty::Optional(_)) => Ok(()),
        (Ty::Optional(found), Ty::Optional(wanted)) => compatible(model, found, wanted),
        (_, Ty::Optional(wanted)) => compatible(model, found, wanted),
        (Ty::Optional(_) | Ty::Null, _) => Err(Why::Null(found.clone()).into()),
        (_, Ty::Scalar(Scalar::Json)) => Ok(()),
        (Ty::Alias(one), Ty::Alias(two)) => {
            if one == two {
                Ok(())
            } else {
                Err(other())
            }
        }
        (Ty::Alias(_), _) => {
            compatible(model, structure(model, found), wanted).map_err(|fault| renamed(fault, found, wanted))
        }
        (Ty::List(..), Ty::Alias(_)) => {
            compatible(model, found, structure(model, wanted)).map_err(|fault| renamed(fault, found, wanted))
        }
        (Ty::Scalar(one) | Ty::Constrained(one, _), Ty::Scalar(two) | Ty::Constrained(two, _)) if one == two => Ok(()),
        (Ty::Object(one), Ty::Object(two)) | (Ty::Enum(one), Ty::Enum(two)) if one == two => Ok(()),
        (Ty::List(one, bounds), Ty::List(two, wanted_bounds)) => {
            compatible(model, one, two)?;
            check_bounds(*bounds, *wanted_bounds).map_err(Fault::from)
        }
        (Ty::Map(one), Ty::Map(two)) => compatible(model, one, two),
        (Ty::Built(fields), Ty::Object(id)) => compatible_object(model, fields, *id),
        (Ty::Built(one), Ty::Built(two)) if same_keys(one, two) => {
            one.iter().zip(two.iter()).try_for_each(|(one, two)| compatible(model, &one.ty, &two.ty))
        }
        _ => Err(other()),
    }
}

/// A misfit of what a name stands for, told by the name.
fn renamed(fault: Fault, found: &Ty, wanted: &Ty) -> Fault {
    match fault {
        Fault { path, why: Why::Type { .. } } if path.is_empty() => {
            Why::Type { found: found.clone(), wanted: wanted.clone() }.into()
        }
        other => other,
    }
}

/// Whether a number is read as one of a wider kind: written as JSON, an Int is a Decimal already.
pub(super) fn is_wider_number(model: &Model, found: &Ty, wanted: &Ty) -> bool {
    let fits_null = !matches!(found, Ty::Optional(_)) || matches!(wanted, Ty::Optional(_));
    let kinds = (scalar(model, bare(found)), scalar(model, bare(wanted)));
    fits_null && !matches!(bare(wanted), Ty::Alias(_)) && kinds == (Some(Scalar::Int), Some(Scalar::Decimal))
}

fn compatible_object(model: &Model, built: &[BuiltField], id: TypeId) -> Result<(), Fault> {
    let Some(TypeDeclKind::Object { fields, open }) = model.types.get(id.0).map(|decl| &decl.kind) else {
        return Ok(());
    };
    if let Some(field) = missing(fields, |wire| built.iter().any(|field| field.key == wire)) {
        return Err(Why::Missing { owner: id, field }.into());
    }
    for BuiltField { key, ty } in built {
        match fields.iter().find(|field| field.wire == *key) {
            Some(field) if is_wider_number(model, ty, &field_place(field)) => {}
            Some(field) => compatible(model, ty, &field_place(field)).map_err(|mut fault| {
                fault.path.push(field.name.clone());
                fault
            })?,
            None if *open => {}
            None => return Err(Why::Extra { owner: id, field: key.clone() }.into()),
        }
    }
    Ok(())
}

pub(super) fn check_bounds(found: Bounds, wanted: Bounds) -> Result<(), Why> {
    if let Some(max) = wanted.max
        && found.max.is_none_or(|found| found > max)
    {
        return Err(Why::TooLong { max, found: found.max });
    }
    if found.min < wanted.min { Err(Why::TooShort { min: wanted.min }) } else { Ok(()) }
}

pub(super) fn same_keys(one: &[BuiltField], two: &[BuiltField]) -> bool {
    one.len() == two.len() && one.iter().zip(two).all(|(one, two)| one.key == two.key)
}
