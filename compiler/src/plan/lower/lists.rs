//! What people do with lists: `filter`, `sort_by`, `index_by`, `sum` and their like, as rows and their stages.

use super::super::{Entry, Expr, ExprKind, Fold, Gathering, LocalId, Rows, Stage};
use super::exprs::{Lower, element_type, null};
use super::{Lowering, binders, concat};
use crate::model::{Ty, Value};
use crate::typed::{self, ByElement, OfList};

impl<'a> Lowering<'a> {
    /// A list's rows, with what `item` stands for in each.
    pub(super) fn rows_of(&mut self, list: Expr, item: LocalId) -> (Rows, Expr) {
        match list.kind {
            ExprKind::Map { rows, body } => return self.fresh(rows, *body),
            ExprKind::Concat(parts) => return self.rows_of_parts(parts, &element_type(&list.ty)),
            ExprKind::List(elements) if !self.is_plain(&element_type(&list.ty)) => {
                let list = Expr::new(ExprKind::List(elements), list.ty.clone());
                let element = element_type(&list.ty);
                let parts = self.parts_of(list);
                return self.rows_of_parts(parts, &element);
            }
            _ => {}
        }
        let element = Expr::new(ExprKind::Local(item), element_type(&list.ty));
        (Rows::of(list, item), element)
    }

    /// Something for each element of a list.
    pub(super) fn each_row(
        &mut self,
        list: Expr,
        item: LocalId,
        at_most: Option<u32>,
        each: Lower<'_, 'a>,
    ) -> (Rows, Expr) {
        let (rows, element) = self.rows_of(list, item);
        self.each_of(rows, (item, &element), at_most, each)
    }

    fn each_of(
        &mut self,
        rows: Rows,
        (item, element): (LocalId, &Expr),
        at_most: Option<u32>,
        each: Lower<'_, 'a>,
    ) -> (Rows, Expr) {
        self.per_row(rows, at_most, &|lowering| {
            if element.kind == ExprKind::Local(item) {
                lowering.with_bound(item, each)
            } else {
                lowering.with_alias(item, element.clone(), each)
            }
        })
    }

    /// `list.filter(x => by)` and its like.
    pub(super) fn by_element(
        &mut self,
        list: &typed::Expr,
        what: ByElement,
        item: LocalId,
        by: &typed::Expr,
        ty: &Ty,
    ) -> Expr {
        let list = self.expr(list);
        self.through(list, ty, &|lowering, list| {
            let (rows, element) = lowering.rows_of(list, item);
            let (rows, by) = lowering.each_of(rows, (item, &element), None, &|lowering| lowering.expr(by));
            let body = Box::new(element);
            let kind = match what {
                ByElement::Filter => ExprKind::Map { rows: rows.then(Stage::Filter(by)), body },
                ByElement::Sort { descending } => {
                    ExprKind::Map { rows: rows.then(Stage::Sort { key: by, descending }), body }
                }
                ByElement::Distinct => ExprKind::Map { rows: rows.then(Stage::Distinct(by)), body },
                ByElement::Any => ExprKind::Any { rows, condition: Box::new(by) },
                ByElement::Index => return lowering.indexed(item, rows, by, body, ty),
                ByElement::Groups => return lowering.grouped(item, rows, by, body, ty),
            };
            Expr::new(kind, ty.clone())
        })
    }

    /// The first element with each key.
    fn indexed(&mut self, item: LocalId, rows: Rows, key: Expr, body: Box<Expr>, ty: &Ty) -> Expr {
        let name = format!("{}_index", self.local_name(item));
        let columns = binders::of_rows(&rows);
        let gathered = self.gather(&name, rows, Gathering::Index(Box::new(key.clone())));
        let rows = Rows { list: Box::new(gathered_rows(gathered)), columns, stages: Vec::new() };
        Expr::new(ExprKind::Keyed { rows, key: Box::new(key), body }, ty.clone())
    }

