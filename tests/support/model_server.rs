//! A chat completions server with a scripted model that has eyes: it checks each request as a real server does, and finds
//! the targets of its script in the picture that it was sent.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use apprentice::computer::Rect;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use serde_json::{Value, json};

use super::chat_request::ChatRequest;

/// Reads a picture: each line of text with its box in pixels.
pub type FindText = Arc<dyn Fn(&[u8]) -> Vec<(String, Rect)> + Send + Sync>;

/// What the scripted model does, one step for each request.
pub type Script = Vec<Step>;

/// Something in a script that is known only when the run gets there.
#[derive(Debug, Clone)]
pub enum Said {
    Plain(String),
    Secret(String),
    /// The person's latest answer.
    Answer,
    /// Group 1 of this regular expression in what was read last.
    Read(String),
    /// Group 1 of this regular expression in the lines of text in the picture, joined by line breaks.
    Seen(String),
    /// Group 1 of the last match of this regular expression in everything that the model was told in words.
    Told(String),
}

impl From<&str> for Said {
    fn from(text: &str) -> Self {
        Said::Plain(text.to_owned())
    }
}

#[derive(Debug, Clone)]
pub enum Step {
    /// Click the text.
    Click(String),
    /// Click the text that stands on one line with the other.
    ClickInRow {
        row: String,
        text: String,
    },
    /// Click what stands so many pixels right of and below the text's left top corner.
    ClickBeside {
        text: String,
        dx: f64,
        dy: f64,
    },
    Navigate(Said),
    /// Fill the field below, right of or around the label.
    Fill {
        label: String,
        value: Said,
    },
    /// Choose in the box below, right of or around the label.
    Choose {
        label: String,
        option: Said,
    },
    Upload {
        label: String,
        file: Said,
    },
    /// Read the picture or text below the label; the whole page where it is absent.
    Read {
        label: Option<String>,
        what: &'static str,
    },
    Ask {
        about: String,
        question: String,
    },
    Press(String),
    Wait(String),
    Finish(String),
    /// Any tool with any arguments.
    Call {
        tool: String,
        arguments: Value,
    },
}

impl Step {
    fn needs_eyes(&self) -> bool {
        match self {
            Step::Navigate(value) => matches!(value, Said::Seen(_)),
            Step::Read { label, .. } => label.is_some(),
            Step::Ask { .. }
            | Step::Press(_)
            | Step::Wait(_)
            | Step::Finish(_)
            | Step::Call { .. } => false,
            Step::Click(_)
            | Step::ClickInRow { .. }
            | Step::ClickBeside { .. }
            | Step::Fill { .. }
            | Step::Choose { .. }
            | Step::Upload { .. } => true,
        }
    }

    pub fn click(text: &str) -> Step {
        Step::Click(text.to_owned())
    }

    pub fn fill(label: &str, value: impl Into<Said>) -> Step {
        Step::Fill {
            label: label.to_owned(),
            value: value.into(),
        }
    }
}

