//! What the checker leaves behind: the program with every name looked up and every expression typed.
//!
//! Expressions are already in a small core language. A selection on an object is a `Bind` with a built object in it,
//! one on a list a `Map`, one on a `T?` a `Present`; a spread has become its keys. So everything after the checker knows
//! few forms, and none of the sugar.

use crate::functions::Function;
use crate::model::{Disclosure, EndpointHead, Model, OperationId, Proof, Ty, TypeId, Value};
use crate::source::Span;

/// A checked program without errors, or with errors and `Ty::Unknown` at their places.
#[derive(Debug, Clone, PartialEq)]
pub struct Typed {
    /// Types, services, operations and settings.
    pub model: Model,
    /// The endpoints, in source order.
    pub endpoints: Vec<Endpoint>,
}

/// A parameter of the endpoint, by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ParamId(pub usize);

/// A `let` of the endpoint, by its place in [`Endpoint::statements`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LetId(pub usize);

/// A value that an expression binds: the element of a `Map`, the value behind a `T?`, a subject. Unique in its endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalId(pub usize);

/// One endpoint.
#[derive(Debug, Clone, PartialEq)]
pub struct Endpoint {
    /// All but its body.
    pub head: EndpointHead,
    /// `let` and `check`, in source order.
    pub statements: Vec<Statement>,
    /// What it answers.
    pub outcome: Outcome,
    /// Names for locals that generated code should use, by `LocalId`: `line` for an element of `lines`, and so on.
    pub local_names: Vec<String>,
    /// What was proved of it.
    pub proof: Proof,
    /// Where its marked data goes.
    pub disclosures: Vec<Disclosure>,
}

/// One statement.
#[derive(Debug, Clone, PartialEq)]
pub enum Statement {
    /// `let name = value`; its `LetId` is its place. `_` has the name `_`.
    Let {
        /// Its name.
        name: String,
        /// Its value.
        value: Expr,
    },
    /// `check condition else status "reason"`
    Check {
        /// What must hold.
        condition: Expr,
        /// What is answered when it does not.
        refusal: Refusal,
        /// Where.
        origin: Span,
    },
    /// `let order = value else 404 "why"`, and `check order != null else …`: answers when `value` is null, and binds
    /// what is behind it for all that follows.
    Require {
        /// The value, of a `T?`.
        value: Expr,
        /// The local that is `T` after it.
        item: LocalId,
        /// What is answered when it is null.
        refusal: Refusal,
        /// Where.
        origin: Span,
    },
}

/// An answer without a value: a problem document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// 400 to 599.
    pub status: u16,
    /// The reason that the client reads.
    pub reason: Option<String>,
}

/// What an endpoint answers.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// `respond 201 value with header …`
    Respond {
        /// The status.
        status: u16,
        /// The body; none for `respond 204`.
        body: Option<Expr>,
        /// Headers and cookies.
        with: Vec<WithSet>,
    },
    /// `redirect 308 "…"`
    Redirect {
        /// 301, 302, 303, 307 or 308.
        status: u16,
        /// A string that begins with a literal path or origin.
        target: Expr,
        /// Headers and cookies.
        with: Vec<WithSet>,
    },
    /// `reject 404 "why"`
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

/// An expression and its type.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// The type of its value.
    pub ty: Ty,
    /// Where it is written.
    pub span: Span,
}

