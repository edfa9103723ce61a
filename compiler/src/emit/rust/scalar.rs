//! Readers of plain values: which function of the runtime reads a scalar, with its constraint, from each place.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::site::Site;
use crate::model::{Bounds, Constraint, Scalar, Ty, TypeId};

/// Where a value is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// An upstream's answer, as a slice of its text.
    Slice,
    /// An upstream's answer, decoded.
    Answer,
    /// A client's body, checked in full.
    Body,
    /// The text of a parameter.
    Text,
}

impl Side {
    /// What the reader's argument is called.
    fn argument(self) -> TokenStream {
        match self {
            Self::Slice | Self::Answer => quote! { scan },
            Self::Body => quote! { body },
            Self::Text => quote! { text },
        }
    }

    fn function(self, name: &TokenStream) -> TokenStream {
        match self {
            Self::Slice | Self::Answer => quote! { gw::Scanner::#name },
            Self::Body => quote! { gw::BodyScanner::#name },
            Self::Text => quote! { gw::text::#name },
        }
    }
}

/// Something that reads one value.
#[derive(Debug, Clone)]
pub(super) enum Reader {
    /// A function of the runtime that needs nothing but its argument.
    Plain(Side, TokenStream),
    /// A function of generated code.
    Function(TokenStream),
    /// An expression over `scan`, `body` or `text`.
    Call(Side, TokenStream),
}

impl Reader {
    /// A reader with arguments behind what it reads from.
    fn with(side: Side, name: &TokenStream, arguments: &TokenStream) -> Self {
        let argument = side.argument();
        Self::Call(
            side,
            match side {
                Side::Text => quote! { gw::text::#name(#argument, #arguments) },
                Side::Slice | Side::Answer | Side::Body => quote! { #argument.#name(#arguments) },
            },
        )
    }

    /// As something to hand on.
    pub(super) fn function(&self) -> TokenStream {
        match self {
            Self::Plain(side, name) => side.function(name),
            Self::Function(path) => path.clone(),
            Self::Call(side, call) => {
                let argument = side.argument();
                quote! { |#argument| #call }
            }
        }
    }

    /// As a call over `scan`, `body` or `text`.
    pub(super) fn call(&self, side: Side) -> TokenStream {
        let argument = side.argument();
        match self {
            Self::Plain(Side::Text, name) => quote! { gw::text::#name(#argument) },
            Self::Plain(_, name) => quote! { #argument.#name() },
            Self::Function(path) => quote! { #path(#argument) },
            Self::Call(_, call) => call.clone(),
        }
    }
}

impl Site<'_> {
    /// The reader of a scalar or an enum; of anything else the one that takes any JSON.
    pub(super) fn scalar_reader(&self, ty: &Ty, side: Side) -> Reader {
        match self.context.resolve(ty) {
            Ty::Enum(id) => self.enum_reader(id, side),
            resolved => {
                let (scalar, constraint) = self.context.scalar(&resolved).unwrap_or((Scalar::Json, None));
                self.constrained_reader(scalar, constraint.as_ref(), side)
            }
        }
    }

    fn enum_reader(&self, id: TypeId, side: Side) -> Reader {
        let path = self.type_path(id);
        match side {
            Side::Slice if self.context.is_open_enum(id) => Reader::Plain(side, quote! { string }),
            Side::Slice => Reader::Call(side, quote! { scan.one_of(<#path as gw::Variant>::NAMES) }),
            Side::Answer | Side::Body | Side::Text => Reader::Plain(side, quote! { variant::<#path> }),
        }
    }

    fn constrained_reader(&self, scalar: Scalar, constraint: Option<&Constraint>, side: Side) -> Reader {
        let name = format_ident!("{}", scalar_function(scalar, side));
        let plain = quote! { #name };
        let arguments = constraint.and_then(|constraint| self.constraint(scalar, constraint));
        match arguments {
            Some(arguments) => {
                let name = format_ident!("{name}_in");
                Reader::with(side, &quote! { #name }, &arguments)
            }
            None => Reader::Plain(side, plain),
        }
    }

    /// What a constraint is as an argument.
    fn constraint(&self, scalar: Scalar, constraint: &Constraint) -> Option<TokenStream> {
        let Constraint { min, max, pattern } = constraint;
        match scalar {
            Scalar::Int => {
                let min = min.as_deref().map_or_else(|| quote! { i64::MIN }, number);
                let max = max.as_deref().map_or_else(|| quote! { i64::MAX }, number);
                Some(quote! { #min..=#max })
            }
            Scalar::Float | Scalar::Decimal => {
                let (min, max) = (option(min.as_ref()), option(max.as_ref()));
                Some(quote! { &gw::NumberRange::new(#min, #max) })
            }
            Scalar::String => {
                let rule = match (min.as_deref(), max.as_deref()) {
                    (None, None) => quote! { gw::TextRule::ANY },
                    (min, max) => {
                        let min = min.map_or_else(|| quote! { 0 }, number);
                        let max = max.map_or_else(|| quote! { usize::MAX }, number);
                        quote! { gw::TextRule::length(#min, #max) }
                    }
                };
                Some(if let Some(pattern) = pattern {
                    let pattern = self.pattern(pattern);
                    quote! { &#rule.matching(&#pattern) }
                } else {
                    quote! { &#rule }
                })
            }
            Scalar::Bool | Scalar::Json | Scalar::Time | Scalar::Date | Scalar::Uuid | Scalar::Url | Scalar::Path => {
                None
            }
        }
    }
}

fn scalar_function(scalar: Scalar, side: Side) -> &'static str {
    match (scalar, side) {
        (Scalar::Int, Side::Slice) => "whole",
        (Scalar::Int, _) => "int",
        (Scalar::Float, Side::Slice) => "finite",
        (Scalar::Float, _) => "float",
        (Scalar::Decimal, Side::Slice) => "number",
        (Scalar::Decimal, _) => "decimal",
        (Scalar::String, Side::Slice | Side::Text) | (Scalar::Json, Side::Text) => "string",
        (Scalar::String, _) => "text",
        (Scalar::Bool, Side::Slice) => "boolean_text",
        (Scalar::Bool, _) => "boolean",
        (Scalar::Json, Side::Slice) => "any",
        (Scalar::Json, _) => "json",
        (Scalar::Time, Side::Slice) => "time_text",
        (Scalar::Time, _) => "time",
        (Scalar::Date, Side::Slice) => "date_text",
        (Scalar::Date, _) => "date",
        (Scalar::Uuid, Side::Slice) => "uuid_text",
        (Scalar::Uuid, _) => "uuid",
        (Scalar::Url, Side::Slice) => "url_text",
        (Scalar::Url, _) => "url",
        (Scalar::Path, Side::Slice) => "path_text",
        (Scalar::Path, _) => "path",
    }
}

/// The bounds of a list as the runtime takes them.
pub(super) fn bounds(bounds: Bounds) -> TokenStream {
    let min = Literal::u32_unsuffixed(bounds.min);
    match bounds.max.map(Literal::u32_unsuffixed) {
        None if bounds.min == 0 => quote! { gw::Bounds::ANY },
        None => quote! { gw::Bounds::at_least(#min) },
        Some(max) if bounds.min == 0 => quote! { gw::Bounds::at_most(#max) },
        Some(max) => quote! { gw::Bounds::new(#min, #max) },
    }
}

/// A number as written, grouped as Rust people group long ones.
pub(super) fn number(digits: &str) -> TokenStream {
    let (sign, whole) = digits.strip_prefix('-').map_or(("", digits), |whole| ("-", whole));
    let grouped = if whole.len() > 3 && whole.bytes().all(|byte| byte.is_ascii_digit()) {
        group(whole)
    } else {
        whole.to_owned()
    };
    format!("{sign}{grouped}").parse().unwrap_or_else(|_| quote! { 0 })
}

/// A duration in the largest unit in which it is whole.
pub(super) fn duration(millis: u64) -> TokenStream {
    let units = [(3_600_000, "from_hours"), (60_000, "from_mins"), (1_000, "from_secs"), (1, "from_millis")];
    let (size, name) =
        units.into_iter().find(|(size, _)| millis.is_multiple_of(*size) && millis > 0).unwrap_or((1, "from_millis"));
    let (count, name) = (number(&(millis / size).to_string()), format_ident!("{name}"));
    quote! { gw::Duration::#name(#count) }
}

fn group(digits: &str) -> String {
    let mut grouped = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    grouped
}

fn option(text: Option<&String>) -> TokenStream {
    text.map_or_else(|| quote! { None }, |text| quote! { Some(#text) })
}
