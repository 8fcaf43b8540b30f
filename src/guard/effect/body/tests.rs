//! How bodies are taken apart, as a table, and what must hold for every body.

use proptest::prelude::*;

use super::*;

fn request(url: &str, kind: &str, body: &[u8]) -> Request {
    let headers = match kind {
        "" => Vec::new(),
        kind => vec![("content-type".to_owned(), kind.to_owned())],
    };
    Request {
        method: "POST".to_owned(),
        url: url.to_owned(),
        headers,
        body: body.to_vec(),
        ..Request::default()
    }
}

fn read(kind: &str, body: &str) -> Body {
    decode(&request("https://a.example/x", kind, body.as_bytes()))
}

/// `name=value` joined by blanks.
fn shown(body: &Body) -> String {
    let fields: Vec<String> = body
        .fields
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    fields.join(" ")
}

fn operations(body: &Body) -> String {
    let all: Vec<String> = body.operations.iter().map(ToString::to_string).collect();
    all.join(", ")
}

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

#[test]
fn fields_are_read_in_every_format() {
    for (kind, body, format, fields) in [
        (
            FORM,
            "a=1&b%5B%5D=x+y&b%5B%5D=%C3%A9",
            Format::UrlEncoded,
            "a=1 b[]=x y b[]=é",
        ),
        (
            JSON,
            r#"{"a":1,"b":{"c":[true,null,"x"]},"a":2.50}"#,
            Format::Json,
            "a=1 b.c.0=true b.c.1= b.c.2=x a=2.5",
        ),
        (JSON, r#"{"a":{},"b":[]}"#, Format::Json, "a= b="),
        (JSON, "12", Format::Json, "value=12"),
        (
            "application/vnd.api+json; charset=utf-8",
            r#"[{"a":"b"}]"#,
            Format::Json,
            "0.a=b",
        ),
        (
            "application/x-ndjson",
            "{\"a\":1}\n{\"a\":2}\n",
            Format::Json,
            "0.a=1 1.a=2",
        ),
        (
            "text/plain;charset=UTF-8",
            r#"{"a":1}"#,
            Format::Json,
            "a=1",
        ),
        ("", "a=1&b=2", Format::UrlEncoded, "a=1 b=2"),
        (
            "text/plain",
            "just a text",
            Format::Text,
            "text=just a text",
        ),
        (
            "text/xml",
            "<?xml version='1.0'?><a><b k='v'>1 &amp; 2</b><c/></a>",
            Format::Xml,
            "a.b.k=v a.b=1 & 2",
        ),
    ] {
        let read = read(kind, body);
        assert_eq!(
            (read.format, shown(&read).as_str()),
            (format, fields),
            "{body}"
        );
        assert_eq!(read.unread, None, "{body}");
    }
}

#[test]
fn a_type_that_lies_is_seen_through_and_told() {
    for (kind, body, format) in [
        (JSON, "a=1&b=2", Format::UrlEncoded),
        (FORM, r#"{"card":"4242"}"#, Format::Json),
        ("image/png", r#"{"a":1}"#, Format::Json),
        ("application/xml", r#"{"a":1}"#, Format::Json),
    ] {
        let read = read(kind, body);
        assert_eq!(read.format, format, "{kind}");
        assert!(read.unread.is_some_and(|why| why.contains(kind)), "{kind}");
    }
}

#[test]
fn files_have_a_name_and_a_size_and_no_contents() {
    let body = "--XY\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nHoliday\r\n\
        --XY\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a \\ b.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n\
        secret pixels\r\n\
        --XY\r\nContent-Disposition: form-data; name=\"empty\"; filename=\"\"\r\n\r\n\r\n--XY--\r\n";
    for kind in [
        "multipart/form-data; boundary=XY",
        "multipart/form-data; boundary=\"XY\"",
    ] {
        let read = read(kind, body);
        assert_eq!(read.format, Format::Multipart);
        assert_eq!(
            shown(&read),
            "title=Holiday photo=a \\ b.jpg (13 bytes) empty="
        );
        assert_eq!(read.files.len(), 1);
        assert_eq!(read.files[0].size, 13);
        assert_eq!(read.unread, None);
    }
    let guessed = read("", body);
    assert_eq!(guessed.files.len(), 1);
    assert!(guessed.unread.is_some());
    let cut = read(
        "multipart/form-data; boundary=XY",
        &body[..body.find("pixels").unwrap()],
    );
    assert_eq!(cut.files.len(), 1, "{cut:?}");
    assert!(cut.unread.is_some());
}

#[test]
fn graphql_is_told_by_its_document() {
    for (body, told) in [
        (r#"{"query":"{ me { name } }"}"#, "query { me }"),
        (
            r#"{"query":"query Q($a: [Int!] = [1]) @d(x: {y: 1}) { a: cart(id: $a) { pay } user }"}"#,
            "query Q { cart user }",
        ),
        (
            r##"{"query":"# query\nmutation { pay(input: {query: \"{\"}) { ok } }"}"##,
            "mutation { pay }",
        ),
        (
            r#"{"operationName":"B","query":"query A { a } mutation B { b }"}"#,
            "mutation B { b }",
        ),
        (
            r#"{"operationName":"A","query":"query A { a } mutation B { b }"}"#,
            "query A { a }",
        ),
        (r#"{"query":"query A { a } mutation B { b }"}"#, "stored"),
        (
            r#"{"operationName":"C","query":"query A { a }"}"#,
            "stored C",
        ),
        (
            r#"{"operationName":"A","query":"query A { a } query A { b }"}"#,
            "stored A",
        ),
        (
            r#"{"query":"query A { a }","query":"mutation A { a }"}"#,
            "stored",
        ),
        (
            r#"{"query":"subscription S { s }"}"#,
            "subscription S { s }",
        ),
        (
            r#"{"query":"mutation M { ...F @include(if: true) } fragment F on Mutation { pay }"}"#,
            "mutation M { ...F }",
        ),
        (r#"{"query":"query { a "}"#, "stored"),
        (
            r#"{"operationName":"Pay","variables":{"a":1},"extensions":{"persistedQuery":{"version":1,"sha256Hash":"ab"}}}"#,
            "stored Pay",
        ),
        (r#"{"doc_id":"12","variables":"{}"}"#, "stored"),
        (
            r#"[{"query":"{ a }"},{"query":"mutation { b }"}]"#,
            "query { a }, mutation { b }",
        ),
        (r#"{"query":"shoes {red}"}"#, ""),
        (r#"{"query":"shoes"}"#, ""),
    ] {
        assert_eq!(operations(&read(JSON, body)), told, "{body}");
    }
    let form = read(FORM, "query=mutation+%7B+pay+%7D");
    assert_eq!(operations(&form), "mutation { pay }");
    let upload = "--X\r\nContent-Disposition: form-data; name=\"operations\"\r\n\r\n{\"query\":\"mutation U { add }\"}\r\n\
        --X\r\nContent-Disposition: form-data; name=\"0\"; filename=\"f\"\r\n\r\nx\r\n--X--";
    let upload = read("multipart/form-data; boundary=X", upload);
    assert_eq!(operations(&upload), "mutation U { add }");
    assert_eq!(upload.files.len(), 1);
    let get = Request {
        method: "GET".to_owned(),
        url: "https://a.example/g?query=mutation%7Bpay%7D".to_owned(),
        ..Request::default()
    };
    assert_eq!(operations(&decode(&get)), "mutation { pay }");
}

#[test]
fn called_methods_have_names() {
    let grpc = request(
        "https://a.example/shop.v1.Orders/PlaceOrder",
        "application/grpc-web+proto",
        b"\0\0",
    );
    let grpc = decode(&grpc);
    assert_eq!(
        (grpc.format, operations(&grpc).as_str()),
        (Format::GrpcWeb, "shop.v1.Orders/PlaceOrder")
    );
    assert!(grpc.unread.is_some());
    for (kind, body, format, told) in [
        (
            JSON,
            r#"{"jsonrpc":"2.0","method":"order.place","params":[1],"id":1}"#,
            Format::JsonRpc,
            "order.place",
        ),
        (
            JSON,
            r#"[{"jsonrpc":"2.0","method":"a"},{"jsonrpc":"2.0","method":"b"}]"#,
            Format::JsonRpc,
            "a, b",
        ),
        (JSON, r#"{"method":"card","amount":1}"#, Format::Json, ""),
        (
            "text/xml",
            "<methodCall><methodName>wp.newPost</methodName><params/></methodCall>",
            Format::XmlRpc,
            "wp.newPost",
        ),
        (
            "application/soap+xml",
            "<s:Envelope><s:Body><m:PlaceOrder xmlns:m=\"u\"><m:id>1</m:id></m:PlaceOrder></s:Body></s:Envelope>",
            Format::Soap,
            "PlaceOrder",
        ),
    ] {
        let read = read(kind, body);
        assert_eq!(
            (read.format, operations(&read).as_str()),
            (format, told),
            "{body}"
        );
    }
}

#[test]
fn frames_of_sockets_are_read_like_bodies() {
    assert_eq!(
        shown(&decode_text(r#"42["pay",{"amount":1}]"#)),
        "0=pay 1.amount=1"
    );
    assert_eq!(decode_text("hello").format, Format::Text);
    assert_eq!(
        operations(&decode_text(r#"{"jsonrpc":"2.0","method":"a"}"#)),
        "a"
    );
}

#[test]
fn what_cannot_be_read_says_so() {
    let deep = format!("{}1{}", "[".repeat(100), "]".repeat(100));
    let many = format!("[{}1]", "1,".repeat(MOST_FIELDS));
    let empties = format!("[{}1]", "[],".repeat(MOST_FIELDS));
    let wide = "a=1&".repeat(MOST_FIELDS + 1);
    let bomb = r#"<!DOCTYPE l [<!ENTITY l "lol"><!ENTITY m "&l;&l;">]><l>&m;</l>"#;
    for (kind, body) in [
        (JSON, deep.as_str()),
        (JSON, &many),
        (JSON, &empties),
        (FORM, &wide),
        ("text/xml", bomb),
        ("multipart/form-data; boundary=X", "nothing"),
        (JSON, "not JSON at all"),
        ("application/graphql", "no document"),
        ("text/plain", "a\u{1}b"),
    ] {
        assert!(read(kind, body).unread.is_some(), "{kind} {:.40}", body);
    }
    let binary = decode(&request("https://a.example/", "", &[0x1f, 0x8b, 8, 0]));
    assert_eq!(binary.format, Format::Opaque);
    let mut partial = request("https://a.example/", FORM, b"a=1");
    partial.body_is_partial = true;
    assert!(decode(&partial).unread.is_some());
    let mut packed = request("https://a.example/", JSON, b"{}");
    packed
        .headers
        .push(("content-encoding".to_owned(), "gzip".to_owned()));
    assert_eq!(decode(&packed).format, Format::Opaque);
}

/// Bodies of ten megabytes, each of a sort that could cost much.
#[test]
fn large_and_hostile_bodies_are_read_in_bounded_time_and_fields() {
    let large = |unit: &str| unit.repeat((10 << 20) / unit.len());
    let file = format!(
        "--X\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n{}\r\n--X--\r\n",
        large("\r\n--Y\r\r\n")
    );
    for (kind, body) in [
        (JSON, large("[")),
        (JSON, large("{\"a\":")),
        (FORM, large("a=1&")),
        ("text/xml", large("<a>")),
        ("multipart/form-data; boundary=X", file),
        (
            "multipart/form-data; boundary=X",
            large("--X\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n"),
        ),
        // Just under the limit: read, and still bounded.
        (JSON, "[".repeat(LARGEST_READ)),
        (
            JSON,
            format!("{{\"query\":\"{}\"}}", "{a".repeat(LARGEST_READ / 4)),
        ),
        ("text/xml", "<a>".repeat(LARGEST_READ / 4)),
        (FORM, "a=1&".repeat(LARGEST_READ / 4)),
    ] {
        let read = read(kind, &body);
        assert!(read.fields.len() <= MOST_FIELDS);
        let is_file = !read.files.is_empty() && kind.starts_with("multipart");
        let told = read.unread.is_some() || !read.operations.is_empty();
        assert!(is_file || told, "{kind} {:.20}", body);
    }
}

proptest! {
    #[test]
    fn nothing_that_is_sent_is_taken_for_nothing(body in proptest::collection::vec(any::<u8>(), 1..300), kind in 0usize..8) {
        let kinds = ["", JSON, FORM, "text/xml", "multipart/form-data; boundary=X", "application/graphql", "text/plain", "x/y"];
        let read = decode(&request("https://a.example/", kinds[kind], &body));
        prop_assert!(read.unread.is_some() || !read.fields.is_empty() || body.iter().all(|b| b"&\r\n".contains(b)), "{read:?}");
    }

    #[test]
    fn forms_are_read_as_they_were_written(pairs in proptest::collection::vec(("[^\u{fffd}]{1,12}", "[^\u{fffd}]{0,20}"), 1..20)) {
        let text = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
        prop_assert_eq!(read(FORM, &text).fields, pairs);
    }

    #[test]
    fn json_keeps_every_field(pairs in proptest::collection::btree_map("[a-z]{1,8}", "\\PC{0,20}", 1..20)) {
        let text = serde_json::to_string(&pairs).unwrap();
        let fields: Vec<(String, String)> = pairs.into_iter().collect();
        prop_assert_eq!(read(JSON, &text).fields, fields);
    }

    #[test]
    fn multipart_keeps_every_field(pairs in proptest::collection::vec(("[a-z\\[\\]]{1,8}", "[^\r]{0,40}"), 1..10)) {
        let mut text = String::new();
        for (name, value) in &pairs {
            text.push_str(&format!("--bOuNd\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
        }
        text.push_str("--bOuNd--\r\n");
        prop_assert_eq!(read("multipart/form-data; boundary=bOuNd", &text).fields, pairs);
    }

    #[test]
    fn no_mutation_reads_as_a_query(noise in "[a-z{}()\"#@:$.,\n ]{0,40}", field in "[a-z]{1,8}") {
        let document = format!("{noise} mutation {{ {field} }}");
        let body = serde_json::json!({ "query": document }).to_string();
        for operation in read(JSON, &body).operations {
            // A comment or a string before it can swallow it, or another operation: then it is not the one that runs.
            let swallowed = noise.contains('#') || noise.contains('"') || noise.contains('{') || noise.contains('(');
            prop_assert!(operation.sort != Sort::Query || swallowed, "{document}");
        }
    }

    #[test]
    fn frames_never_end_the_program(text in "\\PC{0,200}") {
        let read = decode_text(&text);
        prop_assert!(text.is_empty() || read.format != Format::Empty);
    }
}
