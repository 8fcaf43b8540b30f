//! What a person was heard doing while they showed a job: plain values, with the page as it was before each deed.

use serde::{Deserialize, Serialize};

use crate::computer::{Button, Element, Screenshot};

/// What was put into a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Entered {
    Plain(String),
    /// The field is secret; its value was never read.
    Secret,
}

/// One thing that a person did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Deed {
    Click {
        button: Button,
        /// 1 for a click, 2 for a double click.
        count: u8,
        /// Where in a drawing it was, as parts of its width and height.
        within: Option<[f64; 4]>,
    },
    Fill(Entered),
    /// The labels of all options that are chosen now.
    Choose(Vec<String>),
    Upload {
        /// Names without folders: pages are not told where a file lies.
        files: Vec<String>,
        /// Whether the page opened the chooser itself, after a click on something else.
        by_script: bool,
    },
    /// A chord, as in `Enter` or `Control+Shift+ArrowLeft`.
    Press(String),
    /// This text in the element. Told when something is done with it.
    Select {
        text: String,
        /// Whether it is all that is in the element.
        whole: bool,
    },
    /// This text, out of the element.
    Copy(String),
    Drag {
        to: Option<Box<Element>>,
        /// Where it began and ended, as parts of the element's width and height, where it was not to another thing.
        within: Option<[f64; 4]>,
    },
    /// The pointer rested on it, and what the next deed was done to came into sight.
    Hover,
    /// Its scroller was scrolled beyond it, and what the next deed was done to came to be.
    ScrollTo,
    /// What is in it was scrolled to its end, or back to its beginning.
    ScrollThrough {
        to_end: bool,
    },
    /// To an address that was typed or taken from a bookmark.
    Navigate(String),
    Back,
    Forward,
    Reload,
    /// An empty tab, by the person; what a page opens is no deed.
    OpenTab,
    /// To the tab with this address and title.
    SwitchTab {
        url: String,
        title: String,
    },
    CloseTab,
    AnswerDialog {
        accept: bool,
        /// What was typed, where the dialog asks for something.
        text: Option<String>,
    },
    /// Nothing more: the page as it was when the recording was ended.
    End,
}

/// One deed, with the page as it was before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Heard {
    /// Milliseconds since the recording began.
    pub at_ms: f64,
    pub deed: Deed,
    /// What it was done to; absent where the page had nothing listed there, and for deeds without a target.
    pub element: Option<Element>,
    /// Address of the element's frame, where that is not the main one.
    pub frame: Option<String>,
    /// Address of the page before.
    pub page: String,
    pub title: String,
    /// Texts in view before, headings and announcements first.
    pub texts: Vec<String>,
    /// What was listed of the page before, in view and near it; empty where nothing could be asked.
    pub elements: Vec<Element>,
    /// Whether this is what a field held while it was still being typed into. What it held at last is told by another deed,
    /// unless the page, the browser or the recorder ended before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unfinished: bool,
    /// The last frame painted before; secrets painted over. Kept in a file of its own, where it is kept.
    #[serde(skip)]
    pub screenshot: Option<Screenshot>,
}
