//! From a tool call to a decision, strictly: what is not exactly right is an error that the model can repair itself by.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::marks::Marked;
use super::tools::{self, Place};
use crate::computer::{
    Action, Condition, DownloadState, Element, Reading, Rect, Scope, TabId, Target, Text,
};
use crate::human::Question;
use crate::model::Call;
use crate::policy::{Act, Decision, Situation, TurnResult};

/// Sureness of a step where the model did not say.
const USUALLY_SURE: f64 = 0.7;

/// Everything that a call may speak of.
pub(super) struct Ground<'a> {
    pub situation: &'a Situation<'a>,
    pub marked: &'a Marked,
    pub secrets: &'a [String],
}

/// Reads a call. The error is a sentence for the model.
pub(super) fn decide(call: &Call, ground: &Ground<'_>) -> Result<Decision, String> {
    match call.name.as_str() {
        "ask_human" => {
            let asked: tools::AskHuman = read(call)?;
            if asked.question.trim().is_empty() {
                return Err("`question` is empty".to_owned());
            }
            return Ok(Decision::Ask(Question {
                key: asked.about,
                text: asked.question,
                suggestions: asked.suggestions.unwrap_or_default(),
                marks: Vec::new(),
                secret: false,
            }));
        }
        "finish" => {
            let finish: tools::Finish = read(call)?;
            return Ok(Decision::Finish {
                result: finish.result,
            });
        }
        "give_up" => {
            let given_up: tools::Nothing = read(call)?;
            return Ok(Decision::GiveUp {
                reason: given_up.why,
            });
        }
        "look_whole_page" => {
            let _: tools::Nothing = read(call)?;
            return Ok(Decision::Look {
                scope: Scope::Whole,
            });
        }
        _ => {}
    }
    let (action, why, sure) = ground.action(call)?;
    let sure = match sure {
        Some(sure) if (0.0..=1.0).contains(&sure) => sure,
        Some(sure) => return Err(format!("`sure` is {sure}, not from 0 to 1")),
        None => USUALLY_SURE,
    };
    Ok(Decision::Act(Act {
        action,
        says: why,
        sure,
        mark: None,
        step: None,
        demonstrated: None,
        effects: Vec::new(),
        looking: false,
        way: None,
        hand: None,
        while_says: None,
    }))
}

fn read<Arguments: DeserializeOwned>(call: &Call) -> Result<Arguments, String> {
    if let Value::String(text) = &call.arguments {
        return Err(format!(
            "the arguments of {} are no JSON object: {}",
            call.name,
            text.chars().take(200).collect::<String>()
        ));
    }
    serde_json::from_value(call.arguments.clone())
        .map_err(|error| format!("the arguments of {} do not fit: {error}", call.name))
}

