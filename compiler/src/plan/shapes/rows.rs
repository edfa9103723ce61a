//! What going through lists wants of them, and which values the columns of their rows stand for.

use super::super::{Expr, ExprKind, Gathering, LocalId, Part, Rows, Stage};
use super::demand::{Columns, Demands};
use crate::model::Ty;
use crate::plan::columns_of;

impl Demands<'_> {
    /// Goes through the rows of a list, and binds their columns.
    pub(super) fn rows(&mut self, rows: &mut Rows) {
        let columns = rows.columns.clone();
        self.source(&mut rows.list, &columns);
        let mut so_far = Rows { list: rows.list.clone(), columns, stages: Vec::new() };
        for stage in &mut rows.stages {
            match stage {
                Stage::Beside(beside) => {
                    self.list(&mut beside.list);
                }
                Stage::Filter(expr) | Stage::Distinct(expr) | Stage::Sort { key: expr, .. } => self.value(expr),
                Stage::Slice { from, to } => {
                    for bound in [from, to].into_iter().flatten() {
                        self.value(bound);
                    }
                }
                Stage::Flatten(inner) | Stage::Zip(inner) => self.rows(inner),
                Stage::Chunk { members, .. } => {
                    self.gathered.insert(*members, Columns::OfRows(columns_of(&so_far)));
                }
                Stage::Reverse => {}
            }
            so_far.stages.push(stage.clone());
        }
    }

    /// Gathers rows under a name.
    pub(super) fn gather(&mut self, item: LocalId, rows: &mut Rows, by: &mut Gathering) {
        self.rows(rows);
        let columns = columns_of(rows);
        let columns = match by {
            Gathering::List => Columns::OfRows(columns),
            Gathering::Index(key) => {
                self.value(key);
                Columns::OfRows(columns)
            }
            Gathering::Groups(key) => {
                self.value(key);
                Columns::OfGroups(columns)
            }
        };
        self.gathered.insert(item, columns);
    }

    /// What rows are made of: a list in an answer, or rows that were gathered.
    fn source(&mut self, list: &mut Expr, columns: &[LocalId]) {
        match &mut list.kind {
            ExprKind::Gather { item, rows, by, body } => {
                self.gather(*item, rows, by);
                self.source(body, columns);
            }
            ExprKind::Local(local) if self.gathered.contains_key(local) => {
                let local = *local;
                self.again(local, columns);
            }
            ExprKind::Lookup { gathered, key } => {
                let gathered = *gathered;
                self.value(key);
                self.again(gathered, columns);
            }
            ExprKind::Concat(parts) => {
                for part in parts {
                    self.part(part);
                    for (value, column) in part.values.iter_mut().zip(columns) {
                        if self.used.contains(column) {
                            self.value(value);
                        }
                    }
                }
            }
            _ => self.elements(list, columns),
        }
    }

    /// What one of several lists needs besides the values of its elements.
    pub(super) fn part(&mut self, part: &mut Part) {
        if let Some(when) = &mut part.when {
            self.value(when);
        }
        if let Some(rows) = &mut part.rows {
            self.rows(rows);
        }
    }

    /// Columns of gathered rows stand for what they stood for when they were gathered.
    fn again(&mut self, gathered: LocalId, columns: &[LocalId]) {
        match (self.gathered.get(&gathered).cloned(), columns) {
            (Some(Columns::OfRows(before)), _) => {
                for (column, before) in columns.iter().zip(before) {
                    match self.locals.get(&before).copied() {
                        Some(node) => self.locals.insert(*column, node),
                        None => self.locals.remove(column),
                    };
                    if let Some(members) = self.gathered.get(&before).cloned() {
                        self.gathered.insert(*column, members);
                    }
                }
            }
            (Some(Columns::OfGroups(before)), [_, members]) => {
                self.gathered.insert(*members, Columns::OfRows(before));
            }
            _ => {}
        }
    }

    /// The elements of a list, what is behind a `T?`, or the keys and values of a map.
    fn elements(&mut self, list: &mut Expr, columns: &[LocalId]) {
        for column in columns {
            self.locals.remove(column);
        }
        let Some(element) = columns.last() else { return };
        match self.list(list) {
            Some(node) => {
                let inner = match self.nodes.get(node).map(|demand| &demand.ty) {
                    Some(Ty::Optional(_)) => self.behind(node),
                    _ => self.inner(node),
                };
                self.locals.insert(*element, inner);
            }
            None => self.value(list),
        }
    }
}
