//! The rules as tables: what is sent, and what is made of it. Every rule of `rules.toml` has a line here.

use super::reading::{Effect, Standing, read};
use super::rules::RULES;
use crate::computer::Request;
use crate::guard::Kind;

const SITE: &str = "https://app.example";

/// `METHOD /path | body`, as the page at the same site sends it. A body that begins with `{` or `[` is JSON, another one a form.
fn request(text: &str) -> Request {
    let (head, body) = text.split_once(" | ").unwrap_or((text, ""));
    let (method, path) = head.trim().split_once(' ').unwrap();
    let url = match path.starts_with('/') {
        true => format!("{SITE}{path}"),
        false => path.to_owned(),
    };
    let kind = match body.starts_with(['{', '[']) {
        true => "application/json",
        false => "application/x-www-form-urlencoded",
    };
    Request {
        method: method.to_owned(),
        url,
        headers: vec![("content-type".to_owned(), kind.to_owned())],
        body: body.as_bytes().to_vec(),
        resource: "Fetch".to_owned(),
        page: Some(format!("{SITE}/page")),
        ..Request::default()
    }
}

fn effect(text: &str) -> Effect {
    read(&request(text))
}

fn kind(text: &str) -> Kind {
    let effect = effect(text);
    assert_eq!(effect.standing, Standing::Write, "{text}");
    effect.kind
}

#[test]
fn reads_are_reads() {
    for text in [
        "GET /",
        "HEAD /x",
        "OPTIONS /orders",
        "GET /search?q=delete+my+account",
        "GET /posts/delete.png",
        "GET /static/logout.svg?v=2",
        "GET /help/cancellation-policy",
        "GET /articles/how-to-delete-a-photo",
        "GET /merge_requests?state=opened",
        "GET /archive/2026",
        "GET /accept-payments-online",
        "GET /likes",
        "GET /orders/17",
        "GET /graphql?query=%7Bme%7D",
        "GET data:text/plain,x",
        "GET /items?sort=delete_date",
        "GET /sites/example.com",
    ] {
        assert_eq!(effect(text).standing, Standing::Read, "{text}");
    }
    let form = Request {
        navigates: true,
        ..request("GET /transfer")
    };
    assert_eq!(read(&form).standing, Standing::Read);
}

#[test]
fn addresses_that_say_that_they_change_something_are_writes() {
    for (text, wanted) in [
        ("GET /logout", Kind::Other),
        ("GET /users/sign_out", Kind::Other),
        ("GET /posts/5/delete", Kind::Delete),
        ("GET /delete-account", Kind::Delete),
        ("GET /confirm?token=abc", Kind::Other),
        ("GET /unsubscribe/9fceb02d0ae598e9", Kind::CancelOrReturn),
        ("GET /?add-to-cart=12", Kind::Other),
        ("GET /cart/add/5", Kind::Other),
        ("GET /item.php?action=delete&id=5", Kind::Delete),
        ("GET /item?id=5&delete=1", Kind::Other),
        ("GET /vote?id=5&how=up", Kind::Publish),
        ("GET /invitations/accept", Kind::AcceptTerms),
        ("GET /transfer?to=bob&amount=100", Kind::TransferMoney),
        ("GET /konto/l%C3%B6schen", Kind::Delete),
        ("GET /panier/ajouter-au-panier", Kind::Other),
        ("GET /cuenta/cerrar-sesion", Kind::Other),
        ("GET /x/abbestellen", Kind::CancelOrReturn),
        ("GET /%E5%88%A0%E9%99%A4", Kind::Delete),
        ("GET /graphql?query=mutation%7Bpay%7D", Kind::Pay),
        ("GET /x?_method=delete", Kind::Delete),
    ] {
        assert_eq!(kind(text), wanted, "{text}");
    }
    let mut overridden = request("GET /x/5");
    overridden
        .headers
        .push(("x-http-method-override".to_owned(), "DELETE".to_owned()));
    assert_eq!(read(&overridden).standing, Standing::Write);
    let setup = Request {
        navigates: true,
        ..request("GET /files/setup.exe")
    };
    let setup = read(&setup);
    assert_eq!(
        (setup.standing, setup.kind),
        (Standing::Write, Kind::DownloadToRun)
    );
}

