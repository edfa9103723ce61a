//! Declared types: what their names stand for, their fields and variants, and that none contains itself.

mod recursion;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::rc::Rc;

use super::{constraints, values};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{Bounds, Field, Marking, Scalar, Ty, TypeDecl, TypeDeclKind, TypeId, Variant};
use crate::resolve::{Declared, DeclaredType, Names, TypeShape, docs_text, nearest};
use crate::source::Span;
use crate::syntax::ast;

/// What people of other languages call our types.
const FOREIGN: [(&str, &str); 17] = [
    ("any", "Json"),
    ("bigint", "Int"),
    ("boolean", "Bool"),
    ("datetime", "Time"),
    ("double", "Float"),
    ("f64", "Float"),
    ("i64", "Int"),
    ("instant", "Time"),
    ("integer", "Int"),
    ("long", "Int"),
    ("money", "Decimal"),
    ("number", "Float"),
    ("object", "Json"),
    ("str", "String"),
    ("text", "String"),
    ("timestamp", "Time"),
    ("uri", "Url"),
];

/// The type that is written; [`Ty::Unknown`] where it is wrong.
pub(crate) fn type_of(written: &ast::TypeExpr, names: &Names, diagnostics: &mut Diagnostics) -> Ty {
    let plain = match &written.kind {
        ast::TypeKind::Name(name) => named(name, names, diagnostics),
        ast::TypeKind::List(element) => Ty::List(Rc::new(type_of(element, names, diagnostics)), Bounds::default()),
        ast::TypeKind::Map(key, value) => {
            check_key(key, names, diagnostics);
            Ty::Map(Rc::new(type_of(value, names, diagnostics)))
        }
    };
    let whole = match &written.constraint {
        Some(constraint) => constraints::apply(plain, constraint, diagnostics),
        None => plain,
    };
    match (written.optional, whole) {
        (Some(_), whole @ (Ty::Unknown | Ty::Null | Ty::Optional(_))) | (None, whole) => whole,
        (Some(_), whole) => Ty::Optional(Rc::new(whole)),
    }
}

fn named(name: &ast::Name, names: &Names, diagnostics: &mut Diagnostics) -> Ty {
    if let Some(scalar) = Scalar::parse(&name.text) {
        return Ty::Scalar(scalar);
    }
    if let Some(id) = names.types.get(&name.text) {
        return match names.type_shape(*id) {
            Some(TypeShape::Alias) => Ty::Alias(*id),
            Some(TypeShape::Object) => Ty::Object(*id),
            Some(TypeShape::Enum) => Ty::Enum(*id),
            None => Ty::Unknown,
        };
    }
    if !names.excuses(&name.text) {
        diagnostics.push(unknown_type(name, names));
    }
    Ty::Unknown
}

fn unknown_type(name: &ast::Name, names: &Names) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::GW0204, format!("there is no type `{}`", name.text), name.span, "unknown");
    if names.services.contains_key(&name.text) {
        return diagnostic.note(format!("`{}` is a service", name.text));
    }
    let known = Scalar::ALL.iter().map(|scalar| scalar.as_str()).chain(names.types.keys().map(String::as_str));
    if let Some(near) = nearest(&name.text, known) {
        return diagnostic.fix(format!("did you mean `{near}`?"), name.span, near);
    }
    let lower = name.text.to_lowercase();
    match FOREIGN.iter().find(|(foreign, _)| *foreign == lower) {
        Some((_, ours)) => diagnostic.suggest(format!("here it is called `{ours}`"), name.span, *ours),
        None => diagnostic,
    }
}

/// JSON has strings for keys, and nothing else.
fn check_key(key: &ast::TypeExpr, names: &Names, diagnostics: &mut Diagnostics) {
    let ty = type_of(key, names, diagnostics);
    if !matches!(ty, Ty::Scalar(Scalar::String) | Ty::Unknown) {
        diagnostics.push(
            Diagnostic::new(Code::GW0306, "the keys of a map are strings", key.span, "`String` is expected")
                .note("JSON has no other keys")
                .suggest("use `String`", key.span, "String"),
        );
    }
}

