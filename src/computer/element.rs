//! One thing on the page: what it is, what it is called, where it is, and everything that helps to find it again.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::geometry::Rect;

/// Names an element for as long as its document lives: the document's serial number and the node's number in it, as in
/// `3:17`. Neither is ever reused within a run, so an id of a removed node or a left page finds nothing.
#[derive(
    Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
pub struct ElementId(pub String);

impl std::fmt::Display for ElementId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a checkbox, a switch or a toggle button is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Toggle {
    On,
    Off,
    Mixed,
}

/// The states that a person could see or hear announced. Fields are left out where they do not apply.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct States {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub disabled: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub focused: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub readonly: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub invalid: bool,
    /// Takes typed text: text inputs, text areas, contenteditable.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub editable: bool,
    /// Takes more than one choice.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub multiple: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checked: Option<Toggle>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pressed: Option<Toggle>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selected: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expanded: Option<bool>,
}

/// One choice of a native select or of a datalist.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Choice {
    pub label: String,
    pub value: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub selected: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub disabled: bool,
}

/// The smallest repeated ancestor (a table row, a list item, a card) that an element stands in.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Row {
    /// The row's own text pieces that its sibling rows do not all share.
    pub texts: Vec<String>,
    /// Heading of the column the element stands in, where the row is a table's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Position among its sibling rows, from 0.
    pub index: usize,
    /// How many sibling rows there are, this one included.
    pub count: usize,
}

/// Text of the nearest elements on each side, for telling twins apart.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Neighbours {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub left: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub above: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub right: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub below: String,
}

/// The form that an element belongs to, as far as it says what submitting would do.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Form {
    /// `get`, `post` or `dialog`; empty where a group of fields has no form element.
    pub method: String,
    /// Absolute address that the form is sent to.
    pub action: String,
    /// Whether activating this element submits the form.
    pub submits: bool,
    /// Accessible names of the filled fields with their values; secrets masked.
    pub fields: Vec<(String, String)>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub has_password: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub has_card: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub has_file: bool,
    /// Names and values of what the page sends along unseen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hidden: Vec<(String, String)>,
}

/// One thing on the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Element {
    pub id: ElementId,
    /// The browser's computed ARIA role: `button`, `link`, `textbox`, `StaticText` for plain text, `image`, ...
    pub role: String,
    /// The browser's computed accessible name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Lower-case tag name.
    pub tag: String,
    /// The element's own visible text, white space folded; cut at 400 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// What a field holds now. `None` for what holds no value; masked (see [`Element::masked`]) where it is secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Whether the value is secret (password, card, one-time code, or typed from a named secret) and was replaced by dots.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub masked: bool,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub placeholder: String,
    #[serde(default)]
    pub states: States,
    /// Box in CSS pixels of the viewport, clipped to what is visible; for what is out of view, where it would be.
    pub bounds: Rect,
    /// Whether some part of it is inside the viewport and not clipped away.
    pub in_view: bool,
    /// What would get a click on its middle instead, in words; `None` where nothing covers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covered_by: Option<String>,
    /// Whether a person could act on it (a control, a link, something with a click listener or pointer cursor).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub interactive: bool,
    /// Ordinal of its frame in [`super::Observation::frames`]; 0 is the main frame.
    #[serde(default)]
    pub frame: usize,
    /// `id`, `name`, `type`, `class`, `href` (path and query), `alt`, `title`, `data-testid`, `autocomplete`, `min`, `max`, `step`, `accept`, ...
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
    /// Path of tags with positions from the frame's root, through shadow roots, as in `html/body/form[2]/input[1]`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// The nearest heading before it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub heading: String,
    /// Name of the nearest landmark, form, dialog or group around it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub landmark: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<Row>,
    #[serde(default)]
    pub neighbours: Neighbours,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<Form>,
}

impl Element {
    /// What a person would call it: the name, else the label, text or placeholder.
    pub fn title(&self) -> &str {
        [&self.name, &self.label, &self.text, &self.placeholder]
            .into_iter()
            .find(|text| !text.is_empty())
            .map_or("", String::as_str)
    }

    /// Whether it shows a picture, whose text only reading its pixels tells.
    pub fn is_picture(&self) -> bool {
        matches!(self.tag.as_str(), "img" | "canvas") && !self.masked
    }

    /// The element in a few words, as messages name it: `button "Save"`.
    pub fn describe(&self) -> String {
        let title = self.title();
        if title.is_empty() {
            format!("{} <{}>", self.role, self.tag)
        } else {
            format!("{} \"{title}\"", self.role)
        }
    }
}

/// A text with its spaces and line ends as one reads it: one space each, none around.
pub fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
