//! What each step sent when it was shown: writes by the guard's own rules, reduced to their shape at once. Pure.

use serde::{Deserialize, Serialize};

use crate::computer::browser::Sent;
use crate::demo::Step;
use crate::guard::effect::{Signature, Standing, read};

/// Most shapes that one step keeps: a page that sends more sends them by itself.
const MOST_SHAPES: usize = 20;

/// The shape of a write, and when it was sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    /// Milliseconds since the recording began.
    pub at_ms: f64,
    pub signature: Signature,
}

impl Shown {
    /// `None` for what is no write: reads, and what is harmless by rule.
    pub fn of(sent: &Sent) -> Option<Self> {
        let effect = read(&sent.request);
        (effect.standing == Standing::Write).then_some(Shown {
            at_ms: sent.at_ms,
            signature: effect.signature,
        })
    }
}

/// Gives each write to the last step that was done before it. `moments` says in order when something was done and which step it is;
/// what was taken back is none, and what it sent belongs to none. Gives back what was sent before the first step: the page began
/// with that by itself.
pub(super) fn attach(
    steps: &mut [Step],
    moments: &[(f64, Option<usize>)],
    shown: &[Shown],
) -> Vec<Signature> {
    let mut opening = Vec::new();
    for one in shown {
        let cause = moments.iter().rfind(|(moment, _)| *moment <= one.at_ms);
        let kept = match cause {
            None => Some(&mut opening),
            Some((_, place)) => place
                .and_then(|place| steps.get_mut(place))
                .map(|step| &mut step.effects),
        };
        if let Some(kept) = kept
            && kept.len() < MOST_SHAPES
            && !kept.contains(&one.signature)
        {
            kept.push(one.signature.clone());
        }
    }
    opening
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::computer::Request;
    use crate::demo::Verb;

    fn sent(at_ms: f64, method: &str, path: &str, body: &str) -> Sent {
        Sent {
            at_ms,
            request: Request {
                method: method.to_owned(),
                url: format!("https://a.example{path}"),
                body: body.as_bytes().to_vec(),
                ..Request::default()
            },
        }
    }

    #[test]
    fn each_step_keeps_the_writes_that_it_caused_and_none_of_their_values() {
        let all = [
            sent(5.0, "POST", "/early", "x=1"),
            sent(10.5, "POST", "/notes/17", "text=secret"),
            sent(10.7, "POST", "/notes/18", "text=secret"),
            sent(11.0, "GET", "/notes", ""),
            sent(12.0, "POST", "/search", "q=secret"),
            sent(30.0, "PUT", "/notes/17", "text=secret"),
            // Sent by what was taken back.
            sent(41.0, "DELETE", "/notes/17", ""),
        ];
        let shown: Vec<Shown> = all.iter().filter_map(Shown::of).collect();
        let mut steps = [Step::bare(Verb::Click), Step::bare(Verb::Press)];
        let opening = attach(
            &mut steps,
            &[(10.0, Some(0)), (20.0, Some(1)), (40.0, None)],
            &shown,
        );
        let told = |effects: &[Signature]| -> Vec<String> {
            effects
                .iter()
                .map(|effect| format!("{} {}", effect.method, effect.path))
                .collect()
        };
        assert_eq!(told(&opening), ["POST /early"]);
        assert_eq!(told(&steps[0].effects), ["POST /notes/*"]);
        assert_eq!(told(&steps[1].effects), ["PUT /notes/*"]);
        assert!(!format!("{steps:?}").contains("secret"));
    }
}
