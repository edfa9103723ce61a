//! The scan that fills the leaves of a selection, and the writing of them.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::quote;

use super::need::{Aside, LeafId, Need, Piece, Wanted};
use super::{Copier, Copies, slice_range};
use crate::emit::rust::layout::{blank, byte_string};
use crate::emit::rust::names::{self, Namer};
use crate::emit::rust::read::{Key, object_scan, slots};
use crate::emit::rust::scalar::{Reader, Side};
use crate::model::{Field, Ty, TypeDeclKind, Value};
use crate::plan::{Expr, ExprKind, LocalId};

/// What a scanned value gives: one leaf, or a tuple of what its parts give.
enum Shape {
    Leaf(LeafId),
    Tuple(Vec<Shape>),
}

/// How a leaf is held.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    /// A slice of text.
    Slice,
    /// Text that was written aside.
    Aside,
    /// The same, or this text where there is none.
    AsideOr(String),
    /// The same, null where it is null, or this text where there is none.
    NullableAsideOr(String),
}

/// The scan of one object while it is being written.
struct Scan<'c, 's, 'a, 'w, 'e> {
    copies: &'c Copies<'s, 'a>,
    wanted: &'w Wanted<'e>,
    kinds: Vec<Kind>,
    /// The names of variables in the function.
    namer: Namer,
    /// What each leaf is once all is scanned: an expression, and whether it is a variable.
    values: Vec<Option<TokenStream>>,
}

