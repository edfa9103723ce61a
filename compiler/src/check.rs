//! The order of the checks: from a loaded program and its names to [`Typed`], or to errors that say why not.
//!
//! Each family of rules is a file of its own. A check reports and goes on: where something is wrong it leaves
//! [`Ty::Unknown`](crate::model::Ty) behind, which fits everything, so that one fault stays one error.

use crate::model::Model;
use crate::resolve::Names;

/// What the body of an endpoint may refer to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context<'a> {
    /// Types, services, operations: everything that is declared.
    pub(crate) model: &'a Model,
    /// Their names.
    pub(crate) names: &'a Names,
}
