//! Pictures inside the terminal, where it can show them: the protocols of kitty and of iTerm2.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::picture::to_png;

/// How a terminal takes pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protocol {
    /// <https://sw.kovidgoyal.net/kitty/graphics-protocol/>
    Kitty,
    /// <https://iterm2.com/documentation-images.html>
    Iterm,
}

/// Most bytes of one kitty chunk, as its protocol says.
const CHUNK: usize = 4096;

/// Width of a picture in columns of text.
const COLUMNS: usize = 80;

impl Protocol {
    /// What the environment says of the terminal; `get` reads a variable. Inside tmux and screen nothing is shown: they keep it from the
    /// terminal or write it out as text.
    pub(super) fn detect(get: impl Fn(&str) -> Option<String>) -> Option<Protocol> {
        let term = get("TERM").unwrap_or_default();
        let program = get("TERM_PROGRAM").unwrap_or_default();
        if get("TMUX").is_some() || term.starts_with("screen") || term.starts_with("tmux") {
            None
        } else if get("KITTY_WINDOW_ID").is_some()
            || term == "xterm-kitty"
            || term == "xterm-ghostty"
            || program == "ghostty"
        {
            Some(Protocol::Kitty)
        } else if matches!(program.as_str(), "iTerm.app" | "WezTerm") {
            Some(Protocol::Iterm)
        } else {
            None
        }
    }

    /// What to write to the terminal to show an encoded picture; `None` where the bytes are no picture.
    pub(super) fn encode(self, bytes: &[u8]) -> Option<String> {
        match self {
            Protocol::Kitty => {
                // PNG (`f=100`) is the one encoded format that kitty takes.
                let text = STANDARD.encode(to_png(bytes).ok()?);
                let mut written = String::with_capacity(text.len() + 256);
                let count = text.len().div_ceil(CHUNK);
                for number in 0..count {
                    let part = &text[number * CHUNK..text.len().min((number + 1) * CHUNK)];
                    let first = if number == 0 {
                        format!("a=T,f=100,c={COLUMNS},q=2,")
                    } else {
                        String::new()
                    };
                    let more = u8::from(number + 1 < count);
                    written.push_str(&format!("\x1b_G{first}m={more};{part}\x1b\\"));
                }
                written.push('\n');
                Some(written)
            }
            Protocol::Iterm => Some(format!(
                "\x1b]1337;File=inline=1;size={};width={COLUMNS}:{}\x07\n",
                bytes.len(),
                STANDARD.encode(bytes)
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn with(pairs: &'static [(&str, &str)]) -> Option<Protocol> {
        Protocol::detect(|name| {
            let found = pairs.iter().find(|(key, _)| *key == name)?;
            Some(found.1.to_owned())
        })
    }

    #[test]
    fn the_terminal_is_known_by_its_environment() {
        assert_eq!(with(&[("TERM", "xterm-256color")]), None);
        assert_eq!(with(&[("KITTY_WINDOW_ID", "1")]), Some(Protocol::Kitty));
        assert_eq!(
            with(&[("TERM_PROGRAM", "iTerm.app")]),
            Some(Protocol::Iterm)
        );
        assert_eq!(with(&[("TERM_PROGRAM", "WezTerm"), ("TMUX", "x")]), None);
    }

    #[test]
    fn a_picture_is_written_in_chunks_that_end() {
        let noise = image::RgbImage::from_fn(80, 80, |x, y| {
            image::Rgb([
                (x * y * 7 % 251) as u8,
                (x * 31 % 253) as u8,
                (y * 57 % 255) as u8,
            ])
        });
        let mut bytes = Cursor::new(Vec::new());
        noise.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        let bytes = bytes.into_inner();
        let kitty = Protocol::Kitty.encode(&bytes).unwrap();
        assert!(kitty.starts_with("\x1b_Ga=T,f=100"));
        assert!(kitty.matches("m=1;").count() >= 1 && kitty.matches("m=0;").count() == 1);
        assert_eq!(
            kitty.matches("\x1b_G").count(),
            kitty.matches("\x1b\\").count()
        );
        assert!(Protocol::Iterm.encode(&bytes).unwrap().ends_with("\x07\n"));
        assert_eq!(Protocol::Kitty.encode(b"no picture"), None);
    }
}
