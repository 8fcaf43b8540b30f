//! What the imitator decides, on small hand-made pages. A test plays a run: a page, a decision, what came of it.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::date;

use super::pages::{With, element, page};
use super::*;
use crate::computer::{Dialog, Element, Outcome, Settled, Target, Text};
use crate::demo::Demonstration;
use crate::policy::{Turn as Happened, TurnResult};

const LUNCH: &str = r#"
format = "1.0"
workflow = "lunch"
goal = "File the lunch with Ana Reyes on 12 March"
start = "{site:calendar}/"
result = "filed {total|number} for {person}"

[sites]
calendar = "http://127.0.0.1:4000"
desk = "http://127.0.0.1:4001"

[parameters.person]
example = "Ana Reyes"
[parameters.date]
example = "12 March"
kind = "date"
[parameters.merchant]
example = "Trattoria Blu"
[parameters.total]
example = "48.20"
kind = "money"
[parameters.code]
example = "P-100"
question = "Which project code?"
[parameters.pin]
secret = "PIN"

[[step]]
do = "read"
into = "merchant"
pattern = "at (?<value>.+)"
[step.target]
role = "cell"
row = ["{date|date:%-d %B}", "{person}"]

[[step]]
do = "click"
says = "close the notice"
optional = true
[step.target]
role = "button"
name = "Got it"

[[step]]
do = "read"
as = "picture"
into = "total"
pattern = "Total +(?<value>[€0-9.,]+)"
[step.target]
role = "image"
name = "Receipt of {date|date:%Y-%m-%d}"

[[step]]
do = "fill"
value = "{total|number}"
[step.target]
role = "textbox"
name = "Amount"

[[step]]
do = "fill"
value = "{code}"
[step.target]
role = "textbox"
name = "Project code"

[[step]]
do = "fill"
value = "{pin}"
[step.target]
role = "textbox"
name = "PIN"

[[step]]
do = "click"
says = "submit the report for {person}"
mark = "transfer-money"
[step.target]
role = "button"
name = "Submit"
[step.after]
url = "{site:desk}/reports/1"
text = "Thank you"
[[step.effect]]
method = "POST"
origin = "{site:desk}"
path = "/reports"
fields = ["amount", "code"]
"#;

const GOAL: &str = "File the lunch with Ben Okafor on 3 April";

/// A run that is played by hand.
struct Run {
    imitator: Imitator,
    goal: String,
    parameters: BTreeMap<String, String>,
    remembered: BTreeMap<String, String>,
    history: Vec<Happened>,
}

impl Run {
    fn new(goal: &str) -> Self {
        let mut second = LUNCH.replace("example = \"P-100\"", "example = \"P-200\"");
        second = second.replace("with Ana Reyes on 12 March", "with Cy Young on 1 June");
        second = second.replace("example = \"Ana Reyes\"", "example = \"Cy Young\"");
        second = second.replace("example = \"12 March\"", "example = \"1 June\"");
        let takes = [("a", LUNCH), ("b", &second)]
            .map(|(take, text)| (take.to_owned(), Demonstration::parse(take, text).unwrap()));
        Self::of(goal, takes.to_vec())
    }

    fn of(goal: &str, takes: Vec<(String, Demonstration)>) -> Self {
        let settings = Settings {
            sites: BTreeMap::from([("desk".to_owned(), "http://127.0.0.1:5001".to_owned())]),
            reference_date: date(2026, 11, 24),
        };
        Self {
            imitator: Imitator::new(Workflow::from_takes(takes).unwrap(), settings),
            goal: goal.to_owned(),
            parameters: BTreeMap::new(),
            remembered: BTreeMap::new(),
            history: Vec::new(),
        }
    }

    /// The decision on this page; every one is made twice, and must be the same.
    fn decide(&self, observation: &Observation) -> Decision {
        let situation = Situation {
            goal: &self.goal,
            parameters: &self.parameters,
            remembered: &self.remembered,
            observation,
            downloads: Path::new("/downloads"),
            history: &self.history,
        };
        let first = self.imitator.next(&situation);
        assert_eq!(
            first,
            self.imitator.next(&situation),
            "it is not a function"
        );
        first
    }

