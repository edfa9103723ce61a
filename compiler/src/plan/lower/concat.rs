//! Lists behind each other: `[...a, ...b]`. Written out, each is written after the other; gone through, each element is a row of the plain
//! values that are used of it.

use super::super::{Entry, Expr, ExprKind, LocalId, Part, Rows, Stage};
use super::exprs::{Lower, null};
use super::{Lowering, binders};
use crate::model::{Ty, TypeDeclKind, Value};
use crate::typed;

/// Where a plain value is in an element: the keys down to it, and its type.
type Leaf = (Vec<String>, Ty);

impl<'a> Lowering<'a> {
    /// The elements of several lists behind each other.
    pub(super) fn concat(&mut self, lists: &[typed::Expr], ty: &Ty) -> Expr {
        let mut parts = Vec::new();
        for list in lists {
            let list = self.expr(list);
            parts.extend(self.parts_of(list));
        }
        Expr::new(ExprKind::Concat(parts), ty.clone())
    }

    /// A list as parts, none of which is chosen by a condition.
    pub(super) fn parts_of(&mut self, list: Expr) -> Vec<Part> {
        let ty = list.ty.clone();
        match list.kind {
            ExprKind::Concat(parts) => parts,
            ExprKind::List(elements) => {
                elements.into_iter().map(|element| Part { when: None, rows: None, values: vec![element] }).collect()
            }
            ExprKind::Literal(Value::Null) => Vec::new(),
            // Never evaluated: a guard has answered before.
            ExprKind::Known { value, .. } if value.kind == ExprKind::Literal(Value::Null) => Vec::new(),
            ExprKind::If { condition, then, otherwise } => {
                let not = Expr::new(ExprKind::Not(condition.clone()), condition.ty.clone());
                let mut parts = self.parts_when(*then, &condition);
                parts.extend(self.parts_when(*otherwise, &not));
                parts
            }
            ExprKind::IfPresent { value, item, then, otherwise } => {
                let is_null = self.is_null((*value).clone(), false);
                let mut parts = self.parts_behind(&Rows::of(*value, item), *then);
                parts.extend(self.parts_when(*otherwise, &is_null));
                parts
            }
            ExprKind::Found { rows, then, otherwise } => {
                let none = Expr::new(ExprKind::Literal(Value::Bool(true)), bool_ty());
                let any = ExprKind::Any { rows: rows.clone(), condition: Box::new(none) };
                let lacks = Expr::new(ExprKind::Not(Box::new(Expr::new(any, bool_ty()))), bool_ty());
                let one = Expr::new(ExprKind::Literal(Value::Number("1".to_owned())), Ty::Unknown);
                let mut parts = self.parts_behind(&rows.then(Stage::Slice { from: None, to: Some(one) }), *then);
                parts.extend(self.parts_when(*otherwise, &lacks));
                parts
            }
            kind if matches!(ty, Ty::Optional(_)) => {
                let behind = self.new_local("list");
                let inner = Expr::new(ExprKind::Local(behind), Self::behind(&ty));
                let list = Expr { kind, ty, node: None };
                self.parts_behind(&Rows::of(list, behind), inner)
            }
            kind => {
                let list = Expr { kind, ty, node: None };
                let item = self.element_local(&list);
                let (rows, element) = self.rows_of(list, item);
                vec![Part { when: None, rows: Some(rows), values: vec![element] }]
            }
        }
    }

    /// Parts that are there where a condition holds.
    fn parts_when(&mut self, list: Expr, condition: &Expr) -> Vec<Part> {
        let mut parts = self.parts_of(list);
        for part in &mut parts {
            part.when = Some(match part.when.take() {
                Some(own) => Expr::new(ExprKind::And(Box::new(condition.clone()), Box::new(own)), bool_ty()),
                None => condition.clone(),
            });
        }
        parts
    }

    /// Parts that use the columns of rows around them.
    fn parts_behind(&mut self, around: &Rows, list: Expr) -> Vec<Part> {
        let mut parts = self.parts_of(list);
        for part in &mut parts {
            let mut rows = around.clone();
            rows.stages.extend(part.when.take().map(Stage::Filter));
            rows.stages.extend(part.rows.take().map(Stage::Flatten));
            part.rows = Some(rows);
        }
        parts
    }

    /// What each element of all parts becomes.
    pub(super) fn map_parts(
        &mut self,
        parts: Vec<Part>,
        item: LocalId,
        at_most: Option<u32>,
        ty: &Ty,
        body: Lower<'_, 'a>,
    ) -> Expr {
        let mut mapped = Vec::new();
        for Part { when, rows, values } in parts {
            let element = values.into_iter().next().unwrap_or_else(|| null(&Ty::Null));
            let (rows, value) = match rows {
                Some(rows) => {
                    let (rows, element) = self.fresh(rows, element);
                    let (rows, value) = self.per_row(rows, at_most, &|it| it.with_alias(item, element.clone(), body));
                    (Some(rows), value)
                }
                None => (None, self.with_alias(item, element, body)),
            };
            mapped.push(Part { when, rows, values: vec![value] });
        }
        Expr::new(ExprKind::Concat(mapped), ty.clone())
    }