/// The core language of expressions.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// An error was reported here; no plan is made of it.
    Invalid,
    /// A value known now.
    Literal(Value),
    /// An interpolated string: text, and scalars that are never null.
    Text(Vec<TextPart>),
    /// A parameter of the endpoint.
    Param(ParamId),
    /// The value of a `let`.
    Let(LetId),
    /// A local that is bound around it, or by a `Require` above.
    Local(LocalId),
    /// A field of an object that is not null. `name` is the field's name of a declared object (not the wire's), the key of a built one;
    /// of `Json` it is the key, and the type is `Json?`.
    Field {
        /// The object.
        base: Box<Expr>,
        /// Which.
        name: String,
    },
    /// A call of an operation.
    Call(Call),
    /// `name.lower()`, `now()`: a function of the language. A method's first argument is what it is called on.
    Apply {
        /// Which.
        function: &'static Function,
        /// A value for each parameter, in their order; a default is filled in.
        args: Vec<Expr>,
    },
    /// `body` with `item` bound to `value`, which is evaluated once.
    Bind {
        /// The value.
        value: Box<Expr>,
        /// Its name in `body`.
        item: LocalId,
        /// What it is used for.
        body: Box<Expr>,
    },
    /// `body` for each element of a list, in order.
    Map {
        /// The list.
        list: Box<Expr>,
        /// The element in `body`.
        item: LocalId,
        /// What each becomes.
        body: Box<Expr>,
        /// `at most n at once`, where `body` makes calls.
        at_most: Option<u32>,
    },
    /// Something that asks each element of a list: `list.filter(x => by)`.
    ByElement {
        /// The list.
        list: Box<Expr>,
        /// What is done.
        what: ByElement,
        /// The element in `by`.
        item: LocalId,
        /// What is asked of each: a condition or a key.
        by: Box<Expr>,
    },
    /// Something of a list as a whole: `list.sum()`.
    OfList {
        /// The list; for keys, values and entries a map.
        list: Box<Expr>,
        /// What.
        what: OfList,
    },
    /// Null where `value` is null, else `body` with `item` bound to what is behind it.
    Present {
        /// The value, of a `T?`.
        value: Box<Expr>,
        /// What is behind it.
        item: LocalId,
        /// What it becomes; `T?` of a `T?` is a `T?`.
        body: Box<Expr>,
    },
    /// `value or default`
    OrElse {
        /// The value, of a `T?`.
        value: Box<Expr>,
        /// What it is where that is null.
        default: Box<Expr>,
    },
    /// `list[from..to]`: `to` exclusive; both are Int and cut to what there is. A constant is a `Literal`.
    Slice {
        /// The list.
        list: Box<Expr>,
        /// The first; `None`: from the start.
        from: Option<Box<Expr>>,
        /// The end, exclusive; `None`: to the end.
        to: Option<Box<Expr>>,
    },
    /// `list[i]` and `map[key]`: a `T?`.
    Index {
        /// A list or a map.
        base: Box<Expr>,
        /// An Int, or a String.
        index: Box<Expr>,
    },
    /// `{ a: 1, b: 2 }`: keys are unique.
    Object(Vec<Entry>),
    /// `[a, b]`
    List(Vec<Expr>),
    /// `reveal a`: what it is marks it no more; the type is its own.
    Reveal(Box<Expr>),
    /// `[...a, ...b]`: the elements of lists behind each other; one that is null has none. An element by itself is a `List` of one.
    Concat(Vec<Expr>),
    /// `!a`
    Not(Box<Expr>),
    /// `-a`
    Negate(Box<Expr>),
    /// `a + b`; both sides have one kind (Int, Decimal or Float; `+` also String), or Int beside Decimal, which is read as Decimal.
    Arithmetic {
        /// Which.
        operator: Arithmetic,
        /// The left.
        left: Box<Expr>,
        /// The right.
        right: Box<Expr>,
    },
    /// `a < b`, `a == b`; equality with `Literal(Null)` is allowed for a `T?`.
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

/// What asks each element of a list. Keys are never null.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ByElement {
    /// Those for which it holds.
    Filter,
    /// Ordered by it; those with the same key stay as they were.
    Sort {
        /// The greatest first.
        descending: bool,
    },
    /// Of those with the same key only the first.
    Distinct,
    /// Whether it holds for any.
    Any,
    /// By their keys, the first of each.
    Index,
    /// By their keys, all of each.
    Groups,
}

/// What a list as a whole gives.
#[derive(Debug, Clone, PartialEq)]
pub enum OfList {
    /// The last first.
    Reverse,
    /// The elements of all lists in it.
    Flatten,
    /// So many at a time.
    Chunk(u32),
    /// Each as `first` beside the one in the same place of another list as `second`; as long as the shorter one.
    Zip(Box<Expr>),
    /// The first, or null.
    First,
    /// The last, or null.
    Last,
    /// How many.
    Count,
    /// Of numbers; of none 0.
    Sum,
    /// The least; of none null.
    Min,
    /// The greatest; of none null.
    Max,
    /// The mean of numbers; of none null.
    Average,
    /// Strings, with one between them.
    Join(Box<Expr>),
    /// The keys of a map.
    Keys,
    /// The values of a map.
    Values,
    /// `{ key, value }` of each key of a map.
    Entries,
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

/// A call of an operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Which.
    pub operation: OperationId,
    /// A value for each of the operation's parameters, in their order; a default is filled in, one left out is `Literal(Null)`.
    pub args: Vec<Expr>,
    /// `?`: null where it fails.
    pub optional: bool,
}

/// The operators of arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// The operators of comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Comparison {
    Equal,
    NotEqual,
    /// `Equal`, in a time that does not tell how much is alike.
    SecretEqual,
    /// `NotEqual`, in a time that does not tell how much is alike.
    SecretNotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// Where a declared type is wanted by its id.
impl Typed {
    /// The name of a declared type.
    pub fn type_name(&self, id: TypeId) -> &str {
        self.model.types.get(id.0).map_or("", |decl| decl.name.as_str())
    }
}
