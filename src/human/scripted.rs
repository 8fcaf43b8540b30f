//! Answers from a file, for scripts and tests: each question and card takes the first answer whose `to` matches it.

use std::path::{Path, PathBuf};

use regex::{Regex, RegexBuilder};
use serde::Deserialize;

use super::card::{plain, render};
use super::{Card, HandOver, HandWord, Human, HumanError, MYSELF, Question, Reply, Verdict};

/// Answers from TOML. Every `[[answer]]` has `to`, a regular expression over the question or the card's text, and `reply`; it serves once, with
/// `repeat = true` as often as it matches. `remember = true` keeps the answer for later runs. What was answered is said on standard error.
///
/// Where the browser can be reached from outside, `reply = "I'll do it myself"` to a question and `reply = "done"` to a card hand over
/// to whoever works in it; the answer to `by hand: …` is `done` or `back`, with `after = "PIPE"` once something was written into that
/// named pipe.
#[derive(Debug)]
pub struct Scripted {
    file: String,
    in_reach: bool,
    answers: Vec<Answer>,
}

#[derive(Debug)]
struct Answer {
    to: Regex,
    reply: String,
    remember: bool,
    repeat: bool,
    after: Option<PathBuf>,
    used: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default, rename = "answer")]
    answers: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    to: String,
    reply: String,
    #[serde(default)]
    remember: bool,
    #[serde(default)]
    repeat: bool,
    #[serde(default)]
    after: Option<PathBuf>,
}

impl Scripted {
    /// # Errors
    /// Where the file cannot be read, or as [`Scripted::from_toml`].
    pub fn from_file(path: &Path) -> Result<Self, HumanError> {
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|e| HumanError::BadAnswers {
            file: file.clone(),
            reason: e.to_string(),
        })?;
        Self::from_toml(&file, &text)
    }

    /// # Errors
    /// Where the text is not TOML, has a key that is not known, or a `to` that is no regular expression.
    pub fn from_toml(file: &str, text: &str) -> Result<Self, HumanError> {
        let bad = |reason: String| HumanError::BadAnswers {
            file: file.to_owned(),
            reason,
        };
        let read: File = toml::from_str(text).map_err(|e| bad(e.to_string()))?;
        let answers = read
            .answers
            .into_iter()
            .enumerate()
            .map(|(index, entry)| {
                let to = RegexBuilder::new(&entry.to)
                    .dot_matches_new_line(true)
                    .build()
                    .map_err(|e| {
                        bad(format!(
                            "`to` of [[answer]] number {} is no regular expression: {e}",
                            index + 1
                        ))
                    })?;
                Ok(Answer {
                    to,
                    reply: entry.reply,
                    remember: entry.remember,
                    repeat: entry.repeat,
                    after: entry.after,
                    used: false,
                })
            })
            .collect::<Result<_, _>>()?;
        Ok(Scripted {
            file: file.to_owned(),
            in_reach: false,
            answers,
        })
    }

    /// `in_reach`: whether somebody can work in the browser while this answers.
    #[must_use]
    pub fn reaching(mut self, in_reach: bool) -> Self {
        self.in_reach = in_reach;
        self
    }

    /// The answer for a text, used up by this; `short` is what messages call it.
    fn take(&mut self, text: &str, short: &str) -> Result<&Answer, HumanError> {
        let found = self
            .answers
            .iter_mut()
            .find(|answer| (answer.repeat || !answer.used) && answer.to.is_match(text));
        match found {
            Some(answer) => {
                answer.used = true;
                Ok(answer)
            }
            None => Err(HumanError::AnswersRanDry {
                file: self.file.clone(),
                question: short.to_owned(),
            }),
        }
    }
}

#[async_trait::async_trait]
impl Human for Scripted {
    async fn ask(&mut self, question: &Question, _: Option<&Path>) -> Result<Reply, HumanError> {
        let answer = self.take(&question.text, &question.text)?;
        let shown = if question.secret {
            "••••"
        } else {
            &answer.reply
        };
        eprintln!("answered {:?}: {}", plain(&question.text), plain(shown));
        Ok(Reply {
            text: answer.reply.clone(),
            remember: answer.remember && !question.secret,
        })
    }

    async fn confirm(&mut self, card: &Card, _: Option<&Path>) -> Result<Verdict, HumanError> {
        let reply = self.take(&render(card), &card.title)?.reply.clone();
        let verdict = verdict(&reply).ok_or_else(|| HumanError::BadAnswers {
            file: self.file.clone(),
            reason: format!(
                "the reply {reply:?} to the card {:?} is none of yes, yes for this workflow, no, stop, edit FIELD=VALUE, done",
                card.title
            ),
        })?;
        eprint!("{}", render(card));
        eprintln!("answered {:?}: {}", plain(&card.title), plain(&reply));
        Ok(verdict)
    }

    fn can_take_over(&self) -> bool {
        // A script that never speaks of it is as it was before there was such an answer.
        self.in_reach
            && self
                .answers
                .iter()
                .any(|answer| answer.reply.trim() == MYSELF || answer.after.is_some())
    }

