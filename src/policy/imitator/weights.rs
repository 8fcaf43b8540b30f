//! What each thing known of a target is worth when it is found again.
//!
//! The idea is Similo's (Nass, Alégroth, Feldt, Leotta, Ricca: "Similarity-based Web Element Localization for Robust Test
//! Automation", 2023): every property votes with its weight, stable ones with more. Ours differ in that what a person
//! calls the thing decides, and that its place only helps. `locate`'s tests show what each order is for.

pub const NAME: f64 = 3.0;
pub const ROLE: f64 = 1.5;
pub const LABEL: f64 = 1.5;
pub const TEXT: f64 = 1.5;
pub const PLACEHOLDER: f64 = 1.0;
pub const TAG: f64 = 0.5;
pub const HEADING: f64 = 1.0;
pub const LANDMARK: f64 = 1.0;
/// Each of the four sides.
pub const NEIGHBOUR: f64 = 0.7;
pub const COLUMN: f64 = 1.0;
/// The place in its list, where the row's texts already say which one.
pub const INDEX: f64 = 0.3;
pub const PATH: f64 = 0.4;
pub const AREA: f64 = 0.3;
/// In the main frame, where the target was.
pub const MAIN_FRAME: f64 = 0.5;
/// Something that can be acted on, for what is to be acted on.
pub const INTERACTIVE: f64 = 0.5;
pub const ENABLED: f64 = 0.2;
pub const IN_VIEW: f64 = 0.1;

/// The weight of an attribute.
pub fn attribute(name: &str) -> f64 {
    match name {
        "data-testid" => 2.0,
        "id" | "name" => 1.5,
        "href" | "autocomplete" => 1.0,
        "type" | "class" => 0.5,
        _ => 0.3,
    }
}

/// Attributes that name a field for good, whatever its label says.
pub const STABLE_ATTRIBUTES: [&str; 4] = ["data-testid", "id", "name", "autocomplete"];

/// Likeness of titles from which two things are called the same.
pub const SAME_TITLE: f64 = 0.85;
/// Likeness of titles from which a stable attribute makes up for the rest.
pub const NEAR_TITLE: f64 = 0.6;
/// Likeness of titles from which a person should be asked whether it is meant.
pub const POSSIBLE_TITLE: f64 = 0.4;
/// Agreement, from 0 to 1, that a found target has at least.
pub const FOUND: f64 = 0.55;
/// Agreement that a target which nothing calls by a name has at least.
pub const FOUND_NAMELESS: f64 = 0.7;
/// Candidates nearer than this in agreement are not told apart. Above what path and area alone can make of a short query.
pub const MARGIN: f64 = 0.04;
/// From this distance on, the runner-up leaves no doubt.
pub const CLEAR_MARGIN: f64 = 0.2;
/// Two boxes in the same place share at least this part of the smaller one.
pub const SAME_PLACE: f64 = 0.9;
/// Boxes further apart than this many CSS pixels are simply elsewhere.
pub const FAR: f64 = 400.0;
/// Candidates shown to a person at most.
pub const MOST_CANDIDATES: usize = 6;