/// How the server behaves.
#[derive(Clone)]
pub enum Behaviour {
    Scripted(Script, FindText),
    /// Calls a tool that is not there, with arguments that are no JSON.
    Nonsense,
    /// Says it is sorry and calls nothing.
    Refusing,
    /// Takes the request and never answers.
    Never,
    /// Streams the start of an answer and hangs up.
    Truncated,
    /// Answers each request with this status, message and header.
    Status(u16, &'static str, Option<(&'static str, &'static str)>),
    /// Fails with this status so many times, then calls `finish`.
    FailsFirst(usize, u16),
    /// Says one text after the other; the last one again and again.
    Says(&'static [&'static str]),
    /// Refuses a request for an answer of a certain form, and says this to any other.
    KnowsNoSchema(&'static str),
    /// This body as it is.
    Body(&'static str),
    /// So many bytes of text.
    Huge(usize),
}

/// A server on a free port of loopback; ends with its runtime.
pub struct ModelServer {
    pub base_url: String,
    state: Arc<Inner>,
}

struct Inner {
    behaviour: Behaviour,
    key: Option<&'static str>,
    progress: Mutex<Progress>,
}

#[derive(Default)]
struct Progress {
    requests: Vec<Value>,
    violations: Vec<String>,
    step: usize,
    scrolls: usize,
}

/// How often the model scrolls on for a text before it gives up.
const MOST_SCROLLS: usize = 6;

impl ModelServer {
    pub async fn start(behaviour: Behaviour) -> ModelServer {
        ModelServer::start_with_key(behaviour, None).await
    }

    /// Accepts only requests with this key.
    pub async fn start_with_key(behaviour: Behaviour, key: Option<&'static str>) -> ModelServer {
        let state = Arc::new(Inner {
            behaviour,
            key,
            progress: Mutex::default(),
        });
        let app = Router::new()
            .route("/v1/chat/completions", post(complete))
            .layer(axum::extract::DefaultBodyLimit::max(64 << 20))
            .with_state(Arc::clone(&state));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("loopback has free ports");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        tokio::spawn(async move { axum::serve(listener, app).await });
        ModelServer {
            base_url: format!("http://{address}/v1"),
            state,
        }
    }

    /// All requests so far, as they came.
    pub fn requests(&self) -> Vec<Value> {
        self.state
            .progress
            .lock()
            .expect("no panic while locked")
            .requests
            .clone()
    }

    /// What was wrong with requests; empty in a good client.
    pub fn violations(&self) -> Vec<String> {
        self.state
            .progress
            .lock()
            .expect("no panic while locked")
            .violations
            .clone()
    }

    /// How many steps of the script were done.
    pub fn steps_done(&self) -> usize {
        self.state
            .progress
            .lock()
            .expect("no panic while locked")
            .step
    }
}

async fn complete(State(state): State<Arc<Inner>>, headers: HeaderMap, body: Bytes) -> Response {
    let number = {
        let mut progress = state.progress.lock().expect("no panic while locked");
        progress
            .requests
            .push(serde_json::from_slice(&body).unwrap_or(Value::Null));
        progress.requests.len()
    };
    if let Some(key) = state.key {
        let given = headers
            .get("authorization")
            .and_then(|value| value.to_str().ok());
        if given != Some(&format!("Bearer {key}")) {
            // Real servers echo the key, more or less masked.
            let message = format!("Incorrect API key provided: {given:?}");
            return error(401, &message);
        }
    }
    let request = match ChatRequest::check(&body) {
        Ok(request) => request,
        Err(problem) => {
            let mut progress = state.progress.lock().expect("no panic while locked");
            progress.violations.push(problem.clone());
            return error(400, &problem);
        }
    };
    match &state.behaviour {
        Behaviour::Scripted(script, find) => {
            let (script, find, state) = (script.clone(), Arc::clone(find), Arc::clone(&state));
            let streamed = request.stream;
            // Reading a picture takes a while, and must not hold up other requests.
            let call = tokio::task::spawn_blocking(move || next(&script, &find, &state, &request))
                .await
                .expect("the scripted model does not panic");
            answer(call, streamed)
        }
        Behaviour::Nonsense => answer(("frobnicate".to_owned(), json!("{oops")), request.stream),
        Behaviour::Says(texts) => said(texts[(number - 1).min(texts.len() - 1)]),
        Behaviour::KnowsNoSchema(text) => match request.response_format {
            Some(_) => error(400, "response_format is not supported"),
            None => said(text),
        },
        Behaviour::Refusing => said("I'm sorry, I can't help with that."),
        Behaviour::Never => std::future::pending().await,
        Behaviour::Truncated => {
            let start = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Well\"}}]}\n\n";
            stream(start.as_bytes().to_vec())
        }
        Behaviour::Status(status, message, header) => {
            let mut response = error(*status, message);
            if let Some((name, value)) = header {
                response.headers_mut().insert(
                    *name,
                    value.parse().expect("a header value that tests wrote"),
                );
            }
            response
        }
        Behaviour::FailsFirst(times, status) => {
            if number <= *times {
                error(*status, "try again")
            } else {
                answer(
                    ("finish".to_owned(), json!({"result": "done"})),
                    request.stream,
                )
            }
        }
        Behaviour::Body(text) => text.into_response(),
        Behaviour::Huge(bytes) => said(&"x".repeat(*bytes)),
    }
}

fn error(status: u16, message: &str) -> Response {
    let body = json!({"error": {"message": message, "type": "invalid_request_error", "param": null, "code": null}});
    let status = StatusCode::from_u16(status).expect("a status that tests wrote");
    (status, axum::Json(body)).into_response()
}

fn said(text: &str) -> Response {
    axum::Json(json!({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 0, "model": "scripted",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110},
    }))
    .into_response()
}

fn answer((tool, arguments): (String, Value), streamed: bool) -> Response {
    let arguments = match arguments {
        Value::String(text) => text,
        other => other.to_string(),
    };
    let usage = json!({"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110});
    if !streamed {
        return axum::Json(json!({
            "id": "chatcmpl-1", "object": "chat.completion", "created": 0, "model": "scripted",
            "choices": [{"index": 0, "finish_reason": "tool_calls", "message": {
                "role": "assistant", "content": null,
                "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": tool, "arguments": arguments}}],
            }}],
            "usage": usage,
        }))
        .into_response();
    }
    let chunk = |delta: Value, finish: Option<&str>| {
        json!({"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 0, "model": "scripted",
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}], "usage": null})
    };
    let middle = (0..=arguments.len() / 2)
        .rev()
        .find(|at| arguments.is_char_boundary(*at))
        .unwrap_or(0);
    let call = |function: Value| json!({"tool_calls": [{"index": 0, "function": function}]});
    let chunks = [
        chunk(json!({"role": "assistant", "content": null}), None),
        chunk(
            json!({"tool_calls": [{"index": 0, "id": "call_1", "type": "function",
                "function": {"name": tool, "arguments": ""}}]}),
            None,
        ),
        chunk(call(json!({"arguments": arguments[..middle]})), None),
        chunk(call(json!({"arguments": arguments[middle..]})), None),
        chunk(json!({}), Some("tool_calls")),
        json!({"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 0, "model": "scripted",
            "choices": [], "usage": usage}),
    ];
    let mut body = String::new();
    for chunk in chunks {
        body.push_str(&format!("data: {chunk}\n\n"));
    }
    body.push_str("data: [DONE]\n\n");
    stream(body.into_bytes())
}

