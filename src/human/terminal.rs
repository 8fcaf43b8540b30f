//! A person at a terminal: questions with suggestions, cards with yes, no, edit and "let me do it".
//!
//! Everything is shown on standard error, so that standard output holds results only. No key is a yes but choosing it.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use inquire::{Confirm, InquireError, Password, PasswordDisplayMode, Select, Text};

use super::card::{plain, render};
use super::inline::Protocol;
use super::{Card, HandOver, HandWord, Human, HumanError, MYSELF, Question, Reply, Verdict, hand};

const OTHER: &str = "something else …";
const YES: &str = "yes, do it";
const NO: &str = "no, stop here";
const WITHOUT: &str = "no, go on without it";
const ALWAYS: &str = "yes, and from now on for this workflow";
const EDIT: &str = "edit a field first";
const IN_BROWSER: &str = "let me do it in the browser";

/// Asks the person at the terminal.
#[derive(Debug, Clone)]
pub struct Terminal {
    /// Whether the person can reach the browser's window.
    headed: bool,
    pictures: Option<Protocol>,
}

impl Terminal {
    /// `headed`: whether the browser shows a window, in which the person could act.
    pub fn new(headed: bool) -> Self {
        Terminal {
            headed,
            pictures: Protocol::detect(|name| std::env::var(name).ok()),
        }
    }

    /// Whether somebody could be asked: input and standard error are a terminal.
    pub fn is_there() -> bool {
        std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
    }

    /// Rings, and shows the picture: inside the terminal where that is possible, and always as a path.
    fn announce(&self, picture: Option<&Path>) -> std::io::Result<()> {
        let mut out = std::io::stderr().lock();
        write!(out, "\x07")?;
        if let Some(path) = picture {
            let shown = self
                .pictures
                .and_then(|protocol| protocol.encode(&std::fs::read(path).ok()?));
            if let Some(shown) = shown {
                out.write_all(shown.as_bytes())?;
            }
            writeln!(out, "picture: {}", path.display())?;
        }
        out.flush()
    }

    fn ask_now(&self, question: &Question, picture: Option<&Path>) -> Result<Reply, HumanError> {
        self.announce(picture).map_err(broken)?;
        let text = plain(&question.text);
        if question.secret {
            let secret = Password::new(&text)
                .without_confirmation()
                .with_display_mode(PasswordDisplayMode::Masked)
                .prompt()
                .map_err(unanswered)?;
            return Ok(Reply {
                text: secret,
                remember: false,
            });
        }
        let answer = if question.suggestions.is_empty() {
            free_text(&text)?
        } else {
            suggested(&text, &question.suggestions)?
        };
        if answer == MYSELF {
            return Ok(Reply {
                text: answer,
                remember: false,
            });
        }
        let remember = Confirm::new("Remember this answer for the next run?")
            .with_default(false)
            .prompt()
            .map_err(unanswered)?;
        Ok(Reply {
            text: answer,
            remember,
        })
    }

    fn confirm_now(&self, card: &Card, picture: Option<&Path>) -> Result<Verdict, HumanError> {
        self.announce(picture).map_err(broken)?;
        write!(std::io::stderr(), "{}", render(card)).map_err(broken)?;
        drop_typed_ahead();
        loop {
            let always;
            let mut choices = vec![NO, YES];
            if card.on_its_way {
                choices.insert(1, WITHOUT);
            }
            if let Some(offer) = &card.offer {
                always = format!("{ALWAYS} ({})", plain(offer));
                choices.push(&always);
            }
            if !card.fields.is_empty() && !card.on_its_way {
                choices.push(EDIT);
            }
            if self.headed && !card.on_its_way {
                choices.push(IN_BROWSER);
            }
            // "No" is where the cursor stands: Enter pressed too early stops the run instead of paying.
            let choice = match Select::new("Go on?", choices).prompt() {
                Err(InquireError::OperationCanceled) => NO,
                other => other.map_err(unanswered)?,
            };
            let verdict = match choice {
                YES => Some(Verdict::Yes),
                EDIT => edit(card)?,
                IN_BROWSER => Some(Verdict::DoneByHand),
                WITHOUT => Some(Verdict::No),
                choice if choice.starts_with(ALWAYS) => Some(Verdict::YesForWorkflow),
                _ if card.on_its_way => Some(Verdict::NoAndStop),
                _ => Some(Verdict::No),
            };
            if let Some(verdict) = verdict {
                return Ok(verdict);
            }
        }
    }
}

fn free_text(text: &str) -> Result<String, HumanError> {
    loop {
        let answer = Text::new(text).prompt().map_err(unanswered)?;
        if !answer.trim().is_empty() {
            return Ok(answer.trim().to_owned());
        }
    }
}

