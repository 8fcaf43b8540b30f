//! From a demonstration to a script for Playwright's test runner, in TypeScript. Pure.
//!
//! The script stands alone: the recording's values are constants at its top, secrets come from the environment, and what only Apprentice
//! does (asking before a marked step, reading pictures) is a comment where it would be and a [`Note`].

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::selector::css;
use super::{Held, Holes, Note};
use crate::computer::{Reading, folded};
use crate::demo::{Demonstration, Piece, Step, TargetQuery, Verb, pieces};

/// Roles that Playwright's `getByRole` knows, of those that browsers give to what people act on or read.
const ROLES: [&str; 41] = [
    "alert",
    "alertdialog",
    "article",
    "banner",
    "button",
    "cell",
    "checkbox",
    "columnheader",
    "combobox",
    "dialog",
    "form",
    "grid",
    "gridcell",
    "group",
    "heading",
    "img",
    "link",
    "list",
    "listbox",
    "listitem",
    "main",
    "menu",
    "menubar",
    "menuitem",
    "menuitemcheckbox",
    "menuitemradio",
    "navigation",
    "option",
    "paragraph",
    "progressbar",
    "radio",
    "region",
    "row",
    "rowheader",
    "search",
    "searchbox",
    "slider",
    "spinbutton",
    "status",
    "switch",
    "tab",
];
/// Things that stand in rows: what a demonstration's `row` may be.
const ROWS: &str = "tr, li, article, [role=row], [role=listitem]";
/// Names that mean something else in the script.
const TAKEN: [&str; 31] = [
    "test",
    "expect",
    "page",
    "context",
    "process",
    "downloading",
    "download",
    "found",
    "tab",
    "select",
    "const",
    "let",
    "var",
    "new",
    "delete",
    "default",
    "class",
    "function",
    "return",
    "if",
    "in",
    "of",
    "for",
    "do",
    "case",
    "with",
    "this",
    "true",
    "false",
    "null",
    "undefined",
];

/// The script's helper that selects a text, which must stand in the element just once.
const SELECT: &str = "
async function select(place: import('@playwright/test').Locator, text: string) {
  await place.evaluate((element, text) => {
    const is = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
    const whole = is ? element.value : element.textContent ?? '';
    const at = whole.indexOf(text);
    if (at < 0 || whole.indexOf(text, at + 1) >= 0) throw new Error(`${text} does not stand there just once`);
    if (element instanceof HTMLElement) element.focus();
    if (is) return element.setSelectionRange(at, at + text.length);
    const range = document.createRange();
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    let passed = 0;
    for (let node = walker.nextNode() as Text | null; node; node = walker.nextNode() as Text | null) {
      const end = passed + node.length;
      if (at >= passed && at < end) range.setStart(node, at - passed);
      if (at + text.length > passed && at + text.length <= end) range.setEnd(node, at + text.length - passed);
      passed = end;
    }
    getSelection()?.removeAllRanges();
    getSelection()?.addRange(range);
  }, text);
}
";

/// Writes a demonstration as a script; `name` says what it was made from.
pub fn playwright(
    name: &str,
    demonstration: &Demonstration,
    holes: &Holes<'_>,
) -> (String, Vec<Note>) {
    let mut script = Script {
        holes,
        constants: Vec::new(),
        called: BTreeMap::new(),
        names: Vec::new(),
        lines: Vec::new(),
        notes: Vec::new(),
        finds: false,
        tabs: false,
        selects: false,
    };
    let steps = &demonstration.steps;
    let start = script.text(&demonstration.start);
    let reads: Vec<&String> = steps.iter().filter_map(|step| step.into.as_ref()).collect();
    for read in reads {
        script.variable(read);
    }
    script.ahead(steps.first());
    script.line(format!("await page.goto({start});"));
    for (at, step) in steps.iter().enumerate() {
        script.step(at + 1, step, steps.get(at + 1));
    }
    (script.write(name, demonstration), script.notes)
}

