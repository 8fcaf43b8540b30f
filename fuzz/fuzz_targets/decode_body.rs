//! Any body under any declared type: it ends, stays within its limits, and what was sent is never read as nothing.
#![no_main]

use apprentice::computer::Request;
use apprentice::guard::effect::{Format, decode};
use libfuzzer_sys::fuzz_target;

const KINDS: [&str; 8] = [
    "",
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=X",
    "text/xml",
    "application/graphql",
    "application/x-ndjson",
    "text/plain",
];

fuzz_target!(|input: (u8, Vec<u8>)| {
    let (kind, body) = input;
    let kind = KINDS[usize::from(kind) % KINDS.len()];
    let empty = body.is_empty();
    let request = Request {
        method: "POST".to_owned(),
        url: "https://a.example/x".to_owned(),
        headers: vec![("content-type".to_owned(), kind.to_owned())],
        body,
        ..Request::default()
    };
    let read = decode(&request);
    assert!(read.fields.len() <= apprentice::guard::effect::MOST_FIELDS);
    assert!(empty || read.format != Format::Empty);
});