/// All declared types, by their ids.
pub(super) fn check(declared: &Declared<'_>, names: &Names, diagnostics: &mut Diagnostics) -> Vec<TypeDecl> {
    let mut types: Vec<TypeDecl> = declared
        .types
        .iter()
        .map(|(item, docs)| TypeDecl {
            name: item.name().text.clone(),
            docs: docs_text(docs),
            kind: match item {
                DeclaredType::Type(item) => match &item.body {
                    ast::TypeBody::Alias(base) => TypeDeclKind::Alias { base: type_of(base, names, diagnostics) },
                    ast::TypeBody::Object { fields, open } => {
                        TypeDeclKind::Object { fields: check_fields(fields, names, diagnostics), open: *open }
                    }
                },
                DeclaredType::Enum(item) => {
                    TypeDeclKind::Enum { variants: check_variants(item, diagnostics), open: item.open }
                }
            },
            origin: item.name().span,
        })
        .collect();
    flatten_aliases(declared, &mut types, diagnostics);
    recursion::check(&mut types, diagnostics);
    check_values(declared, &mut types, diagnostics);
    types
}

fn check_fields(fields: &[ast::Field], names: &Names, diagnostics: &mut Diagnostics) -> Vec<Field> {
    unique(fields.iter().map(|field| (&field.name, field.wire.as_ref())), "fields", diagnostics);
    fields
        .iter()
        .map(|field| Field {
            name: field.name.text.clone(),
            wire: field.wire.as_ref().map_or_else(|| field.name.text.clone(), |wire| wire.value.clone()),
            docs: docs_text(&field.docs),
            ty: type_of(&field.ty, names, diagnostics),
            marking: field.marking.as_ref().and_then(|marking| Marking::parse(&marking.text)),
            default: None,
            fallback: None,
            origin: field.name.span,
        })
        .collect()
}

fn check_variants(item: &ast::EnumItem, diagnostics: &mut Diagnostics) -> Vec<Variant> {
    unique(item.variants.iter().map(|variant| (&variant.name, variant.wire.as_ref())), "variants", diagnostics);
    item.variants
        .iter()
        .map(|variant| Variant {
            name: variant.name.text.clone(),
            wire: variant.wire.as_ref().map_or_else(|| variant.name.text.clone(), |wire| wire.value.clone()),
            docs: docs_text(&variant.docs),
        })
        .collect()
}

/// Two members of one name, or of one name in JSON.
fn unique<'a>(
    members: impl Iterator<Item = (&'a ast::Name, Option<&'a ast::Text>)>,
    noun: &str,
    diagnostics: &mut Diagnostics,
) {
    let mut names: BTreeMap<&str, Span> = BTreeMap::new();
    let mut wires: BTreeMap<&str, Span> = BTreeMap::new();
    for (name, wire) in members {
        match names.entry(&name.text) {
            Entry::Vacant(free) => {
                free.insert(name.span);
            }
            Entry::Occupied(first) => {
                let message = format!("two {noun} have the name `{}`", name.text);
                diagnostics.push(
                    Diagnostic::new(Code::GW0206, message, name.span, "named again here")
                        .also(*first.get(), "named first here"),
                );
                continue;
            }
        }
        let (key, span) = wire.map_or((name.text.as_str(), name.span), |wire| (wire.value.as_str(), wire.span));
        match wires.entry(key) {
            Entry::Vacant(free) => {
                free.insert(span);
            }
            Entry::Occupied(first) => {
                let message = format!("two {noun} are `{key}` in JSON");
                diagnostics.push(
                    Diagnostic::new(Code::GW0207, message, span, "written again here")
                        .also(*first.get(), "written first here"),
                );
            }
        }
    }
}

