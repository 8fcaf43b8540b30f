//! The tools that the model may call: one for every action, and for asking, finishing, giving up and looking further.
//!
//! The schemas that the model sees are made from the types that read its arguments, so the two cannot differ.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Deserialize;
use serde_json::Value;

use crate::computer::{Button, Modifier, Reading};
use crate::model::Tool;

/// A place on the page: a mark's number, or x and y in pixels of the screenshot.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Place {
    /// Number of a mark.
    pub mark: Option<u32>,
    /// Pixels from the left of the screenshot; only for what has no mark.
    pub x: Option<f64>,
    /// Pixels from the top of the screenshot.
    pub y: Option<f64>,
}

/// Defines the arguments of tools: each has a sentence about why, most have a place or a text, and none takes a field more.
macro_rules! arguments {
    ($($name:ident { $($(#[$meta:meta])* $field:ident: $kind:ty,)* })*) => {$(
        #[derive(Debug, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub(super) struct $name {
            /// One short sentence for the person: what this step does and why.
            pub why: String,
            /// From 0 (a guess) to 1 (certain).
            pub sure: Option<f64>,
            $($(#[$meta])* pub $field: $kind,)*
        }
    )*};
}

arguments! {
    Click {
        /// Where.
        at: Place,
        button: Option<Button>,
        /// 2 for a double click.
        count: Option<u8>,
        /// Keys held while clicking.
        modifiers: Option<Vec<Modifier>>,
    }
    Hover {
        at: Place,
    }
    Drag {
        /// Press at the first place, move over the others, release at the last.
        path: Vec<Place>,
    }
    Scroll {
        /// What to scroll; the page where absent.
        at: Option<Place>,
        /// Pixels of the screenshot to the right.
        dx: Option<f64>,
        /// Pixels of the screenshot downwards; negative for up.
        dy: Option<f64>,
    }
    ScrollTo {
        at: Place,
    }
    Type {
        text: Option<String>,
        /// Name of a secret to type instead of a text.
        secret: Option<String>,
    }
    Fill {
        /// The field.
        at: Place,
        /// The field's new value. Dates as 2026-03-31, times as 14:30, colours as #rrggbb.
        text: Option<String>,
        /// Name of a secret to fill in instead of a text.
        secret: Option<String>,
    }
    Press {
        /// A chord in the words of the UI Events specification: Enter, Control+a, Shift+ArrowLeft.
        keys: String,
    }
    Choose {
        /// The select or list box.
        at: Place,
        /// Labels of the options to choose.
        options: Vec<String>,
    }
    Upload {
        /// The file field or its button.
        at: Place,
        /// Names of downloaded files as listed, or paths that the person gave.
        files: Vec<String>,
    }
    Navigate {
        /// Absolute http or https address.
        url: String,
    }
    Nothing {}
    Tab {
        /// The tab's number in the list.
        tab: u32,
    }
    AnswerDialog {
        /// true for OK, false for Cancel.
        accept: bool,
        /// What to write into a prompt.
        text: Option<String>,
        /// Name of a secret to write instead of a text.
        secret: Option<String>,
    }
    Authenticate {
        user: Option<String>,
        /// Name of a secret that holds the user name.
        user_secret: Option<String>,
        /// Name of the secret that holds the password.
        password_secret: String,
    }
    Wait {
        /// Exactly one of text, no_text, address, element and download: text that appears.
        text: Option<String>,
        /// Text that goes away.
        no_text: Option<String>,
        /// A part of the address that is reached.
        address: Option<String>,
        /// An element that appears.
        element: Option<RoleAndName>,
        /// true for the newest download to end.
        download: Option<bool>,
        /// At most this many seconds, from 1 to 60.
        seconds: f64,
    }
    Read {
        /// The element to read; the whole page where both this and area are absent.
        at: Option<Place>,
        /// A part of the screenshot to read instead.
        area: Option<PictureArea>,
        /// text as the page has it, table as rows of cells, picture for text in the pixels of an image.
        what: Reading,
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskHuman {
    /// What is missing, in a word or two: `project code`.
    pub about: String,
    /// The question, as a person understands it who does not see the page.
    pub question: String,
    /// Likely answers.
    pub suggestions: Option<Vec<String>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Finish {
    /// What came of it, in a sentence or two for the person.
    pub result: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RoleAndName {
    pub role: String,
    pub name: String,
}

/// A box in pixels of the screenshot.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PictureArea {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// All tools, in the order in which the model sees them.
pub fn tools() -> Vec<Tool> {
    vec![
        tool::<Click>("click", "Click something."),
        tool::<Fill>(
            "fill",
            "Replace the value of a field: text, number, date, time, colour or range.",
        ),
        tool::<Choose>("choose", "Choose options of a select or list box."),
        tool::<Type>("type", "Type at the place that has the focus."),
        tool::<Press>("press", "Press a key or a chord."),
        tool::<Scroll>("scroll", "Turn the wheel over the page or a part of it."),
        tool::<ScrollTo>("scroll_to", "Bring something into view."),
        tool::<Upload>("upload", "Give files to a file field."),
        tool::<Hover>("hover", "Move the pointer over something."),
        tool::<Drag>("drag", "Drag something along a path."),
        tool::<Navigate>("navigate", "Go to an address in this tab."),
        tool::<Nothing>("back", "Go back one page."),
        tool::<Nothing>("forward", "Go forward one page."),
        tool::<Nothing>("reload", "Load the page again."),
        tool::<Navigate>("open_tab", "Open an address in a new tab."),
        tool::<Tab>("switch_tab", "Go to another tab."),
        tool::<Tab>("close_tab", "Close a tab."),
        tool::<AnswerDialog>("answer_dialog", "Answer the dialog that is open."),
        tool::<Authenticate>("authenticate", "Answer the server's sign-in prompt."),
        tool::<Wait>("wait", "Wait for something to happen."),
        tool::<Read>("read", "Read from the page word for word."),
        tool::<Nothing>(
            "look_whole_page",
            "List the elements of the whole page, not only those near the view.",
        ),
        tool::<AskHuman>("ask_human", "Ask the person for what is missing."),
        tool::<Finish>("finish", "The goal is reached: say the result."),
        tool::<Nothing>(
            "give_up",
            "The goal cannot be reached; say in `why` what is in the way.",
        ),
    ]
}

fn tool<Arguments: JsonSchema>(name: &str, description: &str) -> Tool {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    let mut parameters = settings
        .into_generator()
        .into_root_schema_for::<Arguments>()
        .to_value();
    plain(&mut parameters);
    Tool {
        name: name.to_owned(),
        description: description.to_owned(),
        parameters,
    }
}

/// Leaves out what model servers stumble over: titles, formats of numbers, and null beside a type (an absent field says it).
fn plain(schema: &mut Value) {
    let Value::Object(fields) = schema else {
        return;
    };
    for name in ["title", "format", "default"] {
        fields.remove(name);
    }
    if let Some(Value::Array(kinds)) = fields.get_mut("type") {
        kinds.retain(|kind| kind != "null");
        if let [kind] = kinds.as_slice() {
            let kind = kind.clone();
            fields.insert("type".to_owned(), kind);
        }
    }
    if let Some(Value::Array(kinds)) = fields.get_mut("enum") {
        kinds.retain(|kind| !kind.is_null());
    }
    if let Some(Value::Array(kinds)) = fields.get_mut("anyOf") {
        kinds.retain(|kind| kind.get("type").is_none_or(|kind| kind != "null"));
        if let [Value::Object(only)] = kinds.as_slice() {
            let only = only.clone();
            fields.remove("anyOf");
            for (name, value) in only {
                fields.entry(name).or_insert(value);
            }
        }
    }
    if let Some(Value::Object(properties)) = fields.get_mut("properties") {
        properties.values_mut().for_each(plain);
    }
    for name in ["oneOf", "anyOf"] {
        if let Some(Value::Array(kinds)) = fields.get_mut(name) {
            kinds.iter_mut().for_each(plain);
        }
    }
    if let Some(items) = fields.get_mut("items") {
        plain(items);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemas_are_plain_objects_without_references_or_null() {
        for tool in tools() {
            let text = tool.parameters.to_string();
            assert_eq!(tool.parameters["type"], "object", "{text}");
            for word in ["$ref", "$defs", "$schema", "null"] {
                assert!(!text.contains(word), "{}: {text}", tool.name);
            }
        }
    }
}
