//! How a value of the language is held in Rust.

use proc_macro2::TokenStream;
use quote::quote;

use super::endpoint::Endpoint;
use super::names;
use crate::model::{Scalar, Ty, TypeId};
use crate::plan::{Expr, NodeId, Step, StepId, StepKind, Take};

/// The Rust type that a value has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Held {
    /// Nothing is kept: `()`.
    Unit,
    /// Its text as it came.
    Raw,
    /// Finished JSON.
    Fragment,
    /// A decoded plain value.
    Scalar(Scalar),
    /// A decoded enum.
    Enum(TypeId),
    /// The struct of a node.
    Struct(NodeId),
    /// The struct of what is kept for each element of a list.
    Results(StepId),
    /// A `Vec`.
    List(Box<Held>),
    /// A `gw::Map`.
    Map(Box<Held>),
    /// An `Option`.
    Optional(Box<Held>),
}

impl Held {
    /// What is behind an `Option`.
    pub(super) fn behind(&self) -> Held {
        match self {
            Self::Optional(inner) => (**inner).clone(),
            other => other.clone(),
        }
    }

    pub(super) fn optional(self) -> Self {
        match self {
            Self::Optional(_) => self,
            other => Self::Optional(Box::new(other)),
        }
    }

    pub(super) fn is_string(&self) -> bool {
        *self == Self::Scalar(Scalar::String)
    }
}

impl Endpoint<'_> {
    /// How a value of a node is held.
    pub(super) fn held(&self, id: NodeId) -> Held {
        let node = self.plan.readings.get(id);
        match &node.take {
            Take::Nothing => Held::Unit,
            Take::Copy if self.uses.json(id) => Held::Scalar(Scalar::Json),
            Take::Copy => Held::Raw,
            Take::Decode => self.held_type(&node.ty),
            Take::Whole | Take::Part { .. } => Held::Fragment,
            Take::Object { .. } => Held::Struct(id),
            Take::List(element) => Held::List(Box::new(self.held(*element))),
            Take::Map(value) => Held::Map(Box::new(self.held(*value))),
            Take::Optional(inner) => self.held(*inner).optional(),
        }
    }

    /// How a decoded value of a type is held.
    pub(super) fn held_type(&self, ty: &Ty) -> Held {
        match self.context.resolve(ty) {
            Ty::Scalar(scalar) | Ty::Constrained(scalar, _) => Held::Scalar(scalar),
            Ty::Enum(id) => Held::Enum(id),
            Ty::List(element, _) => Held::List(Box::new(self.held_type(&element))),
            Ty::Map(value) => Held::Map(Box::new(self.held_type(&value))),
            Ty::Optional(inner) => self.held_type(&inner).optional(),
            Ty::Unknown | Ty::Null | Ty::Alias(_) | Ty::Object(_) | Ty::Built(_) | Ty::Keyed { .. } => {
                Held::Scalar(Scalar::Json)
            }
        }
    }

    /// How the value of a step is held once it is there.
    pub(super) fn held_step(&self, step: &Step) -> Held {
        let held = match &step.kind {
            StepKind::Call { operation, reads, .. } => match self.context.operation(*operation).returns {
                Some(_) => self.held(*reads),
                None => Held::Unit,
            },
            StepKind::Each { flow, .. } => {
                let element = match self.uses.kept(flow).as_slice() {
                    [] => Held::Unit,
                    [only] => self.held_step(only),
                    _ => Held::Results(step.id),
                };
                Held::List(Box::new(element))
            }
            StepKind::Compute { value, .. } => self.held_type(&value.ty),
            StepKind::Check { .. } => Held::Unit,
            StepKind::Require { value, .. } => self.held_place(value).behind(),
        };
        if step.when.is_empty() || held == Held::Unit { held } else { held.optional() }
    }

    /// How a place is held.
    fn held_place(&self, expr: &Expr) -> Held {
        match expr.node {
            // What `[i]` finds is behind an `Option` of the look-up.
            Some(node) => self.held(node).optional(),
            None => self.held_type(&expr.ty),
        }
    }

    /// Whether a value is copied rather than moved.
    pub(super) fn is_copy(&self, held: &Held) -> bool {
        match held {
            Held::Unit | Held::Scalar(Scalar::Int | Scalar::Bool) => true,
            Held::Enum(id) => !self.context.is_open_enum(*id),
            Held::Optional(inner) => self.is_copy(inner),
            Held::Raw
            | Held::Fragment
            | Held::Scalar(_)
            | Held::Struct(_)
            | Held::Results(_)
            | Held::List(_)
            | Held::Map(_) => false,
        }
    }

    /// The Rust type, as an endpoint's module writes it.
    pub(super) fn rust_type(&self, held: &Held) -> TokenStream {
        match held {
            Held::Unit => quote! { () },
            Held::Raw => quote! { gw::Raw },
            Held::Fragment => quote! { gw::Fragment },
            Held::Scalar(scalar) => scalar_type(*scalar),
            Held::Enum(id) => self.declared(*id),
            Held::Struct(node) => {
                let name = names::ident(&self.node_name(*node));
                quote! { #name }
            }
            Held::Results(step) => {
                let name = names::ident(&self.results_name(*step));
                quote! { #name }
            }
            Held::List(element) => {
                let element = self.rust_type(element);
                quote! { Vec<#element> }
            }
            Held::Map(value) => {
                let value = self.rust_type(value);
                quote! { gw::Map<#value> }
            }
            Held::Optional(inner) => {
                let inner = self.rust_type(inner);
                quote! { Option<#inner> }
            }
        }
    }
}

/// The Rust type of a decoded scalar.
pub(super) fn scalar_type(scalar: Scalar) -> TokenStream {
    match scalar {
        Scalar::Int => quote! { i64 },
        Scalar::Float => quote! { gw::Float },
        Scalar::Decimal => quote! { gw::Decimal },
        Scalar::String => quote! { String },
        Scalar::Bool => quote! { bool },
        Scalar::Json => quote! { gw::Json },
        Scalar::Time => quote! { gw::Time },
        Scalar::Date => quote! { gw::Date },
        Scalar::Uuid => quote! { gw::Uuid },
        Scalar::Url => quote! { gw::Url },
        Scalar::Path => quote! { gw::Path },
    }
}
