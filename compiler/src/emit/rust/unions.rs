//! Unions: the tag that says what an object is, and an arm for each that it may be.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::context::Context;
use super::names;
use super::read::{Key, slot_name};
use super::scalar::Side;
use super::site::Site;
use crate::model::{Field, Member, Ty, TypeDeclKind, TypeId};

/// A declared union.
pub(super) struct Union<'a> {
    pub(super) id: TypeId,
    /// The field that holds the tag.
    pub(super) tag: &'a Field,
    /// The enum of the tags.
    tags: TypeId,
    pub(super) members: &'a [Member],
    /// Whether objects with other tags may come.
    pub(super) open: bool,
}

impl<'a> Context<'a> {
    /// The union of that id, if it is one.
    pub(super) fn union(&self, id: TypeId) -> Option<Union<'a>> {
        let TypeDeclKind::Union { fields, members, open } = &self.decl(id).kind else { return None };
        let tag = fields.first()?;
        let Ty::Enum(tags) = tag.ty else { return None };
        Some(Union { id, tag, tags, members, open: *open })
    }
}

impl Union<'_> {
    /// `match scan.tag("kind")? { … }`: what `arm` makes of each member, and where it is open of what no member is. Arms that are
    /// the same stand together.
    pub(super) fn by_tag(
        &self,
        site: &Site<'_>,
        from: &TokenStream,
        arm: &mut dyn FnMut(Option<&Member>) -> TokenStream,
    ) -> TokenStream {
        let path = site.type_path(self.tags);
        let mut arms: Vec<(Vec<TokenStream>, TokenStream)> = Vec::new();
        let mut add = |pattern: TokenStream, value: TokenStream| match arms
            .iter_mut()
            .find(|(_, other)| other.to_string() == value.to_string())
        {
            Some((patterns, _)) => patterns.push(pattern),
            None => arms.push((vec![pattern], value)),
        };
        for (member, variant) in self.members.iter().zip(site.context.variant_names(self.tags)) {
            let variant = names::ident(&variant);
            add(quote! { #path::#variant }, arm(Some(member)));
        }
        if self.open {
            add(quote! { #path::Other(_) }, arm(None));
        }
        let (key, arms) = (&self.tag.wire, arms.iter().map(|(patterns, value)| quote! { #(#patterns)|* => #value, }));
        quote! { match #from.tag(#key)? { #(#arms)* } }
    }
}

impl Site<'_> {
    /// The tag of a union of which fields are read and not the tag: the key that is scanned for it, and what sees to it that it was there.
    pub(super) fn unread_tag<'f>(
        &self,
        ty: &Ty,
        mut read: impl Iterator<Item = &'f str>,
    ) -> Option<(Key, TokenStream)> {
        let Ty::Union(id) = self.context.resolve(ty) else { return None };
        let union = self.context.union(id)?;
        if read.any(|name| name == union.tag.name) {
            return None;
        }
        let slot = names::ident(&slot_name(&names::snake(&format!("{}_tag", union.tag.name))));
        let reader = self.scalar_reader(&union.tag.ty, Side::Slice).function();
        let checked = quote! { #slot.required()?; };
        Some((Key { slot, wire: union.tag.wire.clone(), reader, drifts: false }, checked))
    }
}

// ── the declared type ────────────────────────────────────────────────────────────────────────────────────────────

impl Union<'_> {
    /// The enum that typed clients take and give, in the module of types.
    pub(super) fn declaration(&self, context: &Context<'_>, doc: &TokenStream) -> Vec<TokenStream> {
        let (name, key) = (context.type_ident(self.id), &self.tag.wire);
        let variants: Vec<Ident> =
            context.variant_names(self.tags).iter().map(|variant| names::ident(variant)).collect();
        let cases = self.members.iter().zip(&variants).map(|(member, variant)| {
            let (wire, object) = (&member.wire, context.type_ident(member.object));
            quote! { #[serde(rename = #wire)] #variant(#object), }
        });
        let other = self.open.then(|| {
            quote! { #[doc = " One whose tag the file does not name, as it came."] #[serde(untagged)] Other(gw::Json), }
        });
        let definition = quote! {
            #doc
            #[derive(Debug, Clone, PartialEq, gw::Serialize)]
            #[serde(crate = "gw::serde", tag = #key)]
            #[allow(clippy::large_enum_variant, reason = "each is as large as its type")]
            pub enum #name { #(#cases)* #other }
        };
        let tags = context.type_ident(self.tags);
        let arms = variants.iter().map(|variant| quote! { #tags::#variant => object.member().map(Self::#variant), });
        let other = self.open.then(|| quote! { #tags::Other(_) => Ok(Self::Other(object.json)), });
        let deserialize = quote! {
            impl<'de> gw::Deserialize<'de> for #name {
                fn deserialize<D: gw::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    let object = gw::Tagged::read(#key, deserializer)?;
                    match object.tag { #(#arms)* #other }
                }
            }
        };
        vec![definition, deserialize]
    }
}
