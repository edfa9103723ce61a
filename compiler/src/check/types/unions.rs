//! Unions: their members are objects, told apart by a tag; what all of them share can be selected of any.
//!
//! The tags of a union are an enum like any other, `Event.kind`, so that a tag is compared, matched on and written as
//! a variant is.

use super::{type_of, unique};
use crate::check::show;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{Field, Member, Scalar, Ty, TypeDecl, TypeDeclKind, TypeId, Variant};
use crate::resolve::{Declared, DeclaredType, Names, docs_text};
use crate::source::Span;
use crate::syntax::ast;

/// The union with its members, before its fields are known.
pub(super) fn declare(item: &ast::UnionItem, names: &Names, diagnostics: &mut Diagnostics) -> TypeDeclKind {
    unique(item.members.iter().map(|member| (&member.tag, member.wire.as_ref())), "tags", diagnostics);
    if item.members.is_empty() && !item.broken {
        diagnostics.push(
            Diagnostic::new(Code::GW0208, "a union has members", item.name.span, "could be nothing")
                .note("a member is written as a tag and a type: `created: Created`"),
        );
    }
    let members = item.members.iter().map(|member| Member {
        name: member.tag.text.clone(),
        wire: wire(member),
        object: object_of(&member.ty, names, diagnostics),
        origin: member.tag.span,
    });
    TypeDeclKind::Union { fields: Vec::new(), members: members.collect(), open: item.open }
}

/// The type of a member, where it is an object; else one that no union ever has.
fn object_of(written: &ast::TypeExpr, names: &Names, diagnostics: &mut Diagnostics) -> TypeId {
    /// Stands for a type whose fault was reported: no type has so high a place.
    const NONE: TypeId = TypeId(usize::MAX);
    let ty = type_of(written, names, diagnostics);
    let why = match ty {
        Ty::Object(id) => return id,
        Ty::Unknown => return NONE,
        Ty::Optional(_) => "a member is never null: where the union may be, write `?` behind its name",
        Ty::Union(_) => "a union in a union would have two tags: write the members of both in one",
        _ => "what stands behind the tag are the fields of an object: declare a `type` for them",
    };
    let mut diagnostic =
        Diagnostic::new(Code::GW0208, "a member of a union is an object", written.span, "no type with fields")
            .note(why);
    if let (Ty::Optional(inner), Some(mark)) = (&ty, written.optional)
        && matches!(**inner, Ty::Object(_))
    {
        diagnostic = diagnostic.fix("leave out the `?`", mark, "");
    }
    diagnostics.push(diagnostic);
    NONE
}

/// Gives each union the enum of its tags, behind all types that are declared, and the field that holds it.
pub(super) fn add_tags(declared: &Declared<'_>, types: &mut Vec<TypeDecl>) {
    for (place, (item, _)) in declared.types.iter().enumerate() {
        let DeclaredType::Union(item) = item else { continue };
        let Some((name, key, origin)) = tag_of(item) else { continue };
        let tags = TypeId(types.len());
        let variants = item.members.iter().map(|member| Variant {
            name: member.tag.text.clone(),
            wire: wire(member),
            docs: docs_text(&member.docs),
        });
        let kind = TypeDeclKind::Enum { variants: variants.collect(), open: item.open };
        types.push(TypeDecl { name: format!("{}.{name}", item.name.text), docs: Vec::new(), kind, origin });
        if let Some(TypeDecl { kind: TypeDeclKind::Union { fields, .. }, .. }) = types.get_mut(place) {
            let (docs, ty) = (Vec::new(), Ty::Enum(tags));
            fields.push(Field { name, wire: key, docs, ty, marking: None, default: None, fallback: None, origin });
        }
    }
}

/// The name of a union's tag, its key in JSON, and where it is written. One that has only a key has no name that could be selected,
/// unless the key is a word.
fn tag_of(item: &ast::UnionItem) -> Option<(String, String, Span)> {
    match (&item.tag, &item.wire) {
        (Some(name), wire) => {
            let key = wire.as_ref().map_or(&name.text, |wire| &wire.value);
            Some((name.text.clone(), key.clone(), name.span))
        }
        (None, Some(wire)) => Some((wire.value.clone(), wire.value.clone(), wire.span)),
        (None, None) => None,
    }
}

fn wire(member: &ast::Member) -> String {
    member.wire.as_ref().map_or(&member.tag.text, |wire| &wire.value).clone()
}

/// Adds the fields that all members of a union share: the same name, in JSON too, the same type and marking, and the same to do
/// where it is missing.
pub(super) fn share_fields(declared: &Declared<'_>, types: &mut [TypeDecl], diagnostics: &mut Diagnostics) {
    for (place, (item, _)) in declared.types.iter().enumerate() {
        let DeclaredType::Union(item) = item else { continue };
        report_second_tags(item, place, types, diagnostics);
        let shared = shared(types, place);
        if let Some(TypeDecl { kind: TypeDeclKind::Union { fields, .. }, .. }) = types.get_mut(place) {
            fields.extend(shared);
        }
    }
}

fn shared(types: &[TypeDecl], place: usize) -> Vec<Field> {
    let Some(members) = types.get(place).map(TypeDecl::members) else { return Vec::new() };
    let of = |member: &Member| types.get(member.object.0).map_or(&[][..], TypeDecl::fields);
    let Some((first, rest)) = members.split_first() else { return Vec::new() };
    let is_shared = |field: &&Field| rest.iter().all(|member| of(member).iter().any(|other| is_same(field, other)));
    of(first).iter().filter(is_shared).cloned().collect()
}

fn is_same(one: &Field, other: &Field) -> bool {
    one.marking == other.marking
        && (&one.name, &one.wire, &one.ty, &one.default, &one.fallback)
            == (&other.name, &other.wire, &other.ty, &other.default, &other.fallback)
}

/// The tag is the union's: a field of a member in its place would be a second source for one key.
fn report_second_tags(item: &ast::UnionItem, place: usize, types: &[TypeDecl], diagnostics: &mut Diagnostics) {
    let Some(decl) = types.get(place) else { return };
    let Some(tag) = decl.fields().first() else { return };
    let mut told = Vec::new();
    for (member, written) in decl.members().iter().zip(&item.members) {
        let Some(object) = types.get(member.object.0).filter(|_| !told.contains(&member.object)) else { continue };
        let Some(field) = object.fields().iter().find(|field| field.name == tag.name || field.wire == tag.wire) else {
            continue;
        };
        told.push(member.object);
        let message = format!("`{}` has a field `{}`, and that is the tag of `{}`", object.name, field.name, decl.name);
        let mut diagnostic = Diagnostic::new(Code::GW0209, message, written.ty.span, "has the tag as well")
            .also(field.origin, "the field")
            .also(tag.origin, "the tag")
            .note("the union reads the tag and writes it, so its members leave it out");
        if field.ty != Ty::Scalar(Scalar::String) {
            let what = show::ty(&field.ty, types);
            diagnostic = diagnostic.note(format!("a tag is a string, and this field is `{what}`"));
        }
        diagnostics.push(diagnostic);
    }
}
