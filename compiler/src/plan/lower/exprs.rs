//! Expressions in normal form: objects and mapped lists are taken apart where a part of them is wanted, so that fields
//! are only ever taken of values that exist while a gateway runs.

use super::super::{
    Comparison, Condition, EachResults, Entry, Expr, ExprKind, LocalId, Rows, Stage, StepId, TextPart, walk,
};
use super::Lowering;
use crate::model::{Scalar, Ty, TypeDeclKind, Value};
use crate::typed;

/// A way to lower something, taken once in each branch that leads to it.
pub(super) type Lower<'l, 'a> = &'l dyn Fn(&mut Lowering<'a>) -> Expr;

impl<'a> Lowering<'a> {
    /// Lowers an expression.
    pub(super) fn expr(&mut self, expr: &typed::Expr) -> Expr {
        use typed::ExprKind as Kind;
        let ty = &expr.ty;
        match &expr.kind {
            Kind::Let(id) => self.lets.get(id.0).cloned().flatten().unwrap_or_else(|| null(ty)),
            Kind::Local(local) => self.local(*local, ty),
            Kind::Field { base, name } => {
                let base = self.expr(base);
                self.through(base, ty, &|lowering, base| lowering.field_of(base, name, ty))
            }
            Kind::Call(call) => {
                let name = self.model.operations.get(call.operation.0).map_or("call", |operation| &operation.name);
                self.call(call, ty, name)
            }
            Kind::Bind { value, item, body } => {
                let value = self.expr(value);
                self.with_alias(*item, value, &|lowering| lowering.expr(body))
            }
            Kind::Map { list, item, body, at_most } => {
                let list = self.expr(list);
                self.map(list, *item, *at_most, ty, &|lowering| lowering.expr(body))
            }
            Kind::ByElement { list, what, item, by } => self.by_element(list, *what, *item, by, ty),
            Kind::OfList { list, what } => self.of_list(list, what, expr),
            Kind::Concat(lists) => self.concat(lists, ty),
            Kind::Present { value, item, body } => {
                let value = self.expr(value);
                self.if_present(value, *item, ty, &|lowering| lowering.expr(body), &|_| null(ty))
            }
            Kind::OrElse { value, default } => {
                let value = self.expr(value);
                let item = self.new_local("value");
                let behind = Self::behind(&value.ty);
                let then: Lower<'_, 'a> = &|lowering| lowering.local(item, &behind);
                self.if_present(value, item, ty, then, &|lowering| lowering.expr(default))
            }
            Kind::Slice { list, from, to } => {
                let list = self.expr(list);
                let from = from.as_ref().map(|from| self.expr(from));
                let to = to.as_ref().map(|to| self.expr(to));
                self.through(list, ty, &|_, list| slice(list, from.as_ref(), to.as_ref(), ty))
            }
            Kind::Index { base, index } => {
                let base = self.expr(base);
                let index = self.expr(index);
                self.through(base, ty, &|lowering, base| match base.kind {
                    ExprKind::Keyed { .. } => lowering.look_up(base, &index, ty),
                    _ => element_at(base, &index, ty),
                })
            }
            // What may be seen was decided by the checker.
            Kind::Reveal(inner) => self.expr(inner),
            Kind::If { condition, then, otherwise } => {
                let condition = self.expr(condition);
                self.branch(condition, ty, &|lowering| lowering.expr(then), &|lowering| lowering.expr(otherwise))
            }
            Kind::Compare { operator, left, right } => {
                let (left, right) = (self.expr(left), self.expr(right));
                self.compare(*operator, left, right, ty)
            }
            _ => Expr::new(self.plain(expr), ty.clone()),
        }
    }

