//! The recorder's own buttons, in a small window beside the page. What is pressed there is said to the recorder, and is no part of
//! what is shown; a page cannot see another window, so it cannot tell.

use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::heard::Deed;
use super::link::show;
use super::record::Recording;
use super::router::CALL_LIMIT;
use crate::computer::{ComputerError, Element, TabId};

/// What the window shows. A button's id is the word that it says.
const PAGE: &str = "<!doctype html><meta charset=utf-8><title>Recording</title>\
<style>body{font:15px system-ui,sans-serif;margin:12px;display:flex;gap:8px;background:#fff;color:#222}\
button{font:inherit;flex:1;padding:10px 4px;border:1px solid #999;border-radius:6px;background:#f4f4f4}\
#stop{background:#b3261e;border-color:#b3261e;color:#fff}</style>\
<button id=undo>Undo</button><button id=pause>Pause</button><button id=stop>Stop</button>\
<script>pause.onclick=()=>{const on=pause.textContent==='Pause';pause.textContent=on?'Go on':'Pause';document.title=on?'Paused':'Recording'}</script>";
/// Size of the window, in CSS pixels.
const SIZE: (u32, u32) = (320, 110);

/// The window, and who hears what is pressed in it.
#[derive(Debug)]
pub struct Buttons {
    tab: TabId,
    pressed: mpsc::UnboundedSender<String>,
}

impl Recording {
    /// Whether a person can see the browser's windows.
    pub async fn has_windows(&self) -> bool {
        let asked = self
            .link
            .router
            .call_raw(None, "Browser.getVersion", json!({}), CALL_LIMIT)
            .await;
        let agent = |version: &Value| version["userAgent"].as_str().map(str::to_owned);
        asked
            .ok()
            .and_then(|version| agent(&version))
            .is_some_and(|agent| !agent.contains("Headless"))
    }

    /// Opens the window. What is pressed is sent as a word: `undo`, `pause`, `stop`.
    ///
    /// # Errors
    /// Where the browser opens no window.
    pub async fn show_buttons(
        &mut self,
        pressed: mpsc::UnboundedSender<String>,
    ) -> Result<(), ComputerError> {
        let (width, height) = SIZE;
        let router = &self.link.router;
        // A context of its own is nobody's window but ours, and goes with the connection.
        let context = json!({ "disposeOnDetach": true });
        let context = router
            .call_raw(None, "Target.createBrowserContext", context, CALL_LIMIT)
            .await?;
        if let Some(context) = context["browserContextId"].as_str() {
            // In a browser that somebody else started, what comes up in it is ours as well.
            self.link.stage().claimed.push(context.to_owned());
            self.stage.claimed.push(context.to_owned());
        }
        let wanted = json!({
            "url": format!("data:text/html,{}", PAGE.replace('#', "%23")),
            "browserContextId": context["browserContextId"],
            "newWindow": true, "width": width, "height": height,
        });
        let made = router
            .call_raw(None, "Target.createTarget", wanted, CALL_LIMIT)
            .await?;
        let tab = TabId(made["targetId"].as_str().unwrap_or_default().to_owned());
        // Known before its events are worked on, which is `next`'s.
        self.buttons = Some(Buttons { tab, pressed });
        if let Some(front) = self.front.clone() {
            self.link.stage().active = Some(front.clone());
            show(&self.link, &front);
        }
        Ok(())
    }

    /// Whether a tab is the window with the buttons.
    pub(super) fn is_buttons(&self, tab: &TabId) -> bool {
        self.buttons.as_ref().is_some_and(|own| own.tab == *tab)
    }

    /// Hears what was done in the window.
    pub(super) fn hear_button(&self, deed: &Deed, element: Option<&Element>) {
        let word = element.and_then(|element| element.attributes.get("id"));
        if let (Deed::Click { .. }, Some(word), Some(buttons)) = (deed, word, &self.buttons) {
            // Nobody hears it any more only where the recording has ended.
            let _ = buttons.pressed.send(word.clone());
        }
    }

    /// Closes the window, where it is open still.
    pub(super) fn close_buttons(&self) {
        if let Some(buttons) = &self.buttons {
            let close = json!({ "targetId": buttons.tab.0 });
            self.link.router.tell(None, "Target.closeTarget", close);
        }
    }
}
