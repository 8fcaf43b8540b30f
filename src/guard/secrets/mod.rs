//! Named secrets: where their values come from, and that they show nowhere.
