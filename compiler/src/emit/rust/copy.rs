//! Values that are only passed on: their bytes are copied as they came, what is wanted of a selection in one pass.
//!
//! `need` finds what a selection wants of each value and in which order it is written; `code` writes the scan.

mod code;
mod need;
mod whole;

use proc_macro2::TokenStream;
use quote::quote;

use super::endpoint::Endpoint;
use super::names;
use super::scalar::{Reader, Side, bounds};
use super::site::Site;
use crate::model::{Bounds, Ty, TypeDeclKind, Value};
use crate::plan::{Expr, ExprKind, LocalId, NodeId};

/// Something that scans one value and writes what is wanted of it.
#[derive(Debug, Clone)]
pub(super) enum Copier {
    /// A function over `scan` and `out`.
    Function(TokenStream),
    /// An expression over `scan` and `out`, with a `Result`.
    Call(TokenStream),
    /// Statements over `scan` and `out`, and `Ok(())` behind them.
    Block(TokenStream),
}

impl Copier {
    /// As something to hand on.
    pub(super) fn function(&self) -> TokenStream {
        match self {
            Self::Function(path) => path.clone(),
            Self::Call(call) => quote! { |scan, out| #call },
            Self::Block(statements) => quote! { |scan, out| { #statements Ok(()) } },
        }
    }
}

/// Writes the copying of one endpoint's selections, or of declared types.
pub(super) struct Copies<'s, 'a> {
    pub(super) site: &'s Site<'a>,
    pub(super) local_names: &'s [String],
}

impl Site<'_> {
    /// Whether a value is one slice of text: a scalar or an enum, or a list or map of such.
    pub(super) fn is_slice(&self, ty: &Ty) -> bool {
        match self.context.resolve(ty) {
            Ty::Scalar(_) | Ty::Constrained(..) | Ty::Enum(_) => true,
            Ty::Optional(inner) | Ty::List(inner, _) | Ty::Map(inner) => self.is_slice(&inner),
            Ty::Unknown | Ty::Null | Ty::Alias(_) | Ty::Object(_) | Ty::Built(_) | Ty::Keyed { .. } => false,
        }
    }

    /// What checks such a value and gives its slice.
    pub(super) fn slice_reader(&self, ty: &Ty) -> Reader {
        match self.context.resolve(ty) {
            Ty::Optional(inner) => {
                let inner = self.slice_reader(&inner).function();
                Reader::Call(Side::Slice, quote! { scan.or_null(#inner) })
            }
            Ty::List(element, length) => {
                let (length, element) = (bounds(length), self.slice_reader(&element).function());
                Reader::Call(Side::Slice, quote! { scan.list_of(#length, #element) })
            }
            Ty::Map(value) => {
                let value = self.slice_reader(&value).function();
                Reader::Call(Side::Slice, quote! { scan.map_of(#value) })
            }
            resolved => self.scalar_reader(&resolved, Side::Slice),
        }
    }

    /// What copies a value whole into a fragment.
    pub(super) fn whole_reader(&self, ty: &Ty) -> Reader {
        if self.is_slice(ty) {
            let slice = self.slice_reader(ty).function();
            return Reader::Call(Side::Answer, quote! { scan.copy_whole(#slice) });
        }
        let copier = self.whole_copier(ty).function();
        Reader::Call(Side::Answer, quote! { scan.copy(#copier) })
    }

    /// What copies a value whole into what is being written.
    pub(super) fn whole_copier(&self, ty: &Ty) -> Copier {
        if self.is_slice(ty) {
            let slice = self.slice_reader(ty).call(Side::Slice);
            return Copier::Block(quote! { out.raw(#slice?); });
        }
        match self.context.resolve(ty) {
            Ty::Optional(inner) => {
                let inner = self.whole_copier(&inner).function();
                Copier::Call(quote! { scan.copy_or_null(out, #inner) })
            }
            Ty::List(element, length) => {
                let (length, element) = (bounds(length), self.whole_copier(&element).function());
                Copier::Call(quote! { scan.copy_list(out, #length, #element) })
            }
            Ty::Map(value) => {
                let value = self.whole_copier(&value).function();
                Copier::Call(quote! { scan.copy_map(out, #value) })
            }
            Ty::Object(id) => {
                self.context.note_copied(id);
                let path = self.type_path(id);
                Copier::Function(quote! { #path::copy })
            }
            _ => Copier::Block(quote! { out.raw(scan.any()?); }),
        }
    }

    /// A value known now, as JSON.
    pub(super) fn json_text(&self, value: &Value) -> String {
        match value {
            Value::Null => "null".to_owned(),
            Value::Bool(truth) => truth.to_string(),
            Value::Number(digits) => digits.replace('_', ""),
            Value::String(text) => json_string(text),
            Value::Variant(id, place) => match &self.context.decl(*id).kind {
                TypeDeclKind::Enum { variants, .. } => {
                    json_string(variants.get(*place).map_or("", |variant| variant.wire.as_str()))
                }
                TypeDeclKind::Alias { .. } | TypeDeclKind::Object { .. } => "null".to_owned(),
            },
            Value::List(values) => {
                let values: Vec<String> = values.iter().map(|value| self.json_text(value)).collect();
                format!("[{}]", values.join(","))
            }
        }
    }
}

/// A string as JSON writes it.
pub(super) fn json_string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

impl Endpoint<'_> {
    /// What reads a selection of an answer into a fragment.
    pub(super) fn part_reader(&self, id: NodeId, item: LocalId, body: &Expr) -> Reader {
        let node = self.plan.readings.get(id);
        if let Some(name) = self.node_names.borrow().get(&id) {
            let name = names::ident(name);
            return Reader::Function(quote! { #name });
        }
        let name = self.site.pick(&format!("copy_{}", names::snake(&node.name)));
        self.node_names.borrow_mut().insert(id, name.to_string());
        let place = self.site.reserve();
        let selections = Copies { site: &self.site, local_names: &self.plan.local_names };
        let copier = selections.selection(body, item, &node.ty, None).function();
        let doc = format!(" Copies {} of `{}`.", selections.describe(body, item), self.type_title(&node.ty));
        self.site.put(
            place,
            quote! {
                #[doc = #doc]
                fn #name(scan: &mut gw::Scanner<'_>) -> Result<gw::Fragment, gw::Broken> {
                    scan.copy(#copier)
                }
            },
        );
        Reader::Function(quote! { #name })
    }
}

impl Copies<'_, '_> {
    pub(super) fn local_name(&self, local: LocalId) -> &str {
        self.local_names.get(local.0).map_or("value", String::as_str)
    }

    /// The type of a list's elements.
    fn element(&self, list: &Ty) -> Ty {
        match self.site.context.resolve(list) {
            Ty::List(element, _) | Ty::Map(element) => (*element).clone(),
            Ty::Optional(inner) => self.element(&inner),
            other => other,
        }
    }

    fn length(&self, list: &Ty) -> Bounds {
        match self.site.context.resolve(list) {
            Ty::List(_, bounds) => bounds,
            Ty::Optional(inner) => self.length(&inner),
            _ => Bounds::default(),
        }
    }

    /// What copies `body` of a value of type `ty` that is `item` in it. An object's selection becomes a function named after
    /// `function`, or stands where it is.
    pub(super) fn selection(&self, body: &Expr, item: LocalId, ty: &Ty, function: Option<&str>) -> Copier {
        match &body.kind {
            ExprKind::Local(local) if *local == item => self.site.whole_copier(ty),
            _ if base(body).is_some_and(|base| base.kind == ExprKind::Local(item)) => self.of_value(body, ty),
            _ => self.of_fields(body, item, ty, function),
        }
    }

    /// The same copier as a function of this module, unless it is one: what is handed on stays short.
    pub(super) fn named(&self, copier: Copier, name: &str, doc: &str) -> Copier {
        let statements = match copier {
            Copier::Function(_) => return copier,
            Copier::Call(call) => call,
            Copier::Block(statements) => quote! { #statements Ok(()) },
        };
        let name = self.site.pick(&format!("copy_{}", names::snake(name)));
        let doc = format!(" {doc}");
        self.site.add(quote! {
            #[doc = #doc]
            fn #name(scan: &mut gw::Scanner<'_>, out: &mut gw::Writer) -> Result<(), gw::Broken> {
                #statements
            }
        });
        Copier::Function(quote! { #name })
    }

    /// What copies an expression whose innermost value is the one that is scanned, of type `ty`.
    fn of_value(&self, expr: &Expr, ty: &Ty) -> Copier {
        match &expr.kind {
            ExprKind::Map { rows, body } => {
                let Some(item) = rows.columns.first() else { return self.site.whole_copier(ty) };
                let name = format!("copy_{}", names::snake(self.local_name(*item)));
                let element = self.selection(body, *item, &self.element(ty), Some(&name));
                self.list(ty, &rows.list, &element)
            }
            ExprKind::Slice { .. } => {
                let element = self.site.whole_copier(&self.element(ty));
                self.list(ty, expr, &element)
            }
            ExprKind::IfPresent { item, then, .. } => {
                let name = format!("copy_{}", names::snake(self.local_name(*item)));
                let inner =
                    self.selection(then, *item, &behind(&self.site.context.resolve(ty)), Some(&name)).function();
                Copier::Call(quote! { scan.copy_or_null(out, #inner) })
            }
            _ => self.site.whole_copier(ty),
        }
    }

    /// A list of which `element` copies each element, or those of a constant slice.
    fn list(&self, ty: &Ty, list: &Expr, element: &Copier) -> Copier {
        let (length, element) = (bounds(self.length(ty)), element.function());
        Copier::Call(if let Some((from, to)) = constant_slice(list) {
            quote! { scan.copy_list_slice(out, #length, #from..#to, #element) }
        } else {
            quote! { scan.copy_list(out, #length, #element) }
        })
    }
}

/// The place that an expression over one value begins with: `order.lines` of `order.lines[..3] { a }`.
fn base(expr: &Expr) -> Option<&Expr> {
    match &expr.kind {
        ExprKind::Map { rows: crate::plan::Rows { list: inner, .. }, .. }
        | ExprKind::Slice { list: inner, .. }
        | ExprKind::IfPresent { value: inner, .. } => base(inner).or(Some(inner)),
        _ => None,
    }
}

/// The names from a local down to a value: `order.buyer.name` is `[buyer, name]` of `order`.
fn path(expr: &Expr, item: LocalId) -> Option<Vec<&str>> {
    match &expr.kind {
        ExprKind::Local(local) => (*local == item).then(Vec::new),
        ExprKind::Field { base, name } => {
            let mut names = path(base, item)?;
            names.push(name);
            Some(names)
        }
        _ => None,
    }
}

/// What is behind a `T?`.
fn behind(ty: &Ty) -> Ty {
    match ty {
        Ty::Optional(inner) => (**inner).clone(),
        other => other.clone(),
    }
}

/// The bounds of a slice with constant bounds; of slices of a slice, together.
fn constant_slice(list: &Expr) -> Option<(TokenStream, TokenStream)> {
    let (from, to) = slice_range(list)?;
    let from = super::scalar::number(&from.to_string());
    let to = to.map_or_else(|| quote! { usize::MAX }, |to| super::scalar::number(&to.to_string()));
    Some((from, to))
}

/// The range of a slice with constant bounds: from, and to where there is an end.
fn slice_range(list: &Expr) -> Option<(u64, Option<u64>)> {
    let ExprKind::Slice { list, from, to } = &list.kind else { return None };
    let (outer_from, outer_to) = slice_range(list).unwrap_or((0, None));
    let from = from.as_deref().map_or(0, constant_bound).saturating_add(outer_from);
    let to = to.as_deref().map(|to| constant_bound(to).saturating_add(outer_from));
    let to = match (to, outer_to) {
        (Some(to), Some(outer)) => Some(to.min(outer)),
        (to, outer) => to.or(outer),
    };
    Some((from, to))
}

fn constant_bound(bound: &Expr) -> u64 {
    match &bound.kind {
        ExprKind::Literal(Value::Number(digits)) => digits.replace('_', "").parse().unwrap_or(0),
        _ => 0,
    }
}
