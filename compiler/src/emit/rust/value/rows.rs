//! Lists that are gone through: rows as iterators, stage by stage, and what a list as a whole gives.
//!
//! A row is a reference, or a tuple of references, and so is copied freely. What can fail, or takes a list apart, is a plain loop before
//! the iterator; everything else is a chain on it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::scope::Gathered;
use super::{By, Level, Scope, Value, Variable, is_fallible};
use crate::emit::rust::endpoint::Endpoint;
use crate::emit::rust::held::Held;
use crate::emit::rust::{names, scalar, uses};
use crate::model::{self, Scalar};
use crate::plan::{EachResults, Expr, ExprKind, Fold, Gathering, LocalId, Rows, Stage, walk};

/// The columns of a row, nested as the iterator's items are.
#[derive(Debug, Clone)]
enum Shape {
    Nothing,
    One { local: LocalId, name: String, is_copied: bool },
    Pair(Box<Shape>, Box<Shape>),
}

impl Shape {
    /// The pattern of a row, with a name for each column that is used.
    fn pattern(&self, used: &dyn Fn(LocalId) -> bool) -> TokenStream {
        match self {
            Self::One { local, name, is_copied } if used(*local) => {
                let name = names::ident(name);
                if *is_copied {
                    quote! { &#name }
                } else {
                    quote! { #name }
                }
            }
            Self::Pair(left, right) if self.is_used(used) => {
                let (left, right) = (left.pattern(used), right.pattern(used));
                quote! { (#left, #right) }
            }
            Self::Nothing | Self::One { .. } | Self::Pair(..) => quote! { _ },
        }
    }

    fn is_used(&self, used: &dyn Fn(LocalId) -> bool) -> bool {
        match self {
            Self::Nothing => false,
            Self::One { local, .. } => used(*local),
            Self::Pair(left, right) => left.is_used(used) || right.is_used(used),
        }
    }

    /// The row itself, of the columns that the pattern names.
    fn row(&self) -> TokenStream {
        match self {
            Self::Nothing => quote! { () },
            Self::One { name, is_copied, .. } => {
                let name = names::ident(name);
                if *is_copied {
                    quote! { &#name }
                } else {
                    quote! { #name }
                }
            }
            Self::Pair(left, right) => {
                let (left, right) = (left.row(), right.row());
                quote! { (#left, #right) }
            }
        }
    }

    fn and(self, other: Self) -> Self {
        match self {
            Self::Nothing => other,
            Self::One { .. } | Self::Pair(..) => Self::Pair(Box::new(self), Box::new(other)),
        }
    }

    /// The shape of rows that are nested from the left, as gathered ones are.
    fn of(columns: impl IntoIterator<Item = Self>) -> Self {
        columns.into_iter().fold(Self::Nothing, Self::and)
    }

    fn columns(&self, all: &mut Vec<Self>) {
        match self {
            Self::Nothing => {}
            Self::One { .. } => all.push(self.clone()),
            Self::Pair(left, right) => {
                left.columns(all);
                right.columns(all);
            }
        }
    }
}

/// Rows while they are written.
pub(in super::super) struct Going {
    /// Statements that stand before.
    before: TokenStream,
    iterator: TokenStream,
    /// Where no stage has changed it, the list itself: what a loop goes over, and the list to ask for its first or last.
    list: Option<(TokenStream, TokenStream)>,
    /// The iterator that this one goes through from its end.
    reversed: Option<TokenStream>,
    /// A shorter way to the first row, and to whether there is one, than going through the iterator.
    first: Option<(TokenStream, TokenStream)>,
    /// A `Vec` of the rows that nobody else uses.
    made: Option<TokenStream>,
    shape: Shape,
    /// The scope in which the columns are bound.
    pub(in super::super) scope: Scope,
    /// Whether the iterator can be gone through from its end.
    two_ended: bool,
    /// Whether rows refer to what the statements before hold.
    held_before: bool,
}

impl Going {
    /// Statements that stand before the iterator.
    pub(in super::super) fn before(&self) -> &TokenStream {
        &self.before
    }

    pub(in super::super) fn iterator(&self) -> &TokenStream {
        &self.iterator
    }

    /// The rows, where an iterator is wanted or what can become one.
    pub(in super::super) fn items(&self) -> &TokenStream {
        self.made.as_ref().unwrap_or(&self.iterator)
    }

    /// The pattern of a row, for a closure that uses of it what stands in `expr`.
    pub(in super::super) fn pattern(&self, expr: &Expr) -> TokenStream {
        self.shape.pattern(&|local| uses::mentions(expr, local))
    }

    /// The pattern of a row, for code that uses what `used` says.
    pub(in super::super) fn pattern_of(&self, used: &dyn Fn(LocalId) -> bool) -> TokenStream {
        self.shape.pattern(used)
    }

    /// The first row, as an `Option`.
    pub(in super::super) fn first(&self) -> TokenStream {
        let iterator = &self.iterator;
        if let Some((first, _)) = &self.first {
            return first.clone();
        }
        match (&self.list, &self.reversed) {
            (Some((_, list)), None) => quote! { #list.first() },
            (Some((_, list)), Some(_)) => quote! { #list.last() },
            (None, Some(iterator)) => quote! { #iterator.next_back() },
            (None, None) => quote! { #iterator.next() },
        }
    }

    /// Whether there is a row.
    pub(in super::super) fn exists(&self) -> TokenStream {
        if let Some((_, exists)) = &self.first {
            return exists.clone();
        }
        if let Some((_, list)) = &self.list {
            return quote! { !#list.is_empty() };
        }
        let first = self.first();
        quote! { #first.is_some() }
    }

    /// Whether there is no row.
    pub(in super::super) fn lacks(&self) -> TokenStream {
        if let (None, Some((_, list))) = (&self.first, &self.list) {
            return quote! { #list.is_empty() };
        }
        let exists = self.exists();
        quote! { !#exists }
    }

    /// What a loop goes over.
    pub(in super::super) fn looped(&self) -> TokenStream {
        match (&self.list, &self.reversed, &self.made) {
            (.., Some(made)) => made.clone(),
            (Some((list, _)), None, None) => list.clone(),
            _ => self.iterator.clone(),
        }
    }

    /// An expression, with the statements before it.
    fn block(&self, expression: TokenStream) -> TokenStream {
        let before = &self.before;
        if before.is_empty() {
            expression
        } else {
            quote! { { #before #expression } }
        }
    }
}

impl Endpoint<'_> {
    /// The rows of a list; `used` says which columns are used behind them.
    pub(in super::super) fn rows(&self, rows: &Rows, used: &dyn Fn(LocalId) -> bool, scope: &Scope) -> Going {
        if let Some(going) = self.results_alone(rows, used, scope) {
            return going;
        }
        let mut going = self.source(&rows.list, &rows.columns, scope);
        for (at, stage) in rows.stages.iter().enumerate() {
            let later = rows.stages.get(at + 1..).unwrap_or_default();
            let used_later = |local: LocalId| used(local) || later.iter().any(|stage| stage_mentions(stage, local));
            self.stage(stage, &used_later, &mut going);
        }
        going
    }

    /// What was called for each element, where nothing else of the elements is used.
    fn results_alone(&self, rows: &Rows, used: &dyn Fn(LocalId) -> bool, scope: &Scope) -> Option<Going> {
        let beside = |stage: &Stage| match stage {
            Stage::Beside(beside) => Some(beside.clone()),
            _ => None,
        };
        let all: Vec<EachResults> = rows.stages.iter().map(beside).collect::<Option<_>>()?;
        let mut wanted = all.iter().filter(|beside| used(beside.local));
        let only = wanted.next().filter(|_| wanted.next().is_none())?;
        if rows.columns.iter().any(|column| used(*column)) {
            return None;
        }
        let results = self.value(&only.list, scope);
        let Held::List(held) = &results.held else { return None };
        let mut inner = scope.clone();
        let name = inner.pick(&self.results_title(&only.list));
        inner.set_local(only.local, Variable { name: name.clone(), held: (**held).clone(), by: By::Ref });
        let tight = results.within(Level::Postfix);
        let shape = Shape::One { local: only.local, name, is_copied: false };
        Some(Going {
            before: TokenStream::new(),
            iterator: quote! { #tight.iter() },
            list: None,
            reversed: None,
            first: None,
            made: None,
            shape,
            scope: inner,
            two_ended: true,
            held_before: false,
        })
    }

    /// The rows that a list has before any stage.
    fn source(&self, list: &Expr, columns: &[LocalId], scope: &Scope) -> Going {
        match &list.kind {
            ExprKind::Gather { item, rows, by, body } => {
                let (before, scope) = self.gathered(*item, rows, by, scope);
                let mut going = self.source(body, columns, &scope);
                let own = going.before;
                going.before = quote! { #before #own };
                going
            }
            ExprKind::Local(local) if scope.gathered(*local).is_some() => self.again(*local, None, columns, scope),
            ExprKind::Lookup { gathered, key } => self.again(*gathered, Some(key), columns, scope),
            _ => self.elements(list, columns, scope),
        }
    }

    /// Rows that were gathered, or those with one key.
    fn again(&self, local: LocalId, key: Option<&Expr>, columns: &[LocalId], scope: &Scope) -> Going {
        let mut inner = scope.clone();
        let Some(gathered) = scope.gathered(local) else { return nothing(inner) };
        let name = names::ident(&gathered.name);
        let (columns_of_rows, by_group): (Vec<Variable>, Option<Variable>) =
            (gathered.columns.clone(), gathered.group_key.clone());
        let shape = match (&by_group, columns) {
            (Some(key), [key_local, members]) => {
                let key = self.column(*key_local, key.clone(), &mut inner);
                let title = inner.pick(self.local_name(*members));
                let rows = Gathered { name: title.clone(), columns: columns_of_rows, group_key: None };
                inner.set_gathered(*members, rows);
                Shape::of([key, Shape::One { local: *members, name: title, is_copied: false }])
            }
            _ => Shape::of(
                columns.iter().zip(columns_of_rows).map(|(local, variable)| self.column(*local, variable, &mut inner)),
            ),
        };
        let only = key.map(|key| {
            let key = self.look(&self.value(key, scope));
            let key = if key.by == By::Made { key.reference() } else { key.tokens().clone() };
            quote! { #name.get(#key) }
        });
        let first = only.as_ref().map(|only| (only.clone(), quote! { #only.is_some() }));
        let iterator = match &only {
            Some(only) => quote! { #only.into_iter() },
            None if by_group.is_some() => quote! { #name.iter() },
            None => quote! { #name.iter().copied() },
        };
        Going {
            before: TokenStream::new(),
            iterator,
            list: None,
            reversed: None,
            first,
            made: None,
            shape,
            scope: inner,
            two_ended: false,
            held_before: false,
        }
    }

    fn column(&self, local: LocalId, variable: Variable, scope: &mut Scope) -> Shape {
        let name = scope.pick(self.local_name(local));
        let is_copied = variable.by == By::Place;
        scope.set_local(local, Variable { name: name.clone(), ..variable });
        Shape::One { local, name, is_copied }
    }

    /// The elements of a list, what is behind a `T?`, or the keys and values of a map.
    fn elements(&self, list: &Expr, columns: &[LocalId], scope: &Scope) -> Going {
        let value = self.value(list, scope);
        let mut inner = scope.clone();
        let (mut before, mut held_before) = (TokenStream::new(), false);
        let tight = match (value.by, &value.held) {
            (By::Made, Held::List(_) | Held::Map(_)) => {
                let name = names::ident(&inner.pick("items"));
                let made = value.tokens();
                before = quote! { let #name = #made; };
                held_before = true;
                quote! { #name }
            }
            _ => value.within(Level::Postfix),
        };
        let (iterator, element) = match &value.held {
            Held::Optional(element) => {
                let looked = self.look(&value).within(Level::Postfix);
                (quote! { #looked.into_iter() }, element)
            }
            Held::List(element) | Held::Map(element) => (quote! { #tight.iter() }, element),
            _ => return nothing(inner),
        };
        let by = match (&value.held, self.look(&value).by) {
            (Held::Optional(_), By::OptionStr) => By::Str,
            _ => By::Ref,
        };
        let variable = |held: &Held, by: By| Variable { name: String::new(), held: held.clone(), by };
        let shape = match columns {
            [key, item] => {
                let key = self.column(*key, variable(&Held::Scalar(Scalar::String), By::Str), &mut inner);
                key.and(self.column(*item, variable(element, By::Ref), &mut inner))
            }
            [item, ..] => self.column(*item, variable(element, by), &mut inner),
            [] => Shape::Nothing,
        };
        let two_ended = matches!(value.held, Held::List(_));
        let looped = if held_before {
            quote! { &#tight }
        } else {
            value.reference()
        };
        let list = two_ended.then_some((looped, tight));
        Going {
            before,
            iterator,
            list,
            reversed: None,
            first: None,
            made: None,
            shape,
            scope: inner,
            two_ended,
            held_before,
        }
    }

    // ── stages ───────────────────────────────────────────────────────────────────────────────────────────────────

    fn stage(&self, stage: &Stage, used: &dyn Fn(LocalId) -> bool, going: &mut Going) {
        if let Stage::Beside(beside) = stage
            && !used(beside.local)
        {
            return;
        }
        let (iterator, looped) = (going.iterator.clone(), going.looped());
        (going.first, going.made, going.reversed) = (None, None, None);
        if !matches!(stage, Stage::Reverse) {
            going.list = None;
        }
        match stage {
            Stage::Beside(beside) => self.beside(beside, going),
            Stage::Filter(condition) => self.filter(condition, &looped, going),
            Stage::Sort { key, descending } => {
                let (pattern, value) = (going.pattern(key), self.value(key, &going.scope));
                let function = if *descending { "sorted_descending" } else { "sorted" };
                going.iterator = chained(function, &iterator, &pattern, self.look(&value).tokens());
                going.two_ended = true;
            }
            Stage::Distinct(key) => {
                let (pattern, value) = (going.pattern(key), self.look(&self.value(key, &going.scope)));
                going.iterator = chained("distinct", &iterator, &pattern, value.tokens());
                going.two_ended = true;
            }
            Stage::Reverse if going.two_ended => {
                going.iterator = quote! { #iterator.rev() };
                going.reversed = Some(iterator);
            }
            Stage::Reverse => {
                going.iterator = quote! { gw::rows::reversed(#iterator) };
                (going.two_ended, going.list) = (true, None);
            }
            Stage::Slice { from, to } => self.between(from.as_ref(), to.as_ref(), going),
            Stage::Flatten(inner) => self.flatten(inner, used, &looped, going),
            Stage::Zip(inner) => {
                let other = self.rows(inner, used, &going.scope);
                let (own, beside) = (&other.before, &other.iterator);
                going.before.extend(quote! { #own });
                going.iterator = quote! { #iterator.zip(#beside) };
                going.shape = std::mem::replace(&mut going.shape, Shape::Nothing).and(other.shape);
                going.scope = other.scope;
                going.two_ended = false;
            }
            Stage::Chunk { size, members } => {
                let size = scalar::number(&size.to_string());
                let chunks = going.scope.pick("chunks");
                let title = going.scope.pick(self.local_name(*members));
                let rows = self.flat(going);
                let name = names::ident(&chunks);
                going.before.extend(quote! { let #name = gw::rows::chunks(#rows, #size); });
                let gathered = Gathered { name: title.clone(), columns: variables(going), group_key: None };
                going.scope.set_gathered(*members, gathered);
                going.shape = Shape::One { local: *members, name: title, is_copied: false };
                going.iterator = quote! { #name.iter() };
                (going.two_ended, going.held_before) = (true, true);
            }
        }
    }

    fn beside(&self, beside: &EachResults, going: &mut Going) {
        let results = self.value(&beside.list, &going.scope);
        let held = match &results.held {
            Held::List(element) => (**element).clone(),
            other => other.clone(),
        };
        let name = going.scope.pick(&self.results_title(&beside.list));
        going.scope.set_local(beside.local, Variable { name: name.clone(), held, by: By::Ref });
        let column = Shape::One { local: beside.local, name, is_copied: false };
        let (iterator, results) = (&going.iterator, results.reference());
        going.iterator = quote! { #iterator.zip(#results) };
        going.shape = std::mem::replace(&mut going.shape, Shape::Nothing).and(column);
        going.two_ended = false;
    }

    fn filter(&self, condition: &Expr, looped: &TokenStream, going: &mut Going) {
        let (pattern, value) = (going.pattern(condition), self.value(condition, &going.scope));
        let (iterator, value) = (&going.iterator, value.tokens());
        if !is_fallible(value) {
            let first = quote! { #iterator.find(|&#pattern| #value) };
            going.first = Some((first, quote! { #iterator.any(|#pattern| #value) }));
            going.iterator = quote! { #iterator.filter(|&#pattern| #value) };
            return;
        }
        let chosen = names::ident(&going.scope.pick("chosen"));
        let (all, row) = (going.shape.pattern(&|_| true), going.shape.row());
        going.before.extend(quote! {
            let mut #chosen = Vec::new();
            for #all in #looped {
                if #value {
                    #chosen.push(#row);
                }
            }
        });
        going.iterator = quote! { #chosen.into_iter() };
        going.made = Some(quote! { #chosen });
    }

    fn between(&self, from: Option<&Expr>, to: Option<&Expr>, going: &mut Going) {
        let constant = |bound: Option<&Expr>| match bound.map(|bound| &bound.kind) {
            None => Some(None),
            Some(ExprKind::Literal(model::Value::Number(digits))) => {
                digits.replace('_', "").parse::<u64>().ok().map(Some)
            }
            Some(_) => None,
        };
        let iterator = &going.iterator;
        going.iterator = if let (Some(from), Some(to)) = (constant(from), constant(to)) {
            let from = from.unwrap_or(0);
            let skip = (from > 0).then(|| scalar::number(&from.to_string())).into_iter();
            if from > 0 {
                let place = scalar::number(&from.to_string());
                let nth = quote! { #iterator.nth(#place) };
                going.first = Some((nth.clone(), quote! { #nth.is_some() }));
            }
            let take = to.map(|to| scalar::number(&to.saturating_sub(from).to_string())).into_iter();
            quote! { #iterator #(.skip(#skip))* #(.take(#take))* }
        } else {
            let bound = |bound: &Expr| self.look(&self.value(bound, &going.scope)).tokens().clone();
            let from = from.map_or_else(|| quote! { 0 }, bound);
            let to = to.map(bound).map_or_else(|| quote! { None }, |to| quote! { Some(#to) });
            quote! { gw::rows::between(#iterator, #from, #to) }
        };
        going.two_ended = false;
    }

    /// Each row with each row of a list of its own: two loops.
    fn flatten(&self, inner: &Rows, used: &dyn Fn(LocalId) -> bool, looped: &TokenStream, going: &mut Going) {
        let name = names::ident(&going.scope.pick("all"));
        let other = self.rows(inner, used, &going.scope);
        let inner_uses = |local: LocalId| rows_mention(inner, local);
        let outer = going.shape.pattern(&|local| used(local) || inner_uses(local));
        let keeps_outer = going.shape.is_used(used);
        let (own, inner_looped) = (&other.before, other.looped());
        let all_inner = other.shape.pattern(&|_| true);
        let mut shape = other.shape.clone();
        let row = if keeps_outer {
            let all = going.shape.pattern(&|_| true);
            let (left, right) = (going.shape.row(), other.shape.row());
            shape = going.shape.clone().and(other.shape);
            (all, quote! { (#left, #right) })
        } else {
            (outer, other.shape.row())
        };
        let (outer, row) = row;
        going.before.extend(quote! {
            let mut #name = Vec::new();
            for #outer in #looped {
                #own
                for #all_inner in #inner_looped {
                    #name.push(#row);
                }
            }
        });
        going.scope = other.scope;
        going.shape = shape;
        going.iterator = quote! { #name.into_iter() };
        going.made = Some(quote! { #name });
        going.two_ended = true;
        going.held_before |= other.held_before;
    }

    // ── what is gathered ─────────────────────────────────────────────────────────────────────────────────────────

    /// The statements that gather rows, and the scope in which they have their name.
    pub(in super::super) fn gathered(
        &self,
        item: LocalId,
        rows: &Rows,
        by: &Gathering,
        scope: &Scope,
    ) -> (TokenStream, Scope) {
        let mut outer = scope.clone();
        let name = outer.pick(self.local_name(item));
        let mut going = self.rows(rows, &|_| true, &outer);
        let (ident, columns) = (names::ident(&name), variables(&going));
        let (collected, group_key) = match by {
            Gathering::List => {
                let rows = self.flat(&mut going);
                (quote! { #rows.collect::<Vec<_>>() }, None)
            }
            Gathering::Index(key) => (self.keyed(&going, key, &quote! { index }), None),
            Gathering::Groups(key) => {
                let value = self.look(&self.value(key, &going.scope));
                let by = match value.by {
                    By::Str => By::Str,
                    By::Made if self.is_copy(&value.held) => By::Place,
                    By::Made if value.held.is_string() => By::Ref,
                    _ => By::Ref,
                };
                let variable = Variable { name: String::new(), held: value.held.clone(), by };
                (self.keyed(&going, key, &quote! { groups }), Some(variable))
            }
        };
        outer.set_gathered(item, Gathered { name, columns, group_key });
        let before = going.before;
        (quote! { #before let #ident = #collected; }, outer)
    }

    fn keyed(&self, going: &Going, key: &Expr, function: &TokenStream) -> TokenStream {
        let value = self.look(&self.value(key, &going.scope));
        let (value, iterator) = (value.tokens(), &going.iterator);
        let (pattern, row) = (going.shape.pattern(&|_| true), flat_row(&going.shape));
        if is_fallible(value) {
            quote! { gw::rows::#function(#iterator.map(|#pattern| Ok((#value, #row))).collect::<Result<Vec<_>, gw::Error>>()?) }
        } else {
            quote! { gw::rows::#function(#iterator.map(|#pattern| (#value, #row))) }
        }
    }

    /// The iterator of rows whose columns are nested from the left.
    #[allow(clippy::unused_self, reason = "reads as the other parts do")]
    fn flat(&self, going: &mut Going) -> TokenStream {
        let iterator = &going.iterator;
        match &going.shape {
            Shape::Pair(..) => {
                let (pattern, row) = (going.shape.pattern(&|_| true), flat_row(&going.shape));
                quote! { #iterator.map(|#pattern| #row) }
            }
            Shape::Nothing | Shape::One { .. } => iterator.clone(),
        }
    }

    // ── values ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// An iterator over what each row becomes, and the statements before it.
    fn of_each(&self, rows: &Rows, value: &Expr, own: bool, scope: &Scope) -> (Going, TokenStream, Held) {
        let mut going = self.rows(rows, &|local| uses::mentions(value, local), scope);
        let made = self.value(value, &going.scope);
        let held = made.held.clone();
        let tokens = if own { self.owned(&made) } else { self.look(&made).tokens().clone() };
        let (pattern, iterator) = (going.pattern(value), going.iterator.clone());
        if is_fallible(&tokens) {
            let name = names::ident(&going.scope.pick("values"));
            let looped = going.looped();
            going.before.extend(quote! {
                let mut #name = Vec::new();
                for #pattern in #looped {
                    #name.push(#tokens);
                }
            });
            return (going, quote! { #name.into_iter() }, held);
        }
        let is_row = tokens.to_string() == pattern.to_string();
        let closure = closure(&pattern, &tokens);
        let each = if is_row {
            iterator
        } else {
            quote! { #iterator.map(#closure) }
        };
        (going, each, held)
    }

    /// A list of what each row becomes.
    pub(super) fn mapped(&self, rows: &Rows, body: &Expr, scope: &Scope) -> Value {
        let (going, values, held) = self.of_each(rows, body, true, scope);
        Value::made(going.block(quote! { #values.collect::<Vec<_>>() }), Held::List(Box::new(held)))
    }

    pub(super) fn any(&self, rows: &Rows, condition: &Expr, scope: &Scope) -> Value {
        let mut going = self.rows(rows, &|local| uses::mentions(condition, local), scope);
        let (pattern, value) = (going.pattern(condition), self.value(condition, &going.scope));
        let (iterator, looped, value) = (going.iterator.clone(), going.looped(), value.tokens());
        let held = Held::Scalar(Scalar::Bool);
        if is_fallible(value) {
            let name = names::ident(&going.scope.pick("found"));
            going.before.extend(quote! {
                let mut #name = false;
                for #pattern in #looped {
                    if #value {
                        #name = true;
                        break;
                    }
                }
            });
            return Value::made(going.block(quote! { #name }), held);
        }
        Value::made(going.block(quote! { #iterator.any(|#pattern| #value) }), held)
    }

    pub(super) fn count(&self, rows: &Rows, scope: &Scope) -> Value {
        let going = self.rows(rows, &|_| false, scope);
        let iterator = &going.iterator;
        Value::made(going.block(quote! { gw::rows::count(#iterator) }), Held::Scalar(Scalar::Int))
    }

    pub(super) fn folded(&self, expr: &Expr, scope: &Scope) -> Value {
        let ExprKind::Fold { fold, rows, value, place } = &expr.kind else { return nothing_of(expr) };
        let result = self.held_type(&expr.ty);
        let own = matches!(fold, Fold::Sum | Fold::Average);
        let (going, values, held) = self.of_each(rows, value, own, scope);
        match fold {
            Fold::Sum => Value::made(going.block(quote! { gw::rows::sum(#values, #place)? }), result),
            Fold::Average => Value::made(going.block(quote! { gw::rows::average(#values, #place)? }), result),
            Fold::Min | Fold::Max => {
                let method = if *fold == Fold::Min {
                    quote! { min }
                } else {
                    quote! { max }
                };
                let least = quote! { #values.#method() };
                let by = self.option_of(value, &going, &held);
                let found = Value::new(least, result.clone(), by);
                if going.before.is_empty() {
                    return found;
                }
                Value::made(going.block(self.owned(&found)), result)
            }
        }
    }

    /// How an `Option` of a looked-at value stands.
    fn option_of(&self, value: &Expr, going: &Going, held: &Held) -> By {
        match self.look(&self.value(value, &going.scope)).by {
            By::Str => By::OptionStr,
            By::Ref | By::Place if !self.is_copy(held) => By::OptionRef,
            _ => By::Made,
        }
    }

    pub(super) fn joined_text(&self, rows: &Rows, value: &Expr, separator: &Expr, scope: &Scope) -> Value {
        let (going, values, _) = self.of_each(rows, value, false, scope);
        let separator = self.look(&self.value(separator, scope));
        let separator = if separator.by == By::Made { separator.reference() } else { separator.tokens().clone() };
        Value::made(going.block(quote! { gw::rows::join(#values, #separator) }), Held::Scalar(Scalar::String))
    }

    /// `then` with the first row, else `otherwise`.
    pub(super) fn found(&self, expr: &Expr, scope: &Scope) -> Value {
        let ExprKind::Found { rows, then, otherwise } = &expr.kind else { return nothing_of(expr) };
        let going = self.rows(rows, &|local| uses::mentions(then, local), scope);
        let (first, pattern) = (going.first(), going.pattern(then));
        let truth = |expr: &Expr| match expr.kind {
            ExprKind::Literal(model::Value::Bool(truth)) => Some(truth),
            _ => None,
        };
        match (truth(then), truth(otherwise)) {
            (Some(true), Some(false)) => {
                return Value::made(going.block(going.exists()), Held::Scalar(Scalar::Bool));
            }
            (Some(false), Some(true)) => {
                return Value::made(going.block(going.lacks()), Held::Scalar(Scalar::Bool)).at(Level::Unary);
            }
            _ => {}
        }
        let mut then_value = self.value(then, &going.scope);
        if going.held_before {
            then_value = Value::made(self.owned(&then_value), then_value.held);
        }
        let is_null = otherwise.kind == ExprKind::Literal(model::Value::Null);
        if is_null && !is_fallible(then_value.tokens()) {
            let found =
                self.option_map(&Value::new(first, Held::Unit.optional(), By::OptionRef), &pattern, &then_value);
            let tokens = going.block(found.tokens().clone());
            return Value::new(tokens, found.held, found.by);
        }
        let (then, otherwise, joined) = self.join(&then_value, &self.value(otherwise, scope));
        let tokens = going.block(quote! { match #first { Some(#pattern) => #then, None => #otherwise } });
        Value { tokens, level: Level::Or, ..joined }
    }

    /// A value of rows that were gathered before it.
    pub(super) fn with_gathered(&self, expr: &Expr, scope: &Scope) -> Value {
        let ExprKind::Gather { item, rows, by, body } = &expr.kind else { return nothing_of(expr) };
        let (before, inner) = self.gathered(*item, rows, by, scope);
        let value = self.value(body, &inner);
        let held = value.held.clone();
        let tokens = self.owned(&value);
        Value::made(quote! { { #before #tokens } }, held)
    }
}

/// `gw::rows::function(rows, |row| key)`; where the key can fail, the function that tries.
fn chained(function: &str, iterator: &TokenStream, pattern: &TokenStream, key: &TokenStream) -> TokenStream {
    if is_fallible(key) {
        let function = format_ident!("try_{function}");
        return quote! { gw::rows::#function(#iterator, |#pattern| Ok::<_, gw::Error>(#key))? };
    }
    let (function, closure) = (format_ident!("{function}"), closure(pattern, key));
    quote! { gw::rows::#function(#iterator, #closure) }
}

/// `|row| value`, or the function that says the same.
fn closure(pattern: &TokenStream, value: &TokenStream) -> TokenStream {
    if value.to_string() == quote! { #pattern.as_str() }.to_string() {
        quote! { String::as_str }
    } else {
        quote! { |#pattern| #value }
    }
}

/// The row as a tuple that is nested from the left.
fn flat_row(shape: &Shape) -> TokenStream {
    let mut columns = Vec::new();
    shape.columns(&mut columns);
    Shape::of(columns).row()
}

/// The columns of rows, from the first on.
fn variables(going: &Going) -> Vec<Variable> {
    let mut columns = Vec::new();
    going.shape.columns(&mut columns);
    let variable = |column: &Shape| match column {
        Shape::One { local, .. } => going.scope.variable(*local).cloned(),
        Shape::Nothing | Shape::Pair(..) => None,
    };
    columns.iter().filter_map(variable).collect()
}

fn stage_mentions(stage: &Stage, local: LocalId) -> bool {
    let mut found = false;
    walk::stage_exprs(stage, &mut |expr| found |= uses::mentions(expr, local));
    found
}

fn rows_mention(rows: &Rows, local: LocalId) -> bool {
    let mut found = false;
    walk::row_exprs(rows, &mut |expr| found |= uses::mentions(expr, local));
    found
}

/// Rows of nothing; a plan that comes here would be at fault.
fn nothing(scope: Scope) -> Going {
    debug_assert!(false, "the plan goes through what is no list");
    Going {
        before: TokenStream::new(),
        iterator: quote! { std::iter::empty() },
        list: None,
        reversed: None,
        first: None,
        made: None,
        shape: Shape::Nothing,
        scope,
        two_ended: false,
        held_before: false,
    }
}

fn nothing_of(expr: &Expr) -> Value {
    debug_assert!(false, "another kind of expression: {expr:?}");
    Value::made(quote! { () }, Held::Unit)
}
