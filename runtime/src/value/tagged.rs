//! Objects of a union as serde sees them: the tag is found first, then the object is read as what it says.
//!
//! serde's own way would hold the object in a form in which numbers lose their digits.

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};

use super::Variant;
use crate::json::Json;

/// An object of a union, and its tag.
#[derive(Debug, Clone)]
pub struct Tagged<T> {
    /// Which member it is.
    pub tag: T,
    /// All of it.
    pub json: Json,
}

impl<T: Variant> Tagged<T> {
    /// Reads an object whose tag stands under `key`.
    pub fn read<'de, D: Deserializer<'de>>(key: &'static str, deserializer: D) -> Result<Self, D::Error> {
        let json = Json::deserialize(deserializer)?;
        let tag = json.tag(key).map_err(D::Error::custom)?;
        Ok(Self { tag, json })
    }

    /// The object as the member that it is.
    pub fn member<M: DeserializeOwned, E: Error>(&self) -> Result<M, E> {
        serde_json::from_slice(self.json.raw().as_bytes()).map_err(E::custom)
    }
}
