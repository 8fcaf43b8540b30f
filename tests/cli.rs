//! The command line answers in the right place, with the right exit code, in sentences.

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::{contains, is_empty, starts_with};
use tempfile::TempDir;

/// The built program in an empty folder, with an empty home: no configuration of this machine reaches it.
pub fn apprentice(folder: &TempDir) -> Command {
    let mut command = Command::cargo_bin("apprentice").expect("the binary is built with the tests");
    command
        .current_dir(folder.path())
        .env_clear()
        .env("HOME", folder.path())
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .timeout(std::time::Duration::from_secs(60));
    command
}

pub fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

#[test]
fn help_says_what_there_is_and_what_exit_codes_mean() {
    let output = apprentice(&folder()).arg("--help").output().unwrap();
    assert!(output.status.success());
    let help = String::from_utf8(output.stdout).unwrap();
    for word in [
        "Usage: apprentice",
        "traces",
        "completions",
        "--json",
        "Exit codes: 0 done",
    ] {
        assert!(help.contains(word), "{word} is missing in:\n{help}");
    }
}

#[test]
fn help_of_a_subcommand_reads_like_this() {
    let output = apprentice(&folder())
        .args(["traces", "show", "--help"])
        .output()
        .unwrap();
    insta::assert_snapshot!(String::from_utf8(output.stdout).unwrap(), @r#"
    Show what a run saw, decided, asked and did

    Usage: apprentice traces show [OPTIONS] [RUN]

    Arguments:
      [RUN]  Any beginning of the run's name that fits only one, or its folder [default: last]

    Options:
          --html           Write one self-contained page with pictures, and print where it is
      -o, --output <FILE>  File for the page; `-` for standard output [default: trace.html in the run's
                           folder]
          --traces <DIR>   Folder with the traces [default: traces]
      -v, --verbose...     Say more; twice for even more
      -q, --quiet          Say nothing but the result
          --json           Print one JSON document instead of text
      -h, --help           Print help
    "#);
}

#[test]
fn wrong_use_ends_with_2_and_says_so_on_standard_error() {
    for arguments in [
        &["frobnicate"][..],
        &["traces", "show", "--no-such-flag"],
        &["-v", "-q", "traces", "list"],
        &["completions", "no-such-shell"],
        &[],
    ] {
        apprentice(&folder())
            .args(arguments)
            .assert()
            .code(2)
            .stdout(is_empty())
            .stderr(is_empty().not());
    }
}

#[test]
fn an_unknown_key_in_the_configuration_names_file_key_and_nearest() {
    let folder = folder();
    std::fs::write(folder.path().join("apprentice.toml"), "tracs = \"x\"\n").unwrap();
    apprentice(&folder)
        .args(["traces", "list"])
        .assert()
        .code(2)
        .stderr("error: apprentice.toml has an unknown key \"tracs\": is it \"traces\"?\n");
}

#[test]
fn flags_go_before_variables_and_variables_before_the_file() {
    let folder = folder();
    std::fs::write(
        folder.path().join("apprentice.toml"),
        "traces = \"from-file\"\n",
    )
    .unwrap();
    let show = |command: &mut Command| command.args(["traces", "show"]).assert().code(2);
    show(&mut apprentice(&folder)).stderr(contains("no run in from-file yet"));
    show(apprentice(&folder).env("APPRENTICE_TRACES", "from-variable"))
        .stderr(contains("no run in from-variable yet"));
    apprentice(&folder)
        .env("APPRENTICE_TRACES", "from-variable")
        .args(["traces", "show", "--traces", "from-flag"])
        .assert()
        .code(2)
        .stderr(contains("no run in from-flag yet"));
}

#[test]
fn completions_are_a_script_for_the_shell() {
    for (shell, word) in [
        ("bash", "_apprentice()"),
        ("zsh", "#compdef apprentice"),
        ("fish", "complete -c apprentice"),
        ("powershell", "Register-ArgumentCompleter"),
    ] {
        apprentice(&folder())
            .args(["completions", shell])
            .assert()
            .success()
            .stdout(contains(word));
    }
}

#[test]
fn a_version_is_given() {
    apprentice(&folder())
        .arg("--version")
        .assert()
        .success()
        .stdout(starts_with("apprentice "));
}

#[test]
fn the_doctor_says_what_is_in_force_and_from_where() {
    let folder = folder();
    std::fs::write(folder.path().join("apprentice.toml"), "max-steps = 7\n").unwrap();
    let output = apprentice(&folder)
        .env("APPRENTICE_MODEL", "chat:some-model")
        .args(["doctor", "--json", "--traces", "elsewhere"])
        .output()
        .unwrap();
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let setting = |name: &str| {
        let rows = document["settings"].as_array().unwrap();
        let row = rows.iter().find(|row| row["name"] == name).unwrap();
        (row["value"].clone(), row["source"].clone())
    };
    assert_eq!(setting("max-steps"), ("7".into(), "apprentice.toml".into()));
    assert_eq!(
        setting("model"),
        ("chat:some-model".into(), "APPRENTICE_MODEL".into())
    );
    assert_eq!(
        setting("traces"),
        ("elsewhere".into(), "the command line".into())
    );
    assert_eq!(setting("demos"), ("demos".into(), "default".into()));
    assert!(!document["checks"].as_array().unwrap().is_empty());
    assert_eq!(
        output.status.code() == Some(1),
        document["status"] == "fail"
    );
}

#[test]
fn answers_are_set_listed_and_forgotten() {
    let folder = folder();
    let answers = |arguments: &[&str]| {
        apprentice(&folder)
            .args(["answers"])
            .args(arguments)
            .args(["--memory", "kept/answers.toml"])
            .assert()
    };
    answers(&["list"]).success().stdout(is_empty());
    answers(&["set", "report", "project", "X-17"]).success();
    answers(&["set", "tickets", "seat", "window"]).success();
    answers(&["list"])
        .success()
        .stdout("report   project  X-17\ntickets  seat     window\n");
    answers(&["list", "report"])
        .success()
        .stdout("report  project  X-17\n");
    answers(&["forget", "report", "project"]).success();
    answers(&["forget", "report"])
        .code(2)
        .stderr(contains("nothing is remembered in \"report\""));
    answers(&["set", "tickets", "card", "4111 1111 1111 1111"])
        .code(2)
        .stderr(contains("no secret is remembered"));
    answers(&["list"])
        .success()
        .stdout("tickets  seat  window\n");
}

#[test]
fn trust_is_listed_allowed_within_what_was_seen_and_taken_back() {
    let folder = folder();
    let trust = |arguments: &[&str]| {
        apprentice(&folder)
            .args(["trust"])
            .args(arguments)
            .args(["--ledger", "kept/trust.toml"])
            .assert()
    };
    trust(&["list"]).success().stdout(is_empty());
    trust(&["allow", "lunch"])
        .code(2)
        .stderr(contains("`apprentice trust list` shows what there is"));
    let path = folder.path().join("kept/trust.toml");
    let entry = "\n[[entry]]\nyeses = 2\nin_a_row = 2\nlargest = ['9.50 EUR']\nlast = '2027-01-15T08:00:00Z'\n\
        subject = { workflow = 'lunch', site = 'https://shop.example', kind = 'pay', payee = 'Café Blau' }\n";
    std::fs::write(&path, format!("format = '1.0'\n{entry}")).unwrap();
    trust(&["list"])
        .success()
        .stdout("lunch  https://shop.example  pay  Café Blau  asks  2 yes, 0 no, 0 edited\n");
    trust(&["allow", "lunch", "--kind", "pay"]).success();
    trust(&["list", "lunch"])
        .success()
        .stdout(contains("is done without asking up to 9.50 EUR"));
    trust(&["revoke", "lunch", "--kind", "send"]).code(2);
    trust(&["revoke", "lunch"]).success();
    trust(&["list"]).success().stdout(contains("asks"));
    trust(&["forget", "lunch", "--kind", "paid"])
        .code(2)
        .stderr(contains("it is one of pay"));
    trust(&["forget", "lunch"]).success();
    trust(&["list"]).success().stdout(is_empty());
    std::fs::write(&path, "format = '1.0'\nentry = 3").unwrap();
    trust(&["list"])
        .code(1)
        .stderr(contains("everything is asked"));
}
