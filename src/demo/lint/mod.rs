//! What a careful reader would find wrong in demonstrations: what can be followed, and still will not do what was meant. Pure.
//!
//! Each finding says where it is, what it is, and what to do about it. Whether a demonstration can be followed at all is `workflow`'s.

mod between;
mod marks;
mod parameters;
mod targets;
mod values;

use serde::Serialize;

use super::holes::plain;
use super::{Demonstration, Piece, Step, pieces};

/// One workflow with its takes, as the library has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// Name of its folder.
    pub name: String,
    pub takes: Vec<(String, Demonstration)>,
}

/// What sort of thing was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// It cannot be read or followed.
    Unusable,
    /// A value that came from nowhere.
    Value,
    /// A secret that stands in the file.
    Secret,
    /// A parameter that nothing uses.
    Parameter,
    /// A target that says too little to be found.
    Target,
    /// Targets that are not told apart.
    Twins,
    /// A step that matters and is not marked.
    Unmarked,
    /// Takes that say different things.
    Contradiction,
    /// Two workflows of one name.
    Name,
    /// Two workflows of one goal.
    Goal,
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub workflow: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub take: Option<String>,
    /// From 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<usize>,
    pub what: What,
    /// What is wrong.
    pub says: String,
    /// What to do.
    pub remedy: String,
}

/// Whether a value stands in a text, as whoever knows dates and numbers sees it.
pub type StandsIn<'a> = dyn Fn(&str, &str) -> bool + 'a;

/// Everything found in these workflows, in their order.
pub fn lint(all: &[Shown], stands_in: &StandsIn<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for shown in all {
        for (take, demonstration) in &shown.takes {
            let mut report = Report {
                workflow: &shown.name,
                take: Some(take),
                findings: &mut findings,
            };
            values::look(demonstration, &shown.takes, stands_in, &mut report);
            parameters::look(demonstration, &mut report);
            targets::look(demonstration, &mut report);
            marks::look(demonstration, &mut report);
        }
        between::takes(shown, stands_in, &mut findings);
    }
    between::workflows(all, &mut findings);
    findings
}

/// Where findings about one take are collected.
struct Report<'a> {
    workflow: &'a str,
    take: Option<&'a str>,
    findings: &'a mut Vec<Finding>,
}

impl Report<'_> {
    fn add(&mut self, step: Option<usize>, what: What, says: String, remedy: impl Into<String>) {
        self.findings.push(Finding {
            workflow: self.workflow.to_owned(),
            take: self.take.map(str::to_owned),
            step,
            what,
            says,
            remedy: remedy.into(),
        });
    }
}

/// A text as people compare texts: in lower case, single spaces, without a full stop at its end.
fn folded(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ").trim_end_matches(['.', '!']).to_owned()
}

