//! The plan: what one request does, call by call, and what is read of every answer.
//!
//! Everything that leaves the compiler (Rust, the explanation, diagrams) is written from it. A plan is made only of a
//! program without errors, so nothing here can fail. Expressions are in normal form: built objects and mapped lists stand
//! only where they are written out or measured; a field is taken only of a [place](Expr::node), of `Json` or of a parameter.

mod lower;
pub mod print;
mod rows;
mod schedule;
mod shapes;
pub(crate) mod walk;

pub(crate) use lower::columns_of;
pub use lower::lower;
pub use rows::{EachResults, Fold, Gathering, Part, Rows, Stage};

use crate::functions::Function;
use crate::model::{Disclosure, EndpointHead, Model, OperationId, Proof, Ty, Value};
pub use crate::typed::{Arithmetic, Comparison, LocalId, ParamId, Refusal};

/// The whole program.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Types, services, operations and settings.
    pub model: Model,
    /// The endpoints, in source order.
    pub endpoints: Vec<EndpointPlan>,
}

/// One endpoint.
#[derive(Debug, Clone, PartialEq)]
pub struct EndpointPlan {
    /// Its name, route, parameters and settings.
    pub head: EndpointHead,
    /// Its calls and guards.
    pub flow: Flow,
    /// What it answers when all guards passed.
    pub outcome: Outcome,
    /// What is read of each answer and of the client's body.
    pub readings: Readings,
    /// The node of the client's body, where a parameter is one.
    pub body: Option<NodeId>,
    /// Names for locals in generated code, by [`LocalId`].
    pub local_names: Vec<String>,
    /// What was proved of it.
    pub proof: Proof,
    /// Where its marked data goes.
    pub disclosures: Vec<Disclosure>,
}

// ── flow ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/// A step, unique in its endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepId(pub usize);

/// Steps that belong together: those of an endpoint, or those made for each element of a list.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Flow {
    /// The steps in source order.
    pub steps: Vec<Step>,
    /// The same steps in the order in which code runs them.
    pub blocks: Vec<Block>,
}

/// A part of a flow; blocks run one after the other, and lose no time by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// One step by itself: everything after it needs it, or nothing runs beside it.
    One(StepId),
    /// Steps that run together, in source order. One may need another of the same block ([`Step::needs`], [`Step::after`]):
    /// it then waits for that one alone.
    Together(Vec<StepId>),
}

/// A call, a fan-out, a computed value or a guard.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Its id.
    pub id: StepId,
    /// Its name in generated code, a `snake_case` word unique in the endpoint.
    pub name: String,
    /// What it does.
    pub kind: StepKind,
    /// The steps of the same flow whose values it uses, in source order.
    pub needs: Vec<StepId>,
    /// Steps of the same flow that must have passed before it starts though it uses no value of theirs:
    /// guards before an unsafe call, the unsafe call before it.
    pub after: Vec<StepId>,
    /// Guards of the same flow that stand above it in the source and may be undecided when it fails: their refusal wins.
    pub yields_to: Vec<StepId>,
    /// Made only where all of these hold; its value is then an `Option` of what it would be
    /// (not twice an `Option`: one that can be null anyway is null where it was not made).
    pub when: Vec<Condition>,
}

/// The kinds of steps.
#[derive(Debug, Clone, PartialEq)]
pub enum StepKind {
    /// A call of an operation.
    Call {
        /// Which.
        operation: OperationId,
        /// A value for each parameter, in their order. A null one is left out.
        args: Vec<Expr>,
        /// `?`: a failure is null.
        optional: bool,
        /// What is read of the answer. Its root is `Optional` where the value can be null.
        reads: NodeId,
    },
    /// Calls for each row of a list. Its value is a list of the inner steps' values, one for each row.
    Each {
        /// The list, row by row; results of other `Each` steps over it may stand beside it.
        rows: Rows,
        /// How many elements are in work at once.
        at_most: u32,
        /// What is done for each.
        flow: Flow,
    },
    /// `let slug = title.lower()`: computed once, and bound as `item` for all that needs this step.
    Compute {
        /// What is computed; a decoded value, in which no object is built.
        value: Expr,
        /// Its name.
        item: LocalId,
    },
    /// `check condition else …`
    Check {
        /// What must hold.
        condition: Expr,
        /// What is answered when it does not.
        refusal: Refusal,
    },
    /// `let x = value else …`: binds `item` for all that needs this step.
    Require {
        /// A place, a parameter or a computed value of a `T?`.
        value: Expr,
        /// What is behind it.
        item: LocalId,
        /// What is answered when it is null.
        refusal: Refusal,
    },
}

/// A condition under which a step is made.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// This is true.
    Holds(Expr),
    /// This is false.
    Fails(Expr),
    /// This is not null; `item` is what is behind it, in the step and in later conditions.
    Present {
        /// The value.
        value: Expr,
        /// What is behind it.
        item: LocalId,
    },
    /// This is null.
    Absent(Expr),
    /// There is a first row; its columns are bound in the step and in later conditions.
    Found(Rows),
    /// There is no row.
    NotFound(Rows),
}