impl Ground<'_> {
    fn action(&self, call: &Call) -> Result<(Action, String, Option<f64>), String> {
        Ok(match call.name.as_str() {
            "click" => {
                let a: tools::Click = read(call)?;
                let count = a.count.unwrap_or(1);
                if !(1..=3).contains(&count) {
                    return Err(format!("`count` is {count}, not from 1 to 3"));
                }
                let action = Action::Click {
                    target: self.target(&a.at)?,
                    button: a.button.unwrap_or_default(),
                    count,
                    modifiers: a.modifiers.unwrap_or_default(),
                };
                (action, a.why, a.sure)
            }
            "hover" => {
                let a: tools::Hover = read(call)?;
                let target = self.target(&a.at)?;
                (Action::Hover { target }, a.why, a.sure)
            }
            "drag" => {
                let a: tools::Drag = read(call)?;
                if a.path.len() < 2 {
                    return Err("`path` needs at least two places".to_owned());
                }
                let path: Result<_, _> = a.path.iter().map(|place| self.target(place)).collect();
                (Action::Drag { path: path? }, a.why, a.sure)
            }
            "scroll" => {
                let a: tools::Scroll = read(call)?;
                let (dx, dy) = (a.dx.unwrap_or(0.0), a.dy.unwrap_or(0.0));
                if dx == 0.0 && dy == 0.0 {
                    return Err("give `dx` or `dy`".to_owned());
                }
                let action = Action::Scroll {
                    target: a.at.as_ref().map(|place| self.target(place)).transpose()?,
                    dx: self.marked.length_to_viewport(dx),
                    dy: self.marked.length_to_viewport(dy),
                };
                (action, a.why, a.sure)
            }
            "scroll_to" => {
                let a: tools::ScrollTo = read(call)?;
                let target = self.target(&a.at)?;
                (Action::ScrollTo { target }, a.why, a.sure)
            }
            "type" => {
                let a: tools::Type = read(call)?;
                let text = self.text(a.text, a.secret, "text")?;
                (Action::Type { text }, a.why, a.sure)
            }
            "fill" => {
                let a: tools::Fill = read(call)?;
                let target = self.control(&a.at)?;
                let value = self.text(a.text, a.secret, "text")?;
                (Action::Fill { target, value }, a.why, a.sure)
            }
            "press" => {
                let a: tools::Press = read(call)?;
                (Action::Press { keys: a.keys }, a.why, a.sure)
            }
            "choose" => {
                let a: tools::Choose = read(call)?;
                let action = Action::Choose {
                    target: self.control(&a.at)?,
                    options: a.options,
                };
                (action, a.why, a.sure)
            }
            "upload" => {
                let a: tools::Upload = read(call)?;
                let target = self.control(&a.at)?;
                let files: Result<Vec<_>, _> = a.files.iter().map(|name| self.file(name)).collect();
                let files = files?;
                if files.is_empty() {
                    return Err("`files` is empty".to_owned());
                }
                (Action::Upload { target, files }, a.why, a.sure)
            }
            "navigate" | "open_tab" => {
                let a: tools::Navigate = read(call)?;
                let known = url::Url::parse(&a.url)
                    .is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
                if !known {
                    return Err(format!("{:?} is no absolute http or https address", a.url));
                }
                let action = if call.name == "navigate" {
                    Action::Navigate { url: a.url }
                } else {
                    Action::OpenTab { url: a.url }
                };
                (action, a.why, a.sure)
            }
            "back" | "forward" | "reload" => {
                let a: tools::Nothing = read(call)?;
                let action = match call.name.as_str() {
                    "back" => Action::Back,
                    "forward" => Action::Forward,
                    _ => Action::Reload,
                };
                (action, a.why, a.sure)
            }
            "switch_tab" | "close_tab" => {
                let a: tools::Tab = read(call)?;
                let tab = self.tab(a.tab)?;
                let action = if call.name == "switch_tab" {
                    Action::SwitchTab { tab }
                } else {
                    Action::CloseTab { tab }
                };
                (action, a.why, a.sure)
            }
            "answer_dialog" => {
                let a: tools::AnswerDialog = read(call)?;
                let text = if a.text.is_none() && a.secret.is_none() {
                    None
                } else {
                    Some(self.text(a.text, a.secret, "text")?)
                };
                let action = Action::AnswerDialog {
                    accept: a.accept,
                    text,
                };
                (action, a.why, a.sure)
            }
            "authenticate" => {
                let a: tools::Authenticate = read(call)?;
                let action = Action::Authenticate {
                    user: self.text(a.user, a.user_secret, "user")?,
                    password: self.text(None, Some(a.password_secret), "password")?,
                };
                (action, a.why, a.sure)
            }
            "wait" => {
                let a: tools::Wait = read(call)?;
                (wait(&a)?, a.why, a.sure)
            }
            "read" => {
                let a: tools::Read = read(call)?;
                if a.at.is_some() && a.area.is_some() {
                    return Err("give `at` or `area`, not both".to_owned());
                }
                let target = a.at.as_ref().map(|place| self.target(place)).transpose()?;
                let area = a.area.as_ref().map(|area| self.area(area)).transpose()?;
                let what: Reading = a.what;
                (Action::Read { target, area, what }, a.why, a.sure)
            }
            other => return Err(format!("there is no tool {other:?}")),
        })
    }

    fn target(&self, place: &Place) -> Result<Target, String> {
        match (place.mark, place.x, place.y) {
            (Some(mark), None, None) => self
                .marked
                .element(mark)
                .map(|id| Target::Element(id.clone()))
                .ok_or_else(|| {
                    format!(
                        "there is no mark {mark}: marks go from 1 to {}",
                        self.marked.count()
                    )
                }),
            (None, Some(x), Some(y)) => Ok(Target::Point(self.point(x, y)?)),
            _ => Err("give either `mark`, or both `x` and `y`".to_owned()),
        }
    }

    /// A place that must be a control: a point becomes the smallest control under it, so that guard and trace see which.
    fn control(&self, place: &Place) -> Result<Target, String> {
        let target = self.target(place)?;
        let Target::Point(point) = target else {
            return Ok(target);
        };
        let area = |element: &&Element| element.bounds.width * element.bounds.height;
        let hit = self
            .situation
            .observation
            .elements
            .iter()
            .filter(|element| element.in_view && self.marked.mark(&element.id).is_some())
            .filter(|element| element.bounds.contains(point))
            .min_by(|one, two| area(one).total_cmp(&area(two)));
        hit.map(|element| Target::Element(element.id.clone()))
            .ok_or_else(|| "there is no control at this place: give its mark".to_owned())
    }

    fn point(&self, x: f64, y: f64) -> Result<crate::computer::Point, String> {
        let (width, height) = self.marked.size;
        self.marked.to_viewport(x, y).ok_or_else(|| {
            format!("{x}, {y} is outside of the screenshot, which has {width} x {height} pixels")
        })
    }

    fn area(&self, area: &tools::PictureArea) -> Result<Rect, String> {
        let start = self.point(area.x, area.y)?;
        let width = self.marked.length_to_viewport(area.width);
        let height = self.marked.length_to_viewport(area.height);
        if !(width > 0.0 && height > 0.0) {
            return Err("`area` has no width or height".to_owned());
        }
        Ok(Rect {
            x: start.x,
            y: start.y,
            width,
            height,
        })
    }

    fn text(
        &self,
        plain: Option<String>,
        secret: Option<String>,
        what: &str,
    ) -> Result<Text, String> {
        match (plain, secret) {
            (Some(text), None) => Ok(Text::Plain(text)),
            (None, Some(name)) if self.secrets.contains(&name) => Ok(Text::Secret(name)),
            (None, Some(name)) => Err(format!(
                "there is no secret {name:?}; there is {}",
                if self.secrets.is_empty() {
                    "none".to_owned()
                } else {
                    self.secrets.join(", ")
                }
            )),
            _ => Err(format!("give either `{what}` or the name of a secret")),
        }
    }

    /// A file to upload: one of this run's downloads, or one that the person named. A page must not choose among the
    /// person's files.
    fn file(&self, name: &str) -> Result<std::path::PathBuf, String> {
        let situation = self.situation;
        let downloaded = situation
            .observation
            .downloads
            .iter()
            .any(|download| download.file == name && download.state == DownloadState::Finished);
        if downloaded {
            return Ok(situation.downloads.join(name));
        }
        let answers = situation
            .history
            .iter()
            .filter_map(|turn| match &turn.result {
                TurnResult::Answered { text } => Some(text.as_str()),
                _ => None,
            });
        let named = std::iter::once(situation.goal)
            .chain(situation.parameters.values().map(String::as_str))
            .chain(situation.remembered.values().map(String::as_str))
            .chain(answers)
            .any(|words| names_path(words, name));
        if named {
            return Ok(name.into());
        }
        Err(format!(
            "{name:?} is neither a downloaded file nor a path that the person gave: ask_human for it"
        ))
    }

    fn tab(&self, number: u32) -> Result<TabId, String> {
        let tabs = &self.situation.observation.tabs;
        usize::try_from(number)
            .ok()
            .and_then(|number| number.checked_sub(1))
            .and_then(|index| tabs.get(index))
            .map(|tab| tab.id.clone())
            .ok_or_else(|| format!("there is no tab {number}: tabs go from 1 to {}", tabs.len()))
    }
}

