//! The demonstrations that are part of the program, so that the tour works from any folder.

/// One bundled demonstration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bundled {
    pub workflow: &'static str,
    pub take: &'static str,
    /// The text of its file.
    pub text: &'static str,
}

macro_rules! bundled {
    ($workflow:literal, $take:literal) => {
        Bundled {
            workflow: $workflow,
            take: $take,
            text: include_str!(concat!("../../demos/", $workflow, "/", $take, ".toml")),
        }
    };
}

const BUNDLED: [Bundled; 3] = [
    bundled!("file-lunch", "first"),
    bundled!("file-lunch", "second"),
    bundled!("buy-tickets", "first"),
];

/// All bundled demonstrations, those of a workflow one after the other.
pub fn bundled_demonstrations() -> &'static [Bundled] {
    &BUNDLED
}
