//! What an action would do to the world, read from the action, the element it lands on, that element's form and the page.
//!
//! Three sorts of facts, in this order. *What cannot change anything*: looking, scrolling, filling a field that does not submit
//! by itself, following a link by GET within the sites. *What tells*: words of the list, a card number, passwords, terms or files in the form,
//! an address elsewhere. *The rest*: a form sent by POST that nothing explains is [`Kind::Other`].
//!
//! A button that the page's own script serves is the hard case: it may open a menu or pay. Asking at each one would teach people to
//! say yes without reading. So one that tells nothing is *unclear*: it needs a yes, unless its whole name is a word of the harmless
//! list, its role only moves a selection, or a person showed exactly this step and did not mark it. A page that lies with a harmless
//! name gains no more than that click: what the click sends is the firewall's to hold.

use url::Url;

use crate::computer::{Action, DialogKind, Element, Form, Modifier, Observation, Target, Text};

use super::GuardPolicy;
use super::control::{
    Sort, at, cancels_a_row, form_path, holds_card, is_a_promise, is_button, is_file, is_in_form,
    is_loose_switch, is_password, is_search, name_of, sends_when_changed, sort, takes_text,
};
use super::kind::Kind;
use super::review::Proposal;
use super::words::Folded;
use super::{address, keys};

/// One thing that an action would do, and what says so.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Finding {
    pub kind: Kind,
    pub why: String,
}

impl Finding {
    pub(super) fn new(kind: Kind, why: impl Into<String>) -> Self {
        let why = why.into();
        Finding { kind, why }
    }
}

/// What the action would do, before any rule is looked at.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Reading {
    /// Changes nothing outside the browser.
    Harmless(String),
    /// May do something; that a person showed this very step is enough.
    Unclear(Vec<Finding>),
    /// Does something.
    Telling(Vec<Finding>),
    /// Is never done.
    Forbidden(Finding),
}

/// A reading with what it is about.
#[derive(Debug, Clone)]
pub(super) struct Meaning<'a> {
    pub reading: Reading,
    /// Where it would be sent.
    pub destination: Option<Url>,
    /// What the action lands on, or what has the focus.
    pub element: Option<&'a Element>,
}

/// Kinds that a bare GET does often enough, on pages that should not let it, to be asked for when a link begins with their words.
const DONE_BY_LINKS: [Kind; 8] = [
    Kind::Pay,
    Kind::TransferMoney,
    Kind::Order,
    Kind::CancelOrReturn,
    Kind::Delete,
    Kind::AcceptTerms,
    Kind::ChangeInBulk,
    Kind::DownloadToRun,
];

/// Longest text, in words, that is read as a command where something other than a button or link is clicked; longer is content.
const COMMAND_WORDS: usize = 12;

pub(super) fn read<'a>(policy: &GuardPolicy, proposal: &Proposal<'a>) -> Meaning<'a> {
    let reader = Reader { policy, proposal };
    let mut meaning = reader.action();
    reader.leaving(&mut meaning);
    meaning
}

struct Reader<'p, 'a> {
    policy: &'p GuardPolicy,
    proposal: &'p Proposal<'a>,
}

