//! The nouns of a program once every name is known: types, services, operations, endpoints' heads and settings.
//!
//! The checker makes them; `typed` and `plan` both stand on them. Ids are places in the lists of [`Model`].

use std::rc::Rc;

use crate::source::Span;

/// A type declared by the program: [`Model::types`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub usize);

/// A service: [`Model::services`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServiceId(pub usize);

/// An operation: [`Model::operations`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OperationId(pub usize);

/// What a program declares.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// The gateway item.
    pub gateway: Gateway,
    /// Every `type` and `enum`, in source order.
    pub types: Vec<TypeDecl>,
    /// Every service, in source order.
    pub services: Vec<Service>,
    /// Every operation, in source order.
    pub operations: Vec<Operation>,
}

// ── types ────────────────────────────────────────────────────────────────────────────────────────────────────────

/// The type of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ty {
    /// Not known because of an error that was reported; it fits everything, so that one error stays one.
    Unknown,
    /// Only `null`.
    Null,
    /// A plain value.
    Scalar(Scalar),
    /// A plain value with a constraint of its own: `Int(1..=50)`. It mixes with the plain type.
    Constrained(Scalar, Rc<Constraint>),
    /// A name for a scalar or a list type: `type UserId = Int(1..)`. Two such names don't mix; a literal fits either.
    Alias(TypeId),
    /// A declared object.
    Object(TypeId),
    /// A declared enum.
    Enum(TypeId),
    /// `[T]`, with the bounds of its length.
    List(Rc<Ty>, Bounds),
    /// `{String: T}`
    Map(Rc<Ty>),
    /// What `index_by` and `group_by` give: values by keys of their own type. As JSON an object.
    Keyed {
        /// An Int, a String, a Uuid or an enum, or a name for one.
        key: Rc<Ty>,
        /// What has that key.
        value: Rc<Ty>,
    },
    /// `T?`; never directly another `Optional`.
    Optional(Rc<Ty>),
    /// An object that a selection or `{ … }` built: its keys in the order in which they are written.
    Built(Rc<Vec<BuiltField>>),
}

/// One key of a built object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuiltField {
    /// The key as JSON has it.
    pub key: String,
    /// Its value's type.
    pub ty: Ty,
}

/// The plain types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names are the language's own")]
pub enum Scalar {
    Int,
    Float,
    Decimal,
    String,
    Bool,
    /// Any JSON value, carried as it is.
    Json,
    Time,
    Date,
    Uuid,
    Url,
    Path,
}

impl Scalar {
    /// Every plain type, in the order of the reference.
    pub const ALL: [Self; 11] = [
        Self::Int,
        Self::Float,
        Self::Decimal,
        Self::String,
        Self::Bool,
        Self::Json,
        Self::Time,
        Self::Date,
        Self::Uuid,
        Self::Url,
        Self::Path,
    ];

    /// Its name in the language.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Int => "Int",
            Self::Float => "Float",
            Self::Decimal => "Decimal",
            Self::String => "String",
            Self::Bool => "Bool",
            Self::Json => "Json",
            Self::Time => "Time",
            Self::Date => "Date",
            Self::Uuid => "Uuid",
            Self::Url => "Url",
            Self::Path => "Path",
        }
    }

    /// The plain type of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scalar| scalar.as_str() == name)
    }
}

/// The least and the most of a list's length, both inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bounds {
    /// The least number of elements.
    pub min: u32,
    /// The most; `None`: no bound.
    pub max: Option<u32>,
}

/// What a scalar must satisfy beside its kind. Ends are inclusive; the text is a number as written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Constraint {
    /// The least number, or the least length in characters.
    pub min: Option<String>,
    /// The greatest number, or the greatest length in characters.
    pub max: Option<String>,
    /// A pattern that the whole string must match.
    pub pattern: Option<String>,
}

/// A declared type.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeDecl {
    /// Its name, Capitalised.
    pub name: String,
    /// The documentation above it, a line each.
    pub docs: Vec<String>,
    /// What it is.
    pub kind: TypeDeclKind,
    /// Where its name stands.
    pub origin: Span,
}