    /// All elements with each key.
    fn grouped(&mut self, item: LocalId, rows: Rows, key: Expr, body: Box<Expr>, ty: &Ty) -> Expr {
        let name = self.local_name(item);
        let columns = binders::of_rows(&rows);
        let key_ty = key.ty.clone();
        let gathered = self.gather(&format!("{name}_groups"), rows, Gathering::Groups(Box::new(key)));
        let (key, members) = (self.new_local("key"), self.new_local(&format!("{name}_group")));
        let members_ty = match ty {
            Ty::Keyed { value, .. } => (**value).clone(),
            _ => Ty::Unknown,
        };
        let of_group = Rows { list: Box::new(gathered_rows(members)), columns, stages: Vec::new() };
        let group = Expr::new(ExprKind::Map { rows: of_group, body }, members_ty);
        let rows = Rows { list: Box::new(gathered_rows(gathered)), columns: vec![key, members], stages: Vec::new() };
        let key = Box::new(Expr::new(ExprKind::Local(key), key_ty));
        Expr::new(ExprKind::Keyed { rows, key, body: Box::new(group) }, ty.clone())
    }

    /// `keyed[key]`: what has that key, or null.
    pub(super) fn look_up(&mut self, keyed: Expr, key: &Expr, ty: &Ty) -> Expr {
        let ExprKind::Keyed { rows, body, .. } = keyed.kind else { return null(ty) };
        let ExprKind::Local(gathered) = rows.list.kind else { return null(ty) };
        let (mut rows, body) = self.fresh(rows, *body);
        *rows.list = Expr::new(ExprKind::Lookup { gathered, key: Box::new(key.clone()) }, Ty::Unknown);
        self.first_of(rows, &body, ty)
    }

    fn first_of(&mut self, rows: Rows, body: &Expr, ty: &Ty) -> Expr {
        self.find(rows, ty, &|_| body.clone(), &|_| null(ty))
    }

    /// `list.reverse()`, `list.sum()` and their like.
    pub(super) fn of_list(&mut self, list: &typed::Expr, what: &OfList, expr: &typed::Expr) -> Expr {
        let place = self.sources.place(expr.span);
        let ty = &expr.ty;
        let list = self.expr(list);
        self.through(list, ty, &|lowering, list| match (list.kind, what) {
            (ExprKind::Keyed { rows, key, body }, OfList::Keys | OfList::Values | OfList::Entries) => {
                let body = match what {
                    OfList::Keys => *key,
                    OfList::Values => *body,
                    _ => entry(*key, *body),
                };
                Expr::new(ExprKind::Map { rows, body: Box::new(body) }, ty.clone())
            }
            (ExprKind::Keyed { rows, .. }, _) => Expr::new(ExprKind::Count(rows), ty.clone()),
            (kind, OfList::Keys | OfList::Values | OfList::Entries) => {
                let list = Expr { kind, ty: list.ty, node: None };
                lowering.of_map(list, what, ty)
            }
            (ExprKind::List(elements), OfList::Count) => {
                Expr::new(ExprKind::Literal(Value::Number(elements.len().to_string())), ty.clone())
            }
            (kind, _) => {
                let list = Expr { kind, ty: list.ty, node: None };
                lowering.of_rows(list, what, (place.as_str(), ty))
            }
        })
    }

    /// A local for an element of a list, named after the list where that has a plural name.
    pub(super) fn element_local(&mut self, list: &Expr) -> LocalId {
        let many = match &list.kind {
            ExprKind::Field { name, .. } => name.clone(),
            ExprKind::Step(step) => self.step_name(*step),
            _ => String::new(),
        };
        let one = many.strip_suffix('s').filter(|one| one.len() > 1).unwrap_or("item").to_owned();
        self.new_local(&one)
    }

    /// The keys and values of a map that came.
    fn of_map(&mut self, map: Expr, what: &OfList, ty: &Ty) -> Expr {
        let (key, value) = (self.new_local("key"), self.new_local("value"));
        let string = Ty::Scalar(crate::model::Scalar::String);
        let value_expr = Expr::new(ExprKind::Local(value), element_type(&map.ty));
        let key_expr = Expr::new(ExprKind::Local(key), string);
        let rows = Rows { list: Box::new(map), columns: vec![key, value], stages: Vec::new() };
        let body = match what {
            OfList::Keys => key_expr,
            OfList::Values => value_expr,
            _ => entry(key_expr, value_expr),
        };
        Expr::new(ExprKind::Map { rows, body: Box::new(body) }, ty.clone())
    }