// ── readings ─────────────────────────────────────────────────────────────────────────────────────────────────────

/// A value in an answer or in the client's body, by its place in [`Readings::nodes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub usize);

/// What is read of the answers and of the body of one endpoint.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Readings {
    /// Every value that is looked at. What a client's body has beside them is checked against its type all the same.
    pub nodes: Vec<Node>,
}

impl Readings {
    /// A node of this endpoint.
    ///
    /// # Panics
    ///
    /// When the id is of another endpoint, which is a fault of the compiler.
    pub fn get(&self, id: NodeId) -> &Node {
        &self.nodes[id.0]
    }
}

/// One value and its fate.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Its type.
    pub ty: Ty,
    /// What becomes of it.
    pub take: Take,
    /// A name for what is generated for it, unique in the endpoint: `Capitalised` for `Object`, `snake_case` for `Part` and `Whole`.
    pub name: String,
}

/// The fates of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Take {
    /// Nobody looks at it: an upstream's is skipped (its grammar is checked); a client's is checked against its type.
    Nothing,
    /// A scalar or an enum that is only passed on: its kind and constraint are checked and its bytes are kept (`Raw`).
    Copy,
    /// A scalar or an enum that an expression needs: decoded.
    Decode,
    /// A list, map or object that is passed on whole: its finished JSON with only the declared fields (`Fragment`).
    /// Keys that are missing stay missing.
    Whole,
    /// Finished JSON of an expression over this value alone: scanned and written in one pass (`Fragment`).
    Part {
        /// The value in `body`.
        item: LocalId,
        /// Only `Local`, `Field`, `Map`, `IfPresent` without otherwise, `Object`, `Slice` with constants.
        body: Box<Expr>,
    },
    /// An object of which some fields are used: a struct.
    Object {
        /// Its used fields by their names in the language (not the wire's), in the order of the type.
        fields: Vec<(String, NodeId)>,
        /// Whether the object is passed on whole as well: the struct then has a `whole: Fragment` too.
        whole: bool,
    },
    /// A list whose elements are used one by one: a `Vec`.
    List(NodeId),
    /// A map whose values are used one by one.
    Map(NodeId),
    /// A `T?`: an `Option`.
    Optional(NodeId),
}

// ── expressions ──────────────────────────────────────────────────────────────────────────────────────────────────

/// What an endpoint answers.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// `respond`
    Respond {
        /// The status.
        status: u16,
        /// The body.
        body: Option<Expr>,
        /// Headers and cookies.
        with: Vec<WithSet>,
    },
    /// `redirect`
    Redirect {
        /// The status.
        status: u16,
        /// Where to.
        target: Expr,
        /// Headers and cookies.
        with: Vec<WithSet>,
    },
    /// `reject`
    Reject(Refusal),
    /// `if c then … else …`
    If {
        /// The condition.
        condition: Expr,
        /// When it holds.
        then: Box<Outcome>,
        /// When it does not.
        otherwise: Box<Outcome>,
    },
}

/// A header or cookie of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct WithSet {
    /// Its name: a header's in lower case.
    pub name: String,
    /// Whether it is a cookie.
    pub cookie: bool,
    /// Its value: a scalar, or null to leave it out.
    pub value: Expr,
}

/// An expression that makes no call.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// The type of its value.
    pub ty: Ty,
    /// Where it names a value in an answer or in the client's body: that value's node, whose [`Take`] says how it is held in Rust.
    /// A value without a node is held decoded (`Json`: as `Raw`).
    pub node: Option<NodeId>,
}

impl Expr {
    /// An expression whose node is not known yet.
    fn new(kind: ExprKind, ty: Ty) -> Self {
        Self { kind, ty, node: None }
    }
}