#[test]
fn every_rule_names_its_kind() {
    let table = [
        ("pay", "POST /invoices/5/pay | x=1", Kind::Pay),
        ("pay", "POST /x | card_number=4242&y=1", Kind::Pay),
        ("pay", "POST /x | n=4242+4242+4242+4242", Kind::Pay),
        (
            "pay",
            r#"POST /carts/mine/payment-information | {"paymentMethod":{"method":"check"}}"#,
            Kind::Pay,
        ),
        (
            "transfer-money",
            "POST /x | amount=5&iban=DE89370400440532013000",
            Kind::TransferMoney,
        ),
        (
            "transfer-money",
            "POST /expenses | title=Lunch",
            Kind::TransferMoney,
        ),
        (
            "pay",
            "POST /orders | holder=Ada&card=4000000000000000&code=123",
            Kind::Pay,
        ),
        (
            "order",
            r#"POST /api/orders | {"items":[{"sku":1}]}"#,
            Kind::Order,
        ),
        (
            "subscription",
            "POST /subscriptions | plan=pro",
            Kind::Order,
        ),
        (
            "subscription",
            "DELETE /subscriptions/5",
            Kind::CancelOrReturn,
        ),
        ("book", "POST /rooms/5/reserve | night=1", Kind::Book),
        ("book", "POST /bookings | room=1", Kind::Book),
        (
            "cancel-or-return",
            "POST /orders/5/cancel",
            Kind::CancelOrReturn,
        ),
        (
            "cancel-or-return",
            "POST /returns | order=5",
            Kind::CancelOrReturn,
        ),
        (
            "cancel-or-return",
            "DELETE /bookings/5",
            Kind::CancelOrReturn,
        ),
        (
            "send",
            r#"POST /api/mail/send | {"to":"a@b.example","subject":"x"}"#,
            Kind::Send,
        ),
        ("send", "POST /x | recipient=bob&message=hello", Kind::Send),
        (
            "send",
            "POST /x | name=Bob&email=b@c.example&comment=hello",
            Kind::Send,
        ),
        ("publish", "POST /posts/5/comments | text=hi", Kind::Publish),
        ("publish", "POST /posts | title=x&body=y", Kind::Publish),
        ("publish", "POST /x | choice=-1", Kind::Publish),
        (
            "publish",
            "POST /x | reply_to_123456[comment]=hello",
            Kind::Publish,
        ),
        ("publish", r#"PUT /issues/5 | {"title":"x"}"#, Kind::Publish),
        ("publish", r#"PUT /issues/5 | {"assignee":7}"#, Kind::Other),
        (
            "publish-commit",
            "POST /files/update | _method=put&commit_message=x&content=y",
            Kind::Publish,
        ),
        ("delete", "DELETE /files/5", Kind::Delete),
        ("delete", "POST /files/5 | _method=delete", Kind::Delete),
        (
            "delete",
            r#"POST /graphql | {"query":"mutation M { deleteFile(id: 1) { ok } }"}"#,
            Kind::Delete,
        ),
        ("share", "POST /projects/5/members | user=7", Kind::Share),
        ("share", "DELETE /projects/5/members/7", Kind::Share),
        ("share", "POST /files/5/share | with=bob", Kind::Share),
        (
            "change-credentials",
            "POST /account | current_password=a&new_password=b",
            Kind::ChangeCredentials,
        ),
        (
            "change-credentials",
            "POST /user/keys | title=x",
            Kind::ChangeCredentials,
        ),
        (
            "change-credentials",
            "DELETE /api_keys/5",
            Kind::ChangeCredentials,
        ),
        ("accept-terms", "POST /terms | version=5", Kind::AcceptTerms),
        (
            "accept-terms",
            "POST /x | accept_terms=on",
            Kind::AcceptTerms,
        ),
        (
            "create-account",
            "POST /register | email=a@b.example&password=c",
            Kind::CreateAccount,
        ),
        (
            "create-account",
            "POST /x | email=a&password=b&password_confirmation=b",
            Kind::CreateAccount,
        ),
        (
            "sign-in",
            "POST /session | login=a&password=b",
            Kind::SignIn,
        ),
        ("sign-in", "POST /login | user=a", Kind::SignIn),
        (
            "submit-personal-data",
            "POST /x | passport_number=5",
            Kind::SubmitPersonalData,
        ),
        (
            "submit-personal-data",
            "POST /x | firstname=a&city=b&postcode=c",
            Kind::SubmitPersonalData,
        ),
        (
            "submit-personal-data",
            "POST /customer/address/formPost/id/5 | x=1",
            Kind::SubmitPersonalData,
        ),
        ("upload", "PUT /upload/5 | x=1", Kind::Upload),
        (
            "change-in-bulk",
            "POST /admin/products/massDelete | selected[]=1",
            Kind::ChangeInBulk,
        ),
        (
            "change-in-bulk",
            "POST /mail/delete | ids[]=1&ids[]=2&ids[]=3",
            Kind::ChangeInBulk,
        ),
        ("sign-out", "POST /logout", Kind::Other),
        (
            "cart",
            "POST /checkout/cart/add/product/5 | qty=1",
            Kind::Other,
        ),
        ("cart", "POST /cart/remove | item=1", Kind::Other),
        ("cart", "DELETE /cart/items/5", Kind::Other),
        (
            "send",
            "POST /order/addComment/order_id/5 | history[comment]=x&history[is_customer_notified]=1",
            Kind::Send,
        ),
        (
            "publish",
            r#"PUT /user/status | {"message":"x"}"#,
            Kind::Publish,
        ),
        (
            "fulfil",
            "POST /order_shipment/save/order_id/5 | tracking[number]=5",
            Kind::Other,
        ),
        ("follow", "POST /users/bob/follow", Kind::Other),
        ("follow", "DELETE /users/bob/follow", Kind::Other),
        (
            "settings",
            r#"PATCH /preferences | {"theme":"dark"}"#,
            Kind::Other,
        ),
        // The words of buttons in other languages.
        ("pay", "POST /warenkorb/jetzt-bezahlen | x=1", Kind::Pay),
        (
            "cancel-or-return",
            "POST /reservas/cancelar | id=1",
            Kind::CancelOrReturn,
        ),
        ("order", "POST /api/%E4%B8%8B%E5%8D%95 | x=1", Kind::Order),
    ];
    for (rule, text, wanted) in table {
        assert_eq!(kind(text), wanted, "{rule}: {text}: {}", effect(text).why);
    }
    for rule in &RULES.rules {
        assert!(
            table.iter().any(|(name, ..)| *name == rule.name),
            "{} has no test",
            rule.name
        );
    }
}

#[test]
fn a_form_with_a_file_uploads_and_with_a_sum_claims_it() {
    const FILE: &str = "--X\r\nContent-Disposition: form-data; name=\"receipt\"; filename=\"r.pdf\"\r\n\r\nx\r\n--X--\r\n";
    const AMOUNT: &str = "--X\r\nContent-Disposition: form-data; name=\"amount\"\r\n\r\n47.30\r\n";
    let form = |fields: &str| Request {
        headers: vec![(
            "content-type".to_owned(),
            "multipart/form-data; boundary=X".to_owned(),
        )],
        body: format!("{fields}{FILE}").into_bytes(),
        ..request("POST /reports")
    };
    assert_eq!(read(&form("")).kind, Kind::Upload);
    assert_eq!(read(&form(AMOUNT)).kind, Kind::TransferMoney);
    let on_disk = Request {
        body_is_partial: true,
        ..form("")
    };
    assert_eq!(read(&on_disk).kind, Kind::Upload);
}

#[test]
fn light_words_do_not_hide_grave_fields() {
    for (text, wanted) in [
        ("POST /cart/add | card_number=4242424242424242", Kind::Pay),
        ("POST /follow | to=a@b.example&message=hello", Kind::Send),
        (
            "POST /preferences | current_password=a&new_password=b",
            Kind::ChangeCredentials,
        ),
        (
            "POST /wishlist | amount=5&iban=DE89370400440532013000",
            Kind::TransferMoney,
        ),
    ] {
        assert_eq!(kind(text), wanted, "{text}");
    }
}

#[test]
fn harmless_writes_are_named() {
    for text in [
        r#"POST /graphql | {"query":"query Q($id: ID!) { cart(id: $id) { items } }","variables":{"id":5}}"#,
        "POST /api/search | q=shoes&page=2",
        r#"POST /products/_search | {"query":{"match":{"name":"x"}},"size":10,"from":0}"#,
        r#"POST /1/indexes/queries | {"requests":[{"indexName":"p","params":"query=x&hitsPerPage=20"}]}"#,
        r#"POST /autocomplete | {"prefix":"sho","limit":5}"#,
        r#"POST /search | {"filters":{"price":{"from":1,"to":5}}}"#,
        "POST /oauth/token | grant_type=refresh_token&refresh_token=abc&client_id=x",
        r#"POST /api/auth/refresh | {"refresh_token":"abc"}"#,
        r#"POST /collect | {"url":"https://app.example/","ttfb":12.5,"lcp":900,"event":"pageview"}"#,
        "POST https://stats.example/g/collect?v=2&dl=https%3A%2F%2Fapp.example%2F&dt=A+page | en=page_view",
    ] {
        let effect = effect(text);
        assert!(
            matches!(effect.standing, Standing::Harmless { .. }),
            "{text}: {effect:?}"
        );
    }
    let mut csp = request(
        r#"POST /csp | {"csp-report":{"document-uri":"https://app.example/","blocked-uri":"inline"}}"#,
    );
    csp.headers[0].1 = "application/csp-report".to_owned();
    csp.resource = "CSPViolationReport".to_owned();
    assert!(matches!(read(&csp).standing, Standing::Harmless { .. }));
    let ping = Request {
        resource: "Ping".to_owned(),
        headers: vec![("content-type".to_owned(), "text/ping".to_owned())],
        body: b"PING".to_vec(),
        ..request("POST /p?u=1")
    };
    assert!(matches!(read(&ping).standing, Standing::Harmless { .. }));
}

#[test]
fn nothing_becomes_harmless_by_its_address_alone() {
    for text in [
        "POST /search | card_number=4242424242424242",
        "POST /search | q=4242424242424242",
        "POST /search | q=x&amount=100",
        "POST /search | q=x&to=bob",
        "POST /search | q=x&message=hello",
        "POST /search | q=x&password=y",
        "POST /search | q=x&confirm_order=1",
        "POST /search",
        "POST /pay/search | q=x",
        "POST /search/pay | q=x",
        "POST /search?action=delete | q=x",
        "POST /search | _method=delete&q=x",
        "PUT /search | q=x",
        r#"POST /search | {"query":"mutation { pay }"}"#,
        r#"POST /search | {"filter":{"card_number":"4242"}}"#,
        r#"POST /graphql | {"query":"mutation { pay }"}"#,
        r#"POST /graphql | {"query":"{ a }","amount":5}"#,
        r#"POST /graphql | {"query":"query Q($m: String) { send(m: $m) }","variables":{"message":"hello"}}"#,
        r#"POST /graphql | {"query":"{ a }","variables":{"input":{"iban":"DE89"}}}"#,
        r#"POST /graphql | [{"query":"{ a }"},{"query":"mutation { b }"}]"#,
        r#"POST /graphql | {"operationName":"Q","variables":{},"extensions":{"persistedQuery":{"sha256Hash":"ab"}}}"#,
        r#"POST /graphql | {"operationName":"A","query":"query A { a } query A { b }"}"#,
        "POST https://elsewhere.example/token | grant_type=refresh_token&refresh_token=abc",
        "POST /token | grant_type=password&username=a&password=b",
        "POST /refresh | refresh_token=a&amount=5",
        "POST /collect | email=a@b.example",
        "POST /collect | url=https://app.example/?mail=a%40b.example",
        "POST /collect | label=a whole sentence that was typed",
        "POST /collect | comment=hi",
        "POST /collect | amount=5",
        "POST /collect/pay | url=x",
        r#"POST /csp | {"csp-report":{"document-uri":"x"}}"#,
        "POST /search | {broken",
    ] {
        assert_eq!(effect(text).standing, Standing::Write, "{text}");
    }
    let mut beacon = request("POST /delete?id=5 | url=x");
    beacon.resource = "Ping".to_owned();
    assert_eq!(read(&beacon).standing, Standing::Write);
    let mut large = request("POST /search | q=x");
    large.body_is_partial = true;
    assert_eq!(read(&large).standing, Standing::Write);
}

#[test]
fn what_is_known_of_a_kind_is_told() {
    let pay = effect("POST /pay | amount=5&currency=EUR");
    assert!(pay.money);
    assert_eq!(
        (pay.reversible, pay.affects_others),
        (Some(false), Some(true))
    );
    let cart = effect("POST /cart/add | sku=1");
    assert!(!cart.money);
    assert_eq!(
        (cart.reversible, cart.affects_others),
        (Some(true), Some(false))
    );
    let unknown = effect("POST /x | y=1");
    assert_eq!((unknown.kind, unknown.reversible), (Kind::Other, None));
    assert_eq!(unknown.origin, SITE);
    assert_eq!(unknown.fields, [("y".to_owned(), "1".to_owned())]);
    let grpc = Request {
        headers: vec![(
            "content-type".to_owned(),
            "application/grpc-web+proto".to_owned(),
        )],
        ..request("POST /shop.v1.Orders/PlaceOrder | x")
    };
    assert_eq!(read(&grpc).kind, Kind::Order);
    assert_eq!(read(&grpc).standing, Standing::Write);
}

proptest::proptest! {
    #[test]
    fn only_safe_methods_without_a_body_are_reads(
        method in "(GET|HEAD|OPTIONS|POST|PUT|PATCH|DELETE|PURGE|[A-Z]{3,7})",
        path in "[a-z/]{0,12}",
        body in "[a-z=&]{0,12}",
    ) {
        let effect = read(&Request {
            method: method.clone(),
            url: format!("{SITE}/{path}"),
            body: body.clone().into_bytes(),
            ..Request::default()
        });
        let safe = matches!(method.as_str(), "GET" | "HEAD" | "OPTIONS") && body.is_empty();
        proptest::prop_assert!(safe || effect.standing != Standing::Read);
    }

    #[test]
    fn any_request_is_read_without_an_end_of_the_program(url in "\\PC{0,40}", body in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..80)) {
        let effect = read(&Request { method: "POST".to_owned(), url, body, ..Request::default() });
        proptest::prop_assert!(effect.standing != Standing::Read || effect.origin.ends_with(':'));
    }
}

#[test]
fn choosing_a_saved_address_hands_out_nothing_and_writing_one_does() {
    let kind = |body: &str| {
        read(&Request {
            method: "POST".to_owned(),
            url: "https://a.example/checkout/shipping-address".to_owned(),
            body: body.as_bytes().to_vec(),
            ..Request::default()
        })
        .kind
    };
    assert_eq!(kind("address_id=1&csrf_token=aB3dE5"), Kind::Other);
    // Which button was pressed says nothing of a person.
    assert_eq!(kind("address_id=1&action=ship_to"), Kind::Other);
    for written in [
        "address_id=1&street=Quay+1",
        "address_id=1&action=Quay+1",
        "address_id=1&action=quay1",
        "address_id=1&note=gate",
        "address_id=1&national_id=8001015009087",
        "action=ship_to&national_id=8001015009087",
        "action=ship_to",
    ] {
        assert_eq!(kind(written), Kind::SubmitPersonalData, "{written}");
    }
    assert_eq!(kind("address_id=1&action=delete"), Kind::Delete);
    assert_eq!(kind("address_id=1&action=place_order"), Kind::Order);
    assert_eq!(kind("street=Quay+1&city=Ghent"), Kind::SubmitPersonalData);
}