    fn of_rows(&mut self, list: Expr, what: &OfList, (place, ty): (&str, &Ty)) -> Expr {
        let item = self.element_local(&list);
        let (rows, body) = self.rows_of(list, item);
        let fold = |fold: Fold, rows: Rows, body: Expr| ExprKind::Fold {
            fold,
            rows,
            value: Box::new(body),
            place: place.to_owned(),
        };
        let kind = match what {
            OfList::Reverse => ExprKind::Map { rows: rows.then(Stage::Reverse), body: Box::new(body) },
            OfList::First => return self.first_of(rows, &body, ty),
            OfList::Last => return self.first_of(rows.then(Stage::Reverse), &body, ty),
            OfList::Sum => fold(Fold::Sum, rows, body),
            OfList::Min => fold(Fold::Min, rows, body),
            OfList::Max => fold(Fold::Max, rows, body),
            OfList::Average => fold(Fold::Average, rows, body),
            OfList::Join(separator) => {
                let separator = Box::new(self.expr(separator));
                ExprKind::Join { rows, value: Box::new(body), separator }
            }
            OfList::Flatten => return self.flattened(rows, body, ty),
            OfList::Chunk(size) => {
                let columns = binders::of_rows(&rows);
                let members = self.new_local("chunk");
                let of_chunk = Rows { list: Box::new(gathered_rows(members)), columns, stages: Vec::new() };
                let chunk_ty = element_type(ty);
                let chunk = Expr::new(ExprKind::Map { rows: of_chunk, body: Box::new(body) }, chunk_ty);
                let rows = rows.then(Stage::Chunk { size: *size, members });
                ExprKind::Map { rows, body: Box::new(chunk) }
            }
            OfList::Zip(other) => {
                let other = self.expr(other);
                let item = self.element_local(&other);
                let (beside, second) = self.rows_of(other, item);
                let entries = vec![
                    Entry { key: "first".to_owned(), value: body },
                    Entry { key: "second".to_owned(), value: second },
                ];
                let pair = Expr::new(ExprKind::Object(entries), element_type(ty));
                ExprKind::Map { rows: rows.then(Stage::Zip(beside)), body: Box::new(pair) }
            }
            OfList::Count | OfList::Keys | OfList::Values | OfList::Entries => ExprKind::Count(rows),
        };
        Expr::new(kind, ty.clone())
    }

    /// One list of the elements of all lists in a list. A null one has none.
    fn flattened(&mut self, rows: Rows, element: Expr, ty: &Ty) -> Expr {
        if concat::is_choice(&element) {
            let parts = self.parts_of(element);
            let (inner, body) = self.rows_of_parts(parts, &element_type(ty));
            let rows = rows.then(Stage::Flatten(inner));
            return Expr::new(ExprKind::Map { rows, body: Box::new(body) }, ty.clone());
        }
        match element.kind {
            ExprKind::IfPresent { value, item, then, .. } => {
                let rows = rows.then(Stage::Flatten(Rows::of(*value, item)));
                self.flattened(rows, *then, ty)
            }
            ExprKind::Found { rows: found, then, .. } => {
                let first = Stage::Slice { from: None, to: Some(number(1)) };
                let rows = rows.then(Stage::Flatten(found.then(first)));
                self.flattened(rows, *then, ty)
            }
            _ => {
                let is_optional = matches!(element.ty, Ty::Optional(_));
                if is_optional {
                    let behind = self.new_local("list");
                    let inner = Expr::new(ExprKind::Local(behind), Self::behind(&element.ty));
                    let rows = rows.then(Stage::Flatten(Rows::of(element, behind)));
                    return self.flattened(rows, inner, ty);
                }
                let item = self.element_local(&element);
                let (inner, body) = self.rows_of(element, item);
                let rows = rows.then(Stage::Flatten(inner));
                Expr::new(ExprKind::Map { rows, body: Box::new(body) }, ty.clone())
            }
        }
    }
}

/// `{ key, value }`
fn entry(key: Expr, value: Expr) -> Expr {
    let entries = vec![Entry { key: "key".to_owned(), value: key }, Entry { key: "value".to_owned(), value }];
    Expr::new(ExprKind::Object(entries), Ty::Unknown)
}

/// Rows that were gathered under a name.
fn gathered_rows(name: LocalId) -> Expr {
    Expr::new(ExprKind::Local(name), Ty::Unknown)
}

fn number(value: u32) -> Expr {
    let ty = Ty::Scalar(crate::model::Scalar::Int);
    Expr::new(ExprKind::Literal(Value::Number(value.to_string())), ty)
}
