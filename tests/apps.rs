//! Real applications are worked on as they were shown, once: one workflow of each, with a person who says yes and with nobody
//! there; and where their pages were changed since. `make bench-apps` does all of them.

use apprentice::guard::Kind;

use crate::support::apps::attempt::{Attempt, Ending, Person, attempt};
use crate::support::apps::serve::Look;
use crate::support::apps::workflows::{WORKFLOWS, Workflow};

fn workflow(name: &str) -> &'static Workflow {
    WORKFLOWS
        .iter()
        .find(|workflow| workflow.name == name)
        .unwrap_or_else(|| panic!("no workflow {name}"))
}

async fn tried(workflow: &Workflow, look: Look, person: Person) -> Attempt {
    attempt(workflow, look, person)
        .await
        .unwrap_or_else(|e| panic!("{}: {e}", workflow.name))
}

/// Done once with a yes to what it must ask for; with nobody there nothing sensitive happens. Gives what the cards were about.
async fn is_done_only_with_a_yes(name: &str) -> Vec<Kind> {
    let workflow = workflow(name);
    let done = tried(workflow, Look::Shown, Person::SaysYes).await;
    assert_eq!(
        done.ending(workflow, Look::Shown),
        Ending::Done,
        "{:#?}\n{}",
        done.facts,
        done.stderr
    );
    assert_eq!(
        done.asked_for_what_it_must(workflow),
        !workflow.necessary.is_empty(),
        "{:#?}",
        done.cards
    );
    let alone = tried(workflow, Look::Shown, Person::Absent).await;
    assert!(
        alone.is_harmless(workflow),
        "{:?} {:#?}\n{}",
        alone.code,
        alone.facts,
        alone.stderr
    );
    done.cards.into_iter().map(|(kind, _)| kind).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issue_of_the_tracker_is_given_another_status() {
    is_done_only_with_a_yes("change-status").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_product_is_bought_in_the_shop_only_on_a_yes() {
    let cards = is_done_only_with_a_yes("buy-product").await;
    // The card's number is handed over, then the order is placed. Choosing the saved address asks nothing.
    assert_eq!(cards, [Kind::Pay, Kind::Order]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_is_deleted_from_the_wiki_only_on_a_yes() {
    is_done_only_with_a_yes("delete-note").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_style_sheet_changes_nothing() {
    let workflow = workflow("search-issues");
    let done = tried(workflow, Look::Restyled, Person::SaysYes).await;
    assert_eq!(
        done.ending(workflow, Look::Restyled),
        Ending::Done,
        "{}",
        done.stderr
    );
    assert_eq!((done.questions.len(), done.cards.len()), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_called_otherwise_in_another_language_is_asked_about() {
    let workflow = workflow("create-note");
    let asked = tried(workflow, Look::German, Person::SaysYes).await;
    assert_eq!(
        asked.ending(workflow, Look::German),
        Ending::Asked,
        "{:#?}\n{}",
        asked.facts,
        asked.stderr
    );
    assert_eq!(asked.facts, workflow.before);
}
