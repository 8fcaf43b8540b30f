//! What can be done to the computer, as plain values: a policy names an action, the run performs it.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::element::ElementId;
use super::geometry::{Point, Rect};
use super::observation::TabId;

/// Where an action lands: on an element of the latest observation, or on a bare point of the viewport.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    Element(ElementId),
    Point(Point),
}

/// What is typed: plain text, or a secret by its name, whose value only the browser room ever holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Text {
    Plain(String),
    Secret(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Button {
    #[default]
    Left,
    Middle,
    Right,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Modifier {
    Alt,
    Control,
    Meta,
    Shift,
}

/// What to read from the page, word for word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reading {
    /// The text as the page's own markup has it.
    Text,
    /// Rows of cells, tab-separated, one row a line.
    Table,
    /// The text in the pixels, by OCR.
    Picture,
}

/// What to wait for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// Text visible somewhere on the page, case-insensitive.
    Text(String),
    /// That text gone from the page.
    NoText(String),
    /// An element with this role and name.
    Element { role: String, name: String },
    /// An element with this role, whatever its name.
    Role(String),
    /// The address contains this.
    Address(String),
    /// The newest download ended.
    Download,
    /// The page shows something else than when the waiting begins.
    Change,
}

/// One thing that can be done to the computer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Action {
    Click {
        target: Target,
        #[serde(default)]
        button: Button,
        /// 1 for a click, 2 for a double click.
        count: u8,
        #[serde(default)]
        modifiers: Vec<Modifier>,
    },
    Hover {
        target: Target,
    },
    /// Press at the first place, move over the others, release at the last. At least two places.
    Drag {
        path: Vec<Target>,
    },
    /// Turn the wheel by CSS pixels over the target, or over the middle of the view.
    Scroll {
        #[serde(default)]
        target: Option<Target>,
        dx: f64,
        dy: f64,
    },
    ScrollTo {
        target: Target,
    },
    /// Type at the place that has the focus.
    Type {
        text: Text,
    },
    /// Replace a field's value: text, date, time, colour, number or range.
    Fill {
        target: Target,
        value: Text,
    },
    /// A chord in the words of the UI Events specification, as in `Enter` or `Control+Shift+ArrowLeft`.
    Press {
        keys: String,
    },
    /// Choose the options with these labels (or values) in a select or list box.
    Choose {
        target: Target,
        options: Vec<String>,
    },
    /// Select this text in the target, which must hold it just once; all that is in it where absent.
    Select {
        target: Target,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
    },
    Upload {
        target: Target,
        files: Vec<PathBuf>,
    },
    Navigate {
        url: String,
    },
    Back,
    Forward,
    Reload,
    OpenTab {
        url: String,
    },
    SwitchTab {
        tab: TabId,
    },
    CloseTab {
        tab: TabId,
    },
    AnswerDialog {
        accept: bool,
        #[serde(default)]
        text: Option<Text>,
    },
    /// Answer an HTTP authentication prompt.
    Authenticate {
        user: Text,
        password: Text,
    },
    Wait {
        condition: Condition,
        limit_ms: u64,
    },
    Read {
        /// The whole page where absent.
        #[serde(default)]
        target: Option<Target>,
        /// A part of the viewport instead of an element.
        #[serde(default)]
        area: Option<Rect>,
        what: Reading,
    },
}

impl Action {
    /// The place that the action lands on, where it lands on one.
    pub fn target(&self) -> Option<&Target> {
        match self {
            Action::Click { target, .. }
            | Action::Hover { target }
            | Action::ScrollTo { target }
            | Action::Fill { target, .. }
            | Action::Choose { target, .. }
            | Action::Select { target, .. }
            | Action::Upload { target, .. } => Some(target),
            Action::Scroll { target, .. } | Action::Read { target, .. } => target.as_ref(),
            Action::Drag { path } => path.last(),
            Action::Type { .. }
            | Action::Press { .. }
            | Action::Navigate { .. }
            | Action::Back
            | Action::Forward
            | Action::Reload
            | Action::OpenTab { .. }
            | Action::SwitchTab { .. }
            | Action::CloseTab { .. }
            | Action::AnswerDialog { .. }
            | Action::Authenticate { .. }
            | Action::Wait { .. } => None,
        }
    }
}

/// How settling ended after an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Settled {
    /// Everything that the action started came to rest.
    Quiet,
    /// The limit was reached while something still went on.
    LimitReached,
    /// A dialog stopped the page.
    Dialog,
}

/// What performing an action gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Outcome {
    pub settled: Settled,
    /// What a read action read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Time from the first input to rest, in milliseconds.
    pub millis: f64,
}
