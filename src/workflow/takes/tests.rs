//! What takes are made into, and what is refused.

use jiff::civil::date;

use super::*;

const HEAD: &str = r#"
format = "1.0"
workflow = "lunch"
goal = "File the lunch with Ana Reyes on 12 March"
start = "{site:desk}/new"
[sites]
desk = "http://127.0.0.1:4000/"
[parameters.person]
example = "Ana Reyes"
[parameters.date]
example = "12 March"
kind = "date"
[parameters.pin]
secret = "PIN"
"#;

fn take(text: &str) -> Demonstration {
    Demonstration::parse("take.toml", text).unwrap()
}

fn workflow_of(steps: &str) -> Result<Workflow, WorkflowError> {
    Workflow::from_takes(vec![("first".to_owned(), take(&format!("{HEAD}{steps}")))])
}

#[test]
fn a_workflow_knows_where_it_starts_and_what_it_needs() {
    let workflow = workflow_of("[[step]]\ndo = \"reload\"").unwrap();
    assert_eq!(workflow.name(), "lunch");
    assert_eq!(
        workflow.start_url(&BTreeMap::new()),
        "http://127.0.0.1:4000/new"
    );
    let elsewhere = BTreeMap::from([("desk".to_owned(), "http://127.0.0.1:5000".to_owned())]);
    assert_eq!(workflow.start_url(&elsewhere), "http://127.0.0.1:5000/new");
    assert_eq!(workflow.parameters()["person"].examples, ["Ana Reyes"]);
    let reading = workflow.read_goal(
        "File the lunch with Ben Okafor on 3 April",
        date(2026, 11, 24),
    );
    assert_eq!(reading.values["person"], "Ben Okafor");
}

#[test]
fn every_step_needs_what_its_verb_needs() {
    let target = "\n[step.target]\nrole = \"button\"\nname = \"Save\"";
    for (step, expected) in [
        (
            "do = \"click\"".to_owned(),
            "step 1 of first: `do = \"click\"` needs a [step.target]",
        ),
        (format!("do = \"drag\"{target}"), "needs a [step.to]"),
        (format!("do = \"fill\"{target}"), "needs a `value`"),
        ("do = \"type\"".to_owned(), "needs a `value`"),
        (format!("do = \"choose\"{target}"), "needs `values`"),
        (
            "do = \"answer-dialog\"".to_owned(),
            "needs `accept = true` or `accept = false`",
        ),
        (format!("do = \"read\"{target}"), "needs `into`"),
        (
            "do = \"wait\"\nvalue = \"{who}\"".to_owned(),
            "names \"who\", which is not in [parameters]",
        ),
        (
            "do = \"navigate\"\nvalue = \"{site:bank}\"".to_owned(),
            "names \"site:bank\", which is not in [sites]",
        ),
        (
            "do = \"back\"\n[[step.effect]]\nmethod = \"POST\"\norigin = \"{site:bank}\"\npath = \"/\"".to_owned(),
            "names \"site:bank\", which is not in [sites]",
        ),
        (
            "do = \"back\"\n[[step.effect]]\nmethod = \"POST\"\norigin = \"{person}\"\npath = \"/\"".to_owned(),
            "can only name a site",
        ),
        (
            "do = \"navigate\"\nvalue = \"{person\"".to_owned(),
            "a { has no }",
        ),
        (
            "do = \"navigate\"\nvalue = \"/x?pin={pin}\"".to_owned(),
            "names the secret \"pin\"",
        ),
        (
            "do = \"type\"\nvalue = \"x{pin}\"".to_owned(),
            "names the secret \"pin\"",
        ),
        (
            "do = \"read\"\ninto = \"total\"\npattern = \"(\"".to_owned(),
            "`pattern` cannot be used",
        ),
        (
            "do = \"click\"\n[step.target]".to_owned(),
            "its target says nothing",
        ),
        (
            "do = \"click\"\n[step.target]\nindex = \"second\"".to_owned(),
            "not a whole number from 0",
        ),
        (
            "do = \"reload\"\nsays = \"{date|dat:%F}\"".to_owned(),
            "there is no filter",
        ),
    ] {
        let message = workflow_of(&format!("[[step]]\n{step}"))
            .unwrap_err()
            .to_string();
        assert!(message.contains(expected), "{step}: {message}");
    }
    let secret = format!("[[step]]\ndo = \"fill\"\nvalue = \"{{pin}}\"{target}");
    assert!(workflow_of(&secret).is_ok());
}

#[test]
fn takes_that_make_no_workflow_are_refused() {
    assert_eq!(
        Workflow::from_takes(Vec::new()).unwrap_err(),
        WorkflowError::NoTakes
    );
    assert!(matches!(
        workflow_of(""),
        Err(WorkflowError::NoSteps { .. })
    ));
    let one = take(&format!("{HEAD}[[step]]\ndo = \"reload\""));
    let mut other = one.clone();
    other.workflow = "dinner".to_owned();
    let message =
        Workflow::from_takes(vec![("a".to_owned(), one.clone()), ("b".to_owned(), other)])
            .unwrap_err()
            .to_string();
    assert!(message.contains("different workflows"), "{message}");
    let mut told = one;
    told.parameters.get_mut("pin").unwrap().example = Some("1234".to_owned());
    let message = Workflow::from_takes(vec![("a".to_owned(), told)])
        .unwrap_err()
        .to_string();
    assert!(message.contains("take its example out"), "{message}");
}

#[test]
fn values_that_differ_between_takes_become_parameters() {
    let with = |goal: &str, code: &str| {
        let text = format!(
            "format = \"1.0\"\nworkflow = \"lunch\"\ngoal = \"{goal}\"\nstart = \"http://127.0.0.1:1/\"\n\
             [[step]]\ndo = \"fill\"\nvalue = \"{code}\"\n[step.target]\nrole = \"textbox\"\nname = \"Project code\"\n\
             [[step]]\ndo = \"fill\"\nvalue = \"same\"\n[step.target]\nname = \"Note\""
        );
        take(&text)
    };
    let workflow = Workflow::from_takes(vec![
        ("a".to_owned(), with("File the lunch", "P-100")),
        ("b".to_owned(), with("File the lunch", "P-200")),
    ])
    .unwrap();
    assert_eq!(
        workflow.parameters()["project-code"].examples,
        ["P-100", "P-200"]
    );
    assert_eq!(workflow.steps()[0].value.as_deref(), Some("{project-code}"));
    assert_eq!(workflow.steps()[1].value.as_deref(), Some("same"));

    let named = Workflow::from_takes(vec![
        ("a".to_owned(), with("File the lunch under P-100", "P-100")),
        ("b".to_owned(), with("File the lunch under P-200", "P-200")),
    ])
    .unwrap();
    let reading = named.read_goal("File the lunch under X-7", date(2026, 11, 24));
    assert_eq!(reading.values["project-code"], "X-7");
}
