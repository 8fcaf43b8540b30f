//! What a policy may know of the computer at one moment.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::element::{Element, ElementId};
use super::geometry::{Rect, Size};

/// How much of the page to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// What is in view and a quarter of the viewport around it.
    #[default]
    NearView,
    /// Everything, however long the page is.
    Whole,
}

/// A picture of the viewport with secret fields painted over, already encoded.
#[derive(Clone, PartialEq)]
pub struct Screenshot {
    pub bytes: Vec<u8>,
    pub format: PictureFormat,
    /// What the picture shows, in CSS pixels of the viewport; the picture may hold more pixels than that.
    pub area: Rect,
}

impl std::fmt::Debug for Screenshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Screenshot({:?}, {} bytes)",
            self.format,
            self.bytes.len()
        )
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PictureFormat {
    Jpeg,
    Png,
}

impl PictureFormat {
    pub fn extension(self) -> &'static str {
        match self {
            PictureFormat::Jpeg => "jpg",
            PictureFormat::Png => "png",
        }
    }

    /// What a file of this name holds, by its extension.
    pub fn of_file(name: &str) -> Option<Self> {
        match name.rsplit_once('.')?.1 {
            "png" => Some(PictureFormat::Png),
            "jpg" | "jpeg" => Some(PictureFormat::Jpeg),
            _ => None,
        }
    }

    pub fn mime(self) -> &'static str {
        match self {
            PictureFormat::Jpeg => "image/jpeg",
            PictureFormat::Png => "image/png",
        }
    }
}

/// Names a tab for as long as it is open.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct TabId(pub String);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Tab {
    pub id: TabId,
    pub url: String,
    pub title: String,
    /// Whether this is the tab that is observed and acted on.
    pub active: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DialogKind {
    Alert,
    Confirm,
    Prompt,
    BeforeUnload,
    /// The server asks for a user name and a password (HTTP authentication).
    Authenticate,
}

/// A dialog that stops the page until it is answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Dialog {
    pub kind: DialogKind,
    pub message: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub default_text: String,
}

/// How far the main frame is scrolled, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct ScrollState {
    pub x: f64,
    pub y: f64,
    /// Width of everything that could be scrolled to.
    pub width: f64,
    /// Height of everything that could be scrolled to.
    pub height: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Frame {
    pub url: String,
    /// Where the frame's content lies in the viewport; `None` for frames that are not shown.
    pub bounds: Option<Rect>,
    /// Ordinal of the frame around it; `None` for the main frame.
    pub parent: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DownloadState {
    Running,
    Finished,
    Failed,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Download {
    pub url: String,
    /// The file's name in the run's download folder.
    pub file: String,
    pub received_bytes: u64,
    pub total_bytes: Option<u64>,
    pub state: DownloadState,
}

/// Screenshot, elements, address, title, tabs and dialog at one moment. The screenshot is stored beside it, as a blob.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Observation {
    pub url: String,
    pub title: String,
    pub viewport: Size,
    pub scroll: ScrollState,
    pub tabs: Vec<Tab>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dialog: Option<Dialog>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub focused: Option<ElementId>,
    pub frames: Vec<Frame>,
    /// What is in view first, each part in document order.
    pub elements: Vec<Element>,
    /// How much of the page `elements` covers.
    pub scope: Scope,
    /// How many elements the page has beyond the listed ones.
    #[serde(default)]
    pub unlisted: usize,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub downloads: Vec<Download>,
    #[serde(skip)]
    #[schemars(skip)]
    pub screenshot: Option<Screenshot>,
}

impl Observation {
    pub fn element(&self, id: &ElementId) -> Option<&Element> {
        self.elements.iter().find(|element| &element.id == id)
    }
}