/// The kinds of declared types.
#[derive(Debug, Clone, PartialEq)]
pub enum TypeDeclKind {
    /// A name for `base`, which is never an alias, an object or an enum itself.
    Alias {
        /// What it stands for, constraint included.
        base: Ty,
    },
    /// An object.
    Object {
        /// Its fields, in source order.
        fields: Vec<Field>,
        /// Whether a client may send other fields too.
        open: bool,
    },
    /// A set of strings.
    Enum {
        /// Its variants, in source order.
        variants: Vec<Variant>,
        /// Whether other strings may come.
        open: bool,
    },
}

/// One field of a declared object.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its name in the language.
    pub name: String,
    /// Its key in JSON.
    pub wire: String,
    /// The documentation above it, a line each.
    pub docs: Vec<String>,
    /// Its type.
    pub ty: Ty,
    /// How far it may go.
    pub marking: Option<Marking>,
    /// What it is when left out.
    pub default: Option<Value>,
    /// What it is when an upstream sent something else.
    pub fallback: Option<Value>,
    /// Where it stands.
    pub origin: Span,
}

/// How far data may go that is not for everybody. The second is the stricter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Marking {
    /// It reaches a client or another upstream only by `reveal`.
    Sensitive,
    /// It reaches neither.
    Secret,
}

impl Marking {
    /// Its word in the language.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sensitive => "sensitive",
            Self::Secret => "secret",
        }
    }

    /// The marking of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Sensitive, Self::Secret].into_iter().find(|marking| marking.as_str() == name)
    }
}

/// One variant of an enum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// Its name in the language.
    pub name: String,
    /// Its string in JSON.
    pub wire: String,
    /// The documentation above it, a line each.
    pub docs: Vec<String>,
}

/// A value known when the program is compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number as written; the type of its place says which kind.
    Number(String),
    /// A string.
    String(String),
    /// A variant of an enum, by its place.
    Variant(TypeId, usize),
    /// A list.
    List(Vec<Value>),
}

// ── settings ─────────────────────────────────────────────────────────────────────────────────────────────────────

/// Which item a setting's value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Nobody wrote it.
    Default,
    /// The gateway item.
    Gateway,
    /// A group, by its prefix.
    Group(String),
    /// A policy, by its name.
    Policy(String),
    /// The endpoint itself.
    Endpoint,
    /// The service.
    Service,
    /// The operation itself.
    Operation,
}

/// A setting's value and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Who said so.
    pub source: Source,
    /// Where it is written; `None` for a default.
    pub origin: Option<Span>,
}

/// A value that is written, or read from the environment when the gateway starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Config<T> {
    /// Written in the program.
    Literal(T),
    /// `env("NAME", default)`
    Env {
        /// The variable.
        name: String,
        /// The value where it is not set; checked when the program is compiled.
        default: Option<T>,
    },
}

/// The gateway item, with its defaults filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct Gateway {
    /// Its name, Capitalised.
    pub name: String,
    /// The documentation above it.
    pub docs: Vec<String>,
    /// The address to listen at.
    pub listen: Setting<Config<String>>,
    /// The path of the health answer; `/__health` where nobody says.
    pub health: Setting<String>,
    /// The bounds of the server that differ from their defaults: name and value (count, bytes or ms), names checked.
    pub limits: Vec<(String, u64)>,
    /// Where its name stands.
    pub origin: Span,
}

// ── services ─────────────────────────────────────────────────────────────────────────────────────────────────────

/// A service that we call.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// Its name, Capitalised.
    pub name: String,
    /// The documentation above it.
    pub docs: Vec<String>,
    /// Its addresses: one, or several tried in turn.
    pub addresses: Vec<Config<String>>,
    /// How long a connection may take, ms.
    pub connect: Setting<Config<u64>>,
    /// Its operations, in source order.
    pub operations: Vec<OperationId>,
    /// Where its name stands.
    pub origin: Span,
}

/// The methods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names are HTTP's own")]
pub enum Method {
    Get,
    Head,
    Post,
    Put,
    Patch,
    Delete,
    Options,
    /// Every method, on an endpoint only.
    Any,
}