struct Script<'h> {
    holes: &'h Holes<'h>,
    /// Lines at the top.
    constants: Vec<String>,
    /// What stands for a hole, by what is between its braces.
    called: BTreeMap<String, String>,
    /// Names that are taken.
    names: Vec<String>,
    lines: Vec<String>,
    notes: Vec<Note>,
    /// Whether the helper that finds a pattern is needed.
    finds: bool,
    /// Whether more than one tab is used.
    tabs: bool,
    /// Whether the helper that selects a text is needed.
    selects: bool,
}

impl Script<'_> {
    fn line(&mut self, line: impl Into<String>) {
        self.lines.push(line.into());
    }

    fn note(&mut self, number: usize, step: &Step, says: impl Into<String>) {
        let says = says.into();
        self.line(format!("// {}", folded(&says)));
        self.notes.push(Note {
            step: number,
            what: step.verb.word(),
            says,
        });
    }

    /// A name of the script for a name of the demonstration: `project code` is `projectCode`.
    fn fresh(&mut self, name: &str) -> String {
        let mut words = name
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty());
        let mut plain = words
            .next()
            .map(|first| {
                let mut letters = first.chars();
                letters
                    .next()
                    .map(|c| c.to_ascii_lowercase())
                    .into_iter()
                    .chain(letters)
                    .collect::<String>()
            })
            .unwrap_or_else(|| "value".to_owned());
        for word in words {
            let mut letters = word.chars();
            plain.extend(letters.next().map(|c| c.to_ascii_uppercase()));
            plain.extend(letters);
        }
        if plain.starts_with(|c: char| c.is_ascii_digit()) {
            plain.insert_str(0, "value");
        }
        let taken = |name: &String| TAKEN.contains(&name.as_str()) || self.names.contains(name);
        let name = if taken(&plain) {
            (2..)
                .map(|number| format!("{plain}{number}"))
                .find(|name| !taken(name))
                .unwrap_or_default()
        } else {
            plain
        };
        self.names.push(name.clone());
        name
    }

    /// What is read on the way.
    fn variable(&mut self, parameter: &str) {
        if !self.called.contains_key(parameter) {
            let name = self.fresh(parameter);
            self.called.insert(parameter.to_owned(), name.clone());
            self.constants
                .push(format!("let {name} = ''; // read on the way"));
        }
    }

    /// The script's expression for a hole.
    fn hole(&mut self, inside: &str) -> String {
        if let Some(name) = self.called.get(inside) {
            return name.clone();
        }
        let name = inside.split('|').next().unwrap_or_default().trim();
        let from = name.strip_prefix("site:").unwrap_or(name).to_owned();
        // With a filter it is another value than without.
        let filtered = if inside.contains('|') {
            format!(" // {{{}}}", folded(inside))
        } else {
            String::new()
        };
        let (called, value) = match (self.holes)(inside) {
            Held::Example(value) => (self.fresh(&from), format!("{};", quoted(&value))),
            Held::Site(origin) => (self.fresh(&from), format!("{};", quoted(&origin))),
            Held::Secret(secret) => (
                self.fresh(&from),
                format!("process.env.{} ?? '';", variable(&secret)),
            ),
            // Filled by the step that downloads.
            Held::Download => return "download".to_owned(),
            Held::Read(read) | Held::Unknown(read) => (
                self.fresh(&from),
                format!(
                    "''; // TODO: the demonstration has no value for {}",
                    folded(&read)
                ),
            ),
        };
        self.constants
            .push(format!("const {called} = {value}{filtered}"));
        self.called.insert(inside.to_owned(), called.clone());
        called
    }

    /// A text as an expression.
    fn text(&mut self, text: &str) -> String {
        let parts = pieces(text);
        match parts.as_slice() {
            [] => "''".to_owned(),
            [Piece::Plain(plain)] => quoted(plain),
            [Piece::Hole(inside)] => self.hole(inside),
            _ => {
                let mut whole = String::from("`");
                for part in parts {
                    match part {
                        Piece::Plain(plain) => whole.push_str(&in_backticks(&plain)),
                        Piece::Hole(inside) => {
                            let _ = write!(whole, "${{{}}}", self.hole(&inside));
                        }
                    }
                }
                whole.push('`');
                whole
            }
        }
    }

    /// What has to be set up before what causes it: an answer to a dialog, an eye on a download, a new tab.
    fn ahead(&mut self, next: Option<&Step>) {
        match next.map(|next| (next, next.verb)) {
            Some((next, Verb::AnswerDialog)) => {
                let answer = match (next.accept, &next.value) {
                    (Some(true), Some(text)) => format!("accept({})", self.text(text)),
                    (Some(true), None) => "accept()".to_owned(),
                    (Some(false) | None, _) => "dismiss()".to_owned(),
                };
                self.line(format!("page.once('dialog', (dialog) => dialog.{answer});"));
            }
            Some((next, Verb::Wait)) if waits_for_download(next) => {
                self.line("const downloading = page.waitForEvent('download');");
            }
            Some(_) | None => {}
        }
    }

    fn step(&mut self, number: usize, step: &Step, next: Option<&Step>) {
        let says = step.says.as_deref().map(folded);
        // An answer to a dialog belongs to the step before, where it was set up.
        if step.verb != Verb::AnswerDialog {
            self.line(String::new());
        }
        if let Some(says) = says {
            self.line(format!("// {says}"));
        }
        if let Some(mark) = step.mark {
            self.note(
                number,
                step,
                format!(
                    "this would {}: Apprentice asks before it, this script does not",
                    mark.phrase()
                ),
            );
        }
        self.ahead(next);
        let place = step
            .target
            .as_ref()
            .map(|target| self.locator(number, step, target));
        let on = |place: &Option<String>| {
            place
                .clone()
                .unwrap_or_else(|| "page.locator('body')".to_owned())
        };
        let value = step
            .value
            .as_ref()
            .map(|value| self.text(value))
            .unwrap_or_else(|| "''".to_owned());
        let line = match step.verb {
            Verb::Click => format!("await {}.click();", on(&place)),
            Verb::DoubleClick => format!("await {}.dblclick();", on(&place)),
            Verb::TripleClick => format!("await {}.click({{ clickCount: 3 }});", on(&place)),
            Verb::RightClick => format!("await {}.click({{ button: 'right' }});", on(&place)),
            Verb::Hover => format!("await {}.hover();", on(&place)),
            Verb::Drag => {
                let to = step.to.as_ref().map(|to| self.locator(number, step, to));
                format!("await {}.dragTo({});", on(&place), on(&to))
            }
            Verb::ScrollTo => format!("await {}.scrollIntoViewIfNeeded();", on(&place)),
            Verb::Type => format!("await page.keyboard.type({value});"),
            Verb::Fill => format!("await {}.fill({value});", on(&place)),
            Verb::Press => format!("await page.keyboard.press({value});"),
            Verb::Choose => self.choose(step, &on(&place)),
            Verb::Upload => {
                let files: Vec<String> = step
                    .values
                    .iter()
                    .chain(&step.value)
                    .map(|file| self.text(file))
                    .collect();
                format!(
                    "await {}.setInputFiles([{}]);",
                    on(&place),
                    files.join(", ")
                )
            }
            Verb::Navigate => format!("await page.goto({value});"),
            Verb::Back => "await page.goBack();".to_owned(),
            Verb::Forward => "await page.goForward();".to_owned(),
            Verb::Reload => "await page.reload();".to_owned(),
            Verb::OpenTab => {
                self.tabs = true;
                format!("page = await context.newPage();\nawait page.goto({value});")
            }
            Verb::SwitchTab => {
                self.tabs = true;
                format!("page = await tab(context, {value});")
            }
            Verb::CloseTab => {
                self.tabs = true;
                "await page.close();\npage = context.pages().at(-1)!;".to_owned()
            }
            // Set up before the step that opens it.
            Verb::AnswerDialog => String::new(),
            Verb::Wait if waits_for_download(step) => {
                "const download = await (await downloading).path();".to_owned()
            }
            Verb::Wait => format!("await expect(page.getByText({value}).first()).toBeVisible();"),
            Verb::Select if step.value.is_none() => format!("await {}.selectText();", on(&place)),
            Verb::Select => {
                self.selects = true;
                format!("await select({}, {value});", on(&place))
            }
            // What is put in later stands there.
            Verb::Copy => String::new(),
            Verb::Read => self.read(number, step, place.as_deref()),
        };
        let lines: Vec<&str> = line.lines().collect();
        if step.optional
            && let Some(place) = &place
        {
            self.line(format!("if (await {place}.isVisible()) {{"));
            for line in lines {
                self.line(format!("  {line}"));
            }
            self.line("}");
        } else {
            for line in lines {
                self.line(line);
            }
        }
        if let Some(text) = step.after.as_ref().and_then(|after| after.text.as_ref()) {
            let text = self.text(text);
            self.line(format!(
                "await expect(page.getByText({text}).first()).toBeVisible();"
            ));
        }
    }

    fn choose(&mut self, step: &Step, place: &str) -> String {
        let options: Vec<String> = step
            .values
            .iter()
            .chain(&step.value)
            .map(|option| self.text(option))
            .collect();
        let native = step
            .target
            .as_ref()
            .is_none_or(|target| target.tag.as_deref().is_none_or(|tag| tag == "select"));
        match options.as_slice() {
            [only] if native => format!("await {place}.selectOption({only});"),
            all if native => format!("await {place}.selectOption([{}]);", all.join(", ")),
            // A list that the page made itself.
            all => {
                let mut lines = vec![format!("await {place}.click();")];
                lines.extend(all.iter().map(|option| {
                    format!("await page.getByRole('option', {{ name: {option} }}).click();")
                }));
                lines.join("\n")
            }
        }
    }

    fn read(&mut self, number: usize, step: &Step, place: Option<&str>) -> String {
        let Some(into) = step
            .into
            .as_ref()
            .and_then(|into| self.called.get(into))
            .cloned()
        else {
            return String::new();
        };
        if step.reading == Some(Reading::Picture) {
            let example = match step.into.as_deref().map(|into| (self.holes)(into)) {
                Some(Held::Example(value)) => value,
                Some(_) | None => String::new(),
            };
            self.note(
                number,
                step,
                "Playwright does not read pictures: the recording's value stands here",
            );
            return format!("{into} = {};", quoted(&example));
        }
        let text = format!(
            "await {}.innerText()",
            place.unwrap_or("page.locator('body')")
        );
        match &step.pattern {
            None => format!("{into} = ({text}).trim();"),
            Some(pattern) => {
                let (source, flags, same) = expression(pattern);
                if !same {
                    self.note(
                        number,
                        step,
                        format!("its pattern is not JavaScript's, look it over: {pattern}"),
                    );
                }
                self.finds = true;
                let flags = if flags.is_empty() {
                    String::new()
                } else {
                    format!(", '{flags}'")
                };
                format!(
                    "{into} = found({text}, new RegExp({}{flags}));",
                    quoted(&source)
                )
            }
        }
    }

    /// What finds the target: by what a person would know it by, then by what its author would.
    fn locator(&mut self, number: usize, step: &Step, target: &TargetQuery) -> String {
        let mut place = match &target.frame {
            Some(frame) => format!("page.frame({{ url: {} }})!", self.text(frame)),
            None => "page".to_owned(),
        };
        let named = [
            &target.name,
            &target.label,
            &target.text,
            &target.placeholder,
        ]
        .into_iter()
        .any(Option::is_some);
        if !target.row.is_empty() {
            place.push_str(&format!(".locator('{ROWS}')"));
            for text in &target.row {
                let text = self.text(text);
                place.push_str(&format!(".filter({{ hasText: {text} }})"));
            }
            if target.column.is_some() && !named {
                self.note(
                    number,
                    step,
                    "its column is not said: where several things of the row fit, this fails",
                );
            }
        }
        let role = target
            .role
            .as_deref()
            .map(|role| if role == "image" { "img" } else { role });
        let role =
            role.filter(|role| ROLES.contains(role) || *role == "textbox" || *role == "table");
        let field = matches!(target.tag.as_deref(), Some("input" | "select" | "textarea"));
        let test_id = target.attributes.get("data-testid");
        let lasting = [
            "data-test",
            "data-cy",
            "id",
            "name",
            "alt",
            "title",
            "href",
            "aria-label",
        ]
        .into_iter()
        .find_map(|name| Some((name, target.attributes.get(name)?)));
        // A field for files has no role for Playwright, and the browser calls it by the file that it holds.
        let files = step.verb == Verb::Upload;
        let (role, name, text) = if files {
            (None, None, None)
        } else {
            (role, target.name.as_ref(), target.text.as_ref())
        };
        let found = if let (Some(role), Some(name)) = (role, name) {
            let name = self.text(name);
            format!(".getByRole('{role}', {{ name: {name}, exact: true }})")
        } else if let Some(id) = test_id {
            format!(".getByTestId({})", self.text(id))
        } else if let Some(label) = target.label.as_ref().or(name.filter(|_| field)) {
            format!(".getByLabel({}, {{ exact: true }})", self.text(label))
        } else if let Some(placeholder) = &target.placeholder {
            format!(
                ".getByPlaceholder({}, {{ exact: true }})",
                self.text(placeholder)
            )
        } else if let Some(text) = name.or(text) {
            format!(".getByText({}, {{ exact: true }})", self.text(text))
        } else if let Some((name, value)) = lasting {
            let selector = match pieces(value).as_slice() {
                [Piece::Plain(plain)] => quoted(&css(name, plain)),
                _ => {
                    let whole = format!("[{name}=\"{value}\"]");
                    self.text(&whole)
                }
            };
            format!(".locator({selector})")
        } else if let Some(role) = role {
            format!(".getByRole('{role}')")
        } else if let Some(tag) = &target.tag {
            format!(".locator({})", quoted(tag))
        } else if let Some(path) = &target.path {
            format!(".locator({})", quoted(&format!("xpath=/{path}")))
        } else {
            self.note(
                number,
                step,
                "nothing says what the target is called: write a locator",
            );
            ".locator('body')".to_owned()
        };
        place.push_str(&found);
        if let Some(index) = target.index.as_ref().filter(|_| target.row.is_empty()) {
            let index = match pieces(index).as_slice() {
                [Piece::Plain(plain)] if plain.trim().parse::<u32>().is_ok() => {
                    plain.trim().to_owned()
                }
                _ => format!("Number({})", self.text(index)),
            };
            place.push_str(&format!(".nth({index})"));
        } else if !named {
            // Playwright refuses to choose among several, and a demonstration takes the likeliest.
            place.push_str(".first()");
        }
        place
    }

    fn write(&self, name: &str, demonstration: &Demonstration) -> String {
        let mut text = format!(
            "// From the demonstration {}: {}\nimport {{ test, expect }} from '@playwright/test';\n\n",
            folded(name),
            folded(&demonstration.goal)
        );
        for constant in &self.constants {
            let _ = writeln!(text, "{constant}");
        }
        if !self.constants.is_empty() {
            text.push('\n');
        }
        let given = if self.tabs {
            "{ page: first, context }"
        } else {
            "{ page }"
        };
        let _ = writeln!(
            text,
            "test({}, async ({given}) => {{",
            quoted(&demonstration.goal)
        );
        if self.tabs {
            text.push_str("  let page = first;\n");
        }
        for line in &self.lines {
            let indent = if line.is_empty() { "" } else { "  " };
            let _ = writeln!(text, "{indent}{line}");
        }
        text.push_str("});\n");
        if self.finds {
            text.push_str(
                "\nfunction found(text: string, pattern: RegExp): string {\n  const match = pattern.exec(text);\n  if (!match) throw new Error(`${pattern} is not on the page`);\n  return match.groups?.value ?? match[0];\n}\n",
            );
        }
        if self.selects {
            text.push_str(SELECT);
        }
        if self.tabs {
            text.push_str(
                "\nasync function tab(context: import('@playwright/test').BrowserContext, part: string) {\n  for (const page of context.pages()) {\n    if (page.url().includes(part) || (await page.title()).includes(part)) return page;\n  }\n  throw new Error(`no tab has ${part} in its title or address`);\n}\n",
            );
        }
        text
    }
}

