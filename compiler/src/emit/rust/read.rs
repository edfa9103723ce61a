//! Readers of answers whose values are used one by one: a struct of what is used, and the match on its keys.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::endpoint::Endpoint;
use super::held::Held;
use super::layout::{self, byte_string};
use super::names::{self, Namer};
use super::scalar::{Reader, Side, bounds};
use crate::model::{Bounds, Field, Ty, TypeDeclKind, TypeId, Value};
use crate::plan::{NodeId, Take};

/// One key of an object that is scanned.
pub(super) struct Key {
    /// The variable that holds its value until the object has ended.
    pub(super) slot: Ident,
    /// The key in JSON.
    pub(super) wire: String,
    /// What reads the value.
    pub(super) reader: TokenStream,
    /// Whether a value that breaks its type is replaced.
    pub(super) drifts: bool,
}

/// The slots of some keys.
pub(super) fn slots(keys: &[Key]) -> TokenStream {
    keys.iter()
        .map(|Key { slot, wire, drifts, .. }| {
            let kind = if *drifts {
                quote! { gw::DriftSlot }
            } else {
                quote! { gw::Slot }
            };
            quote! { let mut #slot = #kind::new(#wire); }
        })
        .collect()
}

/// The scan of an object into its slots, without the `?` behind it.
pub(super) fn object_scan(keys: &[Key]) -> TokenStream {
    if keys.is_empty() {
        return quote! { scan.object(|scan, _| scan.skip()) };
    }
    let arms = keys.iter().map(|Key { slot, wire, reader, .. }| {
        let wire = byte_string(wire.as_bytes());
        quote! { #wire => #slot.take(scan, #reader), }
    });
    quote! {
        scan.object(|scan, key| match key {
            #(#arms)*
            _ => scan.skip(),
        })
    }
}

impl Endpoint<'_> {
    /// The name in Rust of what is generated for a node.
    pub(super) fn node_name(&self, id: NodeId) -> String {
        if let Some(name) = self.node_names.borrow().get(&id) {
            return name.clone();
        }
        let wanted = names::pascal(&self.plan.readings.get(id).name);
        let name = self.site.pick(&wanted).to_string();
        self.node_names.borrow_mut().insert(id, name.clone());
        name
    }

    /// The fields of a declared object.
    pub(super) fn fields(&self, ty: &Ty) -> &[Field] {
        match self.context.resolve(ty) {
            Ty::Object(id) => self.fields_of(id),
            _ => &[],
        }
    }

    pub(super) fn fields_of(&self, id: TypeId) -> &[Field] {
        match &self.context.decl(id).kind {
            TypeDeclKind::Object { fields, .. } => fields,
            TypeDeclKind::Alias { .. } | TypeDeclKind::Enum { .. } => &[],
        }
    }

    /// The name of a field in the struct of a node.
    pub(super) fn field_name(&self, id: NodeId, field: &str) -> String {
        let Take::Object { fields, .. } = &self.plan.readings.get(id).take else { return names::snake(field) };
        let mut taken = Namer::reserving(["whole"]);
        let named = fields.iter().map(|(name, _)| (name, taken.pick(&names::snake(name))));
        named.filter(|(name, _)| *name == field).map(|(_, picked)| picked).last().unwrap_or_else(|| names::snake(field))
    }

    /// What reads a value of an answer as it is held.
    pub(super) fn answer_reader(&self, id: NodeId) -> Reader {
        let node = self.plan.readings.get(id);
        match &node.take {
            Take::Nothing => Reader::Plain(Side::Answer, quote! { skip }),
            Take::Copy if self.uses.json(id) => Reader::Plain(Side::Answer, quote! { json }),
            Take::Copy => {
                let slice = self.site.slice_reader(&node.ty).function();
                Reader::Call(Side::Answer, quote! { scan.raw(#slice) })
            }
            Take::Decode => self.site.scalar_reader(&node.ty, Side::Answer),
            Take::Whole => self.site.whole_reader(&node.ty),
            Take::Part { item, body } => self.part_reader(id, *item, body),
            Take::Object { .. } => {
                let name = names::ident(&self.struct_of(id));
                Reader::Function(quote! { #name::read })
            }
            Take::List(element) => {
                let bounds = bounds(self.bounds_of(&node.ty));
                let element = self.answer_reader(*element).function();
                Reader::Call(Side::Answer, quote! { scan.list(#bounds, #element) })
            }
            Take::Map(value) => {
                let value = self.answer_reader(*value).function();
                Reader::Call(Side::Answer, quote! { scan.map(#value) })
            }
            Take::Optional(inner) => {
                let inner = self.answer_reader(*inner).function();
                Reader::Call(Side::Answer, quote! { scan.nullable(#inner) })
            }
        }
    }

    /// The bounds of a list's length.
    pub(super) fn bounds_of(&self, ty: &Ty) -> Bounds {
        match self.context.resolve(ty) {
            Ty::List(_, bounds) => bounds,
            _ => Bounds::default(),
        }
    }

    /// The struct of a node, which is written at its first use.
    fn struct_of(&self, id: NodeId) -> String {
        let known = self.node_names.borrow().contains_key(&id) && self.written.borrow().contains(&id);
        let name = self.node_name(id);
        if !known {
            self.written.borrow_mut().insert(id);
            let place = self.site.reserve();
            let item = self.write_struct(id, &name);
            self.site.put(place, item);
        }
        name
    }

    fn write_struct(&self, id: NodeId, name: &str) -> TokenStream {
        let definition = self.struct_definition(id, name);
        let read = self.struct_read(id);
        let name = names::ident(name);
        layout::spaced([definition, quote! { impl #name { #read } }])
    }

    /// `struct Order { id: gw::Raw, … }`
    pub(super) fn struct_definition(&self, id: NodeId, name: &str) -> TokenStream {
        let node = self.plan.readings.get(id);
        let Take::Object { fields, whole } = &node.take else { return TokenStream::new() };
        let members = fields.iter().map(|(field, node)| {
            let member = names::ident(&self.field_name(id, field));
            let held = self.rust_type(&self.held(*node));
            quote! { #member: #held, }
        });
        let whole = whole.then(|| quote! { whole: gw::Fragment, });
        let doc = format!(" What is used of `{}`.", self.type_title(&node.ty));
        let name = names::ident(name);
        quote! {
            #[doc = #doc]
            struct #name { #(#members)* #whole }
        }
    }

    fn struct_read(&self, id: NodeId) -> TokenStream {
        let node = self.plan.readings.get(id);
        let Take::Object { fields, whole } = &node.take else { return TokenStream::new() };
        let declared = self.fields(&node.ty);
        let (mut keys, mut members) = (Vec::new(), Vec::new());
        for (name, field_node) in fields {
            let Some(field) = declared.iter().find(|field| field.name == *name) else { continue };
            let slot = names::ident(&slot_name(&self.field_name(id, name)));
            let member = names::ident(&self.field_name(id, name));
            let value = self.finished(field, &slot, &self.held(*field_node));
            members.push(quote! { #member: #value, });
            keys.push(Key {
                slot,
                wire: field.wire.clone(),
                reader: self.answer_reader(*field_node).function(),
                drifts: field.fallback.is_some(),
            });
        }
        let (slots, scan) = (slots(&keys), object_scan(&keys));
        let (scan, whole) = if *whole {
            let copy = self.site.whole_reader(&node.ty).function();
            (quote! { let (whole, ()) = scan.both(#copy, |scan| #scan)?; }, quote! { whole, })
        } else {
            (quote! { #scan?; }, TokenStream::new())
        };
        quote! {
            fn read(scan: &mut gw::Scanner<'_>) -> Result<Self, gw::Broken> {
                #slots
                #scan
                Ok(Self { #(#members)* #whole })
            }
        }
    }

    /// The value of a field once its object has ended.
    fn finished(&self, field: &Field, slot: &Ident, held: &Held) -> TokenStream {
        let nullable = matches!(held, Held::Optional(_));
        match (&field.fallback, &field.default) {
            (Some(fallback), _) => {
                let fallback = self.constant(fallback, held);
                if nullable {
                    quote! { #slot.or_absent(None, #fallback) }
                } else {
                    quote! { #slot.or(scan, #fallback) }
                }
            }
            (None, Some(default)) => {
                let default = self.constant(default, held);
                quote! { #slot.optional().unwrap_or(#default) }
            }
            (None, None) if nullable => quote! { #slot.flat() },
            (None, None) => quote! { #slot.required()? },
        }
    }

    /// A value known now, as it is held.
    pub(super) fn constant(&self, value: &Value, held: &Held) -> TokenStream {
        match held {
            Held::Optional(inner) => match value {
                Value::Null => quote! { None },
                value => {
                    let inner = self.constant(value, inner);
                    quote! { Some(#inner) }
                }
            },
            Held::Raw => {
                let text = byte_string(self.site.json_text(value).as_bytes());
                quote! { gw::Raw::from_static(#text) }
            }
            Held::Fragment => {
                let text = byte_string(self.site.json_text(value).as_bytes());
                quote! { gw::Fragment::from_static(#text) }
            }
            Held::List(element) => match value {
                Value::List(values) if !values.is_empty() => {
                    let values = values.iter().map(|value| self.constant(value, element));
                    quote! { vec![#(#values),*] }
                }
                _ => quote! { Vec::new() },
            },
            Held::Scalar(scalar) => self.literal(value, *scalar, true),
            Held::Enum(_) => self.variant(value),
            Held::Unit | Held::Struct(_) | Held::Results(_) | Held::Map(_) => quote! { () },
        }
    }

    /// A type as people call it.
    pub(super) fn type_title(&self, ty: &Ty) -> String {
        match ty {
            Ty::Object(id) | Ty::Enum(id) | Ty::Alias(id) => self.context.decl(*id).name.clone(),
            Ty::List(element, _) => format!("[{}]", self.type_title(element)),
            Ty::Map(value) => format!("{{String: {}}}", self.type_title(value)),
            Ty::Optional(inner) => format!("{}?", self.type_title(inner)),
            Ty::Scalar(scalar) | Ty::Constrained(scalar, _) => format!("{scalar:?}"),
            Ty::Unknown | Ty::Null | Ty::Built(_) | Ty::Keyed { .. } => "value".to_owned(),
        }
    }
}

/// A variable's name for a field that does not hide what a reader needs.
fn slot_name(field: &str) -> String {
    Namer::reserving(["scan", "key", "out", "gw", "whole", "types"]).pick(field)
}
