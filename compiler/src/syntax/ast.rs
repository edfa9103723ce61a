//! The tree of a `.gw` file, as it was written: every node with its place, no name looked up, nothing left out.

mod exprs;

pub use exprs::*;

use crate::source::Span;

/// A word with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The word.
    pub text: String,
    /// Its place.
    pub span: Span,
}

/// A string literal: its value without quotes and escapes, and its place with the quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The value.
    pub value: String,
    /// The place, quotes included.
    pub span: Span,
}

/// A literal number or keyword-like value with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub span: Span,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct File {
    /// Its items, as written. Broken ones are left out; their diagnostics say so.
    pub items: Vec<Item>,
    /// Whether something in it could not be read, so that names may be missing through no fault of their users.
    pub broken: bool,
}

/// One item, with the `///` lines above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The documentation, a line each, without `///` and one blank.
    pub docs: Vec<Text>,
    /// What it is.
    pub kind: ItemKind,
    /// All of it, documentation not included.
    pub span: Span,
}

/// The kinds of items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemKind {
    /// `use "./types.gw"`
    Use(Text),
    /// `gateway Storefront { … }`
    Gateway(Gateway),
    /// `type User { … }`, `type UserId = Int(1..)`
    Type(TypeItem),
    /// `enum Status { placed, paid, .. }`
    Enum(EnumItem),
    /// `policy metered { … }`
    Policy(Policy),
    /// `service Users at "http://…" { … }`
    Service(Service),
    /// `group "/v1" { … }`
    Group(Group),
    /// `endpoint GET "/…" name(…) { … }`
    Endpoint(Endpoint),
    /// What the grammar knows and the checker refuses with "not yet": `union`, `auth`, `extern fn`, `test`.
    Later(Later),
}

/// An item that this version does not compile yet; it is kept as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Later {
    /// The word it starts with: `union`, `auth`, `extern fn`, `test`.
    pub keyword: Name,
    /// Its name, where it has one that others may use.
    pub name: Option<Name>,
}

/// `gateway Name { settings }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gateway {
    /// Its name.
    pub name: Name,
    /// Its settings.
    pub settings: Vec<Setting>,
}

/// `policy name { settings }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Its name.
    pub name: Name,
    /// Its settings.
    pub settings: Vec<Setting>,
}

/// `type Name = T` or `type Name { fields }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeItem {
    /// Its name.
    pub name: Name,
    /// What it stands for.
    pub body: TypeBody,
    /// Whether a field of it could not be read.
    pub broken: bool,
}

/// What a `type` item stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeBody {
    /// A name for another type.
    Alias(TypeExpr),
    /// An object. `open` is a closing `..`: fields that it does not name may come in from a client too.
    Object {
        /// Its fields.
        fields: Vec<Field>,
        /// Whether it ends in `..`.
        open: bool,
    },
}

/// `"json-name" name: T sensitive = default else fallback`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The documentation above it.
    pub docs: Vec<Text>,
    /// The name on the wire, where it differs.
    pub wire: Option<Text>,
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: TypeExpr,
    /// `sensitive` or `secret`.
    pub marking: Option<Name>,
    /// `= v`: what it is when left out.
    pub default: Option<Literal>,
    /// `else v`: what it is when what came is broken.
    pub fallback: Option<Literal>,
    /// All of it.
    pub span: Span,
}

/// `enum Name { variants, .. }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumItem {
    /// Its name.
    pub name: Name,
    /// Its variants.
    pub variants: Vec<Variant>,
    /// Whether it ends in `..`: other strings may come.
    pub open: bool,
    /// Whether a variant of it could not be read.
    pub broken: bool,
}

/// `"wire" name`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// The documentation above it.
    pub docs: Vec<Text>,
    /// The string on the wire, where it differs.
    pub wire: Option<Text>,
    /// Its name.
    pub name: Name,
}