    fn turn(&mut self, observation: &Observation, result: TurnResult) -> Decision {
        let decision = self.decide(observation);
        self.history.push(Happened::new(decision.clone(), result));
        decision
    }

    fn act(&mut self, observation: &Observation) -> Act {
        self.act_and_read(observation, None)
    }

    fn act_and_read(&mut self, observation: &Observation, text: Option<&str>) -> Act {
        match self.turn(observation, done(text)) {
            Decision::Act(act) => act,
            other => panic!("expected an action: {other:?}"),
        }
    }

    fn answer(&mut self, observation: &Observation, text: &str) -> Question {
        let answered = TurnResult::Answered {
            text: text.to_owned(),
        };
        match self.turn(observation, answered) {
            Decision::Ask(question) => question,
            other => panic!("expected a question: {other:?}"),
        }
    }

    fn look(&mut self, observation: &Observation) {
        let decision = self.turn(observation, TurnResult::Looked);
        assert_eq!(
            decision,
            Decision::Look {
                scope: Scope::Whole
            }
        );
    }
}

fn done(text: Option<&str>) -> TurnResult {
    TurnResult::Done(Outcome {
        settled: Settled::Quiet,
        text: text.map(str::to_owned),
        millis: 1.0,
    })
}

fn failed(error: &str) -> TurnResult {
    TurnResult::Failed {
        error: error.to_owned(),
    }
}

fn whole(mut observation: Observation) -> Observation {
    observation.scope = Scope::Whole;
    observation
}

fn calendar() -> Observation {
    page(
        "http://127.0.0.1:4000/",
        vec![
            element("cell", "Lunch").in_row(0, &["12 March", "Ana Reyes"]),
            element("cell", "Lunch").in_row(1, &["3 April", "Ben Okafor"]),
        ],
    )
}

fn form() -> Observation {
    page(
        "http://127.0.0.1:5001/new",
        vec![
            element("image", "Receipt of 2026-04-03"),
            element("textbox", "Amount"),
            element("textbox", "Project code"),
            element("textbox", "PIN"),
            element("button", "Submit"),
        ],
    )
}

fn thanks() -> Observation {
    page(
        "http://127.0.0.1:5001/reports/77",
        vec![element("heading", "Thank you, Ben")],
    )
}

/// A run that has come to the step that submits.
fn at_submit() -> Run {
    let mut run = Run::new(GOAL);
    run.parameters.insert("code".to_owned(), "P-300".to_owned());
    run.act_and_read(&calendar(), Some("Lunch at Café Rot"));
    run.look(&form());
    run.act_and_read(&whole(form()), Some("Total €61,50"));
    for _ in 0..3 {
        run.act(&form());
    }
    run
}

#[test]
fn the_whole_job_is_done_with_the_values_of_the_new_goal() {
    let mut run = Run::new(GOAL);
    let read = run.act_and_read(&calendar(), Some("Lunch at Café Rot"));
    assert_eq!(read.step, Some(0));
    assert_eq!(
        read.action.target(),
        Some(&Target::Element(calendar().elements[1].id.clone()))
    );
    run.look(&form());
    let read = run.act_and_read(&whole(form()), Some("Wine 12,00\nTotal €61,50"));
    assert_eq!(read.step, Some(2), "the optional step is skipped");
    assert!(matches!(
        read.action,
        Action::Read {
            what: crate::computer::Reading::Picture,
            ..
        }
    ));
    let fill = run.act(&form());
    assert!(
        matches!(&fill.action, Action::Fill { value: Text::Plain(value), .. } if value == "61.50"),
        "{fill:?}"
    );
    assert_eq!(fill.says, "fill textbox \"Amount\" with \"61.50\"");
    assert_eq!(
        fill.demonstrated.as_deref(),
        Some("fill textbox \"Amount\" with \"48.20\"")
    );
    let question = run.answer(&form(), "P-300");
    assert_eq!(
        (question.key.as_str(), question.text.as_str()),
        ("code", "Which project code?")
    );
    assert_eq!(question.suggestions, ["P-100", "P-200"]);
    let fill = run.act(&form());
    assert!(
        matches!(&fill.action, Action::Fill { value: Text::Plain(value), .. } if value == "P-300")
    );
    let fill = run.act(&form());
    assert!(
        matches!(&fill.action, Action::Fill { value: Text::Secret(name), .. } if name == "PIN")
    );
    assert_eq!(fill.effects, []);
    let submit = run.act(&form());
    let sent: Vec<String> = submit
        .effects
        .iter()
        .map(|effect| format!("{} {}{}", effect.method, effect.origin, effect.path))
        .collect();
    assert_eq!(sent, ["POST http://127.0.0.1:5001/reports"]);
    assert_eq!(submit.mark, Some(crate::guard::Kind::TransferMoney));
    assert_eq!(submit.says, "submit the report for Ben Okafor");
    assert!(submit.sure > 0.9, "{}", submit.sure);
    assert_eq!(
        run.decide(&thanks()),
        Decision::Finish {
            result: "filed 61.50 for Ben Okafor".to_owned()
        }
    );
}

