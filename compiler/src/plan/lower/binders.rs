//! The locals that rows bind, and fresh ones where the same rows are gone through inside of themselves.

use std::collections::BTreeMap;

use super::super::{EachResults, Expr, ExprKind, LocalId, Rows, Stage, walk};
use super::Lowering;

/// The columns that rows have after all their stages.
pub(crate) fn of_rows(rows: &Rows) -> Vec<LocalId> {
    let mut columns = rows.columns.clone();
    for stage in &rows.stages {
        match stage {
            Stage::Beside(beside) => columns.push(beside.local),
            Stage::Flatten(inner) | Stage::Zip(inner) => columns.extend(of_rows(inner)),
            Stage::Chunk { members, .. } => columns = vec![*members],
            Stage::Filter(_) | Stage::Sort { .. } | Stage::Distinct(_) | Stage::Reverse | Stage::Slice { .. } => {}
        }
    }
    columns
}

impl Lowering<'_> {
    /// The same rows and value; where their locals are bound around this place already, with locals of their own.
    pub(super) fn fresh(&mut self, mut rows: Rows, mut value: Expr) -> (Rows, Expr) {
        let mut bound = Vec::new();
        all_of_rows(&rows, &mut bound);
        if !bound.iter().any(|local| self.is_bound(*local)) {
            return (rows, value);
        }
        walk::visit(&value, &mut |part| all_of(part, &mut bound));
        let mut fresh = BTreeMap::new();
        for local in bound {
            fresh.entry(local).or_insert_with(|| {
                let name = self.local_name(local);
                self.new_local(&name)
            });
        }
        rename_rows(&mut rows, &fresh);
        walk::rewrite(&mut value, &mut |part| rename(part, &fresh));
        (rows, value)
    }
}

/// Every local that rows bind in any stage.
fn all_of_rows(rows: &Rows, bound: &mut Vec<LocalId>) {
    bound.extend(&rows.columns);
    walk::visit(&rows.list, &mut |part| all_of(part, bound));
    for stage in &rows.stages {
        match stage {
            Stage::Beside(beside) => bound.push(beside.local),
            Stage::Flatten(inner) | Stage::Zip(inner) => all_of_rows(inner, bound),
            Stage::Chunk { members, .. } => bound.push(*members),
            Stage::Filter(_) | Stage::Sort { .. } | Stage::Distinct(_) | Stage::Reverse | Stage::Slice { .. } => {
                walk::stage_exprs(stage, &mut |expr| walk::visit(expr, &mut |part| all_of(part, bound)));
            }
        }
    }
}

/// The locals that an expression itself binds for its parts.
fn all_of(expr: &Expr, bound: &mut Vec<LocalId>) {
    match &expr.kind {
        ExprKind::Map { rows, .. }
        | ExprKind::Found { rows, .. }
        | ExprKind::Any { rows, .. }
        | ExprKind::Count(rows)
        | ExprKind::Fold { rows, .. }
        | ExprKind::Join { rows, .. }
        | ExprKind::Keyed { rows, .. } => all_of_rows(rows, bound),
        ExprKind::Gather { item, rows, .. } => {
            bound.push(*item);
            all_of_rows(rows, bound);
        }
        ExprKind::Concat(parts) => {
            parts.iter().filter_map(|part| part.rows.as_ref()).for_each(|rows| all_of_rows(rows, bound));
        }
        ExprKind::IfPresent { item, .. } => bound.push(*item),
        _ => {}
    }
}

fn rename(expr: &mut Expr, fresh: &BTreeMap<LocalId, LocalId>) {
    match &mut expr.kind {
        ExprKind::Map { rows, .. }
        | ExprKind::Found { rows, .. }
        | ExprKind::Any { rows, .. }
        | ExprKind::Count(rows)
        | ExprKind::Fold { rows, .. }
        | ExprKind::Join { rows, .. }
        | ExprKind::Keyed { rows, .. } => rename_columns(rows, fresh),
        ExprKind::Gather { item, rows, .. } => {
            rename_local(item, fresh);
            rename_columns(rows, fresh);
        }
        ExprKind::Concat(parts) => {
            parts.iter_mut().filter_map(|part| part.rows.as_mut()).for_each(|rows| rename_columns(rows, fresh));
        }
        ExprKind::IfPresent { item: local, .. }
        | ExprKind::Local(local)
        | ExprKind::Inner { results: local, .. }
        | ExprKind::Lookup { gathered: local, .. } => rename_local(local, fresh),
        _ => {}
    }
}

/// Renames in rows that stand in no expression.
fn rename_rows(rows: &mut Rows, fresh: &BTreeMap<LocalId, LocalId>) {
    walk::row_exprs_mut(rows, &mut |expr| walk::rewrite(expr, &mut |part| rename(part, fresh)));
    rename_columns(rows, fresh);
}

/// Renames what rows bind; the expressions in them are renamed elsewhere.
fn rename_columns(rows: &mut Rows, fresh: &BTreeMap<LocalId, LocalId>) {
    rows.columns.iter_mut().for_each(|column| rename_local(column, fresh));
    for stage in &mut rows.stages {
        match stage {
            Stage::Beside(EachResults { local, .. }) | Stage::Chunk { members: local, .. } => {
                rename_local(local, fresh);
            }
            Stage::Flatten(inner) | Stage::Zip(inner) => rename_columns(inner, fresh),
            Stage::Filter(_) | Stage::Sort { .. } | Stage::Distinct(_) | Stage::Reverse | Stage::Slice { .. } => {}
        }
    }
}

fn rename_local(local: &mut LocalId, fresh: &BTreeMap<LocalId, LocalId>) {
    if let Some(other) = fresh.get(local) {
        *local = *other;
    }
}