    /// Lowers what keeps its form.
    fn plain(&mut self, expr: &typed::Expr) -> ExprKind {
        use typed::ExprKind as Kind;
        match &expr.kind {
            Kind::Literal(value) => ExprKind::Literal(value.clone()),
            Kind::Param(param) => ExprKind::Param(*param),
            Kind::Text(parts) => ExprKind::Text(parts.iter().map(|part| self.text_part(part)).collect()),
            Kind::Object(entries) => ExprKind::Object(
                entries.iter().map(|entry| Entry { key: entry.key.clone(), value: self.expr(&entry.value) }).collect(),
            ),
            Kind::List(elements) => ExprKind::List(elements.iter().map(|element| self.expr(element)).collect()),
            Kind::Not(operand) => ExprKind::Not(Box::new(self.expr(operand))),
            Kind::Negate(operand) => ExprKind::Negate(Box::new(self.expr(operand))),
            Kind::Arithmetic { operator, left, right } => ExprKind::Arithmetic {
                operator: *operator,
                left: Box::new(self.expr(left)),
                right: Box::new(self.expr(right)),
                place: self.sources.place(expr.span),
            },
            Kind::Apply { function, args } => ExprKind::Apply {
                function,
                args: args.iter().map(|arg| self.expr(arg)).collect(),
                place: self.sources.place(expr.span),
            },
            Kind::In { item, list, secret } => {
                ExprKind::In { item: Box::new(self.expr(item)), list: Box::new(self.expr(list)), secret: *secret }
            }
            Kind::And(left, right) => {
                let left = self.expr(left);
                let asked = self.completed(&left);
                let right = self.under(Condition::Holds(asked), |lowering| lowering.expr(right));
                ExprKind::And(Box::new(left), Box::new(right))
            }
            Kind::Or(left, right) => {
                let left = self.expr(left);
                let asked = self.completed(&left);
                let right = self.under(Condition::Fails(asked), |lowering| lowering.expr(right));
                ExprKind::Or(Box::new(left), Box::new(right))
            }
            // The rest has a form of its own in `expr`; a program with `Invalid` in it never gets here.
            _ => ExprKind::Literal(Value::Null),
        }
    }

    fn text_part(&mut self, part: &typed::TextPart) -> TextPart {
        match part {
            typed::TextPart::Literal(text) => TextPart::Literal(text.clone()),
            typed::TextPart::Value(value) => TextPart::Value(self.expr(value)),
        }
    }

    /// A local as it stands: its alias, or itself.
    pub(super) fn local(&self, local: LocalId, ty: &Ty) -> Expr {
        self.aliases.get(&local).cloned().unwrap_or_else(|| Expr::new(ExprKind::Local(local), ty.clone()))
    }

    /// Lowers with a local that stands for `value`, whatever it stood for before.
    pub(super) fn with_alias(&mut self, local: LocalId, value: Expr, lower: Lower<'_, 'a>) -> Expr {
        let before = self.aliases.insert(local, value);
        let lowered = lower(self);
        self.restore_alias(local, before);
        lowered
    }

    /// Lowers with a local that generated code binds.
    pub(super) fn with_bound(&mut self, local: LocalId, lower: Lower<'_, 'a>) -> Expr {
        let before = self.aliases.remove(&local);
        let lowered = self.inside(vec![local], lower);
        self.restore_alias(local, before);
        lowered
    }

    fn restore_alias(&mut self, local: LocalId, before: Option<Expr>) {
        match before {
            Some(value) => self.aliases.insert(local, value),
            None => self.aliases.remove(&local),
        };
    }

    fn branch(&mut self, condition: Expr, ty: &Ty, then: Lower<'_, 'a>, otherwise: Lower<'_, 'a>) -> Expr {
        let asked = self.completed(&condition);
        let then = Box::new(self.under(Condition::Holds(asked.clone()), then));
        let otherwise = Box::new(self.under(Condition::Fails(asked), otherwise));
        Expr::new(ExprKind::If { condition: Box::new(condition), then, otherwise }, ty.clone())
    }

