//! What all parts of the measurement share.

use crate::Failure;
use crate::pages::Pages;
use crate::sentences::Sentences;
use crate::settings::Settings;
use crate::teachers::Teachers;

#[derive(Debug)]
pub struct Bench {
    pub settings: Settings,
    pub pages: Pages,
    pub teachers: Teachers,
    pub sentences: Sentences,
}

impl Bench {
    pub async fn set_up(settings: Settings) -> Result<Self, Failure> {
        Ok(Self {
            pages: Pages::serve().await?,
            teachers: Teachers::read()?,
            sentences: Sentences::kept_in(settings.home().join("sentences.json")),
            settings,
        })
    }
}
