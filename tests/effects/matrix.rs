//! The cells: each pretence is a test, which goes through every channel twice: with everything let go, and with effects held.

use std::sync::Arc;

use super::drive::{Driver, Leaving};
use super::gate::{Stance, Watch};
use super::server::{World, token};
use super::table::{Channel, Pretence, Way, channels, pretences};

/// The pretences of the table, in its order, each with its test.
const TESTED: [&str; 12] = [
    "says what it does",
    "is an icon without words",
    "says Continue and pays",
    "speaks another language",
    "sends when it is loaded",
    "sends on a timer",
    "hides its button under a banner",
    "sends on Enter in a search field",
    "sends when the mouse passes",
    "changes the amount between card and click",
    "changes the payee between card and click",
    "sends twice",
];

#[test]
fn every_pretence_of_the_table_has_its_test() {
    let names: Vec<String> = pretences().into_iter().map(|one| one.name).collect();
    assert_eq!(names, TESTED);
}

/// A test for each pretence: they run beside each other.
macro_rules! pretences {
    ($($name:ident: $number:literal),* $(,)?) => {
        $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            nothing_leaves($number).await;
        })*
    };
}

pretences! {
    nothing_leaves_a_page_that_says_what_it_does: 0,
    nothing_leaves_a_page_whose_button_is_an_icon_without_words: 1,
    nothing_leaves_a_page_that_says_continue_and_pays: 2,
    nothing_leaves_a_page_in_another_language: 3,
    nothing_leaves_a_page_that_sends_when_it_is_loaded: 4,
    nothing_leaves_a_page_that_sends_on_a_timer: 5,
    nothing_leaves_a_page_that_hides_its_button_under_a_banner: 6,
    nothing_leaves_a_page_that_sends_on_enter_in_a_search_field: 7,
    nothing_leaves_a_page_that_sends_when_the_mouse_passes: 8,
    a_permit_is_not_for_another_amount: 9,
    a_permit_is_not_for_another_payee: 10,
    a_permit_is_for_one_request: 11,
}

async fn nothing_leaves(number: usize) {
    assert_eq!(pretences()[number].name, TESTED[number]);
    let mut wrong = controls(number).await;
    if !wrong.is_empty() {
        // A browser that is short of processor time leaves out what it would fetch ahead. What is held is not tried again.
        wrong = controls(number).await;
    }
    wrong.extend(held(number).await);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The cells of a pretence, as they share documents.
fn documents(pretence: &Pretence, all: &[Channel]) -> Vec<Vec<usize>> {
    let usable = |index: &usize| !all[*index].gesture || pretence.fires.is_a_gesture();
    let (alone, together): (Vec<usize>, Vec<usize>) = (0..all.len())
        .filter(usable)
        .partition(|index| all[*index].alone);
    std::iter::once(together)
        .chain(alone.into_iter().map(|one| vec![one]))
        .collect()
}

/// With everything let go, every effect arrives: else its cell would prove nothing.
async fn controls(number: usize) -> Vec<String> {
    let (all, pretence) = (channels(), pretences().swap_remove(number));
    let world = World::start().await;
    let driver = Driver::start(&world, Arc::new(Watch::new(Stance::LetsGo)), false).await;
    let mut wrong = Vec::new();
    let arrived = |driver: &Driver, index: usize| {
        all[index].silent.is_some() || !driver.world.effects(&token(number, index)).is_empty()
    };
    for cells in documents(&pretence, &all) {
        let undone = driver
            .visit(number, &pretence, &cells, Leaving::Refused, arrived)
            .await;
        wrong.extend(undone.into_iter().map(|index| {
            format!(
                "{:?} by {:?} did not arrive though everything was let go",
                pretence.name, all[index].name
            )
        }));
    }
    driver.end().await;
    for (index, channel) in all.iter().enumerate() {
        // A reason that does not hold any more is taken out of the table.
        if let Some(reason) = &channel.silent
            && !world.effects(&token(number, index)).is_empty()
        {
            wrong.push(format!("{:?} does arrive, though: {reason}", channel.name));
        }
    }
    wrong
}

/// With effects held, none arrives; of a permit's terms, one.
async fn held(number: usize) -> Vec<String> {
    const LEAVINGS: [Leaving; 3] = [Leaving::Refused, Leaving::TabClosed, Leaving::NavigatedAway];
    let (all, pretence) = (channels(), pretences().swap_remove(number));
    let world = World::start().await;
    let gate = Arc::new(Watch::new(Stance::Holds));
    if pretence.permit {
        for index in 0..all.len() {
            gate.permit(&token(number, index));
        }
    }
    let driver = Driver::start(&world, gate, true).await;
    let mut wrong = Vec::new();
    let stopped = |driver: &Driver, index: usize| {
        let token = token(number, index);
        match all[index].way {
            Way::Held => all[index].silent.is_some() || driver.gate.seen(&token) > 0,
            Way::Shut => driver.world.was_asked(&format!("/tried/{token}")),
        }
    };
    let documents = documents(&pretence, &all);
    // Each pretence leaves its documents in another order, so that every channel is left in every way.
    for (turn, cells) in documents.iter().enumerate() {
        let leaving = LEAVINGS[(turn + number) % LEAVINGS.len()];
        let undone = driver
            .visit(number, &pretence, cells, leaving, stopped)
            .await;
        wrong.extend(undone.into_iter().map(|index| {
            format!(
                "{:?} by {:?} was not even tried, so its cell proves nothing",
                pretence.name, all[index].name
            )
        }));
    }
    driver.end().await;
    let cells: Vec<usize> = documents.into_iter().flatten().collect();
    let most = usize::from(pretence.permit);
    for index in &cells {
        let came = world.effects(&token(number, *index));
        let allowed = if pretence.script.is_some() { 0 } else { most };
        if came.len() > allowed
            && let Some(leak) = &all[*index].leaks
        {
            println!(
                "OPEN HOLE: {:?} by {:?}: {leak}",
                pretence.name, all[*index].name
            );
        } else if came.len() > allowed {
            wrong.push(format!(
                "{:?} by {:?}: {} effects arrived where {allowed} may, the first by {}",
                pretence.name,
                all[*index].name,
                came.len(),
                came[0].method
            ));
        }
    }
    println!(
        "{:?}: {} cells, {} effects without a permit",
        pretence.name,
        cells.len(),
        wrong
            .iter()
            .filter(|one| one.contains("arrived where"))
            .count()
    );
    wrong
}