#[test]
fn a_parameter_goes_before_the_goal_and_what_is_remembered_comes_last() {
    let mut run = Run::new(GOAL);
    run.parameters
        .insert("person".to_owned(), "Ana Reyes".to_owned());
    run.parameters
        .insert("date".to_owned(), "12 March".to_owned());
    run.remembered
        .insert("person".to_owned(), "Nobody".to_owned());
    let read = run.act(&calendar());
    assert_eq!(
        read.action.target(),
        Some(&Target::Element(calendar().elements[0].id.clone()))
    );

    let mut run = Run::new("File the lunch on 3 April");
    run.remembered
        .insert("person".to_owned(), "Ben Okafor".to_owned());
    let read = run.act(&calendar());
    assert_eq!(
        read.action.target(),
        Some(&Target::Element(calendar().elements[1].id.clone()))
    );
}

#[test]
fn an_uncertain_day_is_asked_for_with_what_it_may_mean() {
    let mut run = Run::new("File the lunch with Ben Okafor on Friday");
    let question = run.answer(&calendar(), "3 April");
    assert_eq!(question.key, "date");
    assert!(
        question.text.starts_with("\"friday\" may be")
            || question.text.starts_with("\"Friday\" may be")
    );
    assert_eq!(
        question.suggestions,
        ["20 November 2026", "27 November 2026"]
    );
    assert_eq!(run.act(&calendar()).step, Some(0));
}

#[test]
fn a_reading_with_two_values_or_none_is_asked_about() {
    for (text, suggestions) in [
        ("Total €61,50\nTotal €66,50", vec!["€61,50", "€66,50"]),
        ("illegible", vec!["48.20"]),
    ] {
        let mut run = Run::new(GOAL);
        run.act_and_read(&calendar(), Some("Lunch at Café Rot"));
        run.act_and_read(&whole(form()), Some(text));
        let question = run.answer(&form(), "66,50");
        assert_eq!(question.key, "total");
        assert_eq!(question.suggestions, suggestions, "{text}");
        let fill = run.act(&form());
        assert!(
            matches!(&fill.action, Action::Fill { value: Text::Plain(value), .. } if value == "66.50")
        );
    }
}

#[test]
fn a_goal_that_says_more_is_asked_about_and_another_is_given_up() {
    let mut run = Run::new("File the lunch with Ben Okafor on 3 April, but not the wine");
    let question = run.answer(&calendar(), "yes");
    assert_eq!(question.key, "goal:but not the wine");
    assert_eq!(run.act(&calendar()).step, Some(0));

    let mut run = Run::new("File the lunch with Ben Okafor on 3 April, but not the wine");
    run.answer(&calendar(), "no");
    assert!(matches!(run.decide(&calendar()), Decision::GiveUp { .. }));

    let run = Run::new("Buy a bicycle");
    let Decision::GiveUp { reason } = run.decide(&calendar()) else {
        panic!("it must give up");
    };
    assert!(
        reason.contains("names nothing that the demonstration \"lunch\" knows"),
        "{reason}"
    );
}

