//! The demonstrations that are part of the program, so that the tour works from any folder: recordings with what each page
//! showed.

use std::borrow::Cow;

use crate::demo::{Demonstration, FormatError, attach_pages};

/// One bundled demonstration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bundled {
    pub workflow: &'static str,
    pub take: &'static str,
    /// The text of its file.
    pub text: &'static str,
    /// The files beside it, by name.
    pages: &'static [(&'static str, &'static [u8])],
}

impl Bundled {
    /// As the library would read it.
    ///
    /// # Errors
    /// Where it is none.
    pub fn demonstration(&self) -> Result<Demonstration, FormatError> {
        let file = format!("demos/{}/{}.toml", self.workflow, self.take);
        let mut demonstration = Demonstration::parse(&file, self.text)?;
        attach_pages(&mut demonstration, |name| {
            let (_, page) = self.pages.iter().find(|(own, _)| *own == name)?;
            Some(Cow::Borrowed(*page))
        });
        Ok(demonstration)
    }
}

macro_rules! bundled {
    ($workflow:literal, $take:literal, $($page:literal)*) => {
        Bundled {
            workflow: $workflow,
            take: $take,
            text: include_str!(concat!("../../demos/", $workflow, "/", $take, ".toml")),
            pages: &[$((
                concat!($page, ".json"),
                include_bytes!(concat!("../../demos/", $workflow, "/", $take, "/", $page, ".json")),
            )),*],
        }
    };
}

const BUNDLED: [Bundled; 3] = [
    bundled!("file-lunch", "first", "01" "02" "03" "04" "05" "06" "07" "08" "09" "10" "11" "12" "13" "14" "end"),
    bundled!("file-lunch", "second", "01" "02" "03" "04" "05" "06" "07" "08" "09" "10" "11" "12" "13" "14" "end"),
    bundled!("buy-tickets", "first", "01" "02" "03" "04" "05" "06" "07" "08" "09" "end"),
];

/// All bundled demonstrations, those of a workflow one after the other.
pub fn bundled_demonstrations() -> &'static [Bundled] {
    &BUNDLED
}