    /// The rows of all parts: a column for each plain value of an element.
    pub(super) fn rows_of_parts(&mut self, parts: Vec<Part>, element: &Ty) -> (Rows, Expr) {
        let mut leaves = Vec::new();
        self.leaves(element, &mut Vec::new(), &mut leaves);
        let name = |(path, _): &Leaf| path.last().cloned().unwrap_or_else(|| "item".to_owned());
        let columns: Vec<LocalId> = leaves.iter().map(|leaf| self.new_local(&name(leaf))).collect();
        let mut taken = Vec::new();
        for Part { when, rows, values } in parts {
            let value = values.into_iter().next().unwrap_or_else(|| null(&Ty::Null));
            let (rows, value) = match rows {
                Some(rows) => {
                    let (rows, value) = self.fresh(rows, value);
                    (Some(rows), value)
                }
                None => (None, value),
            };
            let bound = rows.as_ref().map(binders::of_rows).unwrap_or_default();
            let take = |lowering: &mut Self, leaf: &Leaf| {
                lowering.inside(bound.clone(), &|lowering| lowering.at_path(value.clone(), leaf))
            };
            let values = leaves.iter().map(|leaf| take(self, leaf)).collect();
            taken.push(Part { when, rows, values });
        }
        let mut left = columns.iter().copied();
        let row = self.of_columns(element, &mut left);
        let list = Box::new(Expr::new(ExprKind::Concat(taken), Ty::Unknown));
        (Rows { list, columns, stages: Vec::new() }, row)
    }

    /// The plain values in a type.
    fn leaves(&self, ty: &Ty, path: &mut Vec<String>, leaves: &mut Vec<Leaf>) {
        let Some(fields) = self.fields_of(ty) else { return leaves.push((path.clone(), ty.clone())) };
        for (_, name, field) in fields {
            path.push(name);
            self.leaves(&field, path, leaves);
            path.pop();
        }
    }

    /// The element again, of columns.
    fn of_columns(&self, ty: &Ty, columns: &mut dyn Iterator<Item = LocalId>) -> Expr {
        let Some(fields) = self.fields_of(ty) else {
            return columns.next().map_or_else(|| null(ty), |column| Expr::new(ExprKind::Local(column), ty.clone()));
        };
        let entries = fields.into_iter().map(|(key, _, field)| Entry { key, value: self.of_columns(&field, columns) });
        Expr::new(ExprKind::Object(entries.collect()), ty.clone())
    }

    /// The fields of an object: JSON keys, names and types.
    fn fields_of(&self, ty: &Ty) -> Option<Vec<(String, String, Ty)>> {
        match ty {
            Ty::Built(fields) => {
                Some(fields.iter().map(|field| (field.key.clone(), field.key.clone(), field.ty.clone())).collect())
            }
            Ty::Object(id) => match &self.model.types.get(id.0)?.kind {
                TypeDeclKind::Object { fields, .. } => {
                    Some(fields.iter().map(|it| (it.wire.clone(), it.name.clone(), it.ty.clone())).collect())
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// A plain value of an element.
    fn at_path(&mut self, element: Expr, (path, ty): &Leaf) -> Expr {
        let Some((first, rest)) = path.split_first() else { return element };
        let found = self.field_type_of(&element.ty, first);
        let field = self.through(element, &found, &|lowering, element| lowering.field_of(element, first, &found));
        self.at_path(field, &(rest.to_vec(), ty.clone()))
    }

    fn field_type_of(&self, object: &Ty, name: &str) -> Ty {
        let fields = self.fields_of(&Self::behind(object)).unwrap_or_default();
        fields.into_iter().find(|(_, field, _)| field == name).map_or(Ty::Unknown, |(.., ty)| ty)
    }

    /// Whether values of a type are plain.
    pub(super) fn is_plain(&self, ty: &Ty) -> bool {
        match ty {
            Ty::Alias(id) => match self.model.types.get(id.0).map(|decl| &decl.kind) {
                Some(TypeDeclKind::Alias { base }) => self.is_plain(base),
                _ => false,
            },
            Ty::Optional(inner) => self.is_plain(inner),
            Ty::Scalar(_) | Ty::Constrained(..) | Ty::Enum(_) | Ty::Null => true,
            _ => false,
        }
    }
}

/// Whether a list is one of several.
pub(super) fn is_choice(list: &Expr) -> bool {
    let is_nothing = |expr: &Expr| match &expr.kind {
        ExprKind::Literal(Value::Null) => true,
        ExprKind::List(elements) => elements.is_empty(),
        _ => false,
    };
    match &list.kind {
        ExprKind::If { .. } => true,
        ExprKind::IfPresent { then, otherwise, .. } | ExprKind::Found { then, otherwise, .. } => {
            !is_nothing(otherwise) || is_choice(then)
        }
        _ => false,
    }
}

fn bool_ty() -> Ty {
    Ty::Scalar(crate::model::Scalar::Bool)
}
