//! Lists that are gone through: their rows, what becomes of them, and what is made of all of them.

use super::{Expr, LocalId};

/// A list as it is gone through, row by row. A row is the values of its columns; stages choose rows, order them or add columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    /// A list that is a place or a parameter, perhaps sliced; computed plain values; rows that were gathered (`Local`), or some of them (`Lookup`).
    pub list: Box<Expr>,
    /// What each row of it binds: its element; of gathered rows their columns; of the groups of gathered rows the key and the rows with it.
    pub columns: Vec<LocalId>,
    /// What becomes of the rows, in order.
    pub stages: Vec<Stage>,
}

impl Rows {
    /// The rows of a list, an element each.
    pub fn of(list: Expr, item: LocalId) -> Self {
        Self { list: Box::new(list), columns: vec![item], stages: Vec::new() }
    }

    /// Whether every element of the list is one row.
    pub fn is_all(&self) -> bool {
        self.stages.iter().all(|stage| matches!(stage, Stage::Beside(_)))
    }

    /// The same rows after one more stage.
    #[must_use]
    pub fn then(mut self, stage: Stage) -> Self {
        self.stages.push(stage);
        self
    }
}

/// What becomes of the rows of a list.
#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    /// The results of an [`StepKind::Each`](super::StepKind::Each) over the rows so far stand beside them: one more column.
    Beside(EachResults),
    /// Only the rows for which this holds.
    Filter(Expr),
    /// Ordered by a key; rows with the same key stay as they were.
    Sort {
        /// The key.
        key: Expr,
        /// The greatest first.
        descending: bool,
    },
    /// Of the rows with the same key only the first.
    Distinct(Expr),
    /// The last first.
    Reverse,
    /// `[from..to]`
    Slice {
        /// The first; `None`: from the start.
        from: Option<Expr>,
        /// The end, exclusive; `None`: to the end.
        to: Option<Expr>,
    },
    /// Each row once for each row of a list of its own, whose columns are added.
    Flatten(Rows),
    /// Each row beside the one in the same place of another list, whose columns are added; as long as the shorter one.
    Zip(Rows),
    /// So many rows at a time: the one column is a list of rows.
    Chunk {
        /// How many.
        size: u32,
        /// The list of rows.
        members: LocalId,
    },
}

/// One of several lists that stand behind each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// It is left out where this does not hold.
    pub when: Option<Expr>,
    /// Its rows; none where it is one element.
    pub rows: Option<Rows>,
    /// What becomes of each: the element, or its value for each column.
    pub values: Vec<Expr>,
}

/// How rows are gathered.
#[derive(Debug, Clone, PartialEq)]
pub enum Gathering {
    /// In a list.
    List,
    /// The first row of each key.
    Index(Box<Expr>),
    /// All rows of each key.
    Groups(Box<Expr>),
}

/// The values of all rows together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fold {
    /// Of numbers; of none 0.
    Sum,
    /// The least; of none null.
    Min,
    /// The greatest; of none null.
    Max,
    /// The mean of numbers; of none null.
    Average,
}

/// The results of an [`StepKind::Each`](super::StepKind::Each) that run beside its rows.
#[derive(Debug, Clone, PartialEq)]
pub struct EachResults {
    /// What stands for the results of one row, for [`ExprKind::Inner`](super::ExprKind::Inner).
    pub local: LocalId,
    /// `Step`, `Made` or `Inner` of an `Each` step, sliced as the list beside it is.
    pub list: Expr,
}
