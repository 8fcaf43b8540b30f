//! The imitator: follows a workflow, without a model.
