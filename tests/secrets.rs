//! Secrets are kept sealed, asked for only when they are needed, and show nowhere.

use std::fs;
use std::path::Path;

use apprentice::perception::Reader;
use apprentice::trace::{Blob, Event, Trace};
use base64::Engine;
use predicates::prelude::*;
use predicates::str::contains;
use tempfile::TempDir;

use crate::cli::{apprentice, folder};
use crate::support::program::events;
use crate::support::site::{Page, Site, html};

/// A card's number that no page shows by itself, in groups that OCR reads well.
const CARD: &str = "5105105105105100";
const PASSWORD: &str = "ZKWMHX74937";
const PHRASE: &str = "open sesame please";

/// Shows what was typed in every way that a page has.
const MIRROR: &str = r#"
<style>#mark::after { content: attr(data-card); } p, span, input { font: 20px sans-serif; } body { margin: 8px; }</style>
<h1>Mirror 7755</h1>
<label>Card <input id=card name=card></label> <label>Pass <input id=pass name=pass></label>
<button type=button onclick="mirror()">Show again</button> <button type=button onclick="alert('You typed ' + card.value)">Say it</button>
<p id=text></p><p id=split></p><p id=pieces></p><p id=mark></p><input id=hint aria-label=Hint style="width:300px"><div id=host></div>
<iframe id=inner style="border:0;height:40px;width:500px"></iframe><iframe id=far src="{base}/far" style="border:0;height:40px;width:500px"></iframe>
<canvas id=canvas width=400 height=30></canvas><p id=done></p>
<script>
  const grouped = () => card.value.replace(/(\d{4})(?=\d)/g, '$1 ');
  function mirror() {
    text.textContent = 'Your card is ' + grouped() + ' and ' + pass.value;
    split.innerHTML = [...card.value].map((digit) => '<span>' + digit + '</span>').join('');
    pieces.textContent = 'Begins with ' + card.value.slice(0, 10);
    mark.dataset.card = grouped();
    hint.placeholder = grouped();
    document.title = 'Card ' + card.value;
    history.replaceState(null, '', '#' + encodeURIComponent(pass.value));
    host.attachShadow({ mode: 'closed' }).innerHTML = '<p>Inside ' + grouped() + '</p>';
    inner.srcdoc = '<p style="font:20px sans-serif">Framed ' + grouped() + '</p>';
    far.contentWindow.postMessage(pass.value, '*');
    const pen = canvas.getContext('2d');
    pen.font = '20px sans-serif';
    pen.fillText('Drawn ' + grouped(), 0, 22);
    done.textContent = 'Mirrored';
  }
</script>"#;

const FAR: &str = "<p style='font:20px sans-serif'></p><script>onmessage = (e) => document.querySelector('p').textContent = 'Far ' + e.data</script>";

const DEMONSTRATION: &str = r#"
format = "1.0"
workflow = "mirror"
goal = "Show my card in the mirror"
start = "{site:mirror}/"
recorded = "2026-04-02T18:05:00Z"
result = "The mirror says {seen}."
[sites]
mirror = "https://mirror.example"
[parameters.card]
secret = "card-number"
[parameters.pass]
secret = "mirror-pass"
[parameters.sharp]
example = "Mirrored"
[parameters.seen]
example = "Your card is 1"
[[step]]
do = "fill"
value = "{card}"
target = { role = "textbox", name = "Card", tag = "input", attributes = { id = "card" } }
[[step]]
do = "fill"
value = "{pass}"
target = { role = "textbox", name = "Pass", tag = "input", attributes = { id = "pass" } }
[[step]]
do = "click"
target = { role = "button", name = "Show again", tag = "button" }
after = { text = "Mirrored" }
[[step]]
do = "read"
as = "text"
pattern = 'Your card is .*'
into = "seen"
[[step]]
do = "read"
as = "picture"
pattern = 'Mirrored'
into = "sharp"
[[step]]
do = "click"
target = { role = "button", name = "Say it", tag = "button" }
[[step]]
do = "answer-dialog"
accept = true
"#;

struct Bench {
    folder: TempDir,
    site: Site,
}