    /// Applies something to a value; where that is a choice, to what stands in each of its branches.
    pub(super) fn through(&mut self, value: Expr, ty: &Ty, apply: &dyn Fn(&mut Self, Expr) -> Expr) -> Expr {
        match value.kind {
            ExprKind::If { condition, then, otherwise } => {
                self.branch(*condition, ty, &|lowering| lowering.through((*then).clone(), ty, apply), &|lowering| {
                    lowering.through((*otherwise).clone(), ty, apply)
                })
            }
            ExprKind::IfPresent { value, item, then, otherwise } => {
                self.ask(*value, item, ty, &|lowering| lowering.through((*then).clone(), ty, apply), &|lowering| {
                    lowering.through((*otherwise).clone(), ty, apply)
                })
            }
            // Never evaluated: a guard has answered before.
            ExprKind::Known { value: never, guard } if is_null(&never) => {
                Expr::new(ExprKind::Known { value: never, guard }, ty.clone())
            }
            ExprKind::Found { rows, then, otherwise } => {
                self.find(rows, ty, &|lowering| lowering.through((*then).clone(), ty, apply), &|lowering| {
                    lowering.through((*otherwise).clone(), ty, apply)
                })
            }
            _ => apply(self, value),
        }
    }

    /// `then` with the first of some rows, `otherwise` where there is none.
    pub(super) fn find(&mut self, rows: Rows, ty: &Ty, then: Lower<'_, 'a>, otherwise: Lower<'_, 'a>) -> Expr {
        let mut asked = rows.clone();
        walk::row_exprs_mut(&mut asked, &mut |expr| self.complete(expr));
        let columns = super::binders::of_rows(&rows);
        let then = self.under(Condition::Found(asked.clone()), |lowering| lowering.inside(columns, then));
        let otherwise = self.under(Condition::NotFound(asked), otherwise);
        let (then, otherwise) = (Box::new(then), Box::new(otherwise));
        Expr::new(ExprKind::Found { rows, then, otherwise }, ty.clone())
    }

    /// `then` where `value` is there, else `otherwise`.
    pub(super) fn if_present(
        &mut self,
        value: Expr,
        item: LocalId,
        ty: &Ty,
        then: Lower<'_, 'a>,
        otherwise: Lower<'_, 'a>,
    ) -> Expr {
        self.through(value, ty, &|lowering, value| match (&value.kind, &value.ty) {
            (ExprKind::Literal(Value::Null), _) => otherwise(lowering),
            (_, Ty::Optional(_)) => lowering.ask(value, item, ty, then, otherwise),
            _ => lowering.with_alias(item, value, then),
        })
    }

    /// Asks a value that exists while the gateway runs whether it is null.
    fn ask(&mut self, value: Expr, item: LocalId, ty: &Ty, then: Lower<'_, 'a>, otherwise: Lower<'_, 'a>) -> Expr {
        let asked = self.completed(&value);
        let present = Condition::Present { value: asked.clone(), item };
        let then = Box::new(self.under(present, |lowering| lowering.with_bound(item, then)));
        let otherwise = Box::new(self.under(Condition::Absent(asked), otherwise));
        Expr::new(ExprKind::IfPresent { value: Box::new(value), item, then, otherwise }, ty.clone())
    }

    /// `body` for each element of a list.
    fn map(&mut self, list: Expr, item: LocalId, at_most: Option<u32>, ty: &Ty, body: Lower<'_, 'a>) -> Expr {
        self.through(list, ty, &|lowering, list| {
            if let ExprKind::List(elements) = list.kind {
                let elements = elements.into_iter().map(|element| lowering.with_alias(item, element, body)).collect();
                return Expr::new(ExprKind::List(elements), ty.clone());
            }
            if let ExprKind::Concat(parts) = list.kind {
                return lowering.map_parts(parts, item, at_most, ty, body);
            }
            let (rows, body) = lowering.each_row(list, item, at_most, body);
            Expr::new(ExprKind::Map { rows, body: Box::new(body) }, ty.clone())
        })
    }

    /// A field of an object; of one that is built, what it is built of.
    pub(super) fn field_of(&self, base: Expr, name: &str, ty: &Ty) -> Expr {
        if let ExprKind::Object(entries) = base.kind {
            let key = self.key_of(&base.ty, name);
            return entries.into_iter().find(|entry| entry.key == key).map_or_else(|| null(ty), |entry| entry.value);
        }
        Expr::new(ExprKind::Field { base: Box::new(base), name: name.to_owned() }, ty.clone())
    }