#[test]
fn a_missing_target_is_looked_for_waited_for_and_then_asked_about() {
    let mut run = at_submit();
    let mut changed = form();
    changed.elements[4] = Element {
        name: "Delete".to_owned(),
        ..changed.elements[4].clone()
    };
    run.look(&changed);
    let wait = run.act(&whole(changed.clone()));
    assert!(
        matches!(&wait.action, Action::Wait { condition: Condition::Element { name, .. }, limit_ms: PATIENCE_MS } if name == "Submit")
    );
    run.look(&changed);
    let question = run.answer(&whole(changed.clone()), "1");
    assert_eq!(question.key, "target:7");
    assert!(
        question.text.contains("button \"Delete\""),
        "{}",
        question.text
    );
    assert_eq!(question.marks, [changed.elements[4].bounds]);
    let click = run.act(&changed);
    assert_eq!(
        click.action.target(),
        Some(&Target::Element(changed.elements[4].id.clone()))
    );
}

#[test]
fn twins_are_asked_about_with_numbered_marks() {
    let mut run = at_submit();
    let mut twins = form();
    let mut other = twins.elements[4].clone();
    other.id.0 = "0:99".to_owned();
    other.bounds.y += 300.0;
    twins.elements.push(other);
    let question = run.answer(&twins, "2");
    assert_eq!(question.marks.len(), 2);
    let click = run.act(&twins);
    assert_eq!(
        click.action.target(),
        Some(&Target::Element(twins.elements[5].id.clone()))
    );

    let mut run = at_submit();
    run.answer(&twins, "stop");
    assert!(matches!(run.decide(&twins), Decision::GiveUp { .. }));

    let mut run = at_submit();
    run.answer(&twins, "skip");
    assert!(matches!(run.decide(&twins), Decision::Finish { .. }));

    let mut run = at_submit();
    for _ in 0..values::MOST_ASKED {
        run.answer(&twins, "the blue one");
    }
    assert!(matches!(run.decide(&twins), Decision::GiveUp { .. }));
}

#[test]
fn a_failed_action_is_tried_twice_more_and_then_given_up() {
    let mut run = Run::new(GOAL);
    run.act_and_read(&calendar(), Some("Lunch at Café Rot"));
    run.act_and_read(&whole(form()), Some("Total €61,50"));
    for _ in 0..2 {
        run.turn(&form(), failed("textbox \"Amount\" is covered"));
        run.look(&form());
    }
    run.turn(&whole(form()), failed("textbox \"Amount\" is covered"));
    let Decision::GiveUp { reason } = run.decide(&form()) else {
        panic!("it must give up");
    };
    for part in [
        "step 4 of \"lunch\"",
        "Amount",
        "is covered",
        "3 times",
        "http://127.0.0.1:5001/new",
        "by hand",
    ] {
        assert!(reason.contains(part), "{reason}");
    }
}

#[test]
fn what_changes_the_world_is_not_tried_again_without_a_word() {
    let mut run = at_submit();
    run.turn(
        &form(),
        failed("Input.dispatchMouseEvent was not answered within 5000 ms"),
    );
    let question = run.answer(&form(), "skip");
    assert_eq!(question.key, "failed:7");
    assert!(matches!(run.decide(&form()), Decision::Finish { .. }));
}

#[test]
fn the_page_after_a_step_is_checked_waited_for_and_asked_about() {
    let mut run = at_submit();
    run.act(&form());
    let wait = run.turn(&form(), failed("waited in vain"));
    assert!(
        matches!(&wait, Decision::Act(Act { action: Action::Wait { condition: Condition::Address(part), .. }, .. }) if part == "http://127.0.0.1:5001/reports/"),
        "{wait:?}"
    );
    let question = run.answer(&form(), "go on");
    assert_eq!(question.key, "after:7");
    assert!(matches!(run.decide(&form()), Decision::Finish { .. }));

    let mut run = at_submit();
    run.turn(&form(), TurnResult::DoneByHand { covers: 1 });
    assert!(
        matches!(run.decide(&form()), Decision::Finish { .. }),
        "a hand's work is done"
    );

    let mut run = at_submit();
    run.act(&form());
    let mut elsewhere = thanks();
    elsewhere.elements.clear();
    run.act(&elsewhere);
    assert!(
        matches!(run.decide(&elsewhere), Decision::Finish { .. }),
        "what came need not stay"
    );
}