impl Bench {
    /// A mirror, its demonstration, and both secrets kept in a sealed file.
    async fn new() -> Bench {
        let site = Site::with([("/", html(MIRROR)), ("/far", Page::Html(FAR.to_owned()))]).await;
        let folder = folder();
        let demo = folder.path().join("demos/mirror");
        fs::create_dir_all(&demo).unwrap();
        fs::write(demo.join("first.toml"), DEMONSTRATION).unwrap();
        fs::write(folder.path().join("phrase"), format!("{PHRASE}\n")).unwrap();
        fs::write(
            folder.path().join("answers.toml"),
            "[[answer]]\nto = '''passphrase'''\nreply = '''open sesame please'''\n\
             [[answer]]\nto = '''.'''\nreply = '''yes'''\nrepeat = true\n",
        )
        .unwrap();
        let bench = Bench { folder, site };
        bench.keep("card-number", CARD);
        bench.keep("mirror-pass", PASSWORD);
        bench
    }

    fn keep(&self, name: &str, value: &str) {
        apprentice(&self.folder)
            .args(["secrets", "set", name, "--origin", &self.site.base])
            .args(["--keep-in", "file", "--passphrase-file", "phrase"])
            .write_stdin(format!("{value}\n"))
            .assert()
            .code(0)
            .stderr(contains(name));
    }

    fn run(&self, more: &[&str]) -> assert_cmd::assert::Assert {
        apprentice(&self.folder)
            .args(["run", "Show my card in the mirror", "--demo", "mirror"])
            .arg(format!("--site=mirror={}", self.site.base))
            .args(more)
            .assert()
    }

    fn trace(&self) -> Trace {
        let store = apprentice::trace::Store::new(self.folder.path().join("traces"));
        apprentice::trace::read(&store.find("last").unwrap()).unwrap()
    }
}

/// Every file below a folder.
fn files(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
}

/// How a value could have been written, without separators and in small letters.
fn spellings(value: &str) -> Vec<String> {
    let hex: String = value.bytes().map(|b| format!("{b:02x}")).collect();
    let percent: String = value.bytes().map(|b| format!("%{b:02x}")).collect();
    let base64 = base64::engine::general_purpose::STANDARD_NO_PAD.encode(value);
    vec![
        value.to_lowercase(),
        value[..10].to_lowercase(),
        hex,
        percent,
        base64.to_lowercase(),
    ]
}

fn holds(bytes: &[u8], value: &str) -> Option<String> {
    let text = String::from_utf8_lossy(bytes).to_lowercase();
    let bare = text.replace([' ', '-', '.', '\u{a0}'], "");
    spellings(value)
        .into_iter()
        .find(|spelled| bare.contains(spelled.as_str()))
}

fn pictures(trace: &Trace) -> Vec<Blob> {
    let mut pictures: Vec<Blob> = events(trace)
        .filter_map(|event| match event {
            Event::Observed { screenshot, .. } => screenshot.clone(),
            Event::Confirmed { picture, .. } => picture.clone(),
            _ => None,
        })
        .collect();
    pictures.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    pictures.dedup();
    pictures
}

