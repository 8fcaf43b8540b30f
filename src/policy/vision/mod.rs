//! The vision policy: asks a vision model what to do next.