/// A type as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeExpr {
    /// What it is without constraint and `?`.
    pub kind: TypeKind,
    /// `(1..=50)`, `(matches r"…")`
    pub constraint: Option<Constraint>,
    /// The place of a `?` at its end.
    pub optional: Option<Span>,
    /// All of it.
    pub span: Span,
}

/// The kinds of types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeKind {
    /// `Int`, `User`
    Name(Name),
    /// `[T]`
    List(Box<TypeExpr>),
    /// `{String: T}`
    Map(Box<TypeExpr>, Box<TypeExpr>),
}

/// What stands in parentheses behind a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constraint {
    /// `1..=50`, `..=100`, `1..`
    pub range: Option<Range>,
    /// `matches r"…"`
    pub pattern: Option<Text>,
    /// All of it, parentheses included.
    pub span: Span,
}

/// A range of numbers, each kept as written (digits, `-`, a size's unit).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// The least, or no bound.
    pub from: Option<Spanned<String>>,
    /// The most, or no bound.
    pub to: Option<Spanned<String>>,
    /// Whether `to` itself belongs to it: `..=`.
    pub inclusive: bool,
    /// All of it.
    pub span: Span,
}

/// `METHOD "path" name(parameters) -> Type`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// `GET` … `ANY`
    pub method: Name,
    /// The path pattern.
    pub path: Text,
    /// The name.
    pub name: Name,
    /// The parameters.
    pub params: Vec<Param>,
    /// The type of the answer.
    pub returns: Option<TypeExpr>,
}

/// `header "X-Y" name: T = default`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Param {
    /// `header`, `query` or `cookie`, with the wire's name. Without it: path, `body`, or query under its own name.
    pub place: Option<(Name, Text)>,
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: TypeExpr,
    /// `sensitive` or `secret`.
    pub marking: Option<Name>,
    /// `= v`
    pub default: Option<Literal>,
    /// All of it.
    pub span: Span,
}

/// `service Name at address { settings operations }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its name.
    pub name: Name,
    /// Where it is: one address, or several in turn.
    pub addresses: Vec<Address>,
    /// Its settings.
    pub settings: Vec<Setting>,
    /// Its operations.
    pub operations: Vec<Operation>,
}

/// One address of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// `"http://…"`
    Text(Text),
    /// `env("X", "http://…")`, `dns("…")` …
    Source(SourceCall),
}

/// `env("X", default)`, `file("…")`: a value that is read when the gateway starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceCall {
    /// `env`, `file`, `dns` …
    pub function: Name,
    /// What it reads.
    pub argument: Option<Text>,
    /// The value where there is none.
    pub default: Option<Literal>,
    /// All of it.
    pub span: Span,
}

/// One operation of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// The documentation above it.
    pub docs: Vec<Text>,
    /// `GET "/users/{id}" user(id: UserId) -> User`; of a `graphql` operation, refused with "not yet", the method is `graphql` and the path its query.
    pub head: Head,
    /// `as xml`, refused with "not yet".
    pub format: Option<Name>,
    /// Its settings; `None` where no braces were written.
    pub settings: Option<Vec<Setting>>,
    /// All of it.
    pub span: Span,
}

/// `group "/v1" { settings, endpoints and groups }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The prefix of every path in it.
    pub prefix: Text,
    /// Its settings.
    pub settings: Vec<Setting>,
    /// Endpoints and groups, nothing else.
    pub items: Vec<Item>,
}

/// `endpoint HEAD { settings statements result }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Method, path, name, parameters.
    pub head: Head,
    /// Its settings.
    pub settings: Vec<Setting>,
    /// `let` and `check`.
    pub statements: Vec<Statement>,
    /// What it answers; `None` where it was broken and reported.
    pub result: Option<ResultStatement>,
}

/// One setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The word it starts with.
    pub name: Name,
    /// What it says.
    pub kind: SettingKind,
    /// All of it.
    pub span: Span,
}

