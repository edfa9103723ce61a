//! What a selection wants of the value that it is over, and in which order it is written.
//!
//! `{ id, avatar: .profile.avatar, lines { quantity } }` wants a slice of `id`, a slice of `profile`'s `avatar`, and
//! the text that is written aside for `lines`. A want is a leaf; the output is a row of leaves with constant text between.

use super::{Copies, base, behind, json_string, path};
use crate::model::{Ty, TypeDeclKind, Value};
use crate::plan::{Entry, Expr, ExprKind, LocalId};

/// A leaf, by its place in [`Wanted::leaves`].
pub(super) type LeafId = usize;

/// What a selection wants.
pub(super) struct Wanted<'e> {
    /// Of the value itself.
    pub(super) root: Need<'e>,
    pub(super) leaves: Vec<Leaf>,
    /// The output, in order.
    pub(super) pieces: Vec<Piece>,
}

/// One wanted text.
#[derive(Debug)]
pub(super) struct Leaf {
    /// A name for the variable that holds it.
    pub(super) name: String,
    /// How often it is written.
    pub(super) uses: usize,
}

/// One piece of the output.
#[derive(Debug)]
pub(super) enum Piece {
    /// Constant text.
    Text(Vec<u8>),
    /// A leaf.
    Leaf(LeafId),
}

