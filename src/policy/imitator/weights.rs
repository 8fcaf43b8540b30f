//! What each thing known of a target is worth when it is found again.
//!
//! The idea is Similo's (Nass, Alégroth, Feldt, Leotta, Ricca: "Similarity-based Web Element Localization for Robust Test
//! Automation", 2023): every property votes with its weight, stable ones with more. Ours differ in that what a person
//! calls the thing decides, and that its place only helps. `locate`'s tests show what each order is for.

use serde::{Deserialize, Serialize};

/// The weight of each vote, and how much agreement it takes to be sure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    pub name: f64,
    pub role: f64,
    pub label: f64,
    pub text: f64,
    pub placeholder: f64,
    pub tag: f64,
    pub heading: f64,
    pub landmark: f64,
    /// Each of the four sides.
    pub neighbour: f64,
    pub column: f64,
    /// The place in its list, where the row's texts already say which one.
    pub index: f64,
    pub path: f64,
    pub area: f64,
    /// In the main frame, where the target was.
    pub main_frame: f64,
    /// Something that can be acted on, for what is to be acted on.
    pub interactive: f64,
    pub enabled: f64,
    pub in_view: f64,
    pub test_id: f64,
    /// The attributes `id` and `name`.
    pub id: f64,
    /// The attributes `href` and `autocomplete`.
    pub href: f64,
    /// The attributes `type` and `class`.
    pub kind: f64,
    pub other_attribute: f64,
    /// Agreement, from 0 to 1, that a found target has at least.
    pub found: f64,
    /// Agreement that a target which nothing calls by a name has at least.
    pub found_nameless: f64,
    /// Candidates nearer than this in agreement are not told apart. Above what path and area alone can make of a short query.
    pub margin: f64,
}

/// What runs use: chosen by hand after Similo's. A fit on half of the pages (`make bench-targets FIT=1`, `SEED=1`), at the price of 99
/// right answers for a wrong one, took `found_nameless` to 0.88 and `margin` to 0.05: a third fewer wrong (0.3 to 0.2 %), and more
/// questions than that is worth (81.9 to 79.5 % right). The other weights that it proposed broke what `locate`'s tests hold.
pub const WEIGHTS: Weights = Weights {
    name: 3.0,
    role: 1.5,
    label: 1.5,
    text: 1.5,
    placeholder: 1.0,
    tag: 0.5,
    heading: 1.0,
    landmark: 1.0,
    neighbour: 0.7,
    column: 1.0,
    index: 0.3,
    path: 0.4,
    area: 0.3,
    main_frame: 0.5,
    interactive: 0.5,
    enabled: 0.2,
    in_view: 0.1,
    test_id: 2.0,
    id: 1.5,
    href: 1.0,
    kind: 0.5,
    other_attribute: 0.3,
    found: 0.55,
    found_nameless: 0.7,
    margin: 0.04,
};

impl Weights {
    /// The weight of an attribute.
    pub fn attribute(&self, name: &str) -> f64 {
        match name {
            "data-testid" => self.test_id,
            "id" | "name" => self.id,
            "href" | "autocomplete" => self.href,
            "type" | "class" => self.kind,
            _ => self.other_attribute,
        }
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
/// Agreement in everything, but for rounding.
pub const IN_ALL: f64 = 0.9999;
/// From this distance on, the runner-up leaves no doubt.
pub const CLEAR_MARGIN: f64 = 0.2;
/// Two boxes in the same place share at least this part of the smaller one.
pub const SAME_PLACE: f64 = 0.9;
/// Boxes further apart than this many CSS pixels are simply elsewhere.
pub const FAR: f64 = 400.0;
/// Candidates shown to a person at most.
pub const MOST_CANDIDATES: usize = 6;