/// What of a text stands fast, its holes left out.
fn fixed(text: &str) -> String {
    pieces(text)
        .into_iter()
        .filter_map(|piece| match piece {
            Piece::Plain(plain) => Some(plain),
            Piece::Hole(_) => None,
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// What a person would call the step's target.
fn called(step: &Step) -> Option<&str> {
    let target = step.target.as_ref()?;
    [
        &target.name,
        &target.label,
        &target.text,
        &target.placeholder,
    ]
    .into_iter()
    .find_map(|text| text.as_deref())
}

/// The step's values that have no holes.
fn plain_values(step: &Step) -> impl Iterator<Item = String> {
    step.value
        .iter()
        .chain(&step.values)
        .filter_map(|value| plain(value))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::computer::Element;
    use crate::demo::Seen;

    fn shown(name: &str, takes: &[(&str, &str)]) -> Shown {
        Shown {
            name: name.to_owned(),
            takes: takes
                .iter()
                .map(|(take, text)| {
                    let text = format!("format = \"1.1\"\n{text}");
                    (
                        (*take).to_owned(),
                        Demonstration::parse(take, &text).unwrap(),
                    )
                })
                .collect(),
        }
    }

    fn one(text: &str) -> Vec<Shown> {
        let head = "workflow = \"job\"\ngoal = \"Water 2 ferns on Monday\"\nstart = \"https://a.example/\"\n";
        vec![shown("job", &[("first", &format!("{head}{text}"))])]
    }

    /// What is found, each as its sort, step and the beginning of what it says.
    #[track_caller]
    fn check(all: &[Shown], expected: &[(What, Option<usize>, &str)]) {
        let stands_in = |value: &str, text: &str| folded(text).contains(&folded(value));
        let found = lint(all, &stands_in);
        assert_eq!(found.len(), expected.len(), "{found:#?}");
        for (found, (what, step, says)) in found.iter().zip(expected) {
            assert_eq!((found.what, found.step), (*what, *step), "{found:?}");
            assert!(found.says.contains(says), "{found:?}");
            assert!(!found.remedy.is_empty());
        }
    }

    #[test]
    fn a_value_comes_from_somewhere() {
        let fill = |value: &str, more: &str| {
            format!(
                "[[step]]\ndo = \"fill\"\nvalue = \"{value}\"\n{more}\ntarget = {{ role = \"textbox\", name = \"Day\" }}\n"
            )
        };
        check(&one(&fill("monday", "")), &[]);
        check(&one(&fill("", "")), &[]);
        check(&one(&fill("Day", "")), &[]);
        check(&one(&fill("by hand", "says = \"always by hand\"")), &[]);
        check(
            &one(&fill("Tuesday", "")),
            &[(
                What::Value,
                Some(1),
                "\"Tuesday\" is typed in \"Day\", but stands neither in the goal nor on the page",
            )],
        );
        check(
            &one(&format!(
                "[parameters.day]\nexample = \"Monday\"\n[parameters.who]\nexample = \"Ana Reyes\"\n{}{}",
                fill("{day}", ""),
                fill("Ana Reyes", "")
            )),
            &[
                (What::Value, Some(2), "is the example of {who}"),
                (What::Parameter, None, "{who}"),
            ],
        );
        // The same in every take: that is how the job is done.
        let take = |goal: &str| {
            format!(
                "workflow = \"job\"\ngoal = \"{goal}\"\nstart = \"https://a.example/\"\n{}",
                fill("always", "")
            )
        };
        check(
            &[shown(
                "job",
                &[("a", &take("Water ferns")), ("b", &take("Water orchids"))],
            )],
            &[],
        );
    }

    #[test]
    fn a_secret_is_not_in_the_file() {
        check(
            &one(
                "[[step]]\ndo = \"fill\"\nvalue = \"hunter2\"\ntarget = { role = \"textbox\", name = \"Password\" }\n",
            ),
            &[(What::Secret, Some(1), "Password")],
        );
    }

    #[test]
    fn a_target_says_what_it_is() {
        let click = |target: &str| format!("[[step]]\ndo = \"click\"\ntarget = {{ {target} }}\n");
        for (target, enough) in [
            ("role = \"button\", name = \"Next\"", true),
            ("attributes = { id = \"next\" }", true),
            ("role = \"link\", row = [\"Fern\"]", true),
            ("role = \"button\", path = \"html/body/button[2]\"", false),
            (
                "role = \"button\", attributes = { class = \"b\", type = \"button\" }",
                false,
            ),
        ] {
            let expected: &[_] = if enough {
                &[]
            } else {
                &[(What::Target, Some(1), "says too little")]
            };
            check(&one(&click(target)), expected);
        }
        let add = |place: usize, more: &str| {
            click(&format!(
                "role = \"button\", name = \"Next\", path = \"html/body/button[{place}]\"{more}"
            ))
        };
        check(
            &one(&format!("{}{}", add(1, ""), add(2, ""))),
            &[(What::Twins, Some(2), "step 1")],
        );
        check(&one(&format!("{}{}", add(1, ""), add(1, ""))), &[]);
        check(
            &one(&format!(
                "{}{}",
                add(1, ", left = \"Fern\""),
                add(2, ", left = \"Rose\"")
            )),
            &[],
        );
    }

    #[test]
    fn a_page_that_was_kept_says_whether_a_target_is_the_only_one() {
        let thing = |id: &str, place: usize, left: &str| -> Element {
            serde_json::from_value(serde_json::json!({
                "id": id, "role": "button", "name": "Next", "tag": "button", "in_view": true,
                "bounds": {"x": 0.0, "y": 0.0, "width": 1.0, "height": 1.0},
                "path": format!("html/body[1]/button[{place}]"), "neighbours": {"left": left},
            }))
            .unwrap()
        };
        for (left, twins) in [("Fern", false), ("", true)] {
            let mut all = one("[[step]]\ndo = \"click\"\n");
            let elements = vec![thing("1:1", 1, ""), thing("1:2", 2, left)];
            let step = &mut all[0].takes[0].1.steps[0];
            step.target = Some(crate::demo::target_query(&elements[1], None));
            step.shown = Some(Arc::new(Seen {
                url: String::new(),
                title: String::new(),
                target: Some(1),
                to: None,
                elements,
                pictures: Default::default(),
            }));
            let expected: &[_] = if twins {
                &[(What::Twins, Some(1), "2 things on the page")]
            } else {
                &[]
            };
            check(&all, expected);
        }
    }

    #[test]
    fn a_step_that_matters_is_marked() {
        let click = |name: &str, mark: &str| {
            format!(
                "[[step]]\ndo = \"click\"\n{mark}\ntarget = {{ role = \"button\", tag = \"button\", name = \"{name}\" }}\n"
            )
        };
        check(
            &one(&click("Place order", "")),
            &[(What::Unmarked, Some(1), "place an order")],
        );
        check(&one(&click("Place order", "mark = \"order\"")), &[]);
        check(&one(&click("Next", "")), &[]);
    }

    #[test]
    fn takes_do_not_contradict_each_other() {
        let take = |goal: &str, more: &str| {
            format!(
                "workflow = \"job\"\ngoal = \"{goal}\"\nstart = \"https://a.example/\"\n{more}[[step]]\ndo = \"click\"\ntarget = {{ role = \"link\", name = \"Fern\" }}\n"
            )
        };
        let two = |one: &str, other: &str| vec![shown("job", &[("first", one), ("second", other)])];
        let water = take("Water the fern", "");
        check(
            &two(&water, &take("Water the rose", "[[step]]\ndo = \"back\"\n")),
            &[],
        );
        check(&two(&water, &water), &[]);
        check(
            &two(&water, &water.replace("\"Fern\"", "\"Rose\"")),
            &[(
                What::Contradiction,
                Some(1),
                "click \"Fern\" in first and click \"Rose\" in second",
            )],
        );
        check(
            &two(
                &water,
                &take("water the  fern.", "[[step]]\ndo = \"back\"\n"),
            ),
            &[(What::Contradiction, Some(1), "in first and back in second")],
        );
        check(
            &two(
                &water.replace("do = \"click\"", "do = \"click\"\nmark = \"order\""),
                &water,
            ),
            &[(
                What::Contradiction,
                Some(1),
                "marked in first and not in second",
            )],
        );
    }

    #[test]
    fn names_and_goals_are_one_workflows_own() {
        let take = |workflow: &str, goal: &str| {
            format!(
                "workflow = \"{workflow}\"\ngoal = \"{goal}\"\nstart = \"https://a.example/\"\n[[step]]\ndo = \"back\"\n"
            )
        };
        check(
            &[
                shown("a", &[("first", &take("a", "Water the fern"))]),
                shown("b", &[("first", &take("a", "Feed the cat"))]),
                shown("A", &[("first", &take("A", "feed the cat!"))]),
            ],
            &[
                (What::Name, None, "says that it is of \"a\""),
                (What::Name, None, "\"a\" and \"A\""),
                (What::Goal, None, "b and A"),
            ],
        );
        // With a parameter in its place, the value does not make it another goal.
        let named = |workflow: &str, plant: &str| {
            format!(
                "workflow = \"{workflow}\"\ngoal = \"Water the {plant}\"\nstart = \"https://a.example/\"\n[parameters.plant]\nexample = \"{plant}\"\n[[step]]\ndo = \"fill\"\nvalue = \"{{plant}}\"\ntarget = {{ name = \"Plant\" }}\n"
            )
        };
        check(
            &[
                shown("a", &[("first", &named("a", "fern"))]),
                shown("b", &[("first", &named("b", "rose"))]),
            ],
            &[(What::Goal, None, "a and b")],
        );
    }
}
