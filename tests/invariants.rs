//! Nothing is performed without the yes that it needs, and what is performed stands in the trace before it is.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::sync::Arc;

use apprentice::computer::{
    Action, Button, Computer, ComputerError, ElementId, Observation, Outcome as Performed, Place,
    Point, Scope, Screenshot, Settled, Sight, Target,
};
use apprentice::guard::GuardPolicy;
use apprentice::human::{Card, Human, HumanError, Nobody, Question, Reply, Verdict};
use apprentice::policy::imitator::Imitator;
use apprentice::policy::{Act, Decision, Policy, PolicyError, Says, Situation, Turn, TurnResult};
use apprentice::run::{self, Before, Interrupt, Job, Limits, Locked, Parts, Progress, Summary};
use apprentice::trace::{Event, Header, Outcome, Recorder, Trace};
use axum::Router;
use axum::response::Html;
use axum::routing::{get, post};
use serde_json::json;
use tokio::sync::mpsc;

use crate::support::program::{Program, events};

/// A page with one button that pays; each look sees the next sum on it, and the last one from then on.
struct Till {
    sums: Vec<&'static str>,
    looks: usize,
    performed: Vec<Action>,
}

#[async_trait::async_trait]
impl Computer for Till {
    async fn observe(&mut self, scope: Scope) -> Result<Observation, ComputerError> {
        let sum = self.sums[self.looks.min(self.sums.len() - 1)];
        self.looks += 1;
        let name = format!("Pay {sum}");
        Ok(serde_json::from_value(json!({
            "url": "http://127.0.0.1:1/till", "title": "Till",
            "viewport": {"width": 800.0, "height": 600.0},
            "scroll": {"x": 0.0, "y": 0.0, "width": 800.0, "height": 600.0},
            "tabs": [{"id": "t1", "url": "http://127.0.0.1:1/till", "title": "Till", "active": true}],
            "frames": [], "scope": scope, "downloads": [],
            "elements": [{
                // Under the button, where no click gets to.
                "id": "0:2", "role": "link", "name": "About", "text": "About", "tag": "a",
                "attributes": {"href": "/about"}, "covered_by": "button \"Pay\"",
                "in_view": true, "interactive": true,
                "bounds": {"x": 40.0, "y": 15.0, "width": 20.0, "height": 10.0},
            }, {
                "id": "0:1", "role": "button", "name": name, "text": name, "tag": "button",
                "in_view": true, "interactive": true,
                "bounds": {"x": 10.0, "y": 10.0, "width": 90.0, "height": 30.0},
            }],
        }))
        .expect("an observation of the documented shape"))
    }

    async fn perform(&mut self, action: &Action) -> Result<Performed, ComputerError> {
        let mut text = None;
        if matches!(action, Action::Read { .. }) {
            text = Some(format!(
                "Pay {}",
                self.sums[self.looks.min(self.sums.len() - 1)]
            ));
        } else {
            self.performed.push(action.clone());
        }
        Ok(Performed {
            settled: Settled::Quiet,
            text,
            millis: 1.0,
        })
    }

    async fn picture(&mut self, _: &Place) -> Result<Screenshot, ComputerError> {
        Err(ComputerError::Gone("it has no pictures".to_owned()))
    }

    async fn close(&mut self) -> Result<(), ComputerError> {
        Ok(())
    }
}

/// Does it until it was done; where a sum is given, only while the button says it, and relying on that.
struct Does(Action, Option<&'static str>);

#[async_trait::async_trait]
impl Policy for Does {
    fn name(&self) -> &'static str {
        "does"
    }

    async fn decide(&mut self, situation: &Situation<'_>) -> Result<Decision, PolicyError> {
        let done = situation
            .history
            .iter()
            .any(|turn| matches!(turn.result, TurnResult::Done(_)));
        let button = ElementId("0:1".to_owned());
        let says = situation
            .observation
            .element(&button)
            .map_or("", |one| one.name.as_str());
        Ok(if done {
            Decision::Finish {
                result: "paid".to_owned(),
            }
        } else if self.1.is_some_and(|sum| !says.contains(sum)) {
            Decision::GiveUp {
                reason: format!("it says {says}"),
            }
        } else {
            Decision::Act(Act {
                action: self.0.clone(),
                says: "pay".to_owned(),
                sure: 1.0,
                mark: None,
                step: None,
                demonstrated: None,
                effects: Vec::new(),
                looking: false,
                way: None,
                hand: None,
                while_says: self.1.map(|_| Says {
                    element: button,
                    text: says.to_owned(),
                }),
            })
        })
    }
}