/// Asserts that what was read in a picture is no part of a secret; four digits of a card identify nobody.
fn shows_nothing(text: &str) {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    for part in ["51051051", "10510510", "05105100"] {
        assert!(!digits.contains(part), "it shows {part}:\n{text}");
    }
    assert!(
        !text.contains(&PASSWORD[..6]),
        "it shows the password:\n{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_canary_that_every_page_shows_again_is_nowhere() {
    let bench = Bench::new().await;
    // Writes down what the browser inherits before it becomes the browser.
    let wrapper = bench.folder.path().join("browser");
    let found = apprentice::computer::browser::find(None).unwrap().path;
    fs::write(
        &wrapper,
        format!(
            "#!/bin/sh\nenv > \"$0.inherits\"\nexec '{}' \"$@\"\n",
            found.display()
        ),
    )
    .unwrap();
    fs::set_permissions(
        &wrapper,
        std::os::unix::fs::PermissionsExt::from_mode(0o755),
    )
    .unwrap();
    let browser = format!("--browser={}", wrapper.display());
    let ended = bench.run(&[
        "-vv",
        "--answers=answers.toml",
        "--passphrase-file=phrase",
        &browser,
    ]);
    let ended = ended.code(0);
    let output = ended.get_output();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("The mirror says Your card is ••••"), "{said}");

    let mut written = vec![
        ("standard output".to_owned(), output.stdout.clone()),
        ("standard error".to_owned(), output.stderr.clone()),
    ];
    files(bench.folder.path(), &mut written);
    assert!(
        written
            .iter()
            .any(|(name, _)| name.ends_with("browser.inherits"))
    );
    for (name, bytes) in &written {
        for value in [CARD, PASSWORD] {
            assert_eq!(holds(bytes, value), None, "{name}");
        }
        let phrase = holds(bytes, PHRASE)
            .filter(|_| !name.ends_with("phrase") && !name.ends_with("answers.toml"));
        assert_eq!(phrase, None, "{name}");
    }

    let trace = bench.trace();
    let reader = Reader::best().expect("weights or tesseract");
    let pictures = pictures(&trace);
    assert!(pictures.len() >= 3, "{pictures:?}");
    for picture in pictures {
        let bytes = trace.blob(&picture).unwrap();
        let text = reader.read_text(&bytes).unwrap();
        assert!(text.contains("7755"), "{picture:?} cannot be read:\n{text}");
        shows_nothing(&text);
    }
    // What the run itself read in a sharp picture, taken when everything was mirrored.
    let sharp = events(&trace).filter_map(|event| match event {
        Event::Acted { outcome } => outcome.text.clone(),
        _ => None,
    });
    let sharp: Vec<String> = sharp.filter(|text| text.contains("7755")).collect();
    assert!(
        sharp
            .iter()
            .any(|text| text.contains("Mirrored") && text.contains("Framed")),
        "{sharp:?}"
    );
    sharp.iter().for_each(|text| shows_nothing(text));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_vault_asks_when_it_is_needed_and_suspends_where_nobody_answers() {
    let bench = Bench::new().await;
    bench
        .run(&[])
        .code(4)
        .stderr(contains("which is locked").and(contains("nobody is there")));
    bench.run(&["--answers=answers.toml"]).code(0);
    assert_eq!(bench.trace().end.unwrap().questions, 1);
    fs::write(bench.folder.path().join("wrong"), "open barley please").unwrap();
    bench
        .run(&["--passphrase-file=wrong"])
        .code(1)
        .stderr(contains("the passphrase does not open the vault"));
    let vault = bench
        .folder
        .path()
        .join(".local/share/apprentice/secrets.toml");
    fs::write(vault, "format = ").unwrap();
    bench.run(&[]).code(2).stderr(contains("cannot be read"));
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_are_listed_and_removed_without_their_values() {
    let bench = Bench::new().await;
    let vault = bench
        .folder
        .path()
        .join(".local/share/apprentice/secrets.toml");
    let line = format!(
        "card-number  card number  {}  (sealed in {})",
        bench.site.base,
        vault.display()
    );
    apprentice(&bench.folder)
        .args(["secrets", "list"])
        .assert()
        .code(0)
        .stdout(contains(line).and(contains("5105").not()));
    apprentice(&bench.folder)
        .args(["demos", "check"])
        .env("APPRENTICE_SECRET_MIRROR_PASS", "x1y2z3")
        .assert()
        .code(0)
        .stdout(contains("needs the secret card-number (sealed in").and(contains(
            "needs the secret mirror-pass (APPRENTICE_SECRET_MIRROR_PASS, but for no origin yet)",
        )));
    apprentice(&bench.folder)
        .args(["doctor"])
        .assert()
        .stdout(contains("2 sealed in").and(contains("secrets.card-number")));
    apprentice(&bench.folder)
        .args(["secrets", "remove", "card-number"])
        .assert()
        .code(2)
        .stderr(contains("passphrase"));
    apprentice(&bench.folder)
        .args([
            "secrets",
            "remove",
            "card-number",
            "--passphrase-file=phrase",
        ])
        .assert()
        .code(0);
    apprentice(&bench.folder)
        .args(["demos", "check"])
        .assert()
        .stdout(contains(
            "missing: apprentice secrets set card-number --origin URL",
        ));
}

#[test]
fn what_is_no_secret_is_not_kept() {
    let folder = folder();
    fs::write(folder.path().join("phrase"), PHRASE).unwrap();
    for (arguments, value, said) in [
        (
            &["a b", "--origin=https://a.example"][..],
            "x",
            "cannot be a secret's name",
        ),
        (&["door", "--origin=a.example"], "x", "no web address"),
        (&["door"], "x", "--origin"),
        (&["door", "--origin=https://a.example"], "\n", "is empty"),
    ] {
        apprentice(&folder)
            .args(["secrets", "set"])
            .args(arguments)
            .args(["--keep-in=file", "--passphrase-file=phrase"])
            .write_stdin(value)
            .assert()
            .code(2)
            .stderr(contains(said));
    }
    apprentice(&folder)
        .args(["secrets", "set", "door", "--origin=https://a.example"])
        .write_stdin("x1y2z3")
        .assert()
        .code(2)
        .stderr(contains("a passphrase seals"));
    assert!(!folder.path().join(".local").exists());
}
