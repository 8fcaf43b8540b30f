//! What the firewall says about WebSockets: which origins are admitted, and what is done with each thing that is sent over one that is
//! opened.
//!
//! A socket carries whatever its page likes, unseen by the hold. So none is admitted but by a rule, by the demonstration, or by a person
//! who was asked; a cautious person has it opened, and then each frame is ruled on like a request.

use std::sync::atomic::Ordering;

use super::gate::{Firewall, locked};
use super::held::{Answer, Held, Word};
use super::sockets::{Admission, FrameRuling, Sent, SentByPage, SocketGate};
use crate::computer::{Gate as _, Request, RequestEnd, Ruling};
use crate::guard::Kind;
use crate::guard::effect::{Brief, Preset, SOCKET};
use crate::guard::origin::plain;
use crate::guard::permit::Offer;
use crate::guard::policy_file::Opened;
use crate::guard::terms::Terms;
use crate::human::Card;

/// The status that a WebSocket begins with (RFC 6455, 4.2.2).
const SWITCHING_PROTOCOLS: u16 = 101;

#[async_trait::async_trait]
impl SocketGate for Firewall {
    async fn admit(&self, origin: &str) -> Admission {
        let policy = &self.rules.policy;
        let admitted = match policy.preset() {
            Preset::Cautious => Admission::Open,
            Preset::Balanced | Preset::Trusting => Admission::Tunnel,
        };
        match policy.socket(origin) {
            Some(Opened::Yes) => return Admission::Open,
            Some(Opened::No) => return admitted,
            None => {}
        }
        if self.rules.shows_socket(origin) {
            return admitted;
        }
        let answered = locked(&self.sockets).get(origin).copied();
        let yes = match answered {
            Some(answer) => answer,
            None => {
                let answer = self.ask_about(origin).await;
                locked(&self.sockets).insert(origin.to_owned(), answer);
                answer
            }
        };
        if yes {
            admitted
        } else {
            Admission::Refuse(format!(
                "no rule, demonstration or yes admits WebSockets to {origin}"
            ))
        }
    }

    async fn review(&self, sent: SentByPage) -> FrameRuling {
        let body = match sent.what {
            // The origin was admitted, and nothing else is known before something is sent.
            Sent::Opening => return FrameRuling::LetGo,
            Sent::Text(text) => text.into_bytes(),
            Sent::Binary(bytes) => bytes,
            Sent::Closing { reason, .. } if reason.is_empty() => return FrameRuling::LetGo,
            Sent::Closing { reason, .. } => reason.into_bytes(),
        };
        // Counted down from the top, so that it is no request's number.
        let number = u64::MAX - self.frames.fetch_add(1, Ordering::Relaxed);
        let request = Request {
            number,
            method: SOCKET.to_owned(),
            // The address of the request that opened it, as every other request's.
            url: sent.url.replacen("ws", "http", 1),
            body,
            resource: "WebSocket".to_owned(),
            page: sent.page,
            ..Request::default()
        };
        match self.decide(request).await {
            Ruling::LetGo => {
                // Nobody answers a frame; that it was handed over is all there is to know.
                self.ended(number, RequestEnd::Answered(SWITCHING_PROTOCOLS));
                FrameRuling::LetGo
            }
            Ruling::Refuse => FrameRuling::Refuse,
        }
    }
}

impl Firewall {
    /// Asks a person whether sockets to an origin may be opened. No answer is a no.
    async fn ask_about(&self, origin: &str) -> bool {
        let shown = plain(origin, &self.rules.sites);
        let brief = Brief {
            number: 0,
            kind: Kind::Other,
            method: SOCKET.to_owned(),
            address: origin.to_owned(),
            fields: Vec::new(),
            step: None,
        };
        let card = Card {
            kind: Kind::Other,
            title: format!("the page would open a lasting connection (WebSocket) to {origin}"),
            origin: shown.text,
            target: origin.to_owned(),
            why: "what is sent over it is not held one by one".to_owned(),
            warnings: shown.warnings,
            on_its_way: true,
            ..Card::default()
        };
        let offer = Offer::of_effect(Terms::new(Kind::Other, origin));
        let (held, answer) = Held::new(brief, card, false, offer);
        if self.words.send(Word::Waits(Box::new(held))).is_err() {
            return false;
        }
        answer.await == Ok(Answer::Yes)
    }
}