impl Copies<'_, '_> {
    /// What copies a selection of an object's fields.
    pub(super) fn of_fields(&self, body: &Expr, item: LocalId, ty: &Ty, function: Option<&str>) -> Copier {
        let wanted = Wanted::of(self, body, item, ty);
        let Some(function) = function else { return Copier::Block(self.statements(&wanted)) };
        let name = self.site.pick(function);
        let place = self.site.reserve();
        let statements = self.statements(&wanted);
        let doc = format!(" Copies {}.", self.describe(body, item));
        self.site.put(
            place,
            quote! {
                #[doc = #doc]
                fn #name(scan: &mut gw::Scanner<'_>, out: &mut gw::Writer) -> Result<(), gw::Broken> {
                    #statements
                    Ok(())
                }
            },
        );
        Copier::Function(quote! { #name })
    }

    /// The statements that scan a value and write what is wanted of it.
    pub(super) fn statements(&self, wanted: &Wanted<'_>) -> TokenStream {
        let namer = Namer::reserving(["scan", "key", "out", "gw", "types"]);
        let (kinds, values) = (vec![Kind::Slice; wanted.leaves.len()], vec![None; wanted.leaves.len()]);
        let mut scan = Scan { copies: self, wanted, kinds, namer, values };
        let scanning = scan.root();
        let writing = scan.writing();
        let blank = blank();
        quote! { #scanning #blank #writing }
    }
}

impl<'a> Scan<'_, '_, 'a, '_, '_> {
    fn root(&mut self) -> TokenStream {
        let root = &self.wanted.root;
        if root.slice.is_none() && root.asides.is_empty() && root.behind.is_none() {
            return self.fields(root);
        }
        let (reader, shape) = self.reader(root, "value");
        let pattern = self.bind(&shape);
        let read = reader.call(Side::Answer);
        quote! { let #pattern = #read?; }
    }

    /// Scans an object; its leaves are then expressions.
    fn fields(&mut self, need: &Need<'_>) -> TokenStream {
        let (mut keys, mut after) = (Vec::new(), TokenStream::new());
        let mut finishes = Vec::new();
        for (name, field_need) in &need.fields {
            let Some(field) = self.field(&need.ty, name) else { continue };
            let slot = names::ident(&self.namer.pick(&names::snake(name)));
            let (reader, shape) = self.field_reader(field_need, field);
            let (wire, drifts) = (field.wire.clone(), field.fallback.is_some());
            keys.push(Key { slot: slot.clone(), wire, reader: reader.function(), drifts });
            finishes.push((field, field_need, slot, shape));
        }
        for (field, field_need, slot, shape) in finishes {
            after.extend(self.finish(field, field_need, &slot, &shape));
        }
        let (slots, scan) = (slots(&keys), object_scan(&keys));
        quote! { #slots #scan?; #after }
    }

    fn field(&self, ty: &Ty, name: &str) -> Option<&'a Field> {
        let Ty::Object(id) = ty else { return None };
        match &self.copies.site.context.decl(*id).kind {
            TypeDeclKind::Object { fields, .. } => fields.iter().find(|field| field.name == name),
            TypeDeclKind::Alias { .. } | TypeDeclKind::Enum { .. } => None,
        }
    }

    /// What reads a value into a shape.
    fn reader(&mut self, need: &Need<'_>, name: &str) -> (Reader, Shape) {
        let mut parts = Vec::new();
        if let Some(leaf) = need.slice {
            parts.push((self.copies.site.slice_reader(&need.ty), Shape::Leaf(leaf)));
        }
        if !need.fields.is_empty() {
            parts.push(self.object_reader(need, name));
        }
        for (leaf, aside) in &need.asides {
            let leaf_name = self.wanted.leaves.get(*leaf).map_or("value", |leaf| leaf.name.as_str());
            let copier = self.aside_copier(need, aside, leaf_name).function();
            self.set_kind(*leaf, Kind::Aside);
            parts.push((answer(quote! { scan.aside(#copier) }), Shape::Leaf(*leaf)));
        }
        if let Some(behind) = &need.behind {
            let (reader, shape) = self.reader(behind, name);
            let reader = reader.function();
            parts.push((answer(quote! { scan.nullable(#reader) }), shape));
        }
        let mut parts = parts.into_iter().rev();
        let nothing = || (Reader::Plain(Side::Answer, quote! { skip }), Shape::Tuple(Vec::new()));
        let Some(last) = parts.next() else { return nothing() };
        parts.fold(last, |(second, second_shape), (first, first_shape)| {
            let (first, second) = (first.function(), second.function());
            (answer(quote! { scan.both(#first, #second) }), Shape::Tuple(vec![first_shape, second_shape]))
        })
    }

    /// What reads an object into the tuple of its fields' leaves.
    fn object_reader(&mut self, need: &Need<'_>, name: &str) -> (Reader, Shape) {
        let place = self.copies.site.reserve();
        let outer = std::mem::replace(&mut self.namer, Namer::reserving(["scan", "key", "out", "gw", "types"]));
        let statements = self.fields(need);
        self.namer = outer;
        let leaves = leaves(need);
        let values: Vec<TokenStream> = leaves.iter().map(|leaf| self.value(*leaf)).collect();
        let types: Vec<TokenStream> = leaves.iter().map(|leaf| leaf_type(&self.kind(*leaf))).collect();
        for leaf in &leaves {
            self.set_value(*leaf, None);
        }
        let (result, ty) = match (values.as_slice(), types.as_slice()) {
            ([value], [ty]) => (ok(value), quote! { #ty }),
            _ => (quote! { Ok((#(#values),*)) }, quote! { (#(#types),*) }),
        };
        let function = self.copies.site.pick(&format!("read_{}", names::snake(name)));
        let doc = format!(" Reads what is wanted of `{name}`.");
        self.copies.site.put(
            place,
            quote! {
                #[doc = #doc]
                fn #function<'a>(scan: &mut gw::Scanner<'a>) -> Result<#ty, gw::Broken> {
                    #statements
                    #result
                }
            },
        );
        let mut shapes: Vec<Shape> = leaves.into_iter().map(Shape::Leaf).collect();
        let shape = if shapes.len() == 1 { shapes.remove(0) } else { Shape::Tuple(shapes) };
        (Reader::Function(quote! { #function }), shape)
    }

    fn aside_copier(&self, need: &Need<'_>, aside: &Aside<'_>, name: &str) -> Copier {
        let all = self.copies;
        let (copier, words) = match aside {
            Aside::Whole => (all.site.whole_copier(&need.ty), "all".to_owned()),
            Aside::Of(expr) => (all.of_value(expr, &need.ty), all.describe_value(expr)),
            Aside::Selection(body, item) => {
                let function = format!("copy_{}", names::snake(all.local_name(*item)));
                (all.selection(body, *item, &need.ty, Some(&function)), all.describe(body, *item))
            }
        };
        all.named(copier, name, &format!("Copies {words} of `{name}`."))
    }

    /// The reader of a field; of one that is replaced or has a default, and is no slice, it gives an `Option`.
    fn field_reader(&mut self, need: &Need<'_>, field: &Field) -> (Reader, Shape) {
        let (reader, shape) = self.reader(need, &field.name);
        let replaced = field.fallback.as_ref().is_some_and(|fallback| *fallback != Value::Null);
        if replaced && !is_slice_only(need) {
            let read = reader.call(Side::Answer);
            return (answer(quote! { #read.map(Some) }), shape);
        }
        (reader, shape)
    }

    /// Takes a field's leaves out of its slot.
    fn finish(&mut self, field: &Field, need: &Need<'_>, slot: &Ident, shape: &Shape) -> TokenStream {
        if is_slice_only(need) {
            let value = self.finished_slice(field, need, slot);
            return self.bind_leaf(shape, slot, value);
        }
        let optional = matches!(need.ty, Ty::Optional(_));
        let replaced = field.fallback.as_ref().filter(|fallback| **fallback != Value::Null);
        let value = match (replaced, &field.fallback, &field.default) {
            (Some(_), _, _) if optional => quote! { #slot.or_absent(Some(None), None) },
            (Some(_), _, _) => quote! { #slot.or(scan, None) },
            (None, Some(_), _) => quote! { #slot.or_absent(None, None) },
            (None, None, Some(_)) => quote! { #slot.optional() },
            (None, None, None) if optional => quote! { #slot.flat() },
            (None, None, None) => {
                let value = quote! { #slot.required()? };
                return self.bind_leaf(shape, slot, value);
            }
        };
        let instead = replaced.or(field.default.as_ref()).unwrap_or(&Value::Null);
        let nullable_inside = optional && (replaced.is_some() || field.default.is_some());
        self.bind_option(need, (slot, shape), &value, instead, nullable_inside)
    }

    fn finished_slice(&self, field: &Field, need: &Need<'_>, slot: &Ident) -> TokenStream {
        let text = |value: &Value| byte_string(self.copies.site.json_text(value).as_bytes());
        let optional = matches!(need.ty, Ty::Optional(_));
        match (&field.fallback, &field.default) {
            (Some(fallback), _) if optional => {
                let fallback = text(fallback);
                quote! { #slot.or_absent(b"null", #fallback) }
            }
            (Some(fallback), _) => {
                let fallback = text(fallback);
                quote! { #slot.or(scan, #fallback) }
            }
            (None, Some(default)) => {
                let default = text(default);
                quote! { #slot.optional().unwrap_or(#default) }
            }
            (None, None) if optional => quote! { #slot.or_null() },
            (None, None) => quote! { #slot.required()? },
        }
    }

    /// Leaves out of a value that is there: one stands where it is written, several get variables.
    fn bind_leaf(&mut self, shape: &Shape, slot: &Ident, value: TokenStream) -> TokenStream {
        if let Shape::Leaf(leaf) = shape {
            if self.wanted.leaves.get(*leaf).is_some_and(|leaf| leaf.uses == 1) {
                self.set_value(*leaf, Some(value));
                return TokenStream::new();
            }
            self.set_value(*leaf, Some(quote! { #slot }));
            return quote! { let #slot = #value; };
        }
        let pattern = self.bind(shape);
        quote! { let #pattern = #value; }
    }

    /// Leaves out of an `Option`; `instead` is the field's value where it is none.
    fn bind_option(
        &mut self,
        need: &Need<'_>,
        (slot, shape): (&Ident, &Shape),
        value: &TokenStream,
        instead: &Value,
        nullable_inside: bool,
    ) -> TokenStream {
        if let Shape::Leaf(leaf) = shape {
            let text = instead_text(self, need, *leaf, instead);
            let value = match self.kind(*leaf) {
                Kind::Slice => {
                    let text = byte_string(text.as_bytes());
                    quote! { #value.unwrap_or(#text) }
                }
                Kind::Aside if nullable_inside => {
                    self.set_kind(*leaf, Kind::NullableAsideOr(text));
                    value.clone()
                }
                Kind::Aside => {
                    self.set_kind(*leaf, Kind::AsideOr(text));
                    value.clone()
                }
                Kind::AsideOr(_) | Kind::NullableAsideOr(_) => quote! { #value.flatten() },
            };
            return self.bind_leaf(shape, slot, value);
        }
        let (present, absent) = self.option_arms(need, shape, instead);
        let inner = self.pattern(shape);
        let pattern = self.bind(shape);
        quote! { let #pattern = match #value { Some(#inner) => #present, None => #absent }; }
    }

    /// The two arms for a tuple of leaves in an `Option`: as they are, and as constants.
    fn option_arms(&mut self, need: &Need<'_>, shape: &Shape, instead: &Value) -> (TokenStream, TokenStream) {
        match shape {
            Shape::Leaf(leaf) => {
                let text = instead_text(self, need, *leaf, instead);
                let name = self.leaf_name(*leaf);
                match self.kind(*leaf) {
                    Kind::Slice => {
                        let text = byte_string(text.as_bytes());
                        (quote! { #name }, quote! { &#text[..] })
                    }
                    Kind::Aside => {
                        self.set_kind(*leaf, Kind::AsideOr(text));
                        (quote! { Some(#name) }, quote! { None })
                    }
                    Kind::AsideOr(_) | Kind::NullableAsideOr(_) => (quote! { #name }, quote! { None }),
                }
            }
            Shape::Tuple(shapes) => {
                let arms: Vec<_> = shapes.iter().map(|shape| self.option_arms(need, shape, instead)).collect();
                let (present, absent): (Vec<_>, Vec<_>) = arms.into_iter().unzip();
                (quote! { (#(#present),*) }, quote! { (#(#absent),*) })
            }
        }
    }

    /// Gives every leaf of a shape a variable; the pattern that binds them.
    fn bind(&mut self, shape: &Shape) -> TokenStream {
        match shape {
            Shape::Leaf(leaf) => {
                let wanted = self.wanted.leaves.get(*leaf).map_or_else(String::new, |leaf| names::snake(&leaf.name));
                let name = names::ident(&self.namer.pick(&wanted));
                self.set_value(*leaf, Some(quote! { #name }));
                quote! { #name }
            }
            Shape::Tuple(shapes) => {
                let patterns: Vec<_> = shapes.iter().map(|shape| self.bind(shape)).collect();
                quote! { (#(#patterns),*) }
            }
        }
    }

    fn pattern(&self, shape: &Shape) -> TokenStream {
        match shape {
            Shape::Leaf(leaf) => {
                let name = self.leaf_name(*leaf);
                quote! { #name }
            }
            Shape::Tuple(shapes) => {
                let patterns: Vec<_> = shapes.iter().map(|shape| self.pattern(shape)).collect();
                quote! { (#(#patterns),*) }
            }
        }
    }

    fn leaf_name(&self, leaf: LeafId) -> Ident {
        let wanted = self.wanted.leaves.get(leaf).map_or_else(String::new, |leaf| names::snake(&leaf.name));
        names::ident(&Namer::reserving(["scan", "key", "out", "gw", "types"]).pick(&wanted))
    }

    // ── output ───────────────────────────────────────────────────────────────────────────────────────────────────

    fn writing(&self) -> TokenStream {
        let pieces = self.wanted.pieces.iter().map(|piece| match piece {
            Piece::Text(text) => {
                let text = byte_string(text);
                quote! { out.raw(#text); }
            }
            Piece::Leaf(leaf) => self.write_leaf(*leaf),
        });
        pieces.collect()
    }

    fn write_leaf(&self, leaf: LeafId) -> TokenStream {
        let value = self.value(leaf);
        match self.kind(leaf) {
            Kind::Slice => quote! { out.raw(#value); },
            Kind::Aside => quote! { out.aside(scan, #value); },
            Kind::AsideOr(text) if text == "null" => quote! { out.aside_or_null(scan, #value); },
            Kind::AsideOr(text) => {
                let text = byte_string(text.as_bytes());
                quote! { match #value { Some(text) => out.aside(scan, text), None => out.raw(#text) } }
            }
            Kind::NullableAsideOr(text) => {
                let text = byte_string(text.as_bytes());
                quote! { match #value { Some(text) => out.aside_or_null(scan, text), None => out.raw(#text) } }
            }
        }
    }

    fn value(&self, leaf: LeafId) -> TokenStream {
        self.values.get(leaf).cloned().flatten().unwrap_or_else(|| quote! { b"null" })
    }

    fn set_value(&mut self, leaf: LeafId, value: Option<TokenStream>) {
        if let Some(slot) = self.values.get_mut(leaf) {
            *slot = value;
        }
    }

    fn kind(&self, leaf: LeafId) -> Kind {
        self.kinds.get(leaf).cloned().unwrap_or(Kind::Slice)
    }

    fn set_kind(&mut self, leaf: LeafId, kind: Kind) {
        if let Some(slot) = self.kinds.get_mut(leaf) {
            *slot = kind;
        }
    }
}

/// A value as a result: one that may fail is one already.
fn ok(value: &TokenStream) -> TokenStream {
    let mut tokens: Vec<TokenTree> = value.clone().into_iter().collect();
    match tokens.pop() {
        Some(TokenTree::Punct(question)) if question.as_char() == '?' => tokens.into_iter().collect(),
        _ => quote! { Ok(#value) },
    }
}

/// The type of a leaf that is handed out of a function.
fn leaf_type(kind: &Kind) -> TokenStream {
    match kind {
        Kind::Slice => quote! { &'a [u8] },
        Kind::Aside => quote! { gw::Aside },
        Kind::AsideOr(_) => quote! { Option<gw::Aside> },
        Kind::NullableAsideOr(_) => quote! { Option<Option<gw::Aside>> },
    }
}

/// A reader of an answer that is an expression.
fn answer(call: TokenStream) -> Reader {
    Reader::Call(Side::Answer, call)
}

fn is_slice_only(need: &Need<'_>) -> bool {
    need.slice.is_some() && need.fields.is_empty() && need.asides.is_empty() && need.behind.is_none()
}

/// All leaves that are wanted of a value's fields, in order.
fn leaves(need: &Need<'_>) -> Vec<LeafId> {
    let of_value = |need: &Need<'_>| {
        let mut all: Vec<LeafId> = need.slice.into_iter().collect();
        all.extend(leaves(need));
        all.extend(need.asides.iter().map(|(leaf, _)| *leaf));
        if let Some(behind) = &need.behind {
            all.extend(behind.slice);
            all.extend(leaves(behind));
            all.extend(behind.asides.iter().map(|(leaf, _)| *leaf));
        }
        all
    };
    need.fields.iter().flat_map(|(_, field)| of_value(field)).collect()
}

/// What a leaf of a field is where the field's value is `instead`.
fn instead_text(scan: &Scan<'_, '_, '_, '_, '_>, need: &Need<'_>, leaf: LeafId, instead: &Value) -> String {
    let own = need.asides.iter().find(|(aside, _)| *aside == leaf);
    match (own, instead) {
        (_, Value::List(values)) => {
            let range = own.and_then(|(_, aside)| match aside {
                Aside::Of(expr) => list_slice(expr),
                Aside::Whole | Aside::Selection(..) => None,
            });
            let (from, to) = range.unwrap_or((0, None));
            let from = usize::try_from(from).unwrap_or(usize::MAX).min(values.len());
            let to = to.and_then(|to| usize::try_from(to).ok()).map_or(values.len(), |to| to.min(values.len()));
            scan.copies.site.json_text(&Value::List(values.get(from..to).unwrap_or_default().to_vec()))
        }
        (_, value) => scan.copies.site.json_text(value),
    }
}

fn list_slice(expr: &Expr) -> Option<(u64, Option<u64>)> {
    match &expr.kind {
        ExprKind::Map { rows, .. } => slice_range(&rows.list),
        _ => slice_range(expr),
    }
}
