//! Names to ids: which word means which type, service, operation or policy, the same everywhere in the program.

mod case;
mod declared;

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Diagnostics;
use crate::load::Program;
use crate::model::{OperationId, ServiceId, TypeId};
use crate::source::Span;
pub use crate::spelling::nearest;

pub(crate) use declared::{Declared, DeclaredType, Documented, docs_text};

/// Every name that a program declares.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// `type` and `enum`, by name.
    pub types: BTreeMap<String, TypeId>,
    /// What each of the types is, by its id.
    pub type_shapes: Vec<TypeShape>,
    /// Types of which a part could not be read: what is missing in them is no fault of its user.
    pub broken_types: BTreeSet<TypeId>,
    /// Services, by name.
    pub services: BTreeMap<String, ServiceId>,
    /// Operations, by service and name.
    pub operations: BTreeMap<(ServiceId, String), OperationId>,
    /// Names of items that are refused with "not yet" (`union`, `auth`, `extern fn`), and of items that are broken: using one is no second error.
    pub refused: BTreeMap<String, Span>,
    /// Whether an `auth` item was refused, so that `auth` settings are no second error.
    pub auth_refused: bool,
    /// Whether a file could not be read in full, so that an unknown name may be no fault of its user.
    pub incomplete: bool,
}

/// What a declared type is, before its inside is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypeShape {
    /// `type UserId = Int(1..)`
    Alias,
    /// `type User { … }`
    Object,
    /// `enum Status { … }`
    Enum,
}

impl Names {
    /// What the type of that id is.
    pub fn type_shape(&self, id: TypeId) -> Option<TypeShape> {
        self.type_shapes.get(id.0).copied()
    }

    /// Whether an unknown name is no fault of its user: it is refused, or may stand in what could not be read.
    pub fn excuses(&self, name: &str) -> bool {
        self.incomplete || self.refused.contains_key(name)
    }
}

/// Collects what a program declares, and gives each name its id. Of two with one name the first has it.
pub(crate) fn resolve<'a>(program: &'a Program, diagnostics: &mut Diagnostics) -> (Declared<'a>, Names) {
    let declared = declared::collect(program);
    let names = declared::name(program, &declared, diagnostics);
    case::check(&declared, diagnostics);
    (declared, names)
}
