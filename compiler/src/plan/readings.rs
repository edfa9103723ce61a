//! What is read of the answers and of the client's body: every value that is looked at, and its fate.

use std::collections::BTreeSet;

use super::{Expr, LocalId};
use crate::model::Ty;

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

    /// A node and all that are looked at in it.
    pub fn within(&self, id: NodeId) -> BTreeSet<NodeId> {
        let mut all = BTreeSet::from([id]);
        for inner in self.get(id).take.children() {
            all.extend(self.within(inner));
        }
        all
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

impl Take {
    /// The nodes of what is looked at in a value.
    pub fn children(&self) -> Vec<NodeId> {
        match self {
            Self::Nothing | Self::Copy | Self::Decode | Self::Whole | Self::Part { .. } => Vec::new(),
            Self::Object { fields, .. } => fields.iter().map(|(_, node)| *node).collect(),
            Self::List(inner) | Self::Map(inner) | Self::Optional(inner) => vec![*inner],
        }
    }
}
