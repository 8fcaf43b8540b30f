//! What a step's request looked like when it was shown: enough to know it again, and no value of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The shape of one write, as demonstrations keep it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// In capitals.
    pub method: String,
    /// Serialised origin, or `{site:NAME}` in a demonstration file.
    pub origin: String,
    /// Path with `*` for each segment that holds a value (a number, a long id).
    pub path: String,
    /// Names of the query's and the body's fields, sorted, each once; names inside JSON are joined by dots, list
    /// positions are `*`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// Name of the GraphQL or gRPC operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
}
