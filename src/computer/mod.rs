//! The computer that is worked on: what can be observed of it, what can be done to it, and the trait that both go through.
//!
//! Invariants: nothing here knows why it acts (no policy, guard, run or trace is imported); all coordinates are CSS pixels
//! of the viewport; the value of a secret never leaves the browser room.

mod action;
pub mod browser;
mod element;
mod error;
mod geometry;
mod observation;
mod outlet;
mod request;
mod sight;

pub use action::{Action, Button, Condition, Modifier, Outcome, Reading, Settled, Target, Text};
pub use element::{Choice, Element, ElementId, Form, Neighbours, Row, States, Toggle, folded};
pub use error::ComputerError;
pub use geometry::{Point, Rect, Size};
pub use observation::{
    Dialog, DialogKind, Download, DownloadState, Frame, Observation, PictureFormat, Scope,
    Screenshot, ScrollState, Tab, TabId,
};
pub use outlet::Outlet;
pub use request::{Gate, Request, RequestEnd, Ruling, SharedGate};
pub use sight::{Change, Sight};

/// What a run works on.
#[async_trait::async_trait]
pub trait Computer: Send {
    /// Looks: screenshot, elements, address, title, tabs, dialog.
    async fn observe(&mut self, scope: Scope) -> Result<Observation, ComputerError>;

    /// Does one thing and waits for what it started. Reading pictures is not done here: see [`Computer::picture`].
    async fn perform(&mut self, action: &Action) -> Result<Outcome, ComputerError>;

    /// A sharp picture (PNG, device pixels) of an element or area, scrolled into view, secrets painted over.
    async fn picture(&mut self, place: &Place) -> Result<Screenshot, ComputerError>;

    /// Begins to hear what a person does in it with their own hands, for a goal in a sentence; `None` where nobody's hands reach it.
    async fn watch(&mut self, _goal: &str) -> Result<Option<Box<dyn Watch>>, ComputerError> {
        Ok(None)
    }

    /// Ends what was opened, and nothing else. Idempotent.
    async fn close(&mut self) -> Result<(), ComputerError>;
}

/// Hears what a person does with their own hands, until it is dropped.
#[async_trait::async_trait]
pub trait Watch: Send {
    /// The next deed; `None` once it was stopped and everything was told, or the computer is gone. May be dropped at any time.
    async fn next(&mut self) -> Option<browser::Heard>;

    /// Has what is still being typed told, and ends.
    fn stop(&mut self);

    /// Why the computer is gone, where it is.
    fn gone(&self) -> Option<String>;
}

/// What a picture is taken of.
#[derive(Debug, Clone, PartialEq)]
pub enum Place {
    Viewport,
    Element(ElementId),
    Area(Rect),
}

/// Gives the value of a named secret to the browser room, for one origin. Implemented by `guard/secrets`.
pub trait SecretSource: Send + Sync {
    /// `origin` is the serialised origin (scheme, host, port) of the frame that would get the keystrokes.
    fn reveal(&self, name: &str, origin: &str) -> Result<secrecy::SecretString, ComputerError>;

    /// Takes note of a value that stands in a secret field, whoever typed it, so that it is known where it shows elsewhere.
    fn learn(&self, value: &secrecy::SecretString);

    /// Where secrets stand in a text, in bytes, in order: known values however they are written, and numbers that are
    /// secret by what they are.
    fn find(&self, text: &str) -> Vec<std::ops::Range<usize>>;
}
