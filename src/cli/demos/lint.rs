//! `apprentice demos lint`: what a careful reader would find wrong in demonstrations.

use std::path::Path;

use jiff::civil::Date;

use super::super::{CliError, GlobalFlags, output};
use super::{failed, one_line};
use crate::demo::library::{self, LibraryError};
use crate::demo::lint::{self as rules, Finding, Shown, What};
use crate::workflow::{Workflow, date, number};

/// Words of a text that a date may have at most.
const LONGEST_DATE: usize = 4;

pub(super) fn lint(folder: &Path, name: Option<&str>, global: GlobalFlags) -> Result<u8, CliError> {
    if let Some(name) = name {
        library::takes(folder, name).map_err(failed)?;
    }
    let entries = library::list(folder);
    let mut findings = Vec::new();
    let mut all = Vec::new();
    let mut unusable = |name: &str, says: String| {
        findings.push(Finding {
            workflow: name.to_owned(),
            take: None,
            step: None,
            what: What::Unusable,
            says,
            remedy: format!("put it right: `apprentice demos edit {name}`"),
        });
    };
    for entry in &entries {
        match library::load(folder, &entry.name) {
            Err(LibraryError::NoTakes { .. }) => {}
            Err(error) => unusable(&entry.name, error.to_string()),
            Ok(takes) => {
                if let Err(error) = Workflow::from_takes(takes.clone()) {
                    unusable(&entry.name, error.to_string());
                }
                all.push(Shown {
                    name: entry.name.clone(),
                    takes,
                });
            }
        }
    }
    let today = jiff::ZonedDateTime::now().date();
    let stands_in = |value: &str, text: &str| stands_in(value, text, today);
    findings.extend(rules::lint(&all, &stands_in));
    if let Some(name) = name {
        findings.retain(|finding| finding.workflow == name);
    }
    let code = u8::from(!findings.is_empty());
    if global.json {
        output::print_json(&findings)?;
    } else if findings.is_empty() {
        if !global.quiet {
            eprintln!("nothing found in {}", folder.display());
        }
    } else {
        output::print(&findings.iter().map(told).collect::<String>())?;
    }
    Ok(code)
}

/// A finding in two lines: what is wrong, and what to do.
fn told(finding: &Finding) -> String {
    let mut place = finding.workflow.clone();
    if let Some(take) = &finding.take {
        place.push_str(&format!("/{take}"));
    }
    if let Some(step) = finding.step {
        place.push_str(&format!(", step {step}"));
    }
    format!(
        "{}: {}\n  {}\n",
        one_line(&place),
        one_line(&finding.says),
        one_line(&finding.remedy)
    )
}

/// Whether the value stands in the text: word for word, or as the same number or day written otherwise.
fn stands_in(value: &str, text: &str, today: Date) -> bool {
    let words: Vec<String> = words(text);
    let wanted = self::words(value);
    if wanted.is_empty() {
        return true;
    }
    if words
        .windows(wanted.len())
        .any(|some| some == wanted.as_slice())
    {
        return true;
    }
    let day = date::parse(value, today).ok();
    let number = number::plain(value).ok().filter(|_| wanted.len() == 1);
    let mentioned: Vec<&str> = text.split_whitespace().collect();
    (1..=LONGEST_DATE).any(|length| {
        mentioned.windows(length).any(|some| {
            let part = some.join(" ");
            let part = part.trim_end_matches([',', '.', ':', ';', '!', '?']);
            let same_day = day.is_some() && date::parse(part, today).ok() == day;
            let same_number = length == 1 && number.is_some() && number::plain(part).ok() == number;
            same_day || same_number
        })
    })
}

/// Runs of letters and digits, in lower case.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_however_they_are_written() {
        let today = jiff::civil::date(2026, 11, 27);
        let goal = "Water 2 ferns on 12 March 2026, for €12.50: ask Ana Reyes";
        for (value, found) in [
            ("ana reyes", true),
            ("ferns", true),
            ("2026-03-12", true),
            ("12 March", true),
            ("2", true),
            ("12.50", true),
            ("--", true),
            ("fern", false),
            ("Ana Kay", false),
            ("2026-03-13", false),
            ("3", false),
        ] {
            assert_eq!(stands_in(value, goal, today), found, "{value}");
        }
    }
}