    /// The JSON key of a field.
    fn key_of(&self, object: &Ty, name: &str) -> String {
        let Ty::Object(id) = object else { return name.to_owned() };
        match self.model.types.get(id.0).map(|decl| &decl.kind) {
            Some(TypeDeclKind::Object { fields, .. }) => {
                fields.iter().find(|field| field.name == name).map_or_else(|| name.to_owned(), |it| it.wire.clone())
            }
            _ => name.to_owned(),
        }
    }

    fn compare(&mut self, operator: Comparison, left: Expr, right: Expr, ty: &Ty) -> Expr {
        let is_null_literal = |expr: &Expr| matches!(expr.kind, ExprKind::Literal(Value::Null));
        match (is_null_literal(&left), is_null_literal(&right)) {
            (_, true) => self.is_null(left, operator == Comparison::NotEqual),
            (true, false) => self.is_null(right, operator == Comparison::NotEqual),
            (false, false) => {
                Expr::new(ExprKind::Compare { operator, left: Box::new(left), right: Box::new(right) }, ty.clone())
            }
        }
    }

    /// Whether a value is null, or with `negated` whether it is not.
    pub(super) fn is_null(&mut self, value: Expr, negated: bool) -> Expr {
        let ty = Ty::Scalar(Scalar::Bool);
        let asked = self.through(value, &ty, &|_, value| {
            let kind = match (&value.kind, &value.ty) {
                (ExprKind::Literal(Value::Null), _) => ExprKind::Literal(Value::Bool(!negated)),
                (_, Ty::Optional(_)) => ExprKind::Compare {
                    operator: if negated { Comparison::NotEqual } else { Comparison::Equal },
                    left: Box::new(value),
                    right: Box::new(null(&Ty::Null)),
                },
                _ => ExprKind::Literal(Value::Bool(negated)),
            };
            Expr::new(kind, ty.clone())
        });
        asked_alone(asked)
    }
}

/// What is null only where another value is: that value is asked.
fn asked_alone(expr: Expr) -> Expr {
    let truth = |expr: &Expr| match expr.kind {
        ExprKind::Literal(Value::Bool(truth)) => Some(truth),
        _ => None,
    };
    let ExprKind::IfPresent { value, then, otherwise, .. } = &expr.kind else { return expr };
    match (truth(then), truth(otherwise)) {
        (Some(present), Some(absent)) if present != absent => {
            let operator = if present { Comparison::NotEqual } else { Comparison::Equal };
            let (left, right) = (value.clone(), Box::new(null(&Ty::Null)));
            Expr::new(ExprKind::Compare { operator, left, right }, expr.ty)
        }
        _ => expr,
    }
}

/// A value that exists while the gateway runs, in an answer, in the client's body, or as a parameter.
pub(super) fn is_place(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Step(_) | ExprKind::Made(_) | ExprKind::Inner { .. } | ExprKind::Local(_) | ExprKind::Param(_) => {
            true
        }
        ExprKind::Field { base, .. } | ExprKind::Index { base, .. } => is_place(base),
        _ => false,
    }
}