/// Sends an event stream in pieces of seven bytes, so that none ends where an event does.
fn stream(bytes: Vec<u8>) -> Response {
    let pieces: Vec<Result<Bytes, std::io::Error>> = bytes
        .chunks(7)
        .map(|piece| Ok(Bytes::copy_from_slice(piece)))
        .collect();
    let body = Body::from_stream(futures::stream::iter(pieces));
    ([("content-type", "text/event-stream; charset=utf-8")], body).into_response()
}

/// What the scripted model sees of one request.
struct Sight {
    lines: Vec<(String, Rect)>,
    picture: image::RgbImage,
    said: String,
}

fn next(script: &Script, find: &FindText, state: &Inner, request: &ChatRequest) -> (String, Value) {
    let at = state.progress.lock().expect("no panic while locked").step;
    // Reading a picture takes seconds: it is looked at only where the step needs it.
    let looks = script.get(at).is_some_and(Step::needs_eyes);
    let sight = request.picture().map_or_else(
        || Sight {
            lines: Vec::new(),
            picture: image::RgbImage::new(0, 0),
            said: request.said(),
        },
        |bytes| Sight {
            lines: if looks { find(&bytes) } else { Vec::new() },
            picture: image::load_from_memory(&bytes)
                .expect("the request was checked")
                .to_rgb8(),
            said: request.said(),
        },
    );
    let mut progress = state.progress.lock().expect("no panic while locked");
    let Some(step) = script.get(progress.step) else {
        return give_up("the script is at its end".to_owned());
    };
    match perform(step, &sight) {
        Ok((tool, mut arguments)) => {
            progress.step += 1;
            progress.scrolls = 0;
            if !matches!(tool.as_str(), "finish" | "ask_human") && arguments.get("why").is_none() {
                arguments["why"] = json!(format!("{step:?}"));
            }
            (tool, arguments)
        }
        Err(_) if progress.scrolls < MOST_SCROLLS && sight.picture.height() > 0 => {
            progress.scrolls += 1;
            let half = sight.picture.height() / 2;
            (
                "scroll".to_owned(),
                json!({"why": "look further down", "dy": half}),
            )
        }
        Err(missing) => {
            let seen: Vec<&str> = sight.lines.iter().map(|(text, _)| text.as_str()).collect();
            give_up(format!(
                "{missing} is not in the picture; it shows {seen:?}"
            ))
        }
    }
}

