//! Shows a run go on: one line at a terminal, plain lines elsewhere, nothing with `-q`; more with `-v`.

use std::collections::BTreeMap;
use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::GlobalFlags;
use super::output::one_line;
use crate::run::Progress;

/// The progress that fits the flags and standard error. `timings` asks for the times of each step.
pub fn choose(global: GlobalFlags, timings: bool) -> Box<dyn Progress> {
    let detail = Detail {
        verbose: global.verbose,
        timings: timings || global.verbose > 1,
    };
    if global.quiet {
        Box::new(Silent)
    } else if std::io::stderr().is_terminal() {
        Box::new(Live::new(detail))
    } else {
        Box::new(Plain { detail })
    }
}

/// How much is said.
#[derive(Debug, Clone, Copy)]
struct Detail {
    verbose: u8,
    timings: bool,
}

/// Says nothing.
#[derive(Debug)]
struct Silent;

impl Progress for Silent {
    fn step(&mut self, _: usize, _: &str) {}
    fn waits(&mut self, _: &str) {}
    fn note(&mut self, _: &str) {}
    fn timings(&mut self, _: &BTreeMap<String, f64>) {}
}

/// Plain lines, for logs and pipes.
#[derive(Debug)]
struct Plain {
    detail: Detail,
}

impl Progress for Plain {
    fn step(&mut self, number: usize, says: &str) {
        eprintln!("{}", step_line(number, says));
    }

    fn waits(&mut self, what: &str) {
        if self.detail.verbose > 0 {
            eprintln!("     waits for {}", one_line(what));
        }
    }

    fn note(&mut self, text: &str) {
        eprintln!("     {}", one_line(text));
    }

    fn timings(&mut self, parts: &BTreeMap<String, f64>) {
        if self.detail.timings {
            eprintln!("{}", timings_line(parts));
        }
    }
}

/// One line that changes; with `-v`, the steps that are done stay above it.
#[derive(Debug)]
struct Live {
    detail: Detail,
    bar: ProgressBar,
    step: String,
}

impl Live {
    fn new(detail: Detail) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        // The template is a constant; were it wrong, the bar would only look plainer.
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
            bar.set_style(style);
        }
        Live {
            detail,
            bar,
            step: String::new(),
        }
    }

    fn show(&self, message: String) {
        if self.bar.is_finished() {
            // It was paused.
            self.bar.reset();
        }
        self.bar.set_message(message);
        self.bar.tick();
    }
}

impl Progress for Live {
    fn step(&mut self, number: usize, says: &str) {
        if self.detail.verbose > 0 && !self.step.is_empty() {
            self.bar.println(&self.step);
        }
        self.step = step_line(number, says);
        self.show(self.step.clone());
    }

    fn waits(&mut self, what: &str) {
        self.show(format!("{} · waits for {}", self.step, one_line(what)));
    }

    fn note(&mut self, text: &str) {
        self.bar.println(format!("     {}", one_line(text)));
    }

    fn timings(&mut self, parts: &BTreeMap<String, f64>) {
        if self.detail.timings {
            self.bar.println(timings_line(parts));
        }
    }

    fn pause(&mut self) {
        self.bar.finish_and_clear();
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn step_line(number: usize, says: &str) -> String {
    format!("{number:>3}  {}", one_line(says))
}

fn timings_line(parts: &BTreeMap<String, f64>) -> String {
    let parts: Vec<String> = parts
        .iter()
        .map(|(part, millis)| format!("{part} {millis:.1}"))
        .collect();
    format!("     ms: {}", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{step_line, timings_line};

    #[test]
    fn a_step_is_one_line_whatever_the_page_says() {
        assert_eq!(
            step_line(3, "open\n the \u{1b}[31mlist"),
            "  3  open the \u{fffd}[31mlist"
        );
    }

    #[test]
    fn times_stand_in_one_line() {
        let parts = BTreeMap::from([("observe".to_owned(), 31.04), ("decide".to_owned(), 2.0)]);
        assert_eq!(timings_line(&parts), "     ms: decide 2.0, observe 31.0");
    }
}