#[test]
fn an_unexpected_dialog_is_asked_about_and_a_message_is_closed() {
    let with = |kind| {
        let mut observation = form();
        observation.dialog = Some(Dialog {
            kind,
            message: "Leave?".to_owned(),
            default_text: String::new(),
        });
        observation
    };
    let mut run = at_submit();
    let closed = run.act(&with(DialogKind::Alert));
    assert!(matches!(
        closed.action,
        Action::AnswerDialog { accept: true, .. }
    ));
    let question = run.answer(&with(DialogKind::Confirm), "no");
    assert_eq!(question.key, "dialog:7");
    let answered = run.act(&with(DialogKind::Confirm));
    assert!(matches!(
        answered.action,
        Action::AnswerDialog { accept: false, .. }
    ));
    assert!(matches!(run.act(&form()).action, Action::Click { .. }));
}

#[test]
fn every_verb_becomes_an_action() {
    let target = "[step.target]\nrole = \"textbox\"\nname = \"Amount\"";
    for (step, kind) in [
        (format!("do = \"click\"\n{target}"), "click"),
        (format!("do = \"double-click\"\n{target}"), "click"),
        (format!("do = \"right-click\"\n{target}"), "click"),
        (format!("do = \"hover\"\n{target}"), "hover"),
        (
            format!("do = \"drag\"\n{target}\n[step.to]\nrole = \"button\"\nname = \"Submit\""),
            "drag",
        ),
        (format!("do = \"scroll-to\"\n{target}"), "scroll-to"),
        ("do = \"type\"\nvalue = \"x\"".to_owned(), "type"),
        (format!("do = \"fill\"\nvalue = \"x\"\n{target}"), "fill"),
        ("do = \"press\"\nvalue = \"Enter\"".to_owned(), "press"),
        (
            format!("do = \"choose\"\nvalues = [\"x\"]\n{target}"),
            "choose",
        ),
        (
            format!("do = \"upload\"\nvalues = [\"x\"]\n{target}"),
            "upload",
        ),
        (
            "do = \"navigate\"\nvalue = \"http://a.example/\"".to_owned(),
            "navigate",
        ),
        ("do = \"back\"".to_owned(), "back"),
        ("do = \"forward\"".to_owned(), "forward"),
        ("do = \"reload\"".to_owned(), "reload"),
        (
            "do = \"open-tab\"\nvalue = \"http://a.example/\"".to_owned(),
            "open-tab",
        ),
        (
            "do = \"switch-tab\"\nvalue = \"a page\"".to_owned(),
            "switch-tab",
        ),
        ("do = \"close-tab\"".to_owned(), "close-tab"),
        ("do = \"wait\"\nvalue = \"{download}\"".to_owned(), "wait"),
        ("do = \"read\"\ninto = \"x\"".to_owned(), "read"),
    ] {
        let text = format!(
            "format = \"1.0\"\nworkflow = \"w\"\ngoal = \"Do it\"\nstart = \"http://a.example/\"\n[[step]]\n{step}"
        );
        let take = (
            "take".to_owned(),
            Demonstration::parse("take", &text).unwrap(),
        );
        let act = Run::of("Do it", vec![take]).act(&form());
        let value = serde_json::to_value(&act.action).unwrap();
        assert_eq!(value["kind"], kind, "{step}");
    }
}

