//! A workflow as sentences: "for each item of what stands after "Select": tick the checkbox called that item". What a person
//! reads before trusting it.

use std::collections::BTreeSet;

use super::choose::ranked;
use super::join::{Way, lists};
use super::node::{Explained, Node};
use super::selector::{By, Selector, Side};
use super::sentence::{Edge, Locator};
use super::value::Expr;
use crate::demo::Verb;
use crate::workflow::words::Sort;

/// The way in lines, one for each step; under it, with `rivals`, the next best explanations.
pub fn way(way: &Way, rivals: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for node in &way.nodes {
        match node {
            Node::Step(explained) => step(explained, "", rivals, &mut lines),
            Node::Each(each) => {
                let list = lists(each)
                    .first()
                    .map_or_else(String::new, |locator| place(locator));
                lines.push(format!("for each item of {list}:"));
                for explained in &each.body {
                    step(explained, "  ", rivals, &mut lines);
                }
            }
        }
    }
    lines
}

fn step(explained: &Explained, indent: &str, rivals: usize, lines: &mut Vec<String>) {
    let targets = explained
        .target
        .as_ref()
        .map(|all| ranked(all.iter().cloned(), Selector::cost));
    let target = match &targets {
        Some(all) => all.first().map_or_else(
            || "something that the demonstrations do not explain".to_owned(),
            |(_, best)| selector(best),
        ),
        None => recorded(explained),
    };
    let values: Vec<String> = explained
        .values
        .iter()
        .map(|all| {
            let best = all.iter().min_by_key(|one| (one.cost(), *one));
            best.map_or_else(|| "something that it asks for".to_owned(), expr)
        })
        .collect();
    let mut line = match &explained.step.into {
        Some(name) if explained.noting => format!("{indent}note what {target} says ({name})"),
        _ => format!("{indent}{}", deed(explained.step.verb, &target, &values)),
    };
    if explained.step.verb == Verb::Drag {
        line.push_str(&dropped(explained));
    }
    if explained.all {
        line.push_str(", every one that is there");
    }
    if let Some(until) = &explained.until {
        let says: Vec<String> = until
            .says
            .iter()
            .min_by_key(|one| one.cost())
            .map(expr)
            .into_iter()
            .collect();
        line.push_str(&format!(", until the page says {}", says.join(" and ")));
    }
    if let Some(seek) = &explained.seek {
        line.push_str(&format!(
            ", where it is not there after looking through the {}s",
            seek.kind.role
        ));
    }
    if explained.again {
        line.push_str(", again and again where that is needed");
    }
    if let Some(best) = explained
        .awaits
        .iter()
        .flatten()
        .min_by_key(|one| (one.cost(), *one))
    {
        line.push_str(&format!(
            ", once {} says what the goal asks of a number",
            selector(best)
        ));
    }
    if explained.optional {
        line.push_str(", where it is there");
    }
    lines.push(line);
    for (cost, rival) in targets.iter().flatten().skip(1).take(rivals) {
        lines.push(format!("{indent}    or {} ({cost})", selector(rival)));
    }
    for all in &explained.values {
        for (cost, rival) in ranked(all.iter().cloned(), Expr::cost)
            .iter()
            .skip(1)
            .take(rivals)
        {
            lines.push(format!("{indent}    or {} ({cost})", expr(rival)));
        }
    }
}

/// Where a drag ends.
fn dropped(explained: &Explained) -> String {
    let best = |all: &BTreeSet<Expr>| all.iter().min_by_key(|one| (one.cost(), *one)).map(expr);
    if let Some(word) = explained.toward.as_ref().and_then(best) {
        return format!(", the way that {word} is");
    }
    if explained.step.within.is_some() {
        return ", as far as it was shown".to_owned();
    }
    let ends = explained.to.iter().flatten();
    match ends.min_by_key(|one| (one.cost(), *one)) {
        Some(end) => format!(" to {}", selector(end)),
        None => " to a place that the demonstrations do not explain".to_owned(),
    }
}

fn deed(verb: Verb, target: &str, values: &[String]) -> String {
    let values = values.join(", ");
    match verb {
        Verb::Fill => format!("fill {target} with {values}"),
        Verb::Choose => format!("choose {values} in {target}"),
        Verb::Select if values.is_empty() => format!("select everything in {target}"),
        Verb::Select => format!("select {values} in {target}"),
        Verb::Upload => format!("attach {values} to {target}"),
        Verb::Press => format!("press {values} at {target}"),
        _ if values.is_empty() => format!("{} {target}", verb.word()),
        _ => format!("{} {values}", verb.word()),
    }
}

fn recorded(explained: &Explained) -> String {
    let target = explained.step.target.as_ref();
    let title = target.and_then(|target| target.name.as_ref().or(target.text.as_ref()));
    match (target.and_then(|target| target.role.as_ref()), title) {
        (Some(role), Some(title)) => format!("the {role} {title:?}"),
        (Some(role), None) => format!("the {role}"),
        _ => "the page".to_owned(),
    }
}