/// One operation of a service.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// Its service.
    pub service: ServiceId,
    /// Its name.
    pub name: String,
    /// The documentation above it.
    pub docs: Vec<String>,
    /// Its method, never `Any`.
    pub method: Method,
    /// Its path.
    pub path: PathPattern,
    /// Its parameters, in source order.
    pub params: Vec<Param>,
    /// The type of its answer; `None`: the answer's body is not looked at.
    pub returns: Option<Ty>,
    /// GET, HEAD, or said to be `idempotent`: may be shared, run ahead of guards, and be cancelled.
    pub safe: bool,
    /// How long one call may take, ms; `None`: what is left of its endpoint's time.
    pub timeout: Option<Setting<Config<u64>>>,
    /// How large its answer may be, bytes.
    pub response: Setting<Config<u64>>,
    /// Statuses that mean null.
    pub absent: Vec<u16>,
    /// Statuses that are passed on to the client.
    pub relay: Vec<u16>,
    /// Where its name stands.
    pub origin: Span,
}

/// A parameter of an operation or an endpoint.
#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    /// Its name in the language.
    pub name: String,
    /// Where it goes, with its name on the wire.
    pub place: ParamPlace,
    /// Its type; `Optional` where it may be left out.
    pub ty: Ty,
    /// How far it may go.
    pub marking: Option<Marking>,
    /// What it is when left out.
    pub default: Option<Value>,
    /// Where it stands.
    pub origin: Span,
}

/// Where a parameter goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParamPlace {
    /// In the path, at its `{name}`.
    Path,
    /// In the query, under this name.
    Query(String),
    /// In a header, by its lower-case name.
    Header(String),
    /// In a cookie of this name.
    Cookie(String),
    /// It is the body.
    Body,
}

/// A path, piece by piece: `/users/{id}/orders`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathPattern {
    /// The whole as people read it, groups' prefixes included.
    pub text: String,
    /// Its segments.
    pub segments: Vec<Segment>,
}

/// What stands between two `/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// This text, as it stands on the wire.
    Literal(String),
    /// One parameter, by its place in the parameters.
    Param(usize),
    /// `{path..}`: the rest of the path, by its place in the parameters.
    Rest(usize),
}

// ── endpoints ────────────────────────────────────────────────────────────────────────────────────────────────────

/// What is known of an endpoint before its body.
#[derive(Debug, Clone, PartialEq)]
pub struct EndpointHead {
    /// Its name, in `snake_case`, unlike any other endpoint's.
    pub name: String,
    /// The documentation above it.
    pub docs: Vec<String>,
    /// Its method.
    pub method: Method,
    /// Its path, groups' prefixes included.
    pub path: PathPattern,
    /// Its parameters, in source order.
    pub params: Vec<Param>,
    /// How long an answer may take, ms.
    pub timeout: Setting<Config<u64>>,
    /// How large a client's body may be, bytes.
    pub body: Setting<Config<u64>>,
    /// Who may call it: `public`; other classes join with `auth`.
    pub access: Setting<Access>,
    /// Where its name stands.
    pub origin: Span,
}

/// Who may call an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Public,
}

/// What was proved of one request, at its worst.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proof {
    /// The time that its calls may take by their own timeouts along the longest path, ms; `None`: bounded by the endpoint's timeout alone.
    pub time: Option<u64>,
    /// How many upstream calls it may make.
    pub calls: u64,
    /// How many of them may run at once.
    pub calls_at_once: u64,
    /// How many bytes of upstream answers it may hold at once.
    pub buffered: u64,
}

/// Marked data that leaves the gateway, because the program says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosure {
    /// What it is: `Users.user.email`, `token`.
    pub what: String,
    /// How it is marked.
    pub marking: Marking,
    /// Where it goes.
    pub to: Destination,
    /// Whether `reveal` lets it go; else the parameter that it goes to is marked itself.
    pub revealed: bool,
}

/// Where data can go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// To the client, in the body of the answer.
    Answer,
    /// To the client, in this header.
    Header(String),
    /// To the client, in this cookie.
    Cookie(String),
    /// To the client, in the target of a redirect.
    Redirect,
    /// To a service, as the parameter at this place.
    Argument(OperationId, usize),
    /// Into the choice between two answers, or whether a call is made.
    Decision,
    /// Into the order of a list.
    Order,
    /// Into the keys of a map.
    Keys,
}