/// A value that a guard proved not to be null: its branches that are null can't have been taken.
pub(super) fn known(value: Expr, guard: StepId) -> Expr {
    let ty = Lowering::behind(&value.ty);
    match value.kind {
        ExprKind::If { then, otherwise, .. } if is_null(&then) => known(*otherwise, guard),
        ExprKind::If { then, otherwise, .. } if is_null(&otherwise) => known(*then, guard),
        ExprKind::If { condition, then, otherwise } => {
            let (then, otherwise) = (Box::new(known(*then, guard)), Box::new(known(*otherwise, guard)));
            Expr::new(ExprKind::If { condition, then, otherwise }, ty)
        }
        ExprKind::IfPresent { value, item, then, otherwise } if is_null(&otherwise) => {
            let behind = Lowering::behind(&value.ty);
            let item_value = Expr::new(ExprKind::Known { value, guard }, behind);
            let mut then = known(*then, guard);
            walk::rewrite(&mut then, &mut |expr| {
                if expr.kind == ExprKind::Local(item) {
                    *expr = item_value.clone();
                }
            });
            then
        }
        ExprKind::IfPresent { value, item, then, otherwise } => {
            let (then, otherwise) = (Box::new(known(*then, guard)), Box::new(known(*otherwise, guard)));
            Expr::new(ExprKind::IfPresent { value, item, then, otherwise }, ty)
        }
        ExprKind::Found { rows, then, otherwise } => {
            let otherwise = if is_null(&otherwise) {
                Expr::new(ExprKind::Known { value: otherwise, guard }, ty.clone())
            } else {
                known(*otherwise, guard)
            };
            let (then, otherwise) = (Box::new(known(*then, guard)), Box::new(otherwise));
            Expr::new(ExprKind::Found { rows, then, otherwise }, ty)
        }
        _ if matches!(value.ty, Ty::Optional(_)) => Expr::new(ExprKind::Known { value: Box::new(value), guard }, ty),
        _ => value,
    }
}

fn is_null(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Literal(Value::Null))
}

pub(super) fn null(ty: &Ty) -> Expr {
    Expr::new(ExprKind::Literal(Value::Null), ty.clone())
}

fn slice(list: Expr, from: Option<&Expr>, to: Option<&Expr>, ty: &Ty) -> Expr {
    if let ExprKind::Map { mut rows, body } = list.kind {
        if rows.is_all() {
            let list_ty = rows.list.ty.clone();
            *rows.list = slice(*rows.list, from, to, &list_ty);
            for stage in &mut rows.stages {
                if let Stage::Beside(EachResults { list, .. }) = stage {
                    *list = slice(list.clone(), from, to, &Ty::Unknown);
                }
            }
        } else {
            rows.stages.push(Stage::Slice { from: from.cloned(), to: to.cloned() });
        }
        return Expr::new(ExprKind::Map { rows, body }, ty.clone());
    }
    let boxed = |bound: Option<&Expr>| bound.cloned().map(Box::new);
    Expr::new(ExprKind::Slice { list: Box::new(list), from: boxed(from), to: boxed(to) }, ty.clone())
}

/// `base[index]`; of a mapped list, what its element becomes.
fn element_at(base: Expr, index: &Expr, ty: &Ty) -> Expr {
    let at =
        |base: Expr, ty: Ty| Expr::new(ExprKind::Index { base: Box::new(base), index: Box::new(index.clone()) }, ty);
    let present = |value: Expr, item: LocalId, then: Expr| {
        let (value, then, otherwise) = (Box::new(value), Box::new(then), Box::new(null(ty)));
        Expr::new(ExprKind::IfPresent { value, item, then, otherwise }, ty.clone())
    };
    match base.kind {
        ExprKind::Map { rows, body } if rows.is_all() => {
            let unknown = || Ty::Optional(Ty::Unknown.into());
            let then = rows.stages.into_iter().fold(*body, |then, stage| match stage {
                Stage::Beside(beside) => present(at(beside.list, unknown()), beside.local, then),
                _ => then,
            });
            let element = Ty::Optional(element_type(&rows.list.ty).into());
            match rows.columns.first() {
                Some(item) => present(at(*rows.list, element), *item, then),
                None => null(ty),
            }
        }
        ExprKind::Map { rows, body } => {
            let rows = rows.then(Stage::Slice { from: Some(index.clone()), to: None });
            Expr::new(ExprKind::Found { rows, then: body, otherwise: Box::new(null(ty)) }, ty.clone())
        }
        _ => at(base, ty.clone()),
    }
}

pub(super) fn element_type(list: &Ty) -> Ty {
    match list {
        Ty::List(element, _) | Ty::Map(element) => Lowering::behind(element),
        Ty::Optional(inner) => element_type(inner),
        other => other.clone(),
    }
}
