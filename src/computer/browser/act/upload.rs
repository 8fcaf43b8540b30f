//! Giving files to a file input, or to whatever opens a file chooser when it is clicked.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedReceiver;

use super::super::router::{CALL_LIMIT, Notice, Session};
use super::super::world;
use super::grip::Grip;
use super::spot::Wants;
use crate::computer::browser::Browser;
use crate::computer::{Button, ComputerError, Target};

/// How long a page may take to open its file chooser after the click.
const CHOOSER_LIMIT: Duration = Duration::from_secs(3);

#[derive(Debug, Deserialize)]
struct FileInput {
    number: u64,
    is: bool,
    multiple: bool,
    disabled: bool,
    title: String,
}

impl Browser {
    pub(super) async fn upload(
        &self,
        target: &Target,
        files: &[PathBuf],
    ) -> Result<(), ComputerError> {
        let grip = self.grip()?;
        let mut paths = Vec::new();
        for file in files {
            paths.push(readable(file).await?);
        }
        let (world, number) = self.node_of(&grip, target).await?;
        let input: Option<FileInput> = self
            .ask(
                &grip,
                &world,
                "function (number) { return hands.fileInput(number); }",
                json!([number]),
                Duration::ZERO,
            )
            .await?;
        let input = input.ok_or_else(|| ComputerError::Vanished {
            target: format!("element {}:{number}", world.serial),
        })?;
        if input.disabled {
            return Err(ComputerError::Disabled {
                target: input.title,
            });
        }
        if !input.is {
            return self.upload_by_chooser(&grip, target, input, paths).await;
        }
        check_count(&input.title, input.multiple, paths.len())?;
        let object = world::object_of(&self.link, &world, input.number).await?;
        self.give(
            &grip,
            &world.session,
            json!({ "files": paths, "objectId": object }),
        )
        .await
    }

    async fn upload_by_chooser(
        &self,
        grip: &Grip,
        target: &Target,
        input: FileInput,
        paths: Vec<String>,
    ) -> Result<(), ComputerError> {
        let spot = self.spot(grip, target, Wants::TO_CLICK).await?;
        let session = spot
            .node
            .as_ref()
            .map_or_else(|| grip.session.clone(), |(world, _)| world.session.clone());
        let mut notices = self.link.tap();
        self.intercept_chooser(&session, true).await?;
        let chosen = async {
            self.click_at(grip, spot.point, Button::Left, 1, &[])
                .await?;
            let opened = tokio::time::timeout(CHOOSER_LIMIT, chooser(&mut notices, &session))
                .await
                .ok()
                .flatten();
            let Some(opened) = opened else {
                return Err(ComputerError::Unsuitable {
                    target: input.title.clone(),
                    what: "files: it is no file input and opens no file chooser".to_owned(),
                });
            };
            let multiple = opened.text("/mode") == "selectMultiple";
            check_count(&input.title, multiple, paths.len())?;
            self.give(
                grip,
                &session,
                json!({ "files": paths, "backendNodeId": opened.params["backendNodeId"] }),
            )
            .await
        }
        .await;
        // The page may have closed with the upload; then there is nothing to switch off.
        let _ = self.intercept_chooser(&session, false).await;
        chosen
    }

    async fn intercept_chooser(
        &self,
        session: &Session,
        enabled: bool,
    ) -> Result<(), ComputerError> {
        self.link
            .router
            .call_raw(
                Some(session),
                "Page.setInterceptFileChooserDialog",
                json!({ "enabled": enabled }),
                CALL_LIMIT,
            )
            .await
            .map(|_| ())
    }

    async fn give(
        &self,
        grip: &Grip,
        session: &Session,
        params: Value,
    ) -> Result<(), ComputerError> {
        let call =
            self.link
                .router
                .call_raw(Some(session), "DOM.setFileInputFiles", params, CALL_LIMIT);
        self.unless_stopped(grip, call).await.map(|_| ())
    }
}

async fn chooser(notices: &mut UnboundedReceiver<Notice>, session: &Session) -> Option<Notice> {
    loop {
        let notice = notices.recv().await?;
        if notice.method == "Page.fileChooserOpened"
            && notice.session().as_ref() == Some(session)
            && notice.params.get("backendNodeId").is_some()
        {
            return Some(notice);
        }
    }
}

fn check_count(title: &str, multiple: bool, count: usize) -> Result<(), ComputerError> {
    if count > 1 && !multiple {
        return Err(ComputerError::Unsuitable {
            target: title.to_owned(),
            what: format!("{count} files: only one"),
        });
    }
    Ok(())
}

/// The absolute path of a file that can be read.
async fn readable(path: &Path) -> Result<String, ComputerError> {
    let failed = |reason: String| ComputerError::File {
        path: path.display().to_string(),
        reason,
    };
    let absolute = tokio::fs::canonicalize(path)
        .await
        .map_err(|e| failed(e.to_string()))?;
    let file = tokio::fs::File::open(&absolute)
        .await
        .map_err(|e| failed(e.to_string()))?;
    let kind = file.metadata().await.map_err(|e| failed(e.to_string()))?;
    if !kind.is_file() {
        return Err(failed("it is no file".to_owned()));
    }
    absolute
        .into_os_string()
        .into_string()
        .map_err(|_| failed("its path is not text that the browser understands".to_owned()))
}