/// What is wanted of one value.
pub(super) struct Need<'e> {
    pub(super) ty: Ty,
    /// Its own text as one slice.
    pub(super) slice: Option<LeafId>,
    /// Texts that are written aside.
    pub(super) asides: Vec<(LeafId, Aside<'e>)>,
    /// Of an object: its fields by the language's names, in the order in which they are first wanted.
    pub(super) fields: Vec<(String, Need<'e>)>,
    /// Of a `T?`: what is wanted of what is behind it.
    pub(super) behind: Option<Box<Need<'e>>>,
}

/// What is written aside.
pub(super) enum Aside<'e> {
    /// The whole value.
    Whole,
    /// An expression whose innermost value is this one.
    Of(&'e Expr),
    /// A selection of this value, which is the local in it.
    Selection(&'e Expr, LocalId),
}

impl Need<'_> {
    pub(super) fn new(ty: Ty) -> Self {
        Self { ty, slice: None, asides: Vec::new(), fields: Vec::new(), behind: None }
    }
}

impl<'e> Wanted<'e> {
    /// What `body` wants of `item`, a value of type `ty`.
    pub(super) fn of(copies: &Copies<'_, '_>, body: &'e Expr, item: LocalId, ty: &Ty) -> Self {
        let ty = copies.site.context.resolve(ty);
        let mut wanted = Self { root: Need::new(ty.clone()), leaves: Vec::new(), pieces: Vec::new() };
        let mut root = Need::new(ty);
        wanted.collect(copies, body, item, &mut root);
        wanted.root = root;
        wanted
    }

    fn collect(&mut self, copies: &Copies<'_, '_>, expr: &'e Expr, item: LocalId, root: &mut Need<'e>) {
        match &expr.kind {
            ExprKind::Object(entries) => self.object(copies, entries, item, root),
            ExprKind::Literal(value) => self.text(copies.site.json_text(value).as_bytes()),
            _ => match self.leaf(copies, expr, item, root) {
                Some(leaf) => self.write_leaf(leaf),
                None => self.text(b"null"),
            },
        }
    }

    fn object(&mut self, copies: &Copies<'_, '_>, entries: &'e [Entry], item: LocalId, root: &mut Need<'e>) {
        self.text(b"{");
        for (at, entry) in entries.iter().enumerate() {
            self.text(if at > 0 { b"," } else { b"" });
            self.text(json_string(&entry.key).as_bytes());
            self.text(b":");
            self.collect(copies, &entry.value, item, root);
        }
        self.text(b"}");
    }

    /// The leaf of an expression over a value in `item`.
    fn leaf(&mut self, copies: &Copies<'_, '_>, expr: &'e Expr, item: LocalId, root: &mut Need<'e>) -> Option<LeafId> {
        if let Some(names) = path(expr, item) {
            let name = names.last().map_or_else(|| copies.local_name(item).to_owned(), |name| (*name).to_owned());
            return Some(self.own(copies, at(copies, root, &names), &name));
        }
        let names = path(base(expr)?, item)?;
        let name = names.last().map_or_else(|| copies.local_name(item).to_owned(), |name| (*name).to_owned());
        let need = at(copies, root, &names);
        if let ExprKind::IfPresent { value, item: inner, then, .. } = &expr.kind
            && path(value, item).is_some()
        {
            let behind = behind_of(copies, need);
            return Some(match self.lifted(copies, then, *inner, behind) {
                Some(leaf) => leaf,
                None => self.aside(behind, Aside::Selection(then, *inner), &name),
            });
        }
        Some(self.aside(need, Aside::Of(expr), &name))
    }

    /// The leaf of a value that is lifted out of an object that may be null.
    fn lifted(
        &mut self,
        copies: &Copies<'_, '_>,
        then: &'e Expr,
        item: LocalId,
        need: &mut Need<'e>,
    ) -> Option<LeafId> {
        let is_lift = path(then, item).is_some_and(|names| !names.is_empty())
            || matches!(&then.kind, ExprKind::IfPresent { value, .. } if path(value, item).is_some());
        if is_lift { self.leaf(copies, then, item, need) } else { None }
    }

    /// The leaf of a value itself.
    fn own(&mut self, copies: &Copies<'_, '_>, need: &mut Need<'e>, name: &str) -> LeafId {
        if copies.site.is_slice(&need.ty) {
            let leaves = &mut self.leaves;
            return *need.slice.get_or_insert_with(|| {
                leaves.push(Leaf { name: name.to_owned(), uses: 0 });
                leaves.len() - 1
            });
        }
        if matches!(need.ty, Ty::Optional(_)) {
            return self.aside(behind_of(copies, need), Aside::Whole, name);
        }
        self.aside(need, Aside::Whole, name)
    }

    fn aside(&mut self, need: &mut Need<'e>, aside: Aside<'e>, name: &str) -> LeafId {
        self.leaves.push(Leaf { name: name.to_owned(), uses: 0 });
        let leaf = self.leaves.len() - 1;
        need.asides.push((leaf, aside));
        leaf
    }

    fn write_leaf(&mut self, leaf: LeafId) {
        if let Some(leaf) = self.leaves.get_mut(leaf) {
            leaf.uses += 1;
        }
        self.pieces.push(Piece::Leaf(leaf));
    }

    /// Constant text; pieces of it that touch become one.
    fn text(&mut self, text: &[u8]) {
        match self.pieces.last_mut() {
            Some(Piece::Text(last)) => last.extend_from_slice(text),
            _ => self.pieces.push(Piece::Text(text.to_vec())),
        }
    }

    /// A leaf under each field of an object that is wanted whole.
    pub(super) fn of_all_fields(copies: &Copies<'_, '_>, ty: &Ty) -> Self {
        let mut wanted = Self { root: Need::new(ty.clone()), leaves: Vec::new(), pieces: Vec::new() };
        let mut root = Need::new(ty.clone());
        let Ty::Object(id) = ty else { return wanted };
        let TypeDeclKind::Object { fields, .. } = &copies.site.context.decl(*id).kind else { return wanted };
        wanted.text(b"{");
        for (place, field) in fields.iter().enumerate() {
            wanted.text(if place > 0 { b"," } else { b"" });
            wanted.text(json_string(&field.wire).as_bytes());
            wanted.text(b":");
            let leaf = wanted.own(copies, at(copies, &mut root, &[&field.name]), &field.name);
            wanted.write_leaf(leaf);
        }
        wanted.text(b"}");
        wanted.root = root;
        wanted
    }
}

/// The need of a value below another.
fn at<'n, 'e>(copies: &Copies<'_, '_>, need: &'n mut Need<'e>, names: &[&str]) -> &'n mut Need<'e> {
    let Some((first, rest)) = names.split_first() else { return need };
    let place = if let Some(place) = need.fields.iter().position(|(name, _)| name == first) {
        place
    } else {
        let ty = field_type(copies, &need.ty, first);
        need.fields.push(((*first).to_owned(), Need::new(ty)));
        need.fields.len() - 1
    };
    at(copies, &mut need.fields[place].1, rest)
}

fn behind_of<'n, 'e>(copies: &Copies<'_, '_>, need: &'n mut Need<'e>) -> &'n mut Need<'e> {
    let ty = copies.site.context.resolve(&behind(&need.ty));
    need.behind.get_or_insert_with(|| Box::new(Need::new(ty)))
}

fn field_type(copies: &Copies<'_, '_>, ty: &Ty, name: &str) -> Ty {
    let Ty::Object(id) = ty else { return Ty::Unknown };
    let TypeDeclKind::Object { fields, .. } = &copies.site.context.decl(*id).kind else { return Ty::Unknown };
    let field = fields.iter().find(|field| field.name == name);
    field.map_or(Ty::Unknown, |field| copies.site.context.resolve(&field.ty))
}

impl Copies<'_, '_> {
    /// A selection in the language's own words, for documentation.
    pub(in super::super) fn describe(&self, body: &Expr, item: LocalId) -> String {
        let text = self.words(body, item);
        if text.is_empty() { "all".to_owned() } else { format!("`{}`", text.trim_start()) }
    }

    /// An expression over one value in the language's own words.
    pub(super) fn describe_value(&self, expr: &Expr) -> String {
        let text = self.words(expr, LocalId(usize::MAX));
        let text = text.trim_start();
        if text.is_empty() { "all".to_owned() } else { format!("`{text}`") }
    }

    fn words(&self, expr: &Expr, item: LocalId) -> String {
        match &expr.kind {
            ExprKind::Object(entries) => {
                let entries: Vec<String> = entries.iter().map(|entry| self.entry_words(entry, item)).collect();
                format!(" {{ {} }}", entries.join(", "))
            }
            ExprKind::Map { rows, body } => {
                let element = rows.columns.first().copied().unwrap_or(item);
                format!("{}{}", self.words(&rows.list, item), self.words(body, element))
            }
            ExprKind::IfPresent { value, item: inner, then, .. } => {
                format!("{}{}", self.words(value, item), self.words(then, *inner))
            }
            ExprKind::Slice { list, .. } => match slice_words(expr) {
                Some(range) => format!("{}{range}", self.words(list, item)),
                None => self.words(list, item),
            },
            _ => path(expr, item).unwrap_or_default().iter().flat_map(|name| [".", name]).collect(),
        }
    }

    fn entry_words(&self, entry: &Entry, item: LocalId) -> String {
        let value = self.words(&entry.value, item);
        match value.strip_prefix('.').and_then(|rest| rest.strip_prefix(entry.key.as_str())) {
            Some("") => entry.key.clone(),
            Some(rest) if rest.starts_with([' ', '[']) => format!("{}{rest}", entry.key),
            _ => format!("{}: {}", entry.key, value.trim_start()),
        }
    }
}

fn slice_words(slice: &Expr) -> Option<String> {
    let ExprKind::Slice { from, to, .. } = &slice.kind else { return None };
    let bound = |bound: &Option<Box<Expr>>| match bound.as_deref().map(|bound| &bound.kind) {
        Some(ExprKind::Literal(Value::Number(digits))) => digits.clone(),
        _ => String::new(),
    };
    Some(format!("[{}..{}]", bound(from), bound(to)))
}
