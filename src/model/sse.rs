//! Server-sent events out of bytes that arrive in pieces of any size.
//!
//! As the HTML standard defines the stream (section 9.2.6, "Interpreting an event stream"), as far as model servers use
//! it: only `data` counts; lines end in CR, LF or CRLF; an event ends at an empty line; what is not ended is dropped.

/// Takes bytes, gives the data of each finished event.
#[derive(Debug, Default)]
pub struct Events {
    line: Vec<u8>,
    data: Option<Vec<u8>>,
    /// The last byte was a CR, so that an LF now belongs to the same line end.
    after_cr: bool,
    /// Whether the first line was seen; only there a byte order mark is skipped.
    begun: bool,
}

impl Events {
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next piece and gives the events that it finished, in order. Bytes that are no UTF-8 become U+FFFD.
    pub fn push(&mut self, piece: &[u8]) -> Vec<String> {
        let mut finished = Vec::new();
        for &byte in piece {
            match byte {
                b'\n' if self.after_cr => self.after_cr = false,
                b'\r' | b'\n' => {
                    self.after_cr = byte == b'\r';
                    finished.extend(self.end_line());
                }
                _ => {
                    self.after_cr = false;
                    self.line.push(byte);
                }
            }
        }
        finished
    }

    /// Bytes held back until their event ends.
    #[cfg(test)]
    fn pending(&self) -> usize {
        self.line.len() + self.data.as_ref().map_or(0, Vec::len)
    }

    fn end_line(&mut self) -> Option<String> {
        let mut line = std::mem::take(&mut self.line);
        if !std::mem::replace(&mut self.begun, true) && line.starts_with(b"\xEF\xBB\xBF") {
            line.drain(..3);
        }
        if line.is_empty() {
            return self
                .data
                .take()
                .map(|data| String::from_utf8_lossy(&data).into_owned());
        }
        let value = match line.iter().position(|&byte| byte == b':') {
            Some(4) if line.starts_with(b"data") => {
                let value = &line[5..];
                value.strip_prefix(b" ").unwrap_or(value)
            }
            None if line == b"data" => b"",
            _ => return None,
        };
        match &mut self.data {
            Some(data) => {
                data.push(b'\n');
                data.extend_from_slice(value);
            }
            None => self.data = Some(value.to_vec()),
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Events;

    #[test]
    fn comments_other_fields_and_unfinished_events_give_nothing() {
        let mut events = Events::new();
        assert_eq!(
            events.push(b"\xEF\xBB\xBF: hello\nevent: x\nid: 7\ndata:one\ndata: two\n\ndata: th"),
            vec!["one\ntwo"]
        );
        assert_eq!(events.push(b"ree\r"), Vec::<String>::new());
        assert_eq!(events.push(b"\n\r\n"), vec!["three"]);
        assert_eq!(events.push(b"data: four"), Vec::<String>::new());
        assert!(events.pending() > 0);
    }

    proptest! {
        /// Whatever the texts, the line end and the places where the bytes are cut: the same texts come out.
        #[test]
        fn events_survive_any_cutting(
            texts in prop::collection::vec("[^\r\n]{0,12}(\n[^\r\n]{0,12}){0,2}", 1..6),
            end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
            cuts in prop::collection::vec(1usize..9, 1..40),
        ) {
            let mut stream = String::new();
            for text in &texts {
                for line in text.split('\n') {
                    stream.push_str(&format!("data: {line}{end}"));
                }
                stream.push_str(end);
            }
            let mut events = Events::new();
            let mut found = Vec::new();
            let mut rest = stream.as_bytes();
            for cut in cuts.iter().cycle() {
                if rest.is_empty() { break; }
                let (piece, after) = rest.split_at((*cut).min(rest.len()));
                found.extend(events.push(piece));
                rest = after;
            }
            prop_assert_eq!(found, texts);
        }

        #[test]
        fn no_bytes_can_break_it(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..20), 0..20)) {
            let mut events = Events::new();
            for piece in &pieces {
                events.push(piece);
            }
            let whole: usize = pieces.iter().map(Vec::len).sum();
            prop_assert!(events.pending() <= whole);
        }
    }
}