/// The closed list of settings of this version, each with its own shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingKind {
    /// `public`
    Public,
    /// `idempotent`
    Idempotent,
    /// `use policy`
    Use(Name),
    /// `listen "0.0.0.0:8080"`
    Listen(SettingValue<Text>),
    /// `timeout 2s`: milliseconds
    Timeout(SettingValue<Spanned<u64>>),
    /// `connect 500ms`, on a service: milliseconds
    Connect(SettingValue<Spanned<u64>>),
    /// `body 2mb`: bytes that a client may send
    Body(SettingValue<Spanned<u64>>),
    /// `response 5mb`: bytes that an upstream may answer
    Response(SettingValue<Spanned<u64>>),
    /// `relay [409, 422]`
    Relay(Vec<Spanned<u16>>),
    /// `absent [404]`
    Absent(Vec<Spanned<u16>>),
    /// `health "/__health" public`, or `health off`-like forms are refused
    Health {
        /// The path.
        path: Text,
        /// `public` (or `auth`, refused with "not yet").
        access: Option<Name>,
    },
    /// `limits { headers 32kib, connections 10000, … }`: the bounds of the server, on the gateway.
    Limits(Vec<Limit>),
    /// A setting that the grammar knows and the checker refuses with "not yet": `retry`, `cache`, `auth` …
    Later,
    /// A word that is no setting at all; the checker names the nearest.
    Unknown,
}

/// One bound of `limits { … }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// Which.
    pub name: Name,
    /// Its value: a count, bytes or milliseconds, as the unit says.
    pub value: LimitValue,
    /// All of it.
    pub span: Span,
}

/// The value of a [`Limit`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitValue {
    /// `100`
    Count(u64),
    /// `32kib`, in bytes
    Bytes(u64),
    /// `5s`, in milliseconds
    Millis(u64),
}

/// A setting's value: written, or read when the gateway starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingValue<T> {
    /// Written here.
    Literal(T),
    /// `env("X", default)`
    Source(SourceCall),
}

/// One statement of an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Statement {
    /// `let name: T = value at most n at once else 404 "why"`
    Let(Let),
    /// `check condition else 403 "why"`
    Check(Check),
}

/// See [`Statement::Let`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Let {
    /// Its name, or `_`.
    pub name: Name,
    /// Its type, where written.
    pub ty: Option<TypeExpr>,
    /// Its value.
    pub value: Expr,
    /// `at most n at once`
    pub at_most: Option<Spanned<u32>>,
    /// `else 404 "why"`
    pub otherwise: Option<Refusal>,
    /// All of it.
    pub span: Span,
}

/// See [`Statement::Check`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What must hold.
    pub condition: Expr,
    /// What is answered when it does not.
    pub otherwise: Refusal,
    /// All of it.
    pub span: Span,
}

/// `404 "why"`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The status.
    pub status: Spanned<u16>,
    /// The reason that the client reads.
    pub reason: Option<Text>,
}

/// The last statement of an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultStatement {
    /// What it does.
    pub kind: ResultKind,
    /// `with header "A" = a, cookie "b" = c`
    pub with: Vec<WithSet>,
    /// All of it.
    pub span: Span,
}

/// The kinds of results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResultKind {
    /// `respond 201 value`
    Respond {
        /// The status, 200 where none is written.
        status: Option<Spanned<u16>>,
        /// The body, none where none is written.
        body: Option<Expr>,
    },
    /// `redirect 308 "/v1/items/{id}"`; the target may interpolate.
    Redirect {
        /// The status.
        status: Spanned<u16>,
        /// Where to.
        target: Expr,
    },
    /// `reject 404 "why"`
    Reject(Refusal),
    /// `if c then result else result`, at the end of a body.
    If {
        /// The condition.
        condition: Expr,
        /// The result when it holds.
        then: Box<ResultStatement>,
        /// The result when it does not.
        otherwise: Box<ResultStatement>,
    },
    /// `proxy Files "/{path}"`, refused with "not yet".
    Proxy,
}

/// `header "Location" = value`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithSet {
    /// `header` or `cookie`
    pub place: Name,
    /// Its name on the wire.
    pub wire: Text,
    /// Its value.
    pub value: Expr,
    /// All of it.
    pub span: Span,
}
