//! Unions as values: their tags, the fields that only some of their members have, and objects that are built for them.

use super::compatible::Why;
use super::fit::{Misfit, adopt_fields, misfit};
use super::literals::known;
use super::{Elaborator, describe};
use crate::check::show;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Model, Ty, TypeDecl, TypeDeclKind, TypeId, Value, Variant};
use crate::source::Span;
use crate::syntax::ast::Name;
use crate::typed::{Entry, Expr, ExprKind};

impl<'a> Elaborator<'a> {
    /// What is written behind the name of a type: the variants of an enum, or the tags of a union, with the enum that they are of.
    pub(super) fn variants_behind(&self, id: TypeId) -> Option<(TypeId, &'a [Variant])> {
        let id = tags(self.context.model.types.get(id.0)?).unwrap_or(id);
        Some((id, self.enum_variants(id)?))
    }

    /// Reports a field that some members of a union have, and not all; says whether there is one.
    pub(super) fn report_unshared(&mut self, id: TypeId, name: &Name) -> bool {
        let model = self.context.model;
        let Some(decl) = model.types.get(id.0) else { return false };
        let having = decl.members().iter().filter(|member| {
            let fields = model.types.get(member.object.0).map_or(&[][..], TypeDecl::fields);
            fields.iter().any(|field| field.name == name.text)
        });
        let having: Vec<&str> = having.map(|member| member.name.as_str()).collect();
        if having.is_empty() {
            return false;
        }
        let why = if having.len() == decl.members().len() {
            "its type or its name in JSON is not the same in all members".to_owned()
        } else {
            format!("only {} has it", show::alternatives(having.iter().copied()))
        };
        self.report(
            Diagnostic::new(
                Code::GW0354,
                format!("not every `{}` has the same field `{}`", decl.name, name.text),
                name.span,
                why,
            )
            .also(decl.origin, format!("`{}` is declared here", decl.name))
            .note(format!("`match` tells its members apart: in the arm `{}` the field is known", having.join("`, `"))),
        );
        true
    }

    /// `kind: "created"`: how an object of a union says that it is this member.
    pub(super) fn tag_of(&self, object: TypeId, union: TypeId) -> Option<String> {
        let decl = self.context.model.types.get(union.0)?;
        let member = decl.members().iter().find(|member| member.object == object)?;
        Some(format!("{}: \"{}\"", decl.fields().first()?.wire, member.wire))
    }

    /// An object for a union, where nothing says which member it is.
    pub(super) fn untagged(&self, owner: TypeId, span: Span) -> Diagnostic {
        let name = describe::type_name(self.context.model, owner);
        let decl = self.context.model.types.get(owner.0);
        let tag = decl.and_then(|decl| decl.fields().first()).map_or("", |tag| tag.wire.as_str());
        let message = format!("nothing says which `{name}` this object is");
        let diagnostic = Diagnostic::new(Code::GW0355, message, span, format!("its `{tag}` is not written out here"));
        match decl.and_then(|decl| decl.members().first()) {
            Some(member) => diagnostic.note(format!("write its tag as a literal: `{tag}: \"{}\"`", member.wire)),
            None => diagnostic,
        }
    }
}

/// The enum of a union's tags.
pub(super) fn tags(decl: &TypeDecl) -> Option<TypeId> {
    match (&decl.kind, decl.fields().first().map(|tag| &tag.ty)) {
        (TypeDeclKind::Union { .. }, Some(Ty::Enum(id))) => Some(*id),
        _ => None,
    }
}

/// A built object for a union: its tag is written out, and its other fields are those of that member.
pub(super) fn adopt_member(model: &Model, mut entries: Vec<Entry>, id: TypeId, span: Span) -> Result<Expr, Misfit> {
    let ty = Ty::Union(id);
    let Some(decl) = model.types.get(id.0) else {
        return Ok(Expr { kind: ExprKind::Object(entries), ty: Ty::Unknown, span });
    };
    let untagged = || misfit(span, Why::Untagged(id));
    let tag = decl.fields().first().ok_or_else(untagged)?;
    let place = entries.iter().position(|entry| entry.key == tag.wire).ok_or_else(untagged)?;
    let Entry { key, value } = entries.remove(place);
    let member = match &value.kind {
        ExprKind::Literal(Value::String(text)) => decl.members().iter().position(|member| member.wire == *text),
        ExprKind::Literal(Value::Variant(of, at)) if Some(*of) == tags(decl) => Some(*at),
        _ => return Err(misfit(value.span, Why::Untagged(id))),
    };
    let object = member.and_then(|at| model.types.get(decl.members().get(at)?.object.0));
    let (mut adopted, tag) = match (object.map(|object| &object.kind), member, tags(decl)) {
        (Some(TypeDeclKind::Object { fields, open }), Some(at), Some(tags)) => {
            let owner = decl.members().get(at).map_or(id, |member| member.object);
            let adopted = adopt_fields(model, entries, (owner, fields, *open), span)?;
            (adopted, known(Value::Variant(tags, at), tag.ty.clone(), value.span))
        }
        _ if matches!(decl.kind, TypeDeclKind::Union { open: true, .. }) => {
            let shared = decl.fields().get(1..).unwrap_or_default();
            (adopt_fields(model, entries, (id, shared, true), span)?, value)
        }
        _ => {
            let tags = show::alternatives(decl.members().iter().map(|member| member.wire.as_str()));
            return Err(misfit(value.span, Why::Literal(format!("the tag of `{}` is {tags}", decl.name))));
        }
    };
    adopted.insert(place.min(adopted.len()), Entry { key, value: tag });
    Ok(Expr { kind: ExprKind::Object(adopted), ty, span })
}
