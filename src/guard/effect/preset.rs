//! The presets: a pure function of an effect, what was shown, and where the goal is, that says whether it passes without a yes.

use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::body::Format;
use super::reading::{Effect, Standing};
use crate::guard::kind::Kind;

/// How much passes by itself.
#[derive(
    clap::ValueEnum,
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Default,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Preset {
    /// Even of what was shown, only what can be undone and touches nobody else
    Cautious,
    /// What the step was shown to send, nothing that matters; harmless things
    #[default]
    Balanced,
    /// Also what can be undone, at the goal's own sites
    Trusting,
}

/// What a preset makes of an effect, with the reason in a few words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Passing {
    Pass(String),
    Hold(String),
}

static PRESETS: LazyLock<Presets> = LazyLock::new(|| {
    // Compiled in, and read by the tests of this file.
    toml::from_str(include_str!("presets.toml")).expect("the built-in presets are valid TOML")
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Presets {
    cautious: Terms,
    balanced: Terms,
    trusting: Terms,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Terms {
    says: String,
    shown: Shown,
    unshown: Unshown,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
enum Shown {
    All,
    Light,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
enum Unshown {
    None,
    Reversible,
}

impl Preset {
    pub const ALL: [Preset; 3] = [Preset::Cautious, Preset::Balanced, Preset::Trusting];

    pub fn name(self) -> &'static str {
        match self {
            Preset::Cautious => "cautious",
            Preset::Balanced => "balanced",
            Preset::Trusting => "trusting",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.name() == name)
    }

    fn terms(self) -> &'static Terms {
        match self {
            Preset::Cautious => &PRESETS.cautious,
            Preset::Balanced => &PRESETS.balanced,
            Preset::Trusting => &PRESETS.trusting,
        }
    }

    /// One sentence that says what it lets through.
    pub fn says(self) -> &'static str {
        &self.terms().says
    }

    /// Whether an effect passes without a yes. `shown`: a signature of the step's demonstration fits it. `within`: the goal's
    /// sites hold its origin.
    pub fn judge(self, effect: &Effect, shown: bool, within: bool) -> Passing {
        match &effect.standing {
            Standing::Read => return Passing::Pass("it only reads".to_owned()),
            Standing::Harmless { why } => return Passing::Pass(format!("it {why}")),
            Standing::Write => {}
        }
        if is_sensitive(effect.kind) || effect.money {
            return Passing::Hold(format!(
                "this would {}: {}",
                effect.kind.phrase(),
                effect.why
            ));
        }
        // What could not be read may hold anything; a method of gRPC is known by its name at least.
        if effect.body.unread.is_some() && effect.body.format != Format::GrpcWeb {
            return Passing::Hold("what it sends cannot be read in full".to_owned());
        }
        let terms = self.terms();
        let light = effect.reversible == Some(true) && effect.affects_others == Some(false);
        let hold = Passing::Hold(match shown {
            true => "it was shown, and may not be undone or touch others".to_owned(),
            false => format!("it was not shown for this step: {}", effect.why),
        });
        match (shown, terms.shown, terms.unshown) {
            (true, Shown::All, _) => Passing::Pass("it was shown for this step".to_owned()),
            (true, Shown::Light, _) if light || effect.kind == Kind::SignIn => {
                Passing::Pass("it was shown for this step, and touches nobody else".to_owned())
            }
            (true, Shown::Light, _) => hold,
            // Signing in hands out a password: only where that was shown.
            (false, _, Unshown::Reversible)
                if within && effect.reversible == Some(true) && effect.kind != Kind::SignIn =>
            {
                Passing::Pass("it can be undone, at a site of the goal".to_owned())
            }
            (false, _, Unshown::Reversible | Unshown::None) => hold,
        }
    }
}

/// Kinds that no preset lets through.
pub fn is_sensitive(kind: Kind) -> bool {
    match kind {
        Kind::Pay
        | Kind::TransferMoney
        | Kind::Order
        | Kind::Book
        | Kind::CancelOrReturn
        | Kind::Send
        | Kind::Publish
        | Kind::Delete
        | Kind::Share
        | Kind::ChangeCredentials
        | Kind::AcceptTerms
        | Kind::SubmitPersonalData
        | Kind::CreateAccount
        | Kind::Upload
        | Kind::DownloadToRun
        | Kind::ChangeInBulk
        | Kind::LeaveSites => true,
        Kind::SignIn | Kind::Other => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::reading::read;
    use super::*;
    use crate::computer::Request;

    fn effect(method: &str, path: &str, body: &str) -> Effect {
        read(&Request {
            method: method.to_owned(),
            url: format!("https://a.example{path}"),
            body: body.as_bytes().to_vec(),
            ..Request::default()
        })
    }

    #[test]
    fn each_preset_passes_what_its_sentence_says() {
        let read = effect("GET", "/x", "");
        let search = effect("POST", "/search", "q=x");
        let cart = effect("POST", "/cart/add", "sku=1");
        let task = effect("POST", "/tasks", "title=x");
        let login = effect("POST", "/login", "user=a&password=b");
        let comment = effect("POST", "/comments", "text=x");
        let priced = effect("POST", "/cart/add", "sku=1&amount=5");
        let packed = effect("POST", "/tasks", "\u{1}\u{2}");
        // cautious, balanced and trusting; `p` passes. First as shown, then as not shown.
        for (name, effect, shown, unshown) in [
            ("read", &read, "ppp", "ppp"),
            ("search", &search, "ppp", "ppp"),
            ("cart", &cart, "ppp", "--p"),
            ("task", &task, "-pp", "---"),
            ("login", &login, "ppp", "---"),
            ("comment", &comment, "---", "---"),
            ("with a price", &priced, "---", "---"),
            ("unreadable", &packed, "---", "---"),
        ] {
            for (was_shown, wanted) in [(true, shown), (false, unshown)] {
                let told: String = Preset::ALL
                    .iter()
                    .map(|preset| match preset.judge(effect, was_shown, true) {
                        Passing::Pass(_) => 'p',
                        Passing::Hold(_) => '-',
                    })
                    .collect();
                assert_eq!(told, wanted, "{name}, shown: {was_shown}");
            }
        }
        let elsewhere = Preset::Trusting.judge(&cart, false, false);
        assert!(matches!(elsewhere, Passing::Hold(_)), "{elsewhere:?}");
    }

    #[test]
    fn no_sensitive_kind_passes_by_any_preset() {
        let task = effect("POST", "/tasks", "title=x");
        for kind in Kind::ALL.into_iter().filter(|kind| is_sensitive(*kind)) {
            let effect = Effect {
                kind,
                reversible: Some(true),
                affects_others: Some(false),
                ..task.clone()
            };
            for preset in Preset::ALL {
                let told = preset.judge(&effect, true, true);
                assert!(matches!(told, Passing::Hold(_)), "{kind:?} {preset:?}");
            }
        }
        assert_eq!(Preset::ALL.map(Preset::says).len(), 3);
    }
}
