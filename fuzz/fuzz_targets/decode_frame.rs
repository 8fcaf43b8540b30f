//! Any text frame of a WebSocket.
#![no_main]

use apprentice::guard::effect::{Format, decode_text};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let read = decode_text(text);
    assert!(text.is_empty() || read.format != Format::Empty);
});