/// A name for a name stands for what that one stands for; a name for an object, an enum or a `T?` is refused.
fn flatten_aliases(declared: &Declared<'_>, types: &mut [TypeDecl], diagnostics: &mut Diagnostics) {
    recursion::break_alias_circles(types, diagnostics);
    for (decl, (item, _)) in types.iter().zip(&declared.types) {
        if let (TypeDeclKind::Alias { base }, Some(written)) = (&decl.kind, item.written_base()) {
            refuse_second_name(base, written, diagnostics);
        }
    }
    let bases: Vec<Option<Ty>> = types.iter().map(|decl| follow(decl, types)).collect();
    for (decl, flat) in types.iter_mut().zip(bases) {
        if let (Some(flat), TypeDeclKind::Alias { base }) = (flat, &mut decl.kind) {
            let refused = matches!(flat, Ty::Object(_) | Ty::Enum(_) | Ty::Optional(_));
            *base = if refused { Ty::Unknown } else { flat };
        }
    }
}

/// What an alias comes down to; circles are gone by now.
fn follow(decl: &TypeDecl, types: &[TypeDecl]) -> Option<Ty> {
    let mut decl = decl;
    while let TypeDeclKind::Alias { base } = &decl.kind {
        match base {
            Ty::Alias(next) => decl = types.get(next.0)?,
            base => return Some(base.clone()),
        }
    }
    None
}

fn refuse_second_name(base: &Ty, written: &ast::TypeExpr, diagnostics: &mut Diagnostics) {
    let (message, note) = match base {
        Ty::Object(_) => ("an object has one name", "use the object's own name; a second would say the same twice"),
        Ty::Enum(_) => ("an enum has one name", "use the enum's own name; a second would say the same twice"),
        Ty::Optional(_) => (
            "a name can't stand for a type with `?`",
            "whether a value may be null is written where it is used: `Name?`",
        ),
        Ty::Unknown
        | Ty::Null
        | Ty::Scalar(_)
        | Ty::Constrained(..)
        | Ty::Alias(_)
        | Ty::List(..)
        | Ty::Map(_)
        | Ty::Keyed { .. }
        | Ty::Built(_) => return,
    };
    diagnostics.push(Diagnostic::new(Code::GW0307, message, written.span, "not allowed here").note(note));
}

/// Defaults and fallbacks, now that every type is known.
fn check_values(declared: &Declared<'_>, types: &mut [TypeDecl], diagnostics: &mut Diagnostics) {
    for id in 0..types.len() {
        let Some((DeclaredType::Type(ast::TypeItem { body: ast::TypeBody::Object { fields, .. }, .. }), _)) =
            declared.types.get(id)
        else {
            continue;
        };
        for (at, written) in fields.iter().enumerate() {
            let Some(ty) = field_type(types, TypeId(id), at) else { continue };
            let default = written
                .default
                .as_ref()
                .and_then(|value| values::check_default(value, &written.ty, &ty, types, diagnostics));
            let fallback = written.fallback.as_ref().and_then(|value| values::check(value, &ty, types, diagnostics));
            if let Some(TypeDecl { kind: TypeDeclKind::Object { fields, .. }, .. }) = types.get_mut(id)
                && let Some(field) = fields.get_mut(at)
            {
                field.default = default;
                field.fallback = fallback;
            }
        }
    }
}

fn field_type(types: &[TypeDecl], id: TypeId, at: usize) -> Option<Ty> {
    match &types.get(id.0)?.kind {
        TypeDeclKind::Object { fields, .. } => fields.get(at).map(|field| field.ty.clone()),
        TypeDeclKind::Alias { .. } | TypeDeclKind::Enum { .. } => None,
    }
}

/// What a type is without names for it: an alias becomes its base.
pub(crate) fn base<'a>(ty: &'a Ty, types: &'a [TypeDecl]) -> &'a Ty {
    match ty {
        Ty::Alias(id) => match types.get(id.0).map(|decl| &decl.kind) {
            Some(TypeDeclKind::Alias { base }) => base,
            Some(TypeDeclKind::Object { .. } | TypeDeclKind::Enum { .. }) | None => &Ty::Unknown,
        },
        other => other,
    }
}
