//! Doing one thing to the browser by real input, after checking that a person could do it too.
//!
//! `grip` holds the tab that is acted on and never waits past what stops it; `spot` finds where an element can be hit;
//! each other file is one family of actions. What an action started is waited for elsewhere (settling).

mod answer;
mod authenticate;
mod choose;
mod drag;
mod fill;
mod grip;
mod input;
mod navigate;
mod read;
mod secret;
mod select;
mod spot;
mod tabs;
mod upload;
mod wait;

#[cfg(test)]
pub(super) mod pages;
#[cfg(test)]
mod tests;

pub(super) use authenticate::origin_of;

use super::Browser;
use crate::computer::{Action, ComputerError, DialogKind};

impl Browser {
    /// Does the input of one action; gives the text that a read action read.
    pub(super) async fn act(&mut self, action: &Action) -> Result<Option<String>, ComputerError> {
        self.check_free(action)?;
        self.worlds.refresh(&self.link.stage());
        match action {
            Action::Click {
                target,
                button,
                count,
                modifiers,
            } => self.click(target, *button, *count, modifiers).await?,
            Action::Hover { target } => self.hover(target).await?,
            Action::Drag { path } => self.drag(path).await?,
            Action::Scroll { target, dx, dy } => self.scroll(target.as_ref(), *dx, *dy).await?,
            Action::ScrollTo { target } => self.scroll_to(target).await?,
            Action::Type { text } => self.type_text(text).await?,
            Action::Fill { target, value } => self.fill(target, value).await?,
            Action::Press { keys } => self.press(keys).await?,
            Action::Choose { target, options } => self.choose(target, options).await?,
            Action::Select { target, text } => self.select(target, text.as_deref()).await?,
            Action::Upload { target, files } => self.upload(target, files).await?,
            Action::Navigate { url } => self.navigate(url).await?,
            Action::Back => self.go_in_history(-1).await?,
            Action::Forward => self.go_in_history(1).await?,
            Action::Reload => self.reload().await?,
            Action::OpenTab { url } => self.open_tab(url).await?,
            Action::SwitchTab { tab } => self.switch_tab(tab)?,
            Action::CloseTab { tab } => self.close_tab(tab).await?,
            Action::AnswerDialog { accept, text } => {
                self.answer_dialog(*accept, text.as_ref()).await?;
            }
            Action::Authenticate { user, password } => self.authenticate(user, password).await?,
            Action::Wait {
                condition,
                limit_ms,
            } => self.wait(condition, *limit_ms).await?,
            Action::Read { target, area, what } => {
                return self.read(target.as_ref(), *area, *what).await.map(Some);
            }
        }
        Ok(None)
    }

    /// Whether anything stands in the way of this action as a whole: a gone browser, a crashed tab, an open dialog.
    fn check_free(&self, action: &Action) -> Result<(), ComputerError> {
        let stage = self.link.stage();
        if let Some(reason) = &stage.gone {
            return Err(ComputerError::Gone(reason.clone()));
        }
        let moves_elsewhere = matches!(
            action,
            Action::OpenTab { .. } | Action::SwitchTab { .. } | Action::CloseTab { .. }
        );
        let leaves = matches!(
            action,
            Action::Navigate { .. } | Action::Back | Action::Forward | Action::Reload
        );
        let Some(tab) = stage.active_tab() else {
            return if moves_elsewhere {
                Ok(())
            } else {
                Err(ComputerError::Gone("it has no tab open".to_owned()))
            };
        };
        if tab.crashed && !(moves_elsewhere || leaves) {
            return Err(ComputerError::TabCrashed {
                url: tab.url.clone(),
            });
        }
        let Some(dialog) = &tab.dialog else {
            return Ok(());
        };
        let answers = match dialog.kind {
            // The page behind it is already there, so it may also be left.
            DialogKind::Authenticate => {
                leaves
                    || matches!(
                        action,
                        Action::Authenticate { .. } | Action::AnswerDialog { .. }
                    )
            }
            DialogKind::Alert
            | DialogKind::Confirm
            | DialogKind::Prompt
            | DialogKind::BeforeUnload => matches!(action, Action::AnswerDialog { .. }),
        };
        if answers || moves_elsewhere {
            return Ok(());
        }
        Err(ComputerError::DialogOpen {
            kind: grip::kind_word(dialog.kind).to_owned(),
        })
    }
}