/// The kinds of expressions.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// A value known now.
    Literal(Value),
    /// An interpolated string.
    Text(Vec<TextPart>),
    /// A parameter of the endpoint. One that is not the body is held decoded: `i64`, `Option<String>`, `Vec<i64>` …
    Param(ParamId),
    /// The value of a step of an enclosing flow; a place. Of an `Each` step (only in [`EachResults`], `Index` and `Slice`) the list of results.
    Step(StepId),
    /// The value of a step that has [`Step::when`] and can't be null itself, used where those conditions hold; a place.
    Made(StepId),
    /// A `T?` that the guard proved not to be null.
    Known {
        /// The value.
        value: Box<Expr>,
        /// The guard.
        guard: StepId,
    },
    /// The value of an inner step of an [`StepKind::Each`], for the element that `results` stands for; a place.
    Inner {
        /// Bound by the rows around it, or by an `IfPresent` over `Index` of the `Each` step's results.
        results: LocalId,
        /// The inner step.
        step: StepId,
        /// Whether the inner step is as for [`ExprKind::Made`].
        made: bool,
    },
    /// A local bound by a `Map`, an `IfPresent`, a [`Condition::Present`], a `Require` or a [`Take::Part`].
    Local(LocalId),
    /// A field of a place (by the language's name), or of `Json` (by its key; the result has no node and is `Json?`).
    Field {
        /// The object.
        base: Box<Expr>,
        /// Which.
        name: String,
    },
    /// `body` for each row of a list. Where a value is needed (an argument, `in`) its body is a scalar.
    Map {
        /// The list.
        rows: Rows,
        /// What each becomes.
        body: Box<Expr>,
    },
    /// `then` with the columns of the first row, `otherwise` where there is none.
    Found {
        /// The list.
        rows: Rows,
        /// When there is a row.
        then: Box<Expr>,
        /// When there is none.
        otherwise: Box<Expr>,
    },
    /// Whether `condition` holds for some row.
    Any {
        /// The list.
        rows: Rows,
        /// What is asked of each; evaluated until it holds.
        condition: Box<Expr>,
    },
    /// How many rows there are: an Int.
    Count(Rows),
    /// A value of all rows together.
    Fold {
        /// Which.
        fold: Fold,
        /// The list.
        rows: Rows,
        /// What of each row: a scalar.
        value: Box<Expr>,
        /// Where, for the log: `shop.gw:14:9`.
        place: String,
    },
    /// The strings of all rows, with a separator between them.
    Join {
        /// The list.
        rows: Rows,
        /// What of each row: a string.
        value: Box<Expr>,
        /// What stands between.
        separator: Box<Expr>,
    },
    /// The rows of a list, gathered once for all that `body` does with them.
    Gather {
        /// Their name in `body`: in [`Rows::list`] and [`ExprKind::Lookup`].
        item: LocalId,
        /// The list.
        rows: Rows,
        /// How they are gathered.
        by: Gathering,
        /// What is made of them.
        body: Box<Expr>,
    },
    /// The rows with this key of what was gathered by a key; only in [`Rows::list`].
    Lookup {
        /// Bound by a `Gather`.
        gathered: LocalId,
        /// The key.
        key: Box<Expr>,
    },
    /// An object with a key for each row of what was gathered by a key, in the order in which they came.
    Keyed {
        /// Its rows: the columns are the key and the rows that have it, or those of the one row that has it.
        rows: Rows,
        /// The key of each.
        key: Box<Expr>,
        /// What each becomes.
        body: Box<Expr>,
    },
    /// `then` where `value` is not null, with `item` behind it, else `otherwise`.
    IfPresent {
        /// The value: a place or a computed `T?`.
        value: Box<Expr>,
        /// What is behind it.
        item: LocalId,
        /// When it is there.
        then: Box<Expr>,
        /// When it is null.
        otherwise: Box<Expr>,
    },
    /// `list[from..to]`, `to` exclusive, both cut to what there is. The node is the list's own.
    Slice {
        /// A list as in `Map`.
        list: Box<Expr>,
        /// The first; `None`: from the start.
        from: Option<Box<Expr>>,
        /// The end; `None`: to the end.
        to: Option<Box<Expr>>,
    },
    /// `list[i]`, `map[key]`: a `T?`. The node is the element's (not an `Optional` one).
    Index {
        /// A list or map that is a place or a parameter.
        base: Box<Expr>,
        /// The place or key.
        index: Box<Expr>,
    },
    /// `name.lower()`, `now()`: a function of the language.
    Apply {
        /// Which.
        function: &'static Function,
        /// Its arguments; of a method the first is what it is called on.
        args: Vec<Expr>,
        /// Where, for the log: `shop.gw:14:9`.
        place: String,
    },
    /// `{ a: 1 }`; only where a value is written out.
    Object(Vec<Entry>),
    /// `[a, b]`
    List(Vec<Expr>),
    /// The elements of several lists behind each other. Where it is gone through as [`Rows::list`], each part has a value for each column.
    Concat(Vec<Part>),
    /// `!a`
    Not(Box<Expr>),
    /// `-a`
    Negate(Box<Expr>),
    /// `a + b`, by the type of the result
    Arithmetic {
        /// Which.
        operator: Arithmetic,
        /// The left.
        left: Box<Expr>,
        /// The right.
        right: Box<Expr>,
        /// Where, for the log: `shop.gw:14:9`.
        place: String,
    },
    /// `a < b`; with `Literal(Null)` on the right (never the left) it asks whether the left is null.
    Compare {
        /// Which.
        operator: Comparison,
        /// The left.
        left: Box<Expr>,
        /// The right.
        right: Box<Expr>,
    },
    /// `a in list`
    In {
        /// The value.
        item: Box<Expr>,
        /// The list.
        list: Box<Expr>,
        /// Whether it takes a time that does not tell how much is alike.
        secret: bool,
    },
    /// `a && b`
    And(Box<Expr>, Box<Expr>),
    /// `a || b`
    Or(Box<Expr>, Box<Expr>),
    /// `if c then a else b`
    If {
        /// The condition.
        condition: Box<Expr>,
        /// When it holds.
        then: Box<Expr>,
        /// When it does not.
        otherwise: Box<Expr>,
    },
}

/// One part of an interpolated string.
#[derive(Debug, Clone, PartialEq)]
pub enum TextPart {
    /// Text.
    Literal(String),
    /// A scalar, written as text.
    Value(Expr),
}

/// One entry of a built object.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key as JSON has it.
    pub key: String,
    /// The value.
    pub value: Expr,
}
