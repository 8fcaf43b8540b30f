//! Messages of 3-D Secure, known by the field names and shapes of the standards (EMV 3-D Secure 2.3, 3-D Secure 1.0.2).
//!
//! A form with one field more than a message has, or with a field of another shape, is no message.

use base64::Engine;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::engine::{DecodePaddingMode, general_purpose};
use url::Url;

use super::super::address;

/// Longest field, in bytes; signed results of the old standard carry certificates.
const LONGEST: usize = 32 * 1024;
/// Longest state of the merchant's own: `MD` and `threeDSSessionData` have at most 1,024 characters.
const LONGEST_STATE: usize = 1_024;

/// EMV messages are base64url without padding; some add it.
const BASE64URL: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Which message; each is sent once in a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// The browser's data for the issuer, before the payment.
    Method,
    /// The issuer's note that it has them.
    MethodDone,
    /// To the issuer: challenge this person.
    Challenge,
    /// From the issuer, back to the shop or its provider.
    Result,
}

/// A form that is a message and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Message {
    sort: Sort,
    /// Where the answer goes, where the message says so.
    back_to: Option<String>,
}

impl Message {
    /// `None` where the fields are not exactly those of a message.
    pub(super) fn of(fields: &[(String, String)]) -> Option<Self> {
        let value = |name: &str| {
            let mut values = fields.iter().filter(|(own, _)| own == name);
            let (_, value) = values.next()?;
            // A name given twice is read differently by different servers.
            values.next().is_none().then_some(value.as_str())
        };
        let only = |names: &[&str]| {
            fields
                .iter()
                .all(|(name, _)| names.contains(&name.as_str()))
        };
        let state_is_short = ["threeDSSessionData", "MD"]
            .iter()
            .all(|name| value(name).is_none_or(|state| is_opaque(state, LONGEST_STATE)));
        if !state_is_short || fields.iter().any(|(_, value)| value.len() > LONGEST) {
            return None;
        }
        if let Some(creq) = value("creq").filter(|_| only(&["creq", "threeDSSessionData"])) {
            return challenge(creq);
        }
        if let Some(cres) = value("cres").filter(|_| only(&["cres", "threeDSSessionData"])) {
            let json = decoded(cres)?;
            return (json.get("messageType")?.as_str()? == "CRes").then_some(Message {
                sort: Sort::Result,
                back_to: None,
            });
        }
        if let Some(data) = value("threeDSMethodData").filter(|_| only(&["threeDSMethodData"])) {
            return method(data);
        }
        if let Some(request) = value("PaReq").filter(|_| only(&["PaReq", "MD", "TermUrl"])) {
            let back = Url::parse(value("TermUrl")?).ok()?;
            return is_base64(request).then(|| Message {
                sort: Sort::Challenge,
                back_to: Some(address::origin(&back)),
            });
        }
        let result = value("PaRes").filter(|_| only(&["PaRes", "MD"]))?;
        is_base64(result).then_some(Message {
            sort: Sort::Result,
            back_to: None,
        })
    }

    pub(super) fn sort(&self) -> Sort {
        self.sort
    }

    /// Whether it makes sense only after something of the transaction has been sent.
    pub(super) fn needs_a_payment(&self) -> bool {
        match self.sort {
            Sort::Method | Sort::MethodDone => false,
            Sort::Challenge | Sort::Result => true,
        }
    }

    /// Whether what comes back goes to the transaction's own origins; of a message that is itself the answer, whether it does.
    pub(super) fn returns_to(&self, sent_to: &str, is_ours: impl Fn(&str) -> bool) -> bool {
        match self.sort {
            Sort::MethodDone | Sort::Result => is_ours(sent_to),
            Sort::Method | Sort::Challenge => {
                sent_to.starts_with("https:") && self.back_to.as_deref().is_none_or(is_ours)
            }
        }
    }
}

/// Challenge request (EMV 3-D Secure, table B.3): the browser flow's fields and no others.
fn challenge(creq: &str) -> Option<Message> {
    const KNOWN: [&str; 5] = [
        "threeDSServerTransID",
        "acsTransID",
        "messageType",
        "messageVersion",
        "challengeWindowSize",
    ];
    let json = decoded(creq)?;
    let text = |name: &str| json.get(name).and_then(serde_json::Value::as_str);
    let fits = text("messageType") == Some("CReq")
        && text("threeDSServerTransID").is_some_and(is_uuid)
        && text("acsTransID").is_some_and(is_uuid)
        && text("messageVersion").is_some_and(is_version)
        && text("challengeWindowSize").is_none_or(|size| size.len() == 2)
        && json
            .iter()
            .all(|(name, value)| KNOWN.contains(&name.as_str()) && value.is_string());
    fits.then_some(Message {
        sort: Sort::Challenge,
        back_to: None,
    })
}

/// 3DS Method data (EMV 3-D Secure, 5.8.1); without the address it is the issuer's answer.
fn method(data: &str) -> Option<Message> {
    let json = decoded(data)?;
    let id = json.get("threeDSServerTransID")?.as_str()?;
    if !is_uuid(id) {
        return None;
    }
    match (json.len(), json.get("threeDSMethodNotificationURL")) {
        (1, None) => Some(Message {
            sort: Sort::MethodDone,
            back_to: None,
        }),
        (2, Some(back)) => Some(Message {
            sort: Sort::Method,
            back_to: Some(address::origin(&Url::parse(back.as_str()?).ok()?)),
        }),
        _ => None,
    }
}

fn decoded(text: &str) -> Option<serde_json::Map<String, serde_json::Value>> {
    let bytes = BASE64URL.decode(text.trim()).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// The old standard's messages are base64 with line breaks.
fn is_base64(text: &str) -> bool {
    let compact: String = text.split_whitespace().collect();
    !compact.is_empty() && general_purpose::STANDARD.decode(compact).is_ok()
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.char_indices().all(|(at, c)| match at {
            8 | 13 | 18 | 23 => c == '-',
            _ => c.is_ascii_hexdigit(),
        })
}

fn is_version(text: &str) -> bool {
    text.len() <= 8 && text.chars().all(|c| c.is_ascii_digit() || c == '.')
}

fn is_opaque(text: &str, longest: usize) -> bool {
    text.len() <= longest && text.bytes().all(|b| b.is_ascii_graphic())
}