/// Whether a path stands in a person's words whole: as all of them, or between spaces or quotes.
fn names_path(words: &str, path: &str) -> bool {
    if path.trim().is_empty() {
        return false;
    }
    let edge = |c: Option<char>| c.is_none_or(|c| c.is_whitespace() || "\"'`“”‘’,;()".contains(c));
    words.match_indices(path).any(|(at, found)| {
        let before = words[..at].chars().next_back();
        let after = &words[at + found.len()..];
        // A sentence may end after the path.
        edge(before) && edge(after.strip_prefix('.').unwrap_or(after).chars().next())
    })
}

fn wait(a: &tools::Wait) -> Result<Action, String> {
    if !(1.0..=60.0).contains(&a.seconds) {
        return Err(format!("`seconds` is {}, not from 1 to 60", a.seconds));
    }
    let conditions: Vec<Condition> = [
        a.text.clone().map(Condition::Text),
        a.no_text.clone().map(Condition::NoText),
        a.address.clone().map(Condition::Address),
        a.element.as_ref().map(|element| Condition::Element {
            role: element.role.clone(),
            name: element.name.clone(),
        }),
        a.download
            .filter(|download| *download)
            .map(|_| Condition::Download),
    ]
    .into_iter()
    .flatten()
    .collect();
    let [condition] = conditions.as_slice() else {
        return Err("give exactly one of text, no_text, address, element and download".to_owned());
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 1 and 60 seconds"
    )]
    let limit_ms = (a.seconds * 1000.0) as u64;
    Ok(Action::Wait {
        condition: condition.clone(),
        limit_ms,
    })
}

#[cfg(test)]
mod tests {
    use super::names_path;

    #[test]
    fn a_path_counts_as_named_only_where_it_stands_whole() {
        assert!(names_path("attach /home/me/a.pdf.", "/home/me/a.pdf"));
        assert!(names_path("attach \"my file.pdf\"", "my file.pdf"));
        assert!(!names_path("attach /home/me/a.pdf", "/home/me"));
        assert!(!names_path("attach /home/me/a.pdf", "me/a.pdf"));
        assert!(!names_path("attach", ""));
    }
}
