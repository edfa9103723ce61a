//! The tree of expressions, as they were written.

use super::{Name, Spanned};
use crate::source::Span;

/// A literal value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    /// What it is.
    pub kind: LiteralKind,
    /// All of it.
    pub span: Span,
}

/// The kinds of literals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LiteralKind {
    /// A number as written, without `_`; a `-` before it where it is a default.
    Number(String),
    /// `"…"` or `r"…"`, without quotes and escapes. Interpolated strings are [`ExprKind::Interpolated`].
    String(String),
    /// `true`, `false`
    Bool(bool),
    /// `null`
    Null,
    /// `200ms`, in milliseconds
    Duration(u64),
    /// `64kib`, in bytes
    Size(u64),
    /// `[a, b]`
    List(Vec<Literal>),
    /// `Status.paid`, `paid`
    Path(Vec<Name>),
}

/// An expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// All of it.
    pub span: Span,
}

/// The kinds of expressions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExprKind {
    /// `7`, `"x"`, `true`
    Literal(Literal),
    /// `"{user.name} #{id}"`
    Interpolated(Vec<StringPart>),
    /// `order`, `Users`, `Status`
    Name(Name),
    /// `.x`: a field of the innermost subject
    Subject(Name),
    /// `value.field`
    Field {
        /// The value.
        base: Box<Expr>,
        /// The field.
        name: Name,
    },
    /// `Users.user(id)`, `lines.count()`
    Apply {
        /// What is applied.
        callee: Box<Expr>,
        /// To what.
        args: Vec<Arg>,
    },
    /// `call?`
    Optional {
        /// The call.
        base: Box<Expr>,
        /// The place of the `?`.
        mark: Span,
    },
    /// `value[key]`
    Index {
        /// The value.
        base: Box<Expr>,
        /// The key or place.
        index: Box<Expr>,
    },
    /// `value[a..b]`, `value[..n]`, `value[a..]`
    Slice {
        /// The array.
        base: Box<Expr>,
        /// The first.
        from: Option<Box<Expr>>,
        /// The end.
        to: Option<Box<Expr>>,
        /// Whether the end belongs to it: `..=`.
        inclusive: bool,
    },
    /// `value { a, b: .c }`
    Select {
        /// The value.
        base: Box<Expr>,
        /// What is taken of it.
        entries: Vec<Entry>,
    },
    /// `value omit { a, b.c }`
    Omit {
        /// The value.
        base: Box<Expr>,
        /// What is dropped.
        paths: Vec<Vec<Name>>,
    },
    /// `{ a: 1, ...b }`
    Object(Vec<Entry>),
    /// `[a, ...b]`
    Array(Vec<Element>),
    /// `!a`, `-a`, `reveal a`
    Unary {
        /// Which.
        operator: Spanned<UnaryOperator>,
        /// To what.
        operand: Box<Expr>,
    },
    /// `a + b`
    Binary {
        /// Which.
        operator: Spanned<BinaryOperator>,
        /// The left.
        left: Box<Expr>,
        /// The right.
        right: Box<Expr>,
    },
    /// `if c then a else b`
    If {
        /// The condition.
        condition: Box<Expr>,
        /// The value when it holds.
        then: Box<Expr>,
        /// The value when it does not.
        otherwise: Box<Expr>,
    },
    /// `match value { a => b, else => c }`, refused with "not yet"
    Match {
        /// What is looked at.
        subject: Box<Expr>,
        /// Its arms.
        arms: Vec<Arm>,
    },
    /// `x => body`, an argument of a method; refused with "not yet"
    Lambda {
        /// Its parameter.
        parameter: Name,
        /// Its body.
        body: Box<Expr>,
    },
    /// `( a )`
    Paren(Box<Expr>),
}

/// One part of an interpolated string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StringPart {
    /// Text, without escapes.
    Text(String),
    /// `{order.id}`: a path of names.
    Path(Vec<Name>),
    /// `{.name}`: a field of the innermost subject, and fields of that.
    Subject(Vec<Name>),
}

/// One argument: `value` or `name: value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arg {
    /// The parameter's name, where written.
    pub name: Option<Name>,
    /// The value.
    pub value: Expr,
}

/// One entry of a selection or of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub kind: EntryKind,
    /// All of it.
    pub span: Span,
}

/// The kinds of entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryKind {
    /// `...`: every field that is not named, in a selection only.
    Rest,
    /// `...value`
    Spread(Expr),
    /// `key: value at most n at once`
    Pair {
        /// The key.
        key: Key,
        /// The value.
        value: Expr,
        /// `at most n at once`
        at_most: Option<Spanned<u32>>,
    },
    /// `a`, `lines { quantity }`, `profile.avatar`, `cart?`: a value that starts with a name, which (in full) is also the key.
    /// In a selection the name is a field of the subject; in an object it is a value in scope. `value` starts with `ExprKind::Name(key)`.
    Short {
        /// The key: the first word.
        key: Name,
        /// The value: the name with what follows it.
        value: Expr,
    },
}

/// A key of an object: a word or a string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The key as JSON will have it.
    pub text: String,
    /// Whether it was written in quotes.
    pub quoted: bool,
    /// Its place.
    pub span: Span,
}

/// One element of an array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// Whether `...` stands before it.
    pub spread: bool,
    /// The value.
    pub value: Expr,
}

/// One arm of a `match`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arm {
    /// The tag or variant; `None` is `else`.
    pub pattern: Option<Name>,
    /// The name for the value behind the tag.
    pub binds: Option<Name>,
    /// The arm's value.
    pub value: Expr,
}

/// `!a`, `-a`, `reveal a`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `!`
    Not,
    /// `-`
    Negate,
    /// `reveal`
    Reveal,
}

/// The operators between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOperator {
    /// `||`
    Or,
    /// `&&`
    And,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `in`
    In,
    /// `or`: replaces null
    OrElse,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
}