/// One of the suggestions, or another text.
fn suggested(text: &str, suggestions: &[String]) -> Result<String, HumanError> {
    // Shown made plain, answered as they are.
    let mut shown: Vec<String> = suggestions.iter().map(|s| plain(s)).collect();
    shown.push(OTHER.to_owned());
    let chosen = Select::new(text, shown).raw_prompt().map_err(unanswered)?;
    match suggestions.get(chosen.index) {
        Some(suggestion) => Ok(suggestion.clone()),
        None => free_text(text),
    }
}

/// Which field, and its new value; `None` where the person goes back.
fn edit(card: &Card) -> Result<Option<Verdict>, HumanError> {
    let shown: Vec<String> = card
        .fields
        .iter()
        .map(|(name, value)| plain(&format!("{name}: {value}")))
        .collect();
    let chosen = match Select::new("Which field?", shown).raw_prompt() {
        Err(InquireError::OperationCanceled) => return Ok(None),
        other => other.map_err(unanswered)?,
    };
    let Some((name, value)) = card.fields.get(chosen.index) else {
        return Ok(None);
    };
    let question = format!("New value of {}", plain(name));
    match Text::new(&question)
        .with_initial_value(&plain(value))
        .prompt()
    {
        Err(InquireError::OperationCanceled) => Ok(None),
        other => Ok(Some(Verdict::Edit {
            field: name.clone(),
            value: other.map_err(unanswered)?,
        })),
    }
}

fn unanswered(error: InquireError) -> HumanError {
    match error {
        // Escape at a question: nobody answered, and a guess is no answer.
        InquireError::OperationInterrupted | InquireError::OperationCanceled => {
            HumanError::Interrupted
        }
        InquireError::NotTTY => HumanError::Terminal("standard input is no terminal".to_owned()),
        other => HumanError::Terminal(other.to_string()),
    }
}

fn broken(error: std::io::Error) -> HumanError {
    HumanError::Terminal(error.to_string())
}

/// Forgets keys that were pressed before the card could be read: they were no answer to it.
fn drop_typed_ahead() {
    #[cfg(unix)]
    // SAFETY: the call takes no memory; where standard input is no terminal it only fails.
    unsafe {
        libc::tcflush(libc::STDIN_FILENO, libc::TCIFLUSH);
    }
}

/// The terminal as it was before a prompt. A run that is ended while it asks (SIGTERM) drops the question, and the prompt's thread cannot
/// put the terminal back any more: this does.
struct Restore {
    #[cfg(unix)]
    before: Option<libc::termios>,
}

impl Restore {
    #[cfg(unix)]
    fn new() -> Self {
        let mut before = std::mem::MaybeUninit::<libc::termios>::uninit();
        // SAFETY: tcgetattr writes a whole termios where it returns 0, and only then is it read.
        let before = unsafe {
            (libc::tcgetattr(libc::STDIN_FILENO, before.as_mut_ptr()) == 0)
                .then(|| before.assume_init())
        };
        Restore { before }
    }

    #[cfg(not(unix))]
    fn new() -> Self {
        Restore {}
    }
}

impl Drop for Restore {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Some(before) = &self.before {
            // SAFETY: the descriptor is standard input's, and the value came from tcgetattr.
            unsafe { libc::tcsetattr(libc::STDIN_FILENO, libc::TCSANOW, before) };
        }
    }
}

/// Runs a prompt beside the async world: prompts block, and the run must be able to end meanwhile.
async fn beside<T: Send + 'static>(
    prompt: impl FnOnce() -> Result<T, HumanError> + Send + 'static,
) -> Result<T, HumanError> {
    let _restore = Restore::new();
    match tokio::task::spawn_blocking(prompt).await {
        Ok(answer) => answer,
        Err(e) => Err(HumanError::Terminal(e.to_string())),
    }
}

#[async_trait::async_trait]
impl Human for Terminal {
    async fn ask(
        &mut self,
        question: &Question,
        picture: Option<&Path>,
    ) -> Result<Reply, HumanError> {
        let (this, question) = (self.clone(), question.clone());
        let picture: Option<PathBuf> = picture.map(Path::to_owned);
        beside(move || this.ask_now(&question, picture.as_deref())).await
    }

    async fn confirm(
        &mut self,
        card: &Card,
        picture: Option<&Path>,
    ) -> Result<Verdict, HumanError> {
        let (this, card) = (self.clone(), card.clone());
        let picture: Option<PathBuf> = picture.map(Path::to_owned);
        beside(move || this.confirm_now(&card, picture.as_deref())).await
    }

    fn can_take_over(&self) -> bool {
        self.headed
    }

    async fn by_hand(&mut self, task: &HandOver) -> Result<HandWord, HumanError> {
        hand::at_the_terminal(task).await
    }
}