fn give_up(why: String) -> (String, Value) {
    ("give_up".to_owned(), json!({"why": why}))
}

/// The call for a step; the error names what is not to be seen.
fn perform(step: &Step, sight: &Sight) -> Result<(String, Value), String> {
    let at = |(x, y): (f64, f64)| json!({"x": x.round(), "y": y.round()});
    let (tool, arguments) = match step {
        Step::Click(text) => ("click", json!({"at": at(middle(&sight.text(text)?))})),
        Step::ClickInRow { row, text } => (
            "click",
            json!({"at": at(middle(&sight.text_in_row(row, text)?))}),
        ),
        Step::ClickBeside { text, dx, dy } => {
            let text = sight.text(text)?;
            ("click", json!({"at": at((text.x + dx, text.y + dy))}))
        }
        Step::Navigate(address) => ("navigate", json!({"url": sight.value(address)?})),
        Step::Fill { label, value } => {
            let place = at(sight.field(label)?);
            match value {
                Said::Secret(name) => ("fill", json!({"at": place, "secret": name})),
                value => ("fill", json!({"at": place, "text": sight.value(value)?})),
            }
        }
        Step::Choose { label, option } => (
            "choose",
            json!({"at": at(sight.field(label)?), "options": [sight.value(option)?]}),
        ),
        Step::Upload { label, file } => (
            "upload",
            json!({"at": at(sight.field(label)?), "files": [sight.value(file)?]}),
        ),
        Step::Read {
            label: Some(label),
            what,
        } => ("read", json!({"at": at(sight.field(label)?), "what": what})),
        Step::Read { label: None, what } => ("read", json!({"what": what})),
        Step::Ask { about, question } => {
            ("ask_human", json!({"about": about, "question": question}))
        }
        Step::Press(keys) => ("press", json!({"keys": keys})),
        Step::Wait(text) => ("wait", json!({"text": text, "seconds": 10})),
        Step::Finish(result) => ("finish", json!({"result": result})),
        Step::Call { tool, arguments } => (tool.as_str(), arguments.clone()),
    };
    Ok((tool.to_owned(), arguments))
}

fn middle(place: &Rect) -> (f64, f64) {
    let point = place.center();
    (point.x, point.y)
}