/// A recording in which these things of a page were clicked.
fn clicked(goal: &str, page: &Observation, clicked: &[usize]) -> Demonstration {
    let step = |at: &usize| {
        let mut step = Step::bare(Verb::Click);
        step.target = Some(crate::demo::target_query(&page.elements[*at], None));
        step.shown = Some(std::sync::Arc::new(crate::demo::Seen {
            url: page.url.clone(),
            title: String::new(),
            target: Some(*at),
            to: None,
            elements: page.elements.clone(),
            pictures: BTreeMap::new(),
        }));
        step
    };
    let text = format!(
        "format = \"1.2\"\nworkflow = \"tidy\"\ngoal = {goal:?}\nstart = \"http://127.0.0.1:4000/\"\n"
    );
    Demonstration {
        steps: clicked.iter().map(step).collect(),
        ..Demonstration::parse("tidy", &text).unwrap()
    }
}

#[test]
fn which_of_several_ways_is_meant_is_asked_where_the_goal_does_not_say_it() {
    let list = page(
        "http://127.0.0.1:4000/",
        vec![element("button", "Sort"), element("link", "Clear")],
    );
    let takes = |at: &[usize]| -> Vec<(String, Demonstration)> {
        at.iter()
            .enumerate()
            .map(|(take, at)| (take.to_string(), clicked("Tidy the list", &list, &[*at])))
            .collect()
    };
    let mut run = Run::of("Tidy the list", takes(&[0, 1]));
    let question = run.answer(&list, "2");
    assert_eq!(question.key, "way");
    assert!(
        question
            .text
            .contains("1: click the button called \"Sort\"")
            && question.text.contains("2: click the link called \"Clear\""),
        "{}",
        question.text
    );
    assert_eq!(
        run.act(&list).action.target(),
        Some(&Target::Element(list.elements[1].id.clone()))
    );
    // What most recordings show is meant.
    let mut run = Run::of("Tidy the list", takes(&[0, 0, 0, 1]));
    assert_eq!(
        run.act(&list).action.target(),
        Some(&Target::Element(list.elements[0].id.clone()))
    );
}

#[test]
fn the_page_tells_which_of_several_ways_is_meant() {
    let url = "http://127.0.0.1:4000/";
    let open = page(
        url,
        vec![element("button", "More"), element("link", "Export")],
    );
    let folded = page(url, vec![element("button", "More")]);
    let takes = [
        ("a", clicked("Export it", &open, &[1])),
        ("b", clicked("Export it", &folded, &[0])),
        ("c", clicked("Export it", &open, &[1])),
        ("d", clicked("Export it", &folded, &[0])),
    ];
    let takes = takes.map(|(take, shown)| (take.to_owned(), shown)).to_vec();
    let first = |page: &Observation| {
        let act = Run::of("Export it", takes.clone()).act(page);
        (act.way, act.action.target().cloned())
    };
    let target =
        |page: &Observation, at: usize| Some(Target::Element(page.elements[at].id.clone()));
    assert_eq!(first(&open).1, target(&open, 1));
    let (way, clicked) = first(&folded);
    assert_eq!(clicked, target(&folded, 0));
    // What was begun is gone on with, whatever the page shows then.
    let mut run = Run::of("Export it", takes.clone());
    run.act(&folded);
    assert!(way.is_some());
    // What neither way begins with tells nothing: it is asked.
    let other = page(url, vec![element("link", "Help")]);
    assert_eq!(
        Run::of("Export it", takes.clone()).answer(&other, "1").key,
        "way"
    );
}

#[test]
fn ways_are_compared_by_the_words_that_all_recordings_share() {
    // "Tidy" and "list" are called so in every goal: what is called so on the page is no value of it.
    let names = ["Tidy", "list", "Ana", "Ben", "Cy", "Dan"];
    let roles = ["button", "link", "tab", "tab", "tab", "tab"];
    let things = roles.iter().zip(names);
    let list = page(
        "http://127.0.0.1:4000/",
        things.map(|(role, name)| element(role, name)).collect(),
    );
    let takes = [
        ("a", clicked("Tidy the list of Ana", &list, &[0, 2])),
        ("b", clicked("Tidy the list of Ben", &list, &[0, 3])),
        ("c", clicked("Tidy the list of Cy", &list, &[1, 4])),
    ];
    let takes = takes.map(|(take, shown)| (take.to_owned(), shown));
    let mut run = Run::of("Tidy the list of Dan", takes.to_vec());
    assert_eq!(run.answer(&list, "1").key, "way");
}
