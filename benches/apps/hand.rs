//! A person at the browser, as far as a script can be one: real clicks, keys and files from a list of deeds, in a browser that
//! `apprentice record` listens to. It takes no part in what is recorded.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use apprentice::computer::browser::Browser;
use apprentice::computer::{Action, Button, Computer, Condition, Element, Scope, Target, Text};

use crate::Failure;

/// How long something may take to be there to be worked on.
const LIMIT: Duration = Duration::from_secs(30);

/// One thing that the person does. `of` names a place: `role:what it is called`, `attribute=value`, or
/// `attribute~=word`.
#[derive(Debug, Clone)]
pub enum Deed {
    Click(&'static str),
    /// A click in the row (table row, list item) that holds the text.
    ClickIn(&'static str, &'static str),
    /// A click on the first, second, … of several that look the same.
    ClickNth(usize, &'static str),
    Fill(&'static str, &'static str),
    Choose(&'static str, &'static str),
    Attach(&'static str, PathBuf),
    /// Types an address.
    Go(String),
    /// OK to a dialog of the page.
    Agree,
    /// Waits until the text is to be seen, as a person does.
    See(&'static str),
}

/// Does the deeds, one after the other.
pub async fn perform(browser: &mut Browser, deeds: &[Deed]) -> Result<(), Failure> {
    for deed in deeds {
        let action = match deed {
            Deed::Click(of) => click(find(browser, of, None, 1).await?),
            Deed::ClickIn(row, of) => click(find(browser, of, Some(row), 1).await?),
            Deed::ClickNth(nth, of) => click(find(browser, of, None, *nth).await?),
            Deed::Fill(of, value) => Action::Fill {
                target: find(browser, of, None, 1).await?,
                value: Text::Plain((*value).to_owned()),
            },
            Deed::Choose(of, option) => Action::Choose {
                target: find(browser, of, None, 1).await?,
                options: vec![(*option).to_owned()],
            },
            Deed::Attach(of, file) => Action::Upload {
                target: find(browser, of, None, 1).await?,
                files: vec![file.clone()],
            },
            Deed::Go(url) => Action::Navigate { url: url.clone() },
            Deed::Agree => Action::AnswerDialog {
                accept: true,
                text: None,
            },
            Deed::See(text) => Action::Wait {
                condition: Condition::Text((*text).to_owned()),
                limit_ms: LIMIT.as_millis() as u64,
            },
        };
        browser
            .perform(&action)
            .await
            .map_err(|e| format!("{deed:?}: {e}"))?;
    }
    Ok(())
}

fn click(target: Target) -> Action {
    Action::Click {
        target,
        button: Button::Left,
        count: 1,
        modifiers: Vec::new(),
    }
}

/// Looks until the place is there.
async fn find(
    browser: &mut Browser,
    of: &str,
    row: Option<&str>,
    nth: usize,
) -> Result<Target, Failure> {
    let deadline = Instant::now() + LIMIT;
    loop {
        let seen = browser.observe(Scope::Whole).await?;
        let mut found = seen.elements.iter().filter(|element| {
            is(element, of)
                && row.is_none_or(|text| {
                    element
                        .row
                        .as_ref()
                        .is_some_and(|row| row.texts.iter().any(|own| own == text))
                })
        });
        if let Some(found) = found.nth(nth - 1) {
            return Ok(Target::Element(found.id.clone()));
        }
        if Instant::now() > deadline {
            let all: Vec<String> = seen.elements.iter().map(Element::describe).collect();
            return Err(format!("no {of} at {}: {all:#?}", seen.url).into());
        }
        tokio::task::yield_now().await;
    }
}

fn is(element: &Element, of: &str) -> bool {
    match (of.split_once('='), of.split_once(':')) {
        (Some((attribute, value)), _) => match attribute.strip_suffix('~') {
            Some(attribute) => element
                .attributes
                .get(attribute)
                .is_some_and(|own| own.split_whitespace().any(|word| word == value)),
            None => element.attributes.get(attribute).map(String::as_str) == Some(value),
        },
        (None, Some((role, name))) => element.role == role && element.title() == name,
        (None, None) => false,
    }
}
