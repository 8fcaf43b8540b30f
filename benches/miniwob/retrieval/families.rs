//! Which tasks cannot be told apart by what is asked for, so that either is right: tasks of one family.
//!
//! The rule: of each sentence, quoted texts, words with a digit in them, and words that no other sentence of the task has become
//! a gap, and gaps side by side become one. What is left is the sentence's frame. Tasks that share a frame of two words or
//! more are one family, and so are families that share a task.

use std::collections::{BTreeMap, BTreeSet};

/// A frame says nothing with fewer words.
const LEAST_WORDS: usize = 2;
const GAP: &str = "_";

/// The first task of each task's family; `all`: the different sentences of each task.
pub fn families(all: &BTreeMap<String, BTreeSet<String>>) -> BTreeMap<String, String> {
    let mut family: BTreeMap<String, String> = all
        .keys()
        .map(|task| (task.clone(), task.clone()))
        .collect();
    let mut first_with: BTreeMap<Vec<String>, String> = BTreeMap::new();
    for (task, sentences) in all {
        for frame in frames(sentences) {
            let Some(other) = first_with.get(&frame) else {
                first_with.insert(frame, task.clone());
                continue;
            };
            let (one, other) = (family[task].clone(), family[other].clone());
            let (first, second) = (one.clone().min(other.clone()), one.max(other));
            for head in family.values_mut().filter(|head| **head == second) {
                head.clone_from(&first);
            }
        }
    }
    family
}

fn frames(sentences: &BTreeSet<String>) -> BTreeSet<Vec<String>> {
    let cut: Vec<Vec<String>> = sentences.iter().map(|sentence| words(sentence)).collect();
    let mut holders: BTreeMap<&str, usize> = BTreeMap::new();
    for words in &cut {
        for word in words.iter().map(String::as_str).collect::<BTreeSet<_>>() {
            *holders.entry(word).or_default() += 1;
        }
    }
    let least = cut.len().min(2);
    cut.iter()
        .map(|words| {
            let mut frame: Vec<String> = words
                .iter()
                .map(|word| {
                    let kept = holders[word.as_str()] >= least
                        && !word.contains(|c: char| c.is_ascii_digit());
                    (if kept { word.as_str() } else { GAP }).to_owned()
                })
                .collect();
            frame.dedup_by(|one, other| one == other && one == GAP);
            frame
        })
        .filter(|frame| frame.iter().filter(|word| *word != GAP).count() >= LEAST_WORDS)
        .collect()
}

/// In lower case, without punctuation; a quoted text is one gap.
fn words(sentence: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (at, part) in sentence.split('"').enumerate() {
        if at % 2 == 1 {
            words.push(GAP.to_owned());
            continue;
        }
        words.extend(
            part.split_whitespace()
                .map(|word| {
                    word.trim_matches(|c: char| !c.is_alphanumeric())
                        .to_lowercase()
                })
                .filter(|word| !word.is_empty()),
        );
    }
    words
}
