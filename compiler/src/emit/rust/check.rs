//! The client's body: every field is checked against its type and every violation noted; what is used is kept.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::endpoint::Endpoint;
use super::held::Held;
use super::layout;
use super::names::{self, Namer};
use super::scalar::{Reader, Side, bounds};
use super::site::Site;
use crate::model::{Field, Ty, TypeDeclKind, TypeId, Value};
use crate::plan::{NodeId, Take};

impl Endpoint<'_> {
    /// What checks a value of the body and gives what is kept of it.
    pub(super) fn body_reader(&self, id: NodeId) -> Reader {
        let node = self.plan.readings.get(id);
        match &node.take {
            // Looked at, and nothing of it is kept: the value is let go once it is checked.
            Take::Nothing => {
                let check = self.site.body_check(&node.ty).call(Side::Body);
                Reader::Call(Side::Body, quote! { #check.map(drop) })
            }
            Take::Copy if self.uses.json(id) => Reader::Plain(Side::Body, quote! { json }),
            Take::Copy => {
                let check = self.site.body_check(&node.ty).function();
                Reader::Call(Side::Body, quote! { body.raw(#check) })
            }
            Take::Decode => {
                let reader = self.site.scalar_reader(&node.ty, Side::Body);
                let checks = self.fits.of_node(id, &node.ty, self.context);
                checks.into_iter().fold(reader, |reader, check| {
                    let read = reader.function();
                    Reader::Call(Side::Body, quote! { body.fitting(#read, #check) })
                })
            }
            Take::Whole | Take::Part { .. } => {
                let check = self.site.body_check(&node.ty).function();
                Reader::Call(Side::Body, quote! { body.raw(#check).map(gw::Fragment::from) })
            }
            Take::Object { .. } => {
                let name = names::ident(&self.body_struct(id));
                Reader::Function(quote! { #name::take })
            }
            Take::List(element) => {
                let (length, element) = (bounds(self.bounds_of(&node.ty)), self.body_reader(*element).function());
                Reader::Call(Side::Body, quote! { body.list(#length, #element) })
            }
            Take::Map(value) => {
                let value = self.body_reader(*value).function();
                Reader::Call(Side::Body, quote! { body.map(#value) })
            }
            Take::Optional(inner) => {
                let inner = self.body_reader(*inner).function();
                Reader::Call(Side::Body, quote! { body.nullable(#inner) })
            }
        }
    }

    /// The struct of an object in the body, written at its first use.
    fn body_struct(&self, id: NodeId) -> String {
        let name = self.node_name(id);
        if self.written.borrow_mut().insert(id) {
            let place = self.site.reserve();
            let (definition, take) = (self.struct_definition(id, &name), self.take_function(id));
            let ident = names::ident(&name);
            self.site.put(place, layout::spaced([definition, quote! { impl #ident { #take } }]));
        }
        name
    }

    fn take_function(&self, id: NodeId) -> TokenStream {
        let node = self.plan.readings.get(id);
        let Take::Object { fields: used, whole } = &node.take else { return TokenStream::new() };
        let Ty::Object(decl) = self.context.resolve(&node.ty) else { return TokenStream::new() };
        let kept = |field: &Field| used.iter().find(|(name, _)| *name == field.name).map(|(_, node)| *node);
        let checks: Vec<Checked<'_>> = self
            .fields_of(decl)
            .iter()
            .map(|field| match kept(field) {
                Some(node) => Checked {
                    field,
                    reader: self.body_reader(node),
                    member: Some(names::ident(&self.field_name(id, &field.name))),
                    default: field.default.as_ref().map(|default| self.constant(default, &self.held(node))),
                    held: self.held(node),
                },
                None => self.site.unkept(field),
            })
            .collect();
        let (scan, members) = self.site.object_check(decl, &checks, *whole);
        let whole = whole.then(|| quote! { whole: whole.into(), });
        quote! {
            fn take(body: &mut gw::BodyScanner<'_>) -> Option<Self> {
                #scan
                Some(Self { #members #whole })
            }
        }
    }
}

/// One field of an object of the body.
struct Checked<'a> {
    field: &'a Field,
    reader: Reader,
    /// The member that keeps it.
    member: Option<Ident>,
    /// Its default, as it is held.
    default: Option<TokenStream>,
    held: Held,
}

impl Site<'_> {
    /// What checks a value of the body that is not kept, or only as text.
    pub(super) fn body_check(&self, ty: &Ty) -> Reader {
        match self.context.resolve(ty) {
            Ty::Object(id) => {
                self.context.note_checked(id);
                let path = self.type_path(id);
                Reader::Function(quote! { #path::check })
            }
            Ty::List(element, length) => {
                let (length, element) = (bounds(length), self.body_check(&element).function());
                Reader::Call(Side::Body, quote! { body.list(#length, #element) })
            }
            Ty::Map(value) => {
                let value = self.body_check(&value).function();
                Reader::Call(Side::Body, quote! { body.map(#value) })
            }
            Ty::Optional(inner) => {
                let inner = self.body_check(&inner).function();
                Reader::Call(Side::Body, quote! { body.nullable(#inner) })
            }
            resolved => self.scalar_reader(&resolved, Side::Body),
        }
    }

    /// A field that is checked and not kept.
    fn unkept<'f>(&self, field: &'f Field) -> Checked<'f> {
        let nullable = matches!(self.context.resolve(&field.ty), Ty::Optional(_));
        let held = if nullable { Held::Unit.optional() } else { Held::Unit };
        Checked { field, reader: self.body_check(&field.ty), member: None, default: None, held }
    }

    /// The statements that check an object, and the members of what is kept.
    fn object_check(&self, id: TypeId, checks: &[Checked<'_>], whole: bool) -> (TokenStream, TokenStream) {
        let mut namer = Namer::reserving(["body", "key", "gw", "types"]);
        let (mut slots, mut arms, mut after, mut members) =
            (TokenStream::new(), TokenStream::new(), TokenStream::new(), TokenStream::new());
        for check in checks {
            let slot = names::ident(&namer.pick(&names::snake(&check.field.name)));
            let (wire, reader) = (&check.field.wire, check.reader.function());
            slots.extend(quote! { let mut #slot = gw::Field::new(#wire); });
            let take = quote! { #slot.take(body, #reader) };
            let arm = quote! { #wire => #take, };
            // An arm without a value gets its block from us where it needs one, so that its end is as it should be.
            let indent = if whole { 16 } else { 12 };
            arms.extend(if layout::arm_fits(&arm, indent) {
                arm
            } else {
                quote! { #wire => { #take; } }
            });
            let nullable = matches!(check.held, Held::Optional(_));
            let has_default = check.field.default.as_ref().is_some_and(|default| *default != Value::Null);
            let value = match (&check.default, nullable) {
                (Some(default), _) if has_default => quote! { #slot.or(|| #default) },
                (None, _) if has_default => TokenStream::new(),
                (_, true) => quote! { #slot.optional() },
                _ => quote! { #slot.required(body) },
            };
            match &check.member {
                Some(member) => {
                    after.extend(quote! { let #slot = #value; });
                    members.extend(quote! { #member: #slot?, });
                }
                None if !has_default && !nullable => after.extend(quote! { #value; }),
                None => {}
            }
        }
        let is_open = matches!(self.context.decl(id).kind, TypeDeclKind::Object { open: true, .. });
        let other = if is_open {
            quote! { body.skip() }
        } else {
            quote! { body.unknown() }
        };
        let object = quote! { body.object(|body, key| match key { #arms _ => #other }) };
        let object = if whole {
            quote! { let ((), whole) = body.with_raw(|body| #object)?; }
        } else {
            quote! { #object?; }
        };
        (quote! { #slots #object #after }, members)
    }

    /// `Line::check`, which notes every violation of a value and keeps nothing.
    pub(super) fn check_function(&self, id: TypeId) -> TokenStream {
        let TypeDeclKind::Object { fields, .. } = &self.context.decl(id).kind else { return TokenStream::new() };
        let checks: Vec<Checked<'_>> = fields.iter().map(|field| self.unkept(field)).collect();
        let (scan, _) = self.object_check(id, &checks, false);
        let doc = format!(" Notes what is wrong with a client's `{}`.", self.context.decl(id).name);
        quote! {
            #[doc = #doc]
            pub(super) fn check(body: &mut gw::BodyScanner<'_>) -> Option<()> {
                #scan
                Some(())
            }
        }
    }
}