fn pay() -> Action {
    click(Target::Element(ElementId("0:1".to_owned())))
}

fn click(target: Target) -> Action {
    Action::Click {
        target,
        button: Button::Left,
        count: 1,
        modifiers: Vec::new(),
    }
}

/// Gives these answers to cards, and then none.
struct Answers(VecDeque<Verdict>);

#[async_trait::async_trait]
impl Human for Answers {
    async fn ask(&mut self, question: &Question, _: Option<&Path>) -> Result<Reply, HumanError> {
        Err(HumanError::NobodyThere {
            question: question.text.clone(),
        })
    }

    async fn confirm(&mut self, card: &Card, _: Option<&Path>) -> Result<Verdict, HumanError> {
        self.0.pop_front().ok_or_else(|| HumanError::NobodyThere {
            question: card.title.clone(),
        })
    }
}

struct Quiet;

impl Progress for Quiet {
    fn step(&mut self, _: usize, _: &str) {}
    fn waits(&mut self, _: &str) {}
    fn note(&mut self, _: &str) {}
    fn timings(&mut self, _: &BTreeMap<String, f64>) {}
}

/// What was performed, how it ended, and how many cards were answered.
async fn at_the_till(
    sums: &[&'static str],
    human: &mut dyn Human,
    interrupted: bool,
) -> (Vec<Action>, Summary) {
    doing(Does(pay(), None), sums, human, interrupted).await
}

async fn doing(
    mut does: Does,
    sums: &[&'static str],
    human: &mut dyn Human,
    interrupted: bool,
) -> (Vec<Action>, Summary) {
    let folder = crate::cli::folder();
    let mut till = Till {
        sums: sums.to_vec(),
        looks: 0,
        performed: Vec::new(),
    };
    let header = Header {
        format: String::new(),
        run: String::new(),
        started: String::new(),
        goal: "pay".to_owned(),
        typed: None,
        parameters: BTreeMap::new(),
        workflow: None,
        policy: "does".to_owned(),
        browser: String::new(),
        start_url: String::new(),
        sites: Vec::new(),
        apprentice: String::new(),
    };
    let job = Job {
        goal: "pay".to_owned(),
        parameters: BTreeMap::new(),
        remembered: BTreeMap::new(),
        start: None,
        sites: vec!["http://127.0.0.1:1".to_owned()],
        limits: Limits {
            steps: 20,
            ..Limits::default()
        },
        guard: GuardPolicy::default(),
        downloads: folder.path().to_owned(),
        before: Before::default(),
    };
    let (interrupt, interrupts) = Interrupt::new();
    if interrupted {
        interrupt.again();
    }
    let summary = run::run(
        &job,
        Parts {
            computer: &mut till,
            policy: &mut does,
            human,
            recorder: Recorder::create(folder.path(), header, str::to_owned)
                .expect("a temporary folder"),
            progress: &mut Quiet,
            interrupts,
            read_picture: Arc::new(|_| Err("nothing to read".to_owned())),
            remember: Box::new(|_, _| Ok(())),
            mask: Arc::new(str::to_owned),
            guarded: None,
            unlock: Box::new(|_| Err(Locked::Broken("there is no vault".to_owned()))),
        },
    )
    .await
    .expect("a trace can be kept");
    (till.performed, summary)
}

#[tokio::test]
async fn without_a_yes_nothing_is_performed() {
    let edit = Verdict::Edit {
        field: "no such field".to_owned(),
        value: "1".to_owned(),
    };
    let cases: [(Vec<Verdict>, Outcome); 4] = [
        (vec![], Outcome::Waiting),
        (vec![Verdict::No], Outcome::Refused),
        (vec![edit.clone(), Verdict::No], Outcome::Refused),
        (vec![edit], Outcome::Waiting),
    ];
    for (verdicts, outcome) in cases {
        let mut human = Answers(verdicts.clone().into());
        let (performed, summary) = at_the_till(&["12.00 EUR"], &mut human, false).await;
        assert_eq!(performed, [], "{verdicts:?}");
        assert_eq!(summary.end.outcome, outcome, "{verdicts:?}");
    }
    let (performed, summary) = at_the_till(&["12.00 EUR"], &mut Nobody, false).await;
    assert_eq!(performed, []);
    assert_eq!(summary.end.outcome, Outcome::Waiting);
    let mut human = Answers(vec![Verdict::Yes].into());
    let (performed, summary) = at_the_till(&["12.00 EUR"], &mut human, true).await;
    assert_eq!(performed, []);
    assert_eq!(summary.end.outcome, Outcome::Interrupted);
}

#[tokio::test]
async fn one_yes_is_for_one_action_on_what_the_card_said() {
    let mut human = Answers(vec![Verdict::Yes; 9].into());
    let (performed, summary) = at_the_till(&["12.00 EUR"], &mut human, false).await;
    assert_eq!(performed, [pay()]);
    assert_eq!(summary.end.outcome, Outcome::Done);
    assert_eq!(summary.end.confirmations, 1);
    // While the person reads, the sum grows: the yes is not for that.
    let sums = ["12.00 EUR", "1200.00 EUR"];
    let mut human = Answers(vec![Verdict::Yes].into());
    let (performed, summary) = at_the_till(&sums, &mut human, false).await;
    assert_eq!(performed, []);
    assert_eq!(summary.end.outcome, Outcome::Waiting);
    let mut human = Answers(vec![Verdict::Yes, Verdict::Yes].into());
    let (performed, summary) = at_the_till(&sums, &mut human, false).await;
    assert_eq!(performed, [pay()]);
    assert_eq!(summary.end.confirmations, 2);
}

#[tokio::test]
async fn what_a_decision_relied_on_must_be_so_still_when_it_is_done() {
    let relies = || Does(pay(), Some("12.00 EUR"));
    // It changes while the person reads: nobody is asked for the other sum.
    let sums = ["12.00 EUR", "1200.00 EUR"];
    let mut human = Answers(vec![Verdict::Yes; 9].into());
    let (performed, summary) = doing(relies(), &sums, &mut human, false).await;
    assert_eq!(performed, []);
    assert_eq!(summary.end.confirmations, 1);
    assert_eq!(summary.end.outcome, Outcome::GaveUp);
    // It changes after the last look.
    let sums = ["12.00 EUR", "12.00 EUR", "1200.00 EUR"];
    let mut human = Answers(vec![Verdict::Yes; 9].into());
    let (performed, summary) = doing(relies(), &sums, &mut human, false).await;
    assert_eq!(performed, []);
    assert_eq!(summary.end.outcome, Outcome::GaveUp);
    let mut human = Answers(vec![Verdict::Yes; 9].into());
    let (performed, _) = doing(relies(), &["12.00 EUR"], &mut human, false).await;
    assert_eq!(performed, [pay()]);
}

#[tokio::test]
async fn what_a_person_did_by_hand_is_not_done_again() {
    let mut human = Answers(vec![Verdict::DoneByHand].into());
    let (performed, _) = at_the_till(&["12.00 EUR"], &mut human, false).await;
    assert_eq!(performed, []);
}

#[tokio::test]
async fn a_bare_point_is_what_a_click_on_it_lands_on() {
    let action = click(Target::Point(Point { x: 50.0, y: 20.0 }));
    let (performed, summary) = doing(Does(action, None), &["12.00 EUR"], &mut Nobody, false).await;
    assert_eq!(performed, []);
    assert_eq!(summary.end.outcome, Outcome::Waiting);
    let reason = summary.end.reason.unwrap_or_default();
    assert!(reason.contains("Pay 12.00 EUR"), "{reason}");
}

/// A shop that takes an order and never answers; each order that arrives is told.
async fn silent_shop() -> (String, mpsc::UnboundedReceiver<()>) {
    let (arrived, arrivals) = mpsc::unbounded_channel();
    let page = "<!doctype html><title>Shop</title><h1>Order</h1><form method=post action=/orders>\
        <label>Amount <input name=amount value='12.00'></label><button>Pay 12.00 EUR</button></form>";
    let app = Router::new()
        .route("/", get(move || async move { Html(page) }))
        .route(
            "/orders",
            post(move || {
                let arrived = arrived.clone();
                async move {
                    // The test may be over already.
                    let _ = arrived.send(());
                    std::future::pending::<&'static str>().await
                }
            }),
        );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("loopback has free ports");
    let address = listener
        .local_addr()
        .expect("a bound socket has an address");
    tokio::spawn(async move { axum::serve(listener, app).await });
    (format!("http://{address}"), arrivals)
}

const ORDER: &str = r#"
format = "1.0"
workflow = "order"
goal = "Order it"
start = "{site:shop}/"

[sites]
shop = "http://shop.example"

[[step]]
do = "click"
says = "pay"
target = { role = "button", name = "Pay 12.00 EUR", tag = "button" }
"#;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sent_stands_in_the_trace_even_of_a_run_that_was_killed() {
    let (shop, mut arrivals) = silent_shop().await;
    let program = Program::new();
    std::fs::create_dir_all(program.folder().join("demos/order")).expect("a temporary folder");
    program.file("demos/order/first.toml", ORDER);
    let answers = program.answers(&[("(?i)pay", "yes")]);
    let site = format!("--site=shop={shop}");
    let mut child = program.start(&[
        "run",
        "Order it",
        "--demo",
        "order",
        &site,
        "--answers",
        &answers,
    ]);
    let arrived = tokio::time::timeout(std::time::Duration::from_secs(60), arrivals.recv()).await;
    child
        .kill()
        .await
        .expect("the program runs until it is killed");
    assert_eq!(arrived, Ok(Some(())), "no order arrived");
    let trace = program.trace();
    assert_eq!(trace.end, None);
    let last: Vec<&Event> = events(&trace).collect();
    let confirmed = last
        .iter()
        .position(|event| {
            matches!(
                event,
                Event::Confirmed {
                    verdict: Some(Verdict::Yes),
                    ..
                }
            )
        })
        .expect("the card and the yes are in the trace");
    let acting = last
        .iter()
        .rposition(|event| matches!(event, Event::Acting { says, .. } if says == "pay"))
        .expect("the action is in the trace");
    assert!(confirmed < acting);
    // Whether it succeeded is not known, and the trace does not say so.
    assert!(
        !last[acting..]
            .iter()
            .any(|event| matches!(event, Event::Acted { .. })),
        "{:#?}",
        &last[acting..]
    );
    // Doing it again is not done without asking about what was sent.
    let resumed = program
        .run(&["resume", "last", "--answers", &program.answers(&[])])
        .await;
    resumed.code(4);
    assert!(arrivals.try_recv().is_err(), "it was sent again");
}

/// Asks the imitator again about each situation of a trace: it decides as it did, every time.
pub fn every_decision_follows_from_its_situation(trace: &Trace, imitator: &Imitator) {
    let nothing = BTreeMap::new();
    let downloads = trace.folder.join("downloads");
    let mut history: Vec<Turn> = Vec::new();
    let mut seen = None;
    let mut open = None;
    let mut count = 0;
    for event in events(trace) {
        let result = match event {
            Event::Observed { observation, .. } => {
                seen = Some(trace.observation(observation).expect("a kept observation"));
                continue;
            }
            Event::Decided { decision, .. } => {
                let situation = Situation {
                    goal: &trace.header.goal,
                    parameters: &nothing,
                    remembered: &nothing,
                    observation: seen.as_ref().expect("it looks before it decides"),
                    downloads: &downloads,
                    history: &history,
                };
                assert_eq!(imitator.next(&situation), *decision);
                assert_eq!(imitator.next(&situation), imitator.next(&situation));
                count += 1;
                match decision {
                    Decision::Look { .. } => {
                        history.push(Turn::new(decision.clone(), TurnResult::Looked));
                    }
                    other => open = Some(other.clone()),
                }
                continue;
            }
            Event::Acted { outcome } => TurnResult::Done(outcome.clone()),
            Event::ActionFailed { error } => TurnResult::Failed {
                error: error.clone(),
            },
            Event::Asked {
                answer: Some(text), ..
            } => TurnResult::Answered { text: text.clone() },
            _ => continue,
        };
        // What is done before the first decision, as going to the start, is no turn.
        if let Some(decision) = open.take() {
            history.push(Turn {
                before: seen.as_ref().map(|page| Arc::new(Sight::of(page))),
                ..Turn::new(decision, result)
            });
        }
    }
    assert!(count > 10, "{count} decisions");
}