impl<'a> Reader<'_, 'a> {
    fn observation(&self) -> &'a Observation {
        self.proposal.observation
    }

    fn action(&self) -> Meaning<'a> {
        match self.proposal.action {
            Action::Click { target, button, .. } => {
                if *button == crate::computer::Button::Right {
                    return self.still("opens the browser's own menu");
                }
                self.click(self.landing(target))
            }
            // Text is selected by pressing the mouse in it.
            Action::Select { target, .. } => self.click(self.landing(target)),
            Action::Drag { path } => self.drag(path.last()),
            Action::Type { text } => self.typed(text),
            Action::Press { keys } => self.pressed(keys),
            Action::Fill { target, .. } => self.field(self.landing(target), "fills a field"),
            Action::Choose { target, options } => self.choose(self.landing(target), options),
            Action::Upload { target, files } => self.upload(self.landing(target), files.len()),
            Action::Navigate { url } | Action::OpenTab { url } => self.navigate(url),
            Action::AnswerDialog { accept, .. } => self.dialog(*accept),
            Action::Authenticate { .. } => self.here(
                Reading::Unclear(vec![Finding::new(
                    Kind::Other,
                    "it sends a user name and a password",
                )]),
                None,
            ),
            Action::Hover { .. }
            | Action::Scroll { .. }
            | Action::ScrollTo { .. }
            | Action::Back
            | Action::Forward
            | Action::Reload
            | Action::SwitchTab { .. }
            | Action::CloseTab { .. }
            | Action::Wait { .. }
            | Action::Read { .. } => self.still("looks or moves, and sends nothing"),
        }
    }

    fn still(&self, why: &str) -> Meaning<'a> {
        Meaning {
            reading: Reading::Harmless(why.to_owned()),
            destination: None,
            element: None,
        }
    }

    /// A meaning whose effect goes to the page's own origin.
    fn here(&self, reading: Reading, element: Option<&'a Element>) -> Meaning<'a> {
        Meaning {
            reading,
            destination: address::of_frame(self.observation(), element),
            element,
        }
    }

    /// What an action would land on: the element proposed, the element named, or the smallest control at the point.
    fn landing(&self, target: &Target) -> Option<&'a Element> {
        if let Some(element) = self.proposal.element {
            return Some(element);
        }
        match target {
            Target::Element(id) => self.observation().element(id),
            Target::Point(point) => at(self.observation(), *point),
        }
    }

    fn focused(&self) -> Option<&'a Element> {
        let observation = self.observation();
        observation
            .focused
            .as_ref()
            .and_then(|id| observation.element(id))
            .or_else(|| observation.elements.iter().find(|e| e.states.focused))
    }

    fn click(&self, element: Option<&'a Element>) -> Meaning<'a> {
        let Some(element) = element else {
            return self.here(unclear("nothing known lies at that place"), None);
        };
        if (sort(element) == Sort::Link || element.tag == "a")
            && let Some(href) = address::of_link(self.observation(), element)
        {
            return self.link(element, href);
        }
        match sort(element) {
            Sort::Submitter => self.submit(element, Some(element)),
            Sort::Link | Sort::Command => self.here(self.script(element), Some(element)),
            Sort::Field => self.field(Some(element), "moves to a field or a choice"),
            Sort::Content => self.here(
                Reading::Harmless("is plain content, not a control".to_owned()),
                Some(element),
            ),
        }
    }

    fn link(&self, element: &'a Element, href: Url) -> Meaning<'a> {
        let name = Folded::new(element.title());
        let quiet = name.is_harmless() || name.means_otherwise() || name.leads_elsewhere();
        let told: Vec<Finding> = if quiet {
            Vec::new()
        } else {
            name.beginning_verbs()
                .into_iter()
                .filter(|(kind, _)| DONE_BY_LINKS.contains(kind))
                .map(|(kind, word)| Finding::new(kind, format!("the link says \"{word}\"")))
                .collect()
        };
        let reading = if !matches!(href.scheme(), "http" | "https") {
            Reading::Telling(vec![Finding::new(
                Kind::LeaveSites,
                format!("the address {}: opens another program", href.scheme()),
            )])
        } else if address::can_be_run(&href)
            || element
                .attributes
                .get("download")
                .is_some_and(|name| address::name_can_be_run(name))
        {
            Reading::Telling(vec![Finding::new(
                Kind::DownloadToRun,
                "the address names a file that can be run",
            )])
        } else if address::is_same_page(self.observation(), element, &href) {
            // A link to a place of its own page: nothing is fetched, and a script may wait for the click.
            match said(&name) {
                told if told.is_empty() || quiet => {
                    Reading::Harmless("moves to a place of the same page".to_owned())
                }
                told => Reading::Telling(told),
            }
        } else if told.is_empty() {
            Reading::Harmless("follows a link, which only fetches a page".to_owned())
        } else {
            Reading::Unclear(told)
        };
        Meaning {
            reading,
            destination: Some(href),
            element: Some(element),
        }
    }

    /// A control that only the page's script knows the effect of.
    fn script(&self, element: &Element) -> Reading {
        let name = name_of(element);
        let is_command = matches!(sort(element), Sort::Link) || is_button(element);
        let readable = is_command || name.word_count() <= COMMAND_WORDS;
        let cancels = cancels_a_row(element);
        if name.is_harmless() && !cancels {
            return Reading::Harmless("has a name that changes nothing".to_owned());
        }
        let mut told = Vec::new();
        if readable {
            told = said(&name);
            if name.confirms() && !name.leads_elsewhere() {
                told.extend(said_by_nouns(&name));
            }
        }
        if told.is_empty() && (self.card_is_near(element)) {
            told.push(Finding::new(Kind::Pay, "a card number is on this page"));
        }
        if !told.is_empty() {
            return Reading::Telling(told);
        }
        if element.attributes.get("type").is_some_and(|t| t == "reset") {
            return Reading::Harmless("empties a form".to_owned());
        }
        if name.is_number() {
            return Reading::Harmless("is a number, as pages and days have".to_owned());
        }
        if element.states.expanded.is_some() {
            return Reading::Harmless("opens or closes a part of the page".to_owned());
        }
        if name.is_empty() {
            return unclear("it has no name");
        }
        unclear("the page's own script decides what it does")
    }

    fn card_is_near(&self, element: &Element) -> bool {
        element.form.as_ref().is_some_and(|form| form.has_card)
            || self.observation().elements.iter().any(holds_card)
    }

    /// A form that is sent: by its button, by Enter in a field, or by a field that sends it when it changes.
    fn submit(&self, from: &'a Element, button: Option<&'a Element>) -> Meaning<'a> {
        let none = Form::default();
        let form = from.form.as_ref().unwrap_or(&none);
        let button = button.or_else(|| self.submitter(from));
        let name = button.map_or_else(|| Folded::new(""), name_of);
        let method = button
            .and_then(|b| b.attributes.get("formmethod"))
            .unwrap_or(&form.method)
            .to_lowercase();
        let destination = address::of_form(self.observation(), from, button, form);
        let mut told = self.facts(from, form);
        let reading = match method.as_str() {
            // Also the method of forms that name none because the page's script sends them: only what is a search by its name
            // or its field is taken for one.
            "get" => {
                let searches = name.is_harmless()
                    || name.leads_elsewhere()
                    || self.mates(from).chain([from]).any(is_search);
                if !name.is_harmless() && !name.leads_elsewhere() {
                    told.extend(said(&name));
                    if name.confirms() {
                        told.extend(said_by_nouns(&name));
                    }
                }
                if !told.is_empty() {
                    Reading::Telling(told)
                } else if searches {
                    Reading::Harmless("asks by GET, which only fetches a page".to_owned())
                } else {
                    unclear("it sends a form by GET, unless the page's script takes it")
                }
            }
            // Such forms are never sent by the browser: the page's script takes them.
            "dialog" | "" => match button.map(|button| self.script(button)) {
                Some(Reading::Telling(more)) => {
                    told.extend(more);
                    Reading::Telling(told)
                }
                Some(reading) if told.is_empty() => reading,
                None if told.is_empty() => unclear("it sends fields that the page's script takes"),
                Some(_) | None => Reading::Telling(told),
            },
            _ => {
                if !name.is_harmless() || button.is_some_and(cancels_a_row) {
                    told.extend(said(&name));
                }
                if !name.leads_elsewhere() {
                    told.extend(said_by_nouns(&name));
                }
                let signs_in = form.has_password || name.signs_in();
                if !told.is_empty() {
                    Reading::Telling(told)
                } else if signs_in {
                    unclear("it signs in")
                } else if name.is_harmless() || name.prepares() {
                    unclear("it sends a form whose button promises no more than a next step")
                } else {
                    Reading::Telling(vec![Finding::new(
                        Kind::Other,
                        "it sends a form, and nothing says what for",
                    )])
                }
            }
        };
        Meaning {
            reading,
            destination,
            element: button.or(Some(from)),
        }
    }

    /// The button that Enter in a field of the same form would press.
    fn submitter(&self, from: &Element) -> Option<&'a Element> {
        self.mates(from).find(|mate| sort(mate) == Sort::Submitter)
    }

    /// The elements of the same form.
    fn mates(&self, from: &Element) -> impl Iterator<Item = &'a Element> {
        let frame = from.frame;
        let place = from
            .form
            .as_ref()
            .map(|form| (form.action.clone(), form.method.clone()));
        let root = form_path(&from.path).map(str::to_owned);
        self.observation().elements.iter().filter(move |mate| {
            let same_form = mate.form.as_ref().map(|form| (&form.action, &form.method))
                == place.as_ref().map(|(action, method)| (action, method));
            let same_root = match (&root, form_path(&mate.path)) {
                (Some(root), Some(other)) => root == other,
                _ => true,
            };
            place.is_some() && mate.frame == frame && same_form && same_root
        })
    }

    /// What the form holds says more than its button.
    fn facts(&self, from: &Element, form: &Form) -> Vec<Finding> {
        let mut told = Vec::new();
        let passwords = self.mates(from).filter(|mate| is_password(mate)).count();
        let renews = self.mates(from).any(|mate| {
            mate.attributes
                .get("autocomplete")
                .is_some_and(|hint| hint.contains("new-password"))
        });
        let name = self
            .submitter(from)
            .map_or_else(|| Folded::new(""), name_of);
        if form.has_card || self.mates(from).any(holds_card) {
            told.push(Finding::new(Kind::Pay, "the form holds a card number"));
        }
        if passwords >= 2 || renews {
            let creates = name
                .verbs()
                .iter()
                .any(|(kind, _)| *kind == Kind::CreateAccount);
            if !creates {
                let why = "the form sets a new password";
                told.push(Finding::new(Kind::ChangeCredentials, why));
            }
        }
        let files: Vec<_> = self.mates(from).filter(|mate| is_file(mate)).collect();
        let chosen = |file: &&Element| file.value.as_deref().is_some_and(|v| !v.is_empty());
        if form.has_file && (files.is_empty() || files.iter().any(chosen)) {
            told.push(Finding::new(Kind::Upload, "the form sends a file"));
        }
        if form.fields.iter().any(|(field, value)| {
            let field = Folded::new(field);
            let agreed = !matches!(value.as_str(), "" | "no" | "off" | "false" | "unchecked");
            agreed && is_a_promise(&field)
        }) {
            told.push(Finding::new(Kind::AcceptTerms, "the form accepts terms"));
        }
        let given = || form.fields.iter().filter(|(_, value)| !value.is_empty());
        let strong = given().any(|(field, _)| Folded::new(field).is_strongly_personal());
        let weak = given()
            .filter(|(field, _)| Folded::new(field).is_weakly_personal())
            .count();
        let signs_in = form.has_password && passwords <= 1 && !renews;
        if strong || (weak >= 2 && !signs_in) {
            told.push(Finding::new(
                Kind::SubmitPersonalData,
                "the form holds personal data",
            ));
        }
        told
    }

    /// A field that is set, a choice that is made: nothing leaves, unless the field sends its form when it changes.
    fn field(&self, element: Option<&'a Element>, why: &str) -> Meaning<'a> {
        let sets = !matches!(
            self.proposal.action,
            Action::Click { .. } | Action::Select { .. }
        );
        match element {
            Some(field) if sets && sends_when_changed(field) => self.submit(field, None),
            // A switch outside a form is thrown the moment it is clicked.
            Some(field) if !sets && is_loose_switch(field) => {
                let told = said(&name_of(field));
                let reading = if !told.is_empty() {
                    Reading::Telling(told)
                } else if field.role == "switch" {
                    unclear("a switch takes effect at once")
                } else {
                    Reading::Harmless(why.to_owned())
                };
                self.here(reading, element)
            }
            Some(_) | None => Meaning {
                element,
                ..self.still(why)
            },
        }
    }

    fn choose(&self, element: Option<&'a Element>, options: &[String]) -> Meaning<'a> {
        let loose = element.is_none_or(|field| !is_in_form(field));
        let told: Vec<Finding> = options
            .iter()
            .map(|option| Folded::new(option))
            .filter(|option| loose && option.word_count() <= COMMAND_WORDS)
            .flat_map(|option| option.beginning_verbs())
            .map(|(kind, word)| Finding::new(kind, format!("the choice says \"{word}\"")))
            .collect();
        if told.is_empty() {
            self.field(element, "makes a choice in a field")
        } else {
            self.here(Reading::Telling(told), element)
        }
    }

    /// A file in a form that is sent later is asked for then, with everything else; anywhere else the page may send it at once.
    fn upload(&self, element: Option<&'a Element>, files: usize) -> Meaning<'a> {
        let waits = element.is_some_and(|field| {
            is_in_form(field) && !sends_when_changed(field) && self.submitter(field).is_some()
        });
        let finding = Finding::new(
            Kind::Upload,
            if files == 1 {
                "it hands a file to the page".to_owned()
            } else {
                format!("it hands {files} files to the page")
            },
        );
        if waits {
            self.here(Reading::Unclear(vec![finding]), element)
        } else {
            self.here(Reading::Telling(vec![finding]), element)
        }
    }

    fn navigate(&self, text: &str) -> Meaning<'a> {
        let forbidden = |why: String| Meaning {
            reading: Reading::Forbidden(Finding::new(Kind::LeaveSites, why)),
            destination: None,
            element: None,
        };
        let Some(url) = address::resolve(self.observation(), None, text) else {
            return forbidden("it is no address".to_owned());
        };
        match url.scheme() {
            "http" | "https" => {}
            "about" if url.path() == "blank" => return self.still("opens an empty page"),
            scheme => {
                return forbidden(format!(
                    "{scheme}: addresses are never opened, only http and https"
                ));
            }
        }
        let reading = if address::can_be_run(&url) {
            Reading::Telling(vec![Finding::new(
                Kind::DownloadToRun,
                "the address names a file that can be run",
            )])
        } else {
            Reading::Harmless("opens a page".to_owned())
        };
        Meaning {
            reading,
            destination: Some(url),
            element: None,
        }
    }

    fn dialog(&self, accept: bool) -> Meaning<'a> {
        if !accept {
            return self.still("declines a dialog");
        }
        let Some(dialog) = &self.observation().dialog else {
            return self.here(unclear("no dialog was seen"), None);
        };
        let message = Folded::new(&dialog.message);
        let mut told = Vec::new();
        for (kind, word) in message.verbs().into_iter().chain(message.nouns()) {
            told.push(Finding::new(kind, format!("the dialog says \"{word}\"")));
        }
        let reading = match dialog.kind {
            DialogKind::Alert => Reading::Harmless("closes a notice".to_owned()),
            DialogKind::BeforeUnload => Reading::Harmless("leaves the page".to_owned()),
            DialogKind::Confirm | DialogKind::Prompt | DialogKind::Authenticate => {
                if told.is_empty() {
                    unclear("the dialog does not say what follows")
                } else {
                    Reading::Telling(told)
                }
            }
        };
        self.here(reading, None)
    }

    fn drag(&self, last: Option<&Target>) -> Meaning<'a> {
        // The proposed element is where a drag begins or ends; where it ends is what says what it does.
        let end = match last {
            Some(Target::Element(id)) => self.observation().element(id),
            Some(Target::Point(point)) => at(self.observation(), *point),
            None => None,
        };
        let element = end.or(self.proposal.element);
        let reading = match element {
            Some(place) if place.role == "slider" => Reading::Harmless("moves a slider".to_owned()),
            Some(place) => {
                let name = name_of(place);
                let mut told = Vec::new();
                if name.word_count() <= COMMAND_WORDS {
                    told = said(&name);
                    told.extend(said_by_nouns(&name));
                }
                if told.is_empty() {
                    unclear("nothing says what dropping it there does")
                } else {
                    Reading::Telling(told)
                }
            }
            None => unclear("nothing known lies where it is dropped"),
        };
        self.here(reading, element)
    }

    fn typed(&self, text: &Text) -> Meaning<'a> {
        let (breaks, spaces) = match text {
            Text::Plain(text) => (text.contains(['\n', '\r']), text.contains(' ')),
            Text::Secret(_) => (false, false),
        };
        match self.focused() {
            Some(field) if takes_text(field) => {
                if breaks {
                    self.enter(field, &[])
                } else {
                    Meaning {
                        element: Some(field),
                        ..self.still("types into a field")
                    }
                }
            }
            Some(control) if breaks || spaces => self.click(Some(control)),
            Some(control) if sort(control) == Sort::Field => Meaning {
                element: Some(control),
                ..self.still("types into a field")
            },
            other => self.here(
                unclear("nothing that takes text has the focus, so the page takes the keys"),
                other,
            ),
        }
    }

    fn pressed(&self, chord: &str) -> Meaning<'a> {
        let chord = keys::Chord::parse(chord);
        let focused = self.focused();
        match (chord.key, focused) {
            (keys::Key::Enter, Some(element)) => self.enter(element, &chord.modifiers),
            (keys::Key::Space, Some(element)) if !takes_text(element) => self.click(Some(element)),
            (keys::Key::Moves, _) => self.still("moves the focus, the caret or the view"),
            (keys::Key::Space | keys::Key::Types | keys::Key::Edits, Some(element))
                if takes_text(element) || sort(element) == Sort::Field =>
            {
                if chord.is_command() {
                    self.here(
                        unclear("the page may take that chord as a command"),
                        focused,
                    )
                } else {
                    Meaning {
                        element: focused,
                        ..self.still("edits a field")
                    }
                }
            }
            (keys::Key::Edits, _) => self.here(
                Reading::Telling(vec![Finding::new(
                    Kind::Delete,
                    "the key deletes what is selected",
                )]),
                focused,
            ),
            (keys::Key::Enter | keys::Key::Space | keys::Key::Types, _) => {
                self.here(unclear("the page may take that key as a command"), focused)
            }
        }
    }

    fn enter(&self, element: &'a Element, modifiers: &[Modifier]) -> Meaning<'a> {
        let commands = modifiers
            .iter()
            .any(|m| matches!(m, Modifier::Control | Modifier::Meta));
        if !takes_text(element) {
            // On a field without text (a checkbox, a date) Enter sends the form.
            return if sort(element) == Sort::Field && is_in_form(element) {
                self.submit(element, None)
            } else {
                self.click(Some(element))
            };
        }
        if commands {
            return match &element.form {
                Some(form) if !form.method.is_empty() => self.submit(element, None),
                _ => self.here(
                    unclear("pages send what was written at that chord"),
                    Some(element),
                ),
            };
        }
        if element.tag == "textarea" || modifiers.contains(&Modifier::Shift) {
            return Meaning {
                element: Some(element),
                ..self.still("starts a new line")
            };
        }
        match &element.form {
            Some(_) => self.submit(element, None),
            None if element.role == "searchbox" || name_of(element).is_harmless() => {
                self.here(Reading::Harmless("searches".to_owned()), Some(element))
            }
            None => self.here(
                unclear("pages without a form may send what was written at Enter"),
                Some(element),
            ),
        }
    }

    /// Adds that the effect, or the page it would be done on, lies outside the sites of the goal.
    fn leaving(&self, meaning: &mut Meaning<'a>) {
        let Some(destination) = &meaning.destination else {
            return;
        };
        if self.policy.is_within(destination, self.proposal.sites) {
            return;
        }
        let follows = matches!(
            self.proposal.action,
            Action::Navigate { .. } | Action::OpenTab { .. }
        ) || meaning
            .element
            .is_some_and(|e| sort(e) == Sort::Link || sort(e) == Sort::Submitter);
        let finding = Finding::new(
            Kind::LeaveSites,
            format!(
                "{} is not one of the sites of the goal",
                address::origin(destination)
            ),
        );
        match &mut meaning.reading {
            Reading::Harmless(_) if follows => meaning.reading = Reading::Telling(vec![finding]),
            Reading::Harmless(_) | Reading::Forbidden(_) => {}
            Reading::Unclear(told) | Reading::Telling(told) => {
                told.push(finding);
                let told = std::mem::take(told);
                meaning.reading = Reading::Telling(told);
            }
        }
    }
}

fn said(name: &Folded) -> Vec<Finding> {
    if name.is_harmless() && name.word_count() > 1 {
        return Vec::new();
    }
    name.verbs().into_iter().map(button_says).collect()
}

fn said_by_nouns(name: &Folded) -> Vec<Finding> {
    name.nouns().into_iter().map(button_says).collect()
}

fn button_says((kind, word): (Kind, &'static str)) -> Finding {
    Finding::new(kind, format!("its name says \"{word}\""))
}

fn unclear(why: &str) -> Reading {
    Reading::Unclear(vec![Finding::new(Kind::Other, why)])
}
