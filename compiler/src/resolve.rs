//! Names to ids: which word means which type, service, operation or policy, the same everywhere in the program.

use std::collections::BTreeMap;

use crate::model::{OperationId, ServiceId, TypeId};
use crate::source::Span;
pub use crate::spelling::nearest;

/// Every name that a program declares.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// `type` and `enum`, by name.
    pub types: BTreeMap<String, TypeId>,
    /// Services, by name.
    pub services: BTreeMap<String, ServiceId>,
    /// Operations, by service and name.
    pub operations: BTreeMap<(ServiceId, String), OperationId>,
    /// Names of items that are refused with "not yet" (`union`, `auth`, `extern fn`), and of items that are broken: using one is no second error.
    pub refused: BTreeMap<String, Span>,
    /// Whether a file could not be read in full, so that an unknown name may be no fault of its user.
    pub incomplete: bool,
}
