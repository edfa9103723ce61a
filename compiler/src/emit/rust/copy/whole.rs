//! Declared objects that are passed on whole: one function for each type, in the module of types.

use proc_macro2::TokenStream;
use quote::quote;

use super::need::Wanted;
use super::{Copies, json_string};
use crate::emit::rust::layout::{blank, byte_string};
use crate::emit::rust::names::{self, Namer};
use crate::emit::rust::read::{Key, object_scan, slots};
use crate::model::{Field, Ty, TypeDeclKind, TypeId, Value};

impl Copies<'_, '_> {
    /// `Order::copy`, which copies the declared fields of an order and skips the rest.
    pub(in super::super) fn whole_function(&self, id: TypeId) -> TokenStream {
        let TypeDeclKind::Object { fields, .. } = &self.site.context.decl(id).kind else { return TokenStream::new() };
        let may_miss = fields.iter().any(|field| self.may_miss(field));
        let statements = if may_miss {
            self.present_fields(fields)
        } else {
            self.statements(&Wanted::of_all_fields(self, &Ty::Object(id)))
        };
        let doc =
            format!(" Copies the fields of `{}`; keys that may be left out stay so.", self.site.context.decl(id).name);
        let doc = if may_miss { doc } else { doc.replace("; keys that may be left out stay so", "") };
        quote! {
            #[doc = #doc]
            pub(super) fn copy(scan: &mut gw::Scanner<'_>, out: &mut gw::Writer) -> Result<(), gw::Broken> {
                #statements
                Ok(())
            }
        }
    }

    /// Whether a field may be left out of what is written: it may be left out of what comes.
    fn may_miss(&self, field: &Field) -> bool {
        let nullable = matches!(self.site.context.resolve(&field.ty), Ty::Optional(_));
        nullable && field.fallback.is_none() && field.default.is_none()
    }

    /// Scans all fields and writes those that were there.
    fn present_fields(&self, fields: &[Field]) -> TokenStream {
        let mut namer = Namer::reserving(["scan", "key", "out", "object", "gw", "types"]);
        let (mut keys, mut writes) = (Vec::new(), TokenStream::new());
        for field in fields {
            let slot = names::ident(&namer.pick(&names::snake(&field.name)));
            let key = byte_string(format!("{}:", json_string(&field.wire)).as_bytes());
            let is_slice = self.site.is_slice(&field.ty);
            let reader = if is_slice { self.site.slice_reader(&field.ty).function() } else { self.aside_reader(field) };
            writes.extend(match (&field.fallback, &field.default) {
                (Some(fallback), _) if is_slice => {
                    let text = byte_string(self.site.json_text(fallback).as_bytes());
                    quote! { object.raw(#key, #slot.or(scan, #text)); }
                }
                (None, Some(default)) if is_slice => {
                    let text = byte_string(self.site.json_text(default).as_bytes());
                    quote! { object.raw(#key, #slot.optional().unwrap_or(#text)); }
                }
                (None, None) if is_slice && self.may_miss(field) => {
                    quote! { object.raw_if_any(#key, #slot.optional()); }
                }
                (None, None) if is_slice => quote! { object.raw(#key, #slot.required()?); },
                _ => self.write_aside(field, &slot, &key),
            });
            keys.push(Key { slot, wire: field.wire.clone(), reader, drifts: field.fallback.is_some() });
        }
        let (slots, scan, blank) = (slots(&keys), object_scan(&keys), blank());
        quote! {
            #slots
            #scan?;
            #blank
            let mut object = out.object();
            #writes
            object.end();
        }
    }

    /// What reads a field's text aside: an `Option` where it can be null, is replaced, or has a default.
    fn aside_reader(&self, field: &Field) -> TokenStream {
        let ty = self.site.context.resolve(&field.ty);
        if let Ty::Optional(inner) = &ty {
            let copier = self.named_field(field, inner);
            let kept = is_replaced(field).then(|| quote! { .map(Some) });
            return quote! { |scan| scan.nullable(|scan| scan.aside(#copier))#kept };
        }
        let copier = self.named_field(field, &ty);
        if field.fallback.is_some() {
            return quote! { |scan| scan.aside(#copier).map(Some) };
        }
        quote! { |scan| scan.aside(#copier) }
    }

    fn named_field(&self, field: &Field, ty: &Ty) -> TokenStream {
        let doc = format!("Copies all of `{}`.", field.name);
        self.named(self.site.whole_copier(ty), &field.name, &doc).function()
    }

    fn write_aside(&self, field: &Field, slot: &proc_macro2::Ident, key: &TokenStream) -> TokenStream {
        let nullable = matches!(self.site.context.resolve(&field.ty), Ty::Optional(_));
        let instead = |value| byte_string(self.site.json_text(value).as_bytes());
        match (&field.fallback, &field.default) {
            (Some(Value::Null), _) => quote! { object.key(#key).aside_or_null(scan, #slot.or_absent(None, None)); },
            (Some(fallback), _) => {
                let text = instead(fallback);
                let (taken, write) = if nullable {
                    (quote! { #slot.or_absent(Some(None), None) }, quote! { aside_or_null })
                } else {
                    (quote! { #slot.or(scan, None) }, quote! { aside })
                };
                quote! {
                    match #taken {
                        Some(text) => object.key(#key).#write(scan, text),
                        None => object.raw(#key, #text),
                    }
                }
            }
            (None, Some(default)) => {
                let text = instead(default);
                let write = if nullable {
                    quote! { aside_or_null }
                } else {
                    quote! { aside }
                };
                quote! {
                    match #slot.optional() {
                        Some(text) => object.key(#key).#write(scan, text),
                        None => object.raw(#key, #text),
                    }
                }
            }
            (None, None) if nullable => quote! {
                if let Some(#slot) = #slot.optional() {
                    object.key(#key).aside_or_null(scan, #slot);
                }
            },
            (None, None) => quote! { object.key(#key).aside(scan, #slot.required()?); },
        }
    }
}

/// Whether a broken value is replaced by something other than null.
fn is_replaced(field: &Field) -> bool {
    field.fallback.as_ref().is_some_and(|fallback| *fallback != Value::Null)
}