fn folded(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Where a text stands in a line of text: the whole line, or its share of it.
fn part_of_line(line: &str, place: &Rect, text: &str) -> Option<Rect> {
    let (line, text) = (folded(line), folded(text));
    let at = line.find(&text)?;
    let share = |bytes: usize| bytes as f64 / line.len().max(1) as f64 * place.width;
    Some(Rect {
        x: place.x + share(at),
        width: share(text.len()),
        ..*place
    })
}

impl Sight {
    fn text(&self, text: &str) -> Result<Rect, String> {
        self.among(self.lines.iter(), text)
    }

    fn text_in_row(&self, row: &str, text: &str) -> Result<Rect, String> {
        let row = self.text(row)?;
        let level = row.center().y;
        let same = |place: &Rect| {
            place.y - row.height / 2.0 <= level && level <= place.bottom() + row.height / 2.0
        };
        self.among(self.lines.iter().filter(|(_, place)| same(place)), text)
    }

    /// The line that is the text, else the shortest that holds it, else the one most like it.
    fn among<'a>(
        &self,
        lines: impl Iterator<Item = &'a (String, Rect)> + Clone,
        text: &str,
    ) -> Result<Rect, String> {
        let wanted = folded(text);
        if let Some((_, place)) = lines.clone().find(|(line, _)| folded(line) == wanted) {
            return Ok(*place);
        }
        let holding = lines
            .clone()
            .filter_map(|(line, place)| Some((line.len(), part_of_line(line, place, text)?)))
            .min_by_key(|(length, _)| *length);
        if let Some((_, place)) = holding {
            return Ok(place);
        }
        lines
            .map(|(line, place)| {
                (
                    strsim::normalized_levenshtein(&folded(line), &wanted),
                    place,
                )
            })
            .filter(|(alike, _)| *alike > 0.75)
            .max_by(|one, two| one.0.total_cmp(&two.0))
            .map(|(_, place)| *place)
            .ok_or_else(|| format!("{text:?}"))
    }

    /// A point in the marked box that belongs to a label: below it, right of it, or around it.
    fn field(&self, label: &str) -> Result<(f64, f64), String> {
        let label = self.text(label)?;
        let x = label.x + label.width.min(60.0) / 2.0;
        // Below: the next long horizontal line of one mark's colour.
        let from = label.bottom() + 1.0;
        if let Some(y) = self.first(from, 45.0, |y| self.run(x, y, 1.0, 0.0) >= 24) {
            // A line under a label that has one above too is the box around the label.
            let around = self.first(label.y - 14.0, 13.0, |y| self.run(x, y, 1.0, 0.0) >= 24);
            if around.is_some() && y - label.bottom() < 14.0 {
                return Ok(middle(&label));
            }
            return Ok((x, y + 9.0));
        }
        // Right: the next vertical line; the mark's number may stand before it.
        let level = label.center().y;
        if let Some(x) = self.first(label.right() + 2.0, 300.0, |x| {
            self.run(x, level, 0.0, 1.0) >= 12
        }) {
            return Ok((x + 50.0, level));
        }
        Ok(middle(&label))
    }

    fn first(&self, from: f64, length: f64, is: impl Fn(f64) -> bool) -> Option<f64> {
        let mut at = from;
        while at < from + length {
            if is(at) {
                return Some(at);
            }
            at += 1.0;
        }
        None
    }

    /// How many pixels of one strong colour lie in a line through the point, in the direction and against it.
    fn run(&self, x: f64, y: f64, dx: f64, dy: f64) -> usize {
        let colour_at = |x: f64, y: f64| {
            let inside = x >= 0.0
                && y >= 0.0
                && x < f64::from(self.picture.width())
                && y < f64::from(self.picture.height());
            inside.then(|| *self.picture.get_pixel(x as u32, y as u32))
        };
        let Some(colour) = colour_at(x, y).filter(|colour| is_mark(*colour)) else {
            return 0;
        };
        let along = |sign: f64| {
            (1..200u32)
                .take_while(|step| {
                    let step = f64::from(*step) * sign;
                    colour_at(x + dx * step, y + dy * step) == Some(colour)
                })
                .count()
        };
        1 + along(1.0) + along(-1.0)
    }

    fn value(&self, value: &Said) -> Result<String, String> {
        let group = |pattern: &str, text: &str| {
            regex::Regex::new(pattern)
                .expect("a regular expression that tests wrote")
                .captures_iter(text)
                .last()
                .and_then(|found| found.get(1))
                .map(|found| found.as_str().to_owned())
                .ok_or_else(|| format!("a match of {pattern:?}"))
        };
        match value {
            Said::Plain(text) | Said::Secret(text) => Ok(text.clone()),
            Said::Told(pattern) => group(pattern, &self.said),
            Said::Answer => group("the person answered \"([^\"]*)\"", &self.said),
            Said::Read(pattern) => {
                let read = group(
                    "read \\(data from the page\\): \"((?:[^\"\\\\]|\\\\.)*)\"",
                    &self.said,
                )?;
                group(pattern, &read.replace("\\n", "\n").replace("\\t", "\t"))
            }
            Said::Seen(pattern) => {
                let lines: Vec<&str> = self.lines.iter().map(|(text, _)| text.as_str()).collect();
                group(pattern, &lines.join("\n"))
            }
        }
    }
}

/// The colours that marks are drawn in, as `policy/vision` draws them.
pub fn is_mark(colour: image::Rgb<u8>) -> bool {
    const MARKS: [[u8; 3]; 6] = [
        [176, 0, 32],
        [0, 90, 160],
        [0, 105, 60],
        [120, 40, 140],
        [150, 75, 0],
        [60, 60, 70],
    ];
    MARKS.contains(&colour.0)
}

/// A limit short enough for tests of what never answers, long enough for a busy machine to begin.
pub const SHORT: Duration = Duration::from_millis(400);
