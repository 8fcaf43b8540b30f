//! Says step by step whether a page was as before, when a run was done again.

use serde::Serialize;

use super::performed::Performed;
use super::reader::Trace;
use super::replay;
use crate::computer::Element;

/// One step of the earlier run beside the same step of the later one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepComparison {
    /// Its place among the steps that the earlier run did, from 1.
    pub step: usize,
    /// What it was for, in the earlier run's words.
    pub says: String,
    /// Whether it was done on the same address; numbers in it may differ.
    pub address_same: bool,
    /// Whether it landed on the same thing, by role, tag and name.
    pub target_same: bool,
    /// Whether what was read, or the text of the target and of its row, is the same.
    pub text_same: bool,
    /// What differs, in words; empty where nothing does.
    pub note: String,
}

impl StepComparison {
    pub fn same(&self) -> bool {
        self.address_same && self.target_same && self.text_same
    }
}

/// Compares the actions that succeeded in `before` with those of `after`, which was made by replaying it. Steps are
/// paired by the number that the replay's decisions give, else by their order.
pub fn compare(before: &Trace, after: &Trace) -> Vec<StepComparison> {
    let later = replay::repeatable(after);
    let numbered = later.iter().any(|one| step_number(one).is_some());
    replay::repeatable(before)
        .iter()
        .enumerate()
        .map(|(index, before)| {
            let after = if numbered {
                // Waiting for a step, or for what comes after it, has the step's number too.
                let kind = std::mem::discriminant(before.action);
                let mut of_step = later.iter().filter(|one| step_number(one) == Some(index));
                of_step.find(|one| std::mem::discriminant(one.action) == kind)
            } else {
                later.get(index)
            };
            match after {
                Some(after) => pair(index, before, after),
                None => missing(index, before),
            }
        })
        .collect()
}

fn step_number(one: &Performed<'_>) -> Option<usize> {
    one.act.and_then(|act| act.step)
}

fn missing(index: usize, before: &Performed<'_>) -> StepComparison {
    StepComparison {
        step: index + 1,
        says: before.says.to_owned(),
        address_same: false,
        target_same: false,
        text_same: false,
        note: "it was not done again".to_owned(),
    }
}

fn pair(index: usize, before: &Performed<'_>, after: &Performed<'_>) -> StepComparison {
    let mut notes = Vec::new();
    let address_same = pattern(before.page.url) == pattern(after.page.url);
    if !address_same {
        notes.push(format!(
            "the address was {} and is {}",
            before.page.url, after.page.url
        ));
    }
    let target_same = match (before.element, after.element) {
        (Some(one), Some(other)) => identity(one) == identity(other),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    };
    if !target_same {
        let describe = |one: &Performed<'_>| {
            one.element
                .map_or_else(|| "a bare place".to_owned(), Element::describe)
        };
        notes.push(format!(
            "the target was {} and is {}",
            describe(before),
            describe(after)
        ));
    }
    let (was, is) = (text(before), text(after));
    let text_same = was == is;
    if !text_same {
        notes.push(format!("the text was {was:?} and is {is:?}"));
    }
    StepComparison {
        step: index + 1,
        says: before.says.to_owned(),
        address_same,
        target_same,
        text_same,
        note: notes.join("; "),
    }
}

fn identity(element: &Element) -> (&str, &str, &str) {
    (&element.role, &element.tag, element.title())
}

/// What was read; else the text of the target and what stands in its row.
fn text(one: &Performed<'_>) -> String {
    let read = one.result.ok().and_then(|outcome| outcome.text.clone());
    read.unwrap_or_else(|| {
        one.element.map_or_else(String::new, |element| {
            let row = element.row.iter().flat_map(|row| row.texts.iter());
            let mut texts: Vec<&str> = vec![&element.text];
            texts.extend(row.map(String::as_str));
            texts.retain(|text| !text.is_empty());
            texts.join(" | ")
        })
    })
}

/// An address without its fragment, each run of digits as one `#`: numbers of things that are made anew differ each time.
fn pattern(url: &str) -> String {
    let url = url.split('#').next().unwrap_or_default();
    let (origin, path) = match url.find("://").map(|at| at + 3) {
        Some(at) => {
            let end = url[at..].find('/').map_or(url.len(), |slash| at + slash);
            url.split_at(end)
        }
        None => ("", url),
    };
    let mut pattern = origin.to_owned();
    for c in path.chars() {
        if !c.is_ascii_digit() {
            pattern.push(c);
        } else if !pattern.ends_with('#') {
            pattern.push('#');
        }
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn numbers_of_things_made_anew_do_not_count_and_ports_do() {
        assert_eq!(
            pattern("http://127.0.0.1:80/reports/17/edit?x=3#top"),
            pattern("http://127.0.0.1:80/reports/2045/edit?x=9")
        );
        assert_ne!(pattern("http://a:80/x"), pattern("http://a:81/x"));
        assert_ne!(pattern("http://a/x/1"), pattern("http://a/y/1"));
    }
}
