//! What a body asks for by name: a GraphQL operation, or a method called from afar.

/// What sort of operation it is, as far as its text says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A GraphQL query: reads, by the specification of GraphQL.
    Query,
    Mutation,
    Subscription,
    /// A method of gRPC, JSON-RPC, XML-RPC or SOAP: its name alone does not say whether it reads.
    Call,
    /// A stored GraphQL document that only the server knows.
    Unknown,
}

/// One operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    pub sort: Sort,
    pub name: Option<String>,
    /// What it selects at its root: in a mutation, what is done.
    pub roots: Vec<String>,
}

impl Operation {
    pub(super) fn call(name: impl Into<String>) -> Self {
        Operation {
            sort: Sort::Call,
            name: Some(name.into()),
            roots: Vec::new(),
        }
    }
}

impl std::fmt::Display for Operation {
    /// The name, and what is done where the name could hide it: `mutation Save { deleteAll }`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = self.name.as_deref().unwrap_or_default();
        let sort = match self.sort {
            Sort::Query => "query",
            Sort::Mutation => "mutation",
            Sort::Subscription => "subscription",
            Sort::Call => return f.write_str(name),
            Sort::Unknown => "stored",
        };
        f.write_str(sort)?;
        if !name.is_empty() {
            write!(f, " {name}")?;
        }
        if !self.roots.is_empty() {
            write!(f, " {{ {} }}", self.roots.join(" "))?;
        }
        Ok(())
    }
}
