//! Lists that are gone through: rows as iterators, stage by stage, and what a list as a whole gives.
//!
//! A row is a reference, or a tuple of references, and so is copied freely. What can fail, or takes a list apart, is a plain loop before
//! the iterator; everything else is a chain on it.

mod gathered;
mod parts;
mod stages;
mod values;

use proc_macro2::TokenStream;
use quote::quote;

use super::scope::Gathered;
use super::{By, Level, Scope, Variable};
use crate::emit::rust::endpoint::Endpoint;
use crate::emit::rust::held::Held;
use crate::emit::rust::write::some_of;
use crate::emit::rust::{names, uses};
use crate::model::Scalar;
use crate::plan::{EachResults, Expr, ExprKind, LocalId, Rows, Stage, walk};

/// The columns of a row, nested as the iterator's items are.
#[derive(Debug, Clone)]
enum Shape {
    Nothing,
    One {
        local: LocalId,
        name: String,
        is_copied: bool,
    },
    Pair(Box<Shape>, Box<Shape>),
    /// Columns beside each other, two or more.
    Row(Vec<Shape>),
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
            Self::Row(columns) if self.is_used(used) => {
                let columns = columns.iter().map(|column| column.pattern(used));
                quote! { (#(#columns),*) }
            }
            Self::Nothing | Self::One { .. } | Self::Pair(..) | Self::Row(_) => quote! { _ },
        }
    }

    fn is_used(&self, used: &dyn Fn(LocalId) -> bool) -> bool {
        match self {
            Self::Nothing => false,
            Self::One { local, .. } => used(*local),
            Self::Pair(left, right) => left.is_used(used) || right.is_used(used),
            Self::Row(columns) => columns.iter().any(|column| column.is_used(used)),
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
            Self::Row(columns) => {
                let columns = columns.iter().map(Self::row);
                quote! { (#(#columns),*) }
            }
        }
    }

    fn and(self, other: Self) -> Self {
        match self {
            Self::Nothing => other,
            Self::One { .. } | Self::Pair(..) | Self::Row(_) => Self::Pair(Box::new(self), Box::new(other)),
        }
    }

    /// The shape of rows whose columns lie beside each other, as those of gathered ones do.
    fn of(columns: impl IntoIterator<Item = Self>) -> Self {
        let mut columns: Vec<Self> = columns.into_iter().collect();
        match (columns.len(), columns.pop()) {
            (1, Some(only)) => only,
            (_, Some(last)) => {
                columns.push(last);
                Self::Row(columns)
            }
            (_, None) => Self::Nothing,
        }
    }

    fn columns(&self, all: &mut Vec<Self>) {
        match self {
            Self::Nothing => {}
            Self::One { .. } => all.push(self.clone()),
            Self::Pair(left, right) => {
                left.columns(all);
                right.columns(all);
            }
            Self::Row(columns) => columns.iter().for_each(|column| column.columns(all)),
        }
    }
}

/// What a loop goes over: rows, or what is behind an `Option`.
struct Looping {
    option: Option<TokenStream>,
    looped: TokenStream,
}

impl Looping {
    fn each(&self, pattern: &TokenStream, statements: &TokenStream) -> TokenStream {
        match (&self.option, &self.looped) {
            (Some(option), _) => quote! { if let Some(#pattern) = #option { #statements } },
            (None, looped) => quote! { for #pattern in #looped { #statements } },
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
    /// The `Option` that the rows are what is behind of.
    option: Option<TokenStream>,
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

    /// What is done for each row, where nobody goes on with them as an iterator.
    pub(in super::super) fn each(&self, pattern: &TokenStream, statements: &TokenStream) -> TokenStream {
        self.looping().each(pattern, statements)
    }

    fn looping(&self) -> Looping {
        Looping { option: self.option.clone(), looped: self.looped() }
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
            option: None,
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
            ExprKind::Concat(parts) => self.parts(parts, columns, scope),
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
            option: None,
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
        let option = matches!(value.held, Held::Optional(_)).then(|| some_of(&value, &self.look(&value)));
        Going {
            before,
            iterator,
            list,
            reversed: None,
            first: None,
            made: None,
            option,
            shape,
            scope: inner,
            two_ended,
            held_before,
        }
    }
}

fn stage_mentions(stage: &Stage, local: LocalId) -> bool {
    let mut found = false;
    walk::stage_exprs(stage, &mut |expr| found |= uses::mentions(expr, local));
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
        option: None,
        shape: Shape::Nothing,
        scope,
        two_ended: false,
        held_before: false,
    }
}