    async fn by_hand(&mut self, task: &HandOver) -> Result<HandWord, HumanError> {
        let text = format!("by hand: {} on {}", task.what, task.page);
        let file = self.file.clone();
        let place = self
            .answers
            .iter()
            .position(|answer| (answer.repeat || !answer.used) && answer.to.is_match(&text))
            .ok_or_else(|| HumanError::AnswersRanDry {
                file: file.clone(),
                question: text.clone(),
            })?;
        let bad = |reason: String| HumanError::BadAnswers {
            file: file.clone(),
            reason,
        };
        if !task.again {
            eprintln!("{}", plain(&text));
        }
        if let Some(pipe) = &self.answers[place].after {
            something_in(pipe)
                .await
                .map_err(|e| bad(format!("the pipe {} cannot be read: {e}", pipe.display())))?;
        }
        let answer = &mut self.answers[place];
        answer.used = true;
        eprintln!("answered {:?}: {}", plain(&text), plain(&answer.reply));
        match answer.reply.trim() {
            "done" => Ok(HandWord::Done),
            "back" => Ok(HandWord::Back),
            other => Err(bad(format!(
                "the reply {other:?} to {text:?} is none of done, back"
            ))),
        }
    }
}

/// Waits until something was written into a named pipe.
#[cfg(target_os = "linux")]
async fn something_in(pipe: &Path) -> std::io::Result<()> {
    // Open for both, so that it does not count as ended while nobody has it open for writing.
    let pipe = tokio::net::unix::pipe::OpenOptions::new()
        .read_write(true)
        .open_receiver(pipe)?;
    pipe.readable().await
}

#[cfg(not(target_os = "linux"))]
async fn something_in(_: &Path) -> std::io::Result<()> {
    Err(std::io::Error::other("`after` needs Linux"))
}

/// `yes`, `yes for this workflow`, `no`, `stop`, `done`, or `edit FIELD=VALUE`; nothing else is a yes.
fn verdict(reply: &str) -> Option<Verdict> {
    match reply.trim() {
        "yes" => Some(Verdict::Yes),
        "yes for this workflow" => Some(Verdict::YesForWorkflow),
        "no" => Some(Verdict::No),
        "stop" => Some(Verdict::NoAndStop),
        "done" => Some(Verdict::DoneByHand),
        other => {
            let (field, value) = other.strip_prefix("edit ")?.split_once('=')?;
            let field = field.trim().to_owned();
            (!field.is_empty()).then(|| Verdict::Edit {
                field,
                value: value.trim().to_owned(),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::human::card::tests::card;

    fn question(text: &str) -> Question {
        Question {
            key: "project".to_owned(),
            text: text.to_owned(),
            suggestions: Vec::new(),
            marks: Vec::new(),
            secret: false,
        }
    }

    fn scripted(text: &str) -> Scripted {
        Scripted::from_toml("answers.toml", text).unwrap()
    }

    #[tokio::test]
    async fn an_answer_serves_once_and_a_repeated_one_always() {
        let mut human = scripted(
            r#"
            [[answer]]
            to = "project"
            reply = "A-1"
            remember = true
            [[answer]]
            to = "^Which"
            reply = "other"
            repeat = true
            "#,
        );
        let asked = question("Which project code?");
        let mut replies = Vec::new();
        for _ in 0..3 {
            replies.push(human.ask(&asked, None).await.unwrap());
        }
        assert_eq!(
            replies[0],
            Reply {
                text: "A-1".to_owned(),
                remember: true
            }
        );
        assert_eq!(replies[1].text, "other");
        assert_eq!(replies[2].text, "other");
        let error = human.ask(&question("Who?"), None).await.unwrap_err();
        assert!(matches!(error, HumanError::AnswersRanDry { .. }), "{error}");
        assert!(error.to_string().contains("Who?"));
    }

    #[tokio::test]
    async fn cards_are_matched_over_all_their_text() {
        for (reply, wanted) in [
            ("yes", Verdict::Yes),
            ("no", Verdict::No),
            ("stop", Verdict::NoAndStop),
            ("yes for this workflow", Verdict::YesForWorkflow),
            ("done", Verdict::DoneByHand),
            (
                "edit Merchant=Café = Rot",
                Verdict::Edit {
                    field: "Merchant".to_owned(),
                    value: "Café = Rot".to_owned(),
                },
            ),
        ] {
            let mut human = scripted(&format!(
                "[[answer]]\nto = 'claim money.*€23\\.40'\nreply = '{reply}'"
            ));
            assert_eq!(human.confirm(&card(), None).await.unwrap(), wanted);
        }
    }

    #[tokio::test]
    async fn what_is_no_verdict_is_never_a_yes() {
        for reply in ["", "y", "YES!", "sure", "edit", "edit =x", "edit x"] {
            let mut human = scripted(&format!("[[answer]]\nto = ''\nreply = '{reply}'"));
            let error = human.confirm(&card(), None).await.unwrap_err();
            assert!(
                matches!(error, HumanError::BadAnswers { .. }),
                "{reply}: {error}"
            );
        }
    }

    #[test]
    fn bad_files_are_named_with_what_is_wrong() {
        for (text, said) in [
            ("[[answer]]\nto = '('\nreply = 'x'", "number 1"),
            ("[[answer]]\nto = 'a'\nreplay = 'x'", "replay"),
            ("[[answer]]\nto = 'a'", "reply"),
            ("[[answers]]\nto = 'a'\nreply = 'b'", "answers"),
            ("[[answer", "answers.toml"),
        ] {
            let error = Scripted::from_toml("answers.toml", text)
                .unwrap_err()
                .to_string();
            assert!(
                error.contains(said) && error.contains("answers.toml"),
                "{error}"
            );
        }
        let error = Scripted::from_file(Path::new("/nowhere/a.toml")).unwrap_err();
        assert!(error.to_string().contains("/nowhere/a.toml"));
    }
}