/// A selector as a noun: `the button called "Ok"`.
pub fn selector(selector: &Selector) -> String {
    let mut words = vec![format!("the {}", selector.kind.role)];
    words.extend(selector.by.iter().map(by));
    words.join(" ")
}

fn by(by: &By) -> String {
    match by {
        By::Title(one) => format!("called {}", expr(one)),
        By::Holds(one) => format!("with {} in its name", expr(one)),
        By::Begins(one) => format!("that begins with {}", expr(one)),
        By::Ends(one) => format!("that ends with {}", expr(one)),
        By::Row(one) => format!("in the row of {}", expr(one)),
        By::Column(one) => format!("in the column {}", expr(one)),
        By::Heading(one) => format!("under the heading {}", expr(one)),
        By::Landmark(one) => format!("in the part {}", expr(one)),
        By::Beside(side, one) => {
            let side = match side {
                Side::Left => "right of",
                Side::Above => "below",
                Side::Right => "left of",
                Side::Below => "above",
                Side::Label => "labelled",
            };
            format!("{side} {}", expr(one))
        }
        By::Attribute(name, one) => format!("whose {name} is {}", expr(one)),
        By::Class(class) => format!("of the class {}", expr(class)),
        By::Nth(Expr::Const(place)) => match place.strip_prefix('-') {
            Some("1") => "that is the last one".to_owned(),
            Some(place) => format!("that is number {place} from the end"),
            None => format!("that is number {place}"),
        },
        By::Nth(one) => format!("that is number {}", expr(one)),
        By::Extreme { greatest: true, .. } => "with the greatest number".to_owned(),
        By::Extreme {
            greatest: false, ..
        } => "with the least number".to_owned(),
        By::Superlative(_) => "with the most or the least, as the goal asks".to_owned(),
        By::On(true) => "that is on".to_owned(),
        By::On(false) => "that is off".to_owned(),
        By::Looks(one) => format!("that looks like {}", expr(one)),
        By::Names(of) => format!("that names what {} looks like", selector(of)),
        By::Said(_) => "that the goal calls by its name".to_owned(),
        By::RowSaid(_) => "whose row says what the goal says".to_owned(),
        By::IsA(one) => format!("that is a {}", expr(one)),
        By::Any => "(any will do)".to_owned(),
    }
}

/// An expression as a noun: `what stands after "by"`.
pub fn expr(one: &Expr) -> String {
    let changed = |noun: String, filters: &[crate::workflow::filter::Filter]| {
        if filters.is_empty() {
            noun
        } else {
            let names: Vec<String> = filters
                .iter()
                .map(|filter| format!("{filter:?}").to_lowercase())
                .collect();
            format!("{noun} ({})", names.join(", "))
        }
    };
    match one {
        Expr::Const(text) => format!("{text:?}"),
        Expr::Goal(locator, filters) => changed(place(locator), filters),
        Expr::Item(filters) => changed("that item".to_owned(), filters),
        Expr::Page(source, filters) => changed(format!("what {} says", selector(source)), filters),
        Expr::Word(source, nth, filters) => changed(
            format!("word {} of {}", expr(nth), selector(source)),
            filters,
        ),
        Expr::Earlier(source, _) => format!("what {} said", selector(source)),
        Expr::Noted(name, cut) if cut.is_whole() => format!("what was noted ({name})"),
        Expr::Noted(name, _) => format!("its part of what was noted ({name})"),
        Expr::Label => "the field's label".to_owned(),
        Expr::Count(of) => format!("how many there are of {}", selector(of)),
    }
}

fn place(locator: &Locator) -> String {
    match locator {
        Locator::Quoted(0) => "what the goal quotes".to_owned(),
        Locator::Quoted(nth) => format!("what the goal quotes as number {}", nth + 1),
        Locator::Nth(sort, nth) => {
            let sort = match sort {
                Sort::Word => "word",
                Sort::Quoted => "quotation",
                Sort::Number => "number",
                Sort::Money => "amount",
                Sort::Time => "time",
                Sort::Date => "date",
            };
            if *nth == 0 {
                format!("the goal's {sort}")
            } else {
                format!("the goal's {sort} number {}", nth + 1)
            }
        }
        Locator::Between { left, right } => format!(
            "what the goal says between {} and {}",
            edges(left),
            edges(right)
        ),
        Locator::Whole => "the goal".to_owned(),
        Locator::Condition => "what the goal says a number must be".to_owned(),
        Locator::Superlative => "what the goal asks the most or least of".to_owned(),
        Locator::Marked(inner) => format!("{} with its mark", place(inner)),
        Locator::Without(inner, _) => format!("{} without its sign", place(inner)),
        Locator::Last(inner) => format!("the last item of {}", place(inner)),
        Locator::Item(inner, nth) => format!("item {} of {}", nth + 1, place(inner)),
    }
}

fn edges(all: &[Edge]) -> String {
    let words: Vec<String> = all
        .iter()
        .map(|edge| match edge {
            Edge::Rim => "its edge".to_owned(),
            Edge::Parted => "a comma".to_owned(),
            Edge::Word(word) => format!("{word:?}"),
            Edge::Sort(sort) => format!("a {sort:?}").to_lowercase(),
        })
        .collect();
    words.join(" ")
}