fn waits_for_download(step: &Step) -> bool {
    step.verb == Verb::Wait && step.value.as_deref().map(str::trim) == Some("{download}")
}

/// A text as a string of the script. JSON's quoting is JavaScript's, but for the sort of quotes.
fn quoted(text: &str) -> String {
    let json = serde_json::to_string(text).unwrap_or_default();
    let inner = json
        .get(1..json.len().saturating_sub(1))
        .unwrap_or_default();
    format!(
        "'{}'",
        inner
            .replace("\\\"", "\"")
            .replace('\'', "\\'")
            .replace('\u{2028}', "\\u2028")
            .replace('\u{2029}', "\\u2029")
    )
}

fn in_backticks(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('`', "\\`")
        .replace("${", "\\${")
}

/// The environment variable that holds a secret: `card-number` is `CARD_NUMBER`.
fn variable(secret: &str) -> String {
    let name: String = secret
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_uppercase()
            } else {
                '_'
            }
        })
        .collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) || name.is_empty() {
        format!("SECRET_{name}")
    } else {
        name
    }
}

/// An expression of Rust's `regex` in JavaScript's words, its flags, and whether nothing else is different.
fn expression(pattern: &str) -> (String, String, bool) {
    let mut flags = String::from("u");
    let mut rest = pattern;
    if let Some((given, after)) = rest
        .strip_prefix("(?")
        .and_then(|rest| rest.split_once(')'))
        && !given.is_empty()
        && given.chars().all(|c| matches!(c, 'i' | 'm' | 's'))
    {
        flags.push_str(given);
        rest = after;
    }
    let source = rest
        .replace("(?P<", "(?<")
        .replace("\\A", "^")
        .replace("\\z", "$");
    // Flags in the middle and POSIX classes.
    let same = !source.contains("[[:")
        && !source
            .split("(?")
            .skip(1)
            .any(|group| !group.starts_with([':', '<', '=', '!']));
    (source, flags, same)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_selected_by_a_helper_and_everything_by_playwright_itself() {
        let target = TargetQuery {
            role: Some("textbox".to_owned()),
            name: Some("Note".to_owned()),
            ..TargetQuery::default()
        };
        let select = |value: Option<&str>| Step {
            target: Some(target.clone()),
            value: value.map(str::to_owned),
            ..Step::bare(Verb::Select)
        };
        let written = |step: Step| {
            let text = "format = \"1.5\"\nworkflow = \"w\"\ngoal = \"Go\"\nstart = \"http://a.example/\"\n";
            let demonstration = Demonstration {
                steps: vec![step],
                ..Demonstration::parse("w", text).unwrap()
            };
            playwright("w", &demonstration, &|inside| {
                Held::Unknown(inside.to_owned())
            })
            .0
        };
        let place = "page.getByRole('textbox', { name: 'Note', exact: true })";
        let part = written(select(Some("it\'s")));
        assert!(
            part.contains(&format!("await select({place}, 'it\\'s');")),
            "{part}"
        );
        assert!(part.contains("async function select("), "{part}");
        let all = written(select(None));
        assert!(
            all.contains(&format!("await {place}.selectText();")),
            "{all}"
        );
        assert!(!all.contains("async function select("), "{all}");
    }
}
