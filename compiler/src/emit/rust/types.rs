//! The module of declared types: plain Rust for the typed clients, and what gateways do with whole values of them.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::Module;
use super::context::Context;
use super::copy::Copies;
use super::layout::{self, docs};
use super::names::{self, Namer};
use super::service::plain_type;
use super::site::Site;
use crate::model::{Field, Scalar, Ty, TypeDeclKind, TypeId, Value, Variant};

/// Writes the module of declared types, after all others: they say what is done with whole values.
pub(super) fn module(context: &Context<'_>) -> Option<Module> {
    let count = context.model().types.len();
    if count == 0 {
        return None;
    }
    let site = Site::of_types(context);
    let methods = methods(context, &site);
    let mut items = Vec::new();
    for id in (0..count).map(TypeId) {
        items.extend(declaration(&site, id));
        let own: Vec<TokenStream> = methods.iter().filter(|(of, _)| *of == id).map(|(_, item)| item.clone()).collect();
        if !own.is_empty() {
            let (name, own) = (context.type_ident(id), layout::spaced(own));
            items.push(quote! { impl #name { #own } });
        }
    }
    items.extend(site.take_items());
    Some(Module {
        name: "types".to_owned(),
        docs: vec![format!("The types of {}.", context.model().gateway.name)],
        imports: quote! { use super::gw; },
        items: layout::spaced(items),
        children: Vec::new(),
    })
}

/// `copy` and `check` of the types that need them; writing one may need others.
fn methods(context: &Context<'_>, site: &Site<'_>) -> Vec<(TypeId, TokenStream)> {
    let whole = Copies { site, local_names: &[] };
    let (mut copied, mut seen) = (BTreeSet::new(), BTreeSet::new());
    let mut methods = Vec::new();
    while let Some(id) = context.next_copied(&copied) {
        copied.insert(id);
        methods.push((id, whole.whole_function(id)));
    }
    while let Some(id) = context.next_checked(&seen) {
        seen.insert(id);
        methods.push((id, site.check_function(id)));
    }
    methods
}

fn declaration(site: &Site<'_>, id: TypeId) -> Vec<TokenStream> {
    let context = site.context;
    let decl = context.decl(id);
    let name = context.type_ident(id);
    let mut lines = decl.docs.clone();
    if lines.is_empty() {
        lines.push(format!("`{}`, from {}.", decl.name, context.line(decl.origin)));
    }
    let doc = docs(lines.iter().map(String::as_str));
    match &decl.kind {
        TypeDeclKind::Alias { base } => {
            let base = plain(context, base);
            vec![quote! { #doc pub type #name = #base; }]
        }
        TypeDeclKind::Object { fields, .. } => object(site, id, &doc, fields),
        TypeDeclKind::Enum { variants, open } => enumeration(context, id, &doc, variants, *open),
    }
}

fn plain(context: &Context<'_>, ty: &Ty) -> TokenStream {
    plain_type(ty, &mut |id| {
        let name = context.type_ident(id);
        quote! { #name }
    })
}

// ── objects ──────────────────────────────────────────────────────────────────────────────────────────────────────

fn object(site: &Site<'_>, id: TypeId, doc: &TokenStream, fields: &[Field]) -> Vec<TokenStream> {
    let context = site.context;
    let name = context.type_ident(id);
    let mut namer = Namer::default();
    let mut helpers = Vec::new();
    let members: Vec<TokenStream> = fields
        .iter()
        .map(|field| {
            let picked = namer.pick(&names::snake(&field.name));
            let member = context.ident(&picked, field.origin);
            let ty = plain(context, &field.ty);
            let is_optional = matches!(context.resolve(&field.ty), Ty::Optional(_));
            let ty = if reaches(context, &field.ty, id, &mut BTreeSet::new()) { boxed(&ty, is_optional) } else { ty };
            let rename = (picked != field.wire).then(|| {
                let wire = &field.wire;
                quote! { #[serde(rename = #wire)] }
            });
            let attribute = default_attribute(site, id, field, &mut helpers);
            let doc = docs(field.docs.iter().map(String::as_str));
            quote! { #doc #rename #attribute pub #member: #ty, }
        })
        .collect();
    let mut items = vec![quote! {
        #doc
        #[derive(Debug, Clone, PartialEq, gw::Serialize, gw::Deserialize)]
        #[serde(crate = "gw::serde")]
        pub struct #name { #(#members)* }
    }];
    items.extend(helpers);
    items
}

/// What serde does where a field is missing: an optional one is none, one with a default has it.
fn default_attribute(
    site: &Site<'_>,
    id: TypeId,
    field: &Field,
    helpers: &mut Vec<TokenStream>,
) -> Option<TokenStream> {
    let context = site.context;
    let instead = field.fallback.as_ref().or(field.default.as_ref()).filter(|value| **value != Value::Null);
    if let Some(value) = instead {
        let helper = format!("{}_{}", names::snake(&context.decl(id).name), names::snake(&field.name));
        let (function, ty) = (names::ident(&helper), plain(context, &field.ty));
        let value = constant(context, value, &field.ty);
        helpers.push(quote! { fn #function() -> #ty { #value } });
        return Some(quote! { #[serde(default = #helper)] });
    }
    let is_optional = matches!(context.resolve(&field.ty), Ty::Optional(_));
    is_optional.then(|| quote! { #[serde(default, skip_serializing_if = "Option::is_none")] })
}

fn constant(context: &Context<'_>, value: &Value, ty: &Ty) -> TokenStream {
    match (value, context.resolve(ty)) {
        (value, Ty::Optional(inner)) => {
            let value = constant(context, value, &inner);
            quote! { Some(#value) }
        }
        (Value::List(values), Ty::List(element, _)) => {
            let values = values.iter().map(|value| constant(context, value, &element));
            quote! { vec![#(#values),*] }
        }
        (Value::Variant(id, place), _) => {
            let (name, variant) = (context.type_ident(*id), names::ident(&context.variant_name(*id, *place)));
            quote! { #name::#variant }
        }
        (Value::Number(digits), resolved) => match context.scalar(&resolved) {
            Some((Scalar::Decimal, _)) => quote! { gw::Decimal::literal(#digits) },
            Some((Scalar::Float, _)) => quote! { gw::Float::literal(#digits) },
            _ => super::scalar::number(digits),
        },
        (Value::Bool(truth), _) => quote! { #truth },
        (Value::String(text), resolved) => {
            if let Some((scalar @ (Scalar::Time | Scalar::Date | Scalar::Uuid | Scalar::Url | Scalar::Path), _)) =
                context.scalar(&resolved)
            {
                let ty = super::held::scalar_type(scalar);
                quote! { #ty::literal(#text) }
            } else {
                quote! { #text.to_owned() }
            }
        }
        (Value::Null | Value::List(_), _) => quote! { Default::default() },
    }
}

fn boxed(ty: &TokenStream, is_optional: bool) -> TokenStream {
    let inner = if is_optional {
        // `Option<T>`: the type inside.
        let mut tokens = ty.clone().into_iter().skip(2).collect::<Vec<_>>();
        tokens.pop();
        tokens.into_iter().collect()
    } else {
        ty.clone()
    };
    if is_optional {
        quote! { Option<Box<#inner>> }
    } else {
        quote! { Box<#inner> }
    }
}

/// Whether a value of a type holds one of `target` without a list or map between them.
fn reaches(context: &Context<'_>, ty: &Ty, target: TypeId, seen: &mut BTreeSet<TypeId>) -> bool {
    match context.resolve(ty) {
        Ty::Optional(inner) => reaches(context, &inner, target, seen),
        Ty::Object(id) if id == target => true,
        Ty::Object(id) if seen.insert(id) => match &context.decl(id).kind {
            TypeDeclKind::Object { fields, .. } => fields.iter().any(|field| reaches(context, &field.ty, target, seen)),
            TypeDeclKind::Alias { .. } | TypeDeclKind::Enum { .. } => false,
        },
        _ => false,
    }
}

// ── enums ────────────────────────────────────────────────────────────────────────────────────────────────────────

fn enumeration(
    context: &Context<'_>,
    id: TypeId,
    doc: &TokenStream,
    variants: &[Variant],
    open: bool,
) -> Vec<TokenStream> {
    let name = context.type_ident(id);
    let idents: Vec<_> = context.variant_names(id).iter().map(|variant| names::ident(variant)).collect();
    let wires: Vec<&str> = variants.iter().map(|variant| variant.wire.as_str()).collect();
    let cases = variants.iter().zip(&idents).map(|(variant, ident)| {
        let wire = &variant.wire;
        let doc = docs(variant.docs.iter().map(String::as_str));
        quote! { #doc #[serde(rename = #wire)] #ident, }
    });
    let other =
        open.then(|| quote! { #[doc = " A value that the file does not name."] #[serde(untagged)] Other(String), });
    let copy = (!open).then(|| quote! { Copy, });
    let definition = quote! {
        #doc
        #[derive(Debug, Clone, #copy PartialEq, Eq, Hash, gw::Serialize, gw::Deserialize)]
        #[serde(crate = "gw::serde")]
        pub enum #name { #(#cases)* #other }
    };
    let otherwise = if open {
        quote! { other => Some(Self::Other(other.to_owned())) }
    } else {
        quote! { _ => None }
    };
    let blank = layout::blank();
    let other_text = open.then(|| quote! { Self::Other(text) => text, });
    let variant = quote! {
        impl gw::Variant for #name {
            const NAMES: &'static [&'static str] = &[#(#wires),*];
            #blank

            fn from_text(text: &str) -> Option<Self> {
                match text { #(#wires => Some(Self::#idents),)* #otherwise, }
            }
            #blank

            fn as_text(&self) -> &str {
                match self { #(Self::#idents => #wires,)* #other_text }
            }
        }
    };
    let json = quote! {
        impl gw::ToJson for #name {
            fn write_json(&self, out: &mut gw::Writer) {
                out.string(gw::Variant::as_text(self));
            }
        }
    };
    let display = quote! {
        impl std::fmt::Display for #name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(gw::Variant::as_text(self))
            }
        }
    };
    vec![definition, variant, json, display]
}
