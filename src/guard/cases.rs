//! The promise "it asks before it matters", as a table: what is proposed, and what the guard makes of it.

use proptest::prelude::*;

use crate::computer::{
    Action, Button, Dialog, DialogKind, Element, ElementId, Form, Frame, Observation, Point, Rect,
    Row, Scope, ScrollState, Size, States, Target, Text,
};

use super::Uploads;
use super::{GuardPolicy, Kind, Proposal, Review, review};

const SITE: &str = "https://app.example";

/// One element in a few words: `role name | key=value ...`. Keys that begin with `form.` describe its form, those with `a.` are
/// attributes.
fn element(id: usize, text: &str) -> Element {
    let (head, facts) = text.split_once('|').unwrap_or((text, ""));
    let (role, name) = head.trim().split_once(' ').unwrap_or((head.trim(), ""));
    let mut element: Element = serde_json::from_value(serde_json::json!({
        "id": format!("0:{id}"), "role": role, "name": name, "text": name,
        "tag": match role { "button" => "button", "link" => "a", "textbox" | "checkbox" | "radio" | "searchbox" => "input", "combobox" => "select", _ => "div" },
        "bounds": {"x": 10.0, "y": 10.0 + 40.0 * id as f64, "width": 100.0, "height": 20.0},
        "in_view": true,
    }))
    .unwrap();
    element.interactive = role != "StaticText";
    element.states.editable = matches!(role, "textbox" | "searchbox");
    for fact in facts.split(';').map(str::trim).filter(|f| !f.is_empty()) {
        let (key, value) = fact.split_once('=').unwrap_or((fact, ""));
        if let Some(attribute) = key.strip_prefix("a.") {
            element
                .attributes
                .insert(attribute.to_owned(), value.to_owned());
            continue;
        }
        if let Some(key) = key.strip_prefix("form.") {
            let form = element.form.get_or_insert_with(Form::default);
            match key {
                "post" | "get" | "dialog" => {
                    form.method = key.to_owned();
                    form.action = if value.is_empty() {
                        format!("{SITE}/do")
                    } else {
                        value.to_owned()
                    };
                    form.submits = role == "button";
                }
                "plain" => form.submits = false,
                "submits" => form.submits = true,
                "card" => form.has_card = true,
                "password" => form.has_password = true,
                "file" => form.has_file = true,
                field => form.fields.push((field.to_owned(), value.to_owned())),
            }
            continue;
        }
        match key {
            "tag" => element.tag = value.to_owned(),
            "expanded" => element.states.expanded = Some(false),
            "static" => element.interactive = false,
            "row" => {
                element.row = Some(Row {
                    count: 3,
                    ..Row::default()
                })
            }
            "path" => element.path = value.to_owned(),
            other => panic!("unknown fact {other}"),
        }
    }
    element
}

fn page(elements: Vec<Element>) -> Observation {
    Observation {
        url: format!("{SITE}/page"),
        title: String::new(),
        viewport: Size {
            width: 1280.0,
            height: 800.0,
        },
        scroll: ScrollState::default(),
        tabs: Vec::new(),
        dialog: None,
        focused: None,
        frames: vec![Frame {
            url: format!("{SITE}/page"),
            bounds: None,
            parent: None,
        }],
        elements,
        scope: Scope::NearView,
        unlisted: 0,
        downloads: Vec::new(),
        screenshot: None,
    }
}

fn click(element: &Element) -> Action {
    Action::Click {
        target: Target::Element(element.id.clone()),
        button: Button::Left,
        count: 1,
        modifiers: Vec::new(),
    }
}

fn press(keys: &str) -> Action {
    Action::Press {
        keys: keys.to_owned(),
    }
}

/// The review in a word: `allow`, `ask KIND` or `refuse KIND`.
fn verdict(
    policy: &GuardPolicy,
    observation: &Observation,
    action: &Action,
    demonstrated: Option<&str>,
    mark: Option<Kind>,
) -> String {
    let element = match action.target() {
        Some(Target::Element(id)) => observation.element(id),
        Some(Target::Point(_)) | None => None,
    };
    let sites = [SITE.to_owned()];
    let proposal = Proposal {
        action,
        element,
        observation,
        mark,
        says: "do it",
        demonstrated,
        sites: &sites,
        uploads: Uploads {
            shown: true,
            ..Uploads::default()
        },
    };
    let word = |kind: Kind| {
        serde_json::to_value(kind)
            .unwrap()
            .as_str()
            .unwrap()
            .to_owned()
    };
    match review(policy, &proposal) {
        Review::Allow { .. } => "allow".to_owned(),
        Review::Ask(card) => format!("ask {}", word(card.kind)),
        Review::Refuse { kind, .. } => format!("refuse {}", word(kind)),
    }
}

/// What a click on this element gives: not shown, and shown without a mark.
fn check_click(text: &str, fresh: &str, shown: &str) -> Option<String> {
    let page = page(vec![element(1, text)]);
    let action = click(&page.elements[0]);
    let policy = GuardPolicy::default();
    let got = (
        verdict(&policy, &page, &action, None, None),
        verdict(&policy, &page, &action, Some("clicked it"), None),
    );
    (got != (fresh.to_owned(), shown.to_owned())).then(|| {
        format!(
            "{text}\n   wanted {fresh}, {shown}\n   got    {}, {}",
            got.0, got.1
        )
    })
}

/// What is clicked; the verdict when a model proposes it; the verdict when a person showed it.
const CLICKS: &[(&str, &str, &str)] = &[
    // What cannot change anything.
    ("link Orders | a.href=/orders", "allow", "allow"),
    ("link Pay attention | a.href=/blog/1", "allow", "allow"),
    ("link Send feedback | a.href=/feedback", "allow", "allow"),
    ("link Sign up | a.href=/signup", "allow", "allow"),
    ("link Next page | a.href=?page=2", "allow", "allow"),
    ("link Top | a.href=#top", "allow", "allow"),
    ("link Top | a.href=/page#top", "allow", "allow"),
    ("link Send | a.href=/page#send", "ask send", "ask send"),
    ("link Send | a.href=/page", "ask send", "ask send"),
    ("link Fold | a.href=/page", "ask other", "allow"),
    ("button Tickets | tag=a; a.href=/tickets", "allow", "allow"),
    (
        "button Choose a picture | tag=input; a.type=file; form.post",
        "allow",
        "allow",
    ),
    ("link Order history | a.href=/orders", "allow", "allow"),
    ("textbox Amount | form.post", "allow", "allow"),
    (
        "checkbox I agree to the terms | form.post",
        "allow",
        "allow",
    ),
    ("checkbox Milk", "allow", "allow"),
    ("radio Visa | form.post", "allow", "allow"),
    ("tab Payment", "allow", "allow"),
    ("option Delete", "allow", "allow"),
    ("combobox Country | form.post", "allow", "allow"),
    ("gridcell 14", "allow", "allow"),
    ("treeitem Trash", "allow", "allow"),
    ("StaticText Pay now to save", "allow", "allow"),
    ("button Menu | a.type=button", "allow", "allow"),
    ("button Next", "allow", "allow"),
    ("button Next (3)", "allow", "allow"),
    ("button Weiter", "allow", "allow"),
    ("button 検索", "allow", "allow"),
    ("button 12", "allow", "allow"),
    ("button Cancel", "allow", "allow"),
    ("button More options | expanded", "allow", "allow"),
    ("button Account | expanded", "allow", "allow"),
    ("button Start over | a.type=reset", "allow", "allow"),
    ("button Search | form.get", "allow", "allow"),
    ("button Go | form.get", "ask other", "allow"),
    ("button Submit | form.get", "ask other", "allow"),
    ("button Confirm payment | form.get", "ask pay", "ask pay"),
    ("button Search orders | form.get", "allow", "allow"),
    // Buttons of the page's script that say nothing.
    ("button", "ask other", "allow"),
    ("button OK", "ask other", "allow"),
    ("button Save | a.type=button", "ask other", "allow"),
    ("button Continue", "ask other", "allow"),
    ("button Confirm", "ask other", "allow"),
    ("generic Frobnicate", "ask other", "allow"),
    ("image", "ask other", "allow"),
    ("switch Dark mode", "ask other", "allow"),
    ("link Fold | a.href=#", "ask other", "allow"),
    ("link Go | a.href=javascript:go()", "ask other", "allow"),
    (
        "link Go | a.href=/go; a.data-method=post",
        "ask other",
        "allow",
    ),
    ("menuitem Rename", "ask other", "allow"),
    ("button Continue to payment", "ask other", "allow"),
    // Buttons that say what they do, by language.
    ("button Pay", "ask pay", "ask pay"),
    ("button Pay €12.50 now", "ask pay", "ask pay"),
    ("button Buy now", "ask pay", "ask pay"),
    ("button P\u{ad}a\u{200b}y", "ask pay", "ask pay"),
    ("button Confirm payment", "ask pay", "ask pay"),
    ("button Jetzt bezahlen", "ask pay", "ask pay"),
    ("button Zahlungspflichtig bestellen", "ask pay", "ask pay"),
    ("button Payer 12,00 €", "ask pay", "ask pay"),
    ("button Pagar ahora", "ask pay", "ask pay"),
    ("button Acquista", "ask pay", "ask pay"),
    ("button Betalen", "ask pay", "ask pay"),
    ("button Zapłać", "ask pay", "ask pay"),
    ("button 立即支付", "ask pay", "ask pay"),
    ("button 購入する", "ask pay", "ask pay"),
    ("button Оплатить", "ask pay", "ask pay"),
    ("generic Pay now", "ask pay", "ask pay"),
    (
        "button Transfer",
        "ask transfer-money",
        "ask transfer-money",
    ),
    (
        "button Submit expense report",
        "ask transfer-money",
        "ask transfer-money",
    ),
    (
        "button Überweisen",
        "ask transfer-money",
        "ask transfer-money",
    ),
    (
        "button Withdraw",
        "ask transfer-money",
        "ask transfer-money",
    ),
    ("button Place order", "ask order", "ask order"),
    ("button Bestellen", "ask order", "ask order"),
    ("button Commander", "ask order", "ask order"),
    ("button Subscribe", "ask order", "ask order"),
    ("button 注文する", "ask order", "ask order"),
    ("button Book", "ask book", "ask book"),
    ("button Reserve a table", "ask book", "ask book"),
    ("button Termin vereinbaren", "ask book", "ask book"),
    ("button Prenota", "ask book", "ask book"),
    (
        "button Cancel booking",
        "ask cancel-or-return",
        "ask cancel-or-return",
    ),
    (
        "button Cancel | row",
        "ask cancel-or-return",
        "ask cancel-or-return",
    ),
    (
        "button Unsubscribe",
        "ask cancel-or-return",
        "ask cancel-or-return",
    ),
    (
        "button Kündigen",
        "ask cancel-or-return",
        "ask cancel-or-return",
    ),
    ("button Send", "ask send", "ask send"),
    ("button Reply all", "ask send", "ask send"),
    ("button Senden", "ask send", "ask send"),
    ("button Envoyer", "ask send", "ask send"),
    ("button Enviar", "ask send", "ask send"),
    ("button Invia", "ask send", "ask send"),
    ("button Verzenden", "ask send", "ask send"),
    ("button Wyślij", "ask send", "ask send"),
    ("button 发送", "ask send", "ask send"),
    ("button 送信", "ask send", "ask send"),
    ("button Post comment", "ask publish", "ask publish"),
    ("button Veröffentlichen", "ask publish", "ask publish"),
    ("button Publier", "ask publish", "ask publish"),
    ("button Merge pull request", "ask publish", "ask publish"),
    ("button Delete", "ask delete", "ask delete"),
    ("button Delete filter", "ask delete", "ask delete"),
    ("menuitem Move to trash", "ask delete", "ask delete"),
    ("image Delete", "ask delete", "ask delete"),
    ("button | a.title=Delete", "ask delete", "ask delete"),
    ("button Löschen", "ask delete", "ask delete"),
    ("button Supprimer", "ask delete", "ask delete"),
    ("button Eliminar", "ask delete", "ask delete"),
    ("button Usuń", "ask delete", "ask delete"),
    ("button 削除", "ask delete", "ask delete"),
    ("button Share", "ask share", "ask share"),
    ("switch Make public", "ask share", "ask share"),
    ("button Authorize app", "ask share", "ask share"),
    ("button Freigeben", "ask share", "ask share"),
    (
        "button Change password",
        "ask change-credentials",
        "ask change-credentials",
    ),
    (
        "button Generate API key",
        "ask change-credentials",
        "ask change-credentials",
    ),
    ("button I agree", "ask accept-terms", "ask accept-terms"),
    ("button Sign", "ask accept-terms", "ask accept-terms"),
    ("button Sign out", "ask other", "allow"),
    (
        "button Sign up | form.post",
        "ask create-account",
        "ask create-account",
    ),
    (
        "button Accept all cookies",
        "ask accept-terms",
        "ask accept-terms",
    ),
    ("button Akzeptieren", "ask accept-terms", "ask accept-terms"),
    (
        "button Create account",
        "ask create-account",
        "ask create-account",
    ),
    (
        "button Registrieren",
        "ask create-account",
        "ask create-account",
    ),
    ("button Upload", "ask upload", "ask upload"),
    (
        "button Install",
        "ask download-to-run",
        "ask download-to-run",
    ),
    (
        "button Delete all",
        "ask change-in-bulk",
        "ask change-in-bulk",
    ),
    (
        "button Approve selected",
        "ask change-in-bulk",
        "ask change-in-bulk",
    ),
    (
        "link Delete | a.href=javascript:del()",
        "ask delete",
        "ask delete",
    ),
    (
        "link Delete | a.href=/x; a.data-method=delete",
        "ask delete",
        "ask delete",
    ),
    (
        "link Delete | a.href=/items/3/delete",
        "ask delete",
        "allow",
    ),
    ("link Buy tickets | a.href=/tickets", "ask pay", "allow"),
    // Addresses that lead away or to programs.
    (
        "link News | a.href=https://elsewhere.example/",
        "ask leave-sites",
        "ask leave-sites",
    ),
    (
        "link Write us | a.href=mailto:a@b.example",
        "ask leave-sites",
        "ask leave-sites",
    ),
    (
        "link Same host | a.href=https://app.example.evil.example/",
        "ask leave-sites",
        "ask leave-sites",
    ),
    (
        "link Setup | a.href=/files/setup.exe",
        "ask download-to-run",
        "ask download-to-run",
    ),
    (
        "link Tool | a.href=/get; a.download=tool.AppImage",
        "ask download-to-run",
        "ask download-to-run",
    ),
    ("link Report | a.href=/files/report.pdf", "allow", "allow"),
    // Forms.
    ("button Go | form.post", "ask other", "ask other"),
    ("button Submit | form.post", "ask other", "ask other"),
    ("button | form.post", "ask other", "ask other"),
    ("button Save | form.post", "ask other", "ask other"),
    ("button Next | form.post", "ask other", "allow"),
    ("button Search | form.post", "ask other", "allow"),
    ("button Add to cart | form.post", "ask other", "allow"),
    (
        "button Continue to payment | form.post",
        "ask other",
        "allow",
    ),
    (
        "button Continue | form.post; form.card",
        "ask pay",
        "ask pay",
    ),
    ("button Next | form.post; form.card", "ask pay", "ask pay"),
    ("button Search | form.get; form.card", "ask pay", "ask pay"),
    ("button Payment | form.post", "ask pay", "ask pay"),
    ("button Send message | form.post", "ask send", "ask send"),
    ("button Delete | form.get", "ask delete", "ask delete"),
    (
        "button Go | form.post; form.file",
        "ask upload",
        "ask upload",
    ),
    (
        "button Go | form.post; form.I agree to the terms=on",
        "ask accept-terms",
        "ask accept-terms",
    ),
    (
        "button Go | form.post; form.I agree to the terms=no",
        "ask other",
        "ask other",
    ),
    (
        "button Go | form.post; form.Passport number=X1",
        "ask submit-personal-data",
        "ask submit-personal-data",
    ),
    (
        "button Go | form.post; form.Email=a@b; form.Phone=1",
        "ask submit-personal-data",
        "ask submit-personal-data",
    ),
    (
        "button Go | form.post; form.Email=a@b",
        "ask other",
        "ask other",
    ),
    (
        "button Sign in | form.post; form.password; form.Email=a@b",
        "ask other",
        "allow",
    ),
    (
        "button Anmelden | form.post; form.password",
        "ask other",
        "allow",
    ),
    (
        "button Search | form.get=https://elsewhere.example/s",
        "ask leave-sites",
        "ask leave-sites",
    ),
    (
        "button Next | form.post=https://elsewhere.example/s",
        "ask leave-sites",
        "ask leave-sites",
    ),
    (
        "button Send | form.post=https://elsewhere.example/s",
        "ask send",
        "ask send",
    ),
    (
        "button Send | form.post; form.plain",
        "ask send",
        "ask send",
    ),
    (
        "button Widgets | form.post; form.plain",
        "ask other",
        "allow",
    ),
    ("button Send | form.dialog", "ask send", "ask send"),
    ("button Fine | form.dialog", "ask other", "allow"),
    (
        "button Go | form.get; a.formmethod=post",
        "ask other",
        "ask other",
    ),
    (
        "button Go | form.get; a.formaction=https://elsewhere.example/",
        "ask leave-sites",
        "ask leave-sites",
    ),
];

#[test]
fn clicks_are_read_for_what_they_would_do() {
    let wrong: Vec<String> = CLICKS
        .iter()
        .filter_map(|(text, fresh, shown)| check_click(text, fresh, shown))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Which element has the focus, what is done there, and the verdict for what nobody showed.
#[test]
fn keys_send_forms_too() {
    let type_text = |text: &str| Action::Type {
        text: Text::Plain(text.to_owned()),
    };
    let field = "textbox Name | form.post";
    let rows: Vec<(&str, Action, &str)> = vec![
        (field, press("Enter"), "ask other"),
        (field, press("NumpadEnter"), "ask other"),
        (field, press("Control+Enter"), "ask other"),
        (field, press("Tab"), "allow"),
        (field, press("a"), "allow"),
        (field, press("Space"), "allow"),
        (field, press("Backspace"), "allow"),
        (field, press("Control+a"), "allow"),
        (field, press("Control+s"), "ask other"),
        (field, type_text("hello there"), "allow"),
        (field, type_text("hello\n"), "ask other"),
        (
            "textbox Name | form.post; form.card",
            press("Enter"),
            "ask pay",
        ),
        ("searchbox Find | form.get", press("Enter"), "allow"),
        ("textbox Search | form.get", press("Enter"), "allow"),
        ("textbox Name | form.get", press("Enter"), "ask other"),
        ("searchbox Find", press("Enter"), "allow"),
        ("textbox Message", press("Enter"), "ask other"),
        (
            "textbox Message | tag=textarea; form.post",
            press("Enter"),
            "allow",
        ),
        (
            "textbox Message | tag=textarea; form.post",
            type_text("a\nb"),
            "allow",
        ),
        (
            "textbox Message | tag=textarea; form.post",
            press("Control+Enter"),
            "ask other",
        ),
        (
            "textbox Message | tag=textarea",
            press("Meta+Enter"),
            "ask other",
        ),
        ("button Pay", press("Enter"), "ask pay"),
        ("button Pay", press("Space"), "ask pay"),
        ("button Pay", type_text(" "), "ask pay"),
        ("button Menu", press("Space"), "allow"),
        ("checkbox Milk | form.post", press("Space"), "allow"),
        ("checkbox Milk | form.post", press("Enter"), "ask other"),
        ("link Home | a.href=/", press("Enter"), "allow"),
        (
            "link Away | a.href=https://elsewhere.example",
            press("Enter"),
            "ask leave-sites",
        ),
        ("generic Row", press("Delete"), "ask delete"),
        ("generic Row", press("e"), "ask other"),
        ("generic Row", type_text("#"), "ask other"),
    ];
    let policy = GuardPolicy::default();
    for (text, action, wanted) in rows {
        let mut page = page(vec![element(1, text)]);
        page.focused = Some(ElementId("0:1".to_owned()));
        let got = verdict(&policy, &page, &action, None, None);
        assert_eq!(got, wanted, "{text}: {action:?}");
    }
    let nothing = page(Vec::new());
    assert_eq!(
        verdict(&policy, &nothing, &press("Enter"), None, None),
        "ask other"
    );
    assert_eq!(
        verdict(&policy, &nothing, &press("Escape"), None, None),
        "allow"
    );
}

#[test]
fn enter_in_a_field_means_what_the_forms_button_says() {
    let mut page = page(vec![
        element(1, "textbox Amount | form.post"),
        element(2, "button Transfer | form.post"),
    ]);
    page.focused = Some(ElementId("0:1".to_owned()));
    // Both fields of the same form have the same facts, but for which of them sends it.
    let got = verdict(&GuardPolicy::default(), &page, &press("Enter"), None, None);
    assert_eq!(got, "ask transfer-money");
}

#[test]
fn addresses_outside_ask_and_others_than_http_are_refused() {
    let policy = GuardPolicy::default();
    for (url, wanted) in [
        ("https://app.example/x", "allow"),
        ("/relative", "allow"),
        ("about:blank", "allow"),
        ("https://elsewhere.example/", "ask leave-sites"),
        ("http://app.example/", "ask leave-sites"),
        ("https://app.example@elsewhere.example/", "ask leave-sites"),
        ("https://app.example/a.sh", "ask download-to-run"),
        ("javascript:alert(1)", "refuse leave-sites"),
        (" JavaScript:alert(1)", "refuse leave-sites"),
        ("data:text/html,x", "refuse leave-sites"),
        ("file:///etc/passwd", "refuse leave-sites"),
        ("chrome://settings", "refuse leave-sites"),
        ("view-source:https://app.example", "refuse leave-sites"),
    ] {
        for action in [
            Action::Navigate {
                url: url.to_owned(),
            },
            Action::OpenTab {
                url: url.to_owned(),
            },
        ] {
            let got = verdict(
                &policy,
                &page(Vec::new()),
                &action,
                Some("went there"),
                None,
            );
            assert_eq!(got, wanted, "{url}");
        }
    }
}

#[test]
fn dialogs_are_read_by_their_message() {
    for (kind, message, accept, fresh, shown) in [
        (DialogKind::Alert, "Deleted", true, "allow", "allow"),
        (
            DialogKind::Confirm,
            "Delete 3 files?",
            true,
            "ask delete",
            "ask delete",
        ),
        (
            DialogKind::Confirm,
            "Delete 3 files?",
            false,
            "allow",
            "allow",
        ),
        (
            DialogKind::Confirm,
            "Wirklich löschen?",
            true,
            "ask delete",
            "ask delete",
        ),
        (
            DialogKind::Confirm,
            "Are you sure?",
            true,
            "ask other",
            "allow",
        ),
        (DialogKind::Prompt, "Your name?", true, "ask other", "allow"),
        (DialogKind::BeforeUnload, "Leave?", true, "allow", "allow"),
    ] {
        let mut page = page(Vec::new());
        page.dialog = Some(Dialog {
            kind,
            message: message.to_owned(),
            default_text: String::new(),
        });
        let action = Action::AnswerDialog { accept, text: None };
        let policy = GuardPolicy::default();
        assert_eq!(
            verdict(&policy, &page, &action, None, None),
            fresh,
            "{message}"
        );
        assert_eq!(
            verdict(&policy, &page, &action, Some("OK"), None),
            shown,
            "{message}"
        );
    }
}

#[test]
fn files_choices_and_drops() {
    let target = || Target::Element(ElementId("0:1".to_owned()));
    let upload = || Action::Upload {
        target: target(),
        files: vec!["a.png".into()],
    };
    let choose = |option: &str| Action::Choose {
        target: target(),
        options: vec![option.to_owned()],
    };
    let fill = || Action::Fill {
        target: target(),
        value: Text::Plain("x".to_owned()),
    };
    let select = || Action::Select {
        target: target(),
        text: Some("x".to_owned()),
    };
    let drag = || Action::Drag {
        path: vec![Target::Point(Point { x: 0.0, y: 0.0 }), target()],
    };
    for (first, second, action, fresh, shown) in [
        (
            "button File | tag=input; a.type=file; form.post; form.plain",
            "button Go | form.post",
            upload(),
            "ask upload",
            "allow",
        ),
        (
            "button File | tag=input; a.type=file",
            "button Go",
            upload(),
            "ask upload",
            "ask upload",
        ),
        (
            "combobox Country | form.post",
            "",
            choose("Order"),
            "allow",
            "allow",
        ),
        (
            "combobox Action",
            "",
            choose("Delete selected"),
            "ask change-in-bulk",
            "ask change-in-bulk",
        ),
        ("combobox Action", "", choose("Blue"), "allow", "allow"),
        (
            "combobox Page | form.post; a.onchange=this.form.submit()",
            "",
            choose("2"),
            "ask other",
            "ask other",
        ),
        ("textbox Name | form.post", "", fill(), "allow", "allow"),
        (
            "textbox Name | form.post; form.submits",
            "",
            fill(),
            "ask other",
            "ask other",
        ),
        (
            "textbox Name | form.post; form.submits",
            "",
            select(),
            "allow",
            "allow",
        ),
        ("StaticText Pay by Friday", "", select(), "allow", "allow"),
        ("button Pay", "", select(), "ask pay", "ask pay"),
        ("generic Trash", "", drag(), "ask delete", "ask delete"),
        ("generic Done", "", drag(), "ask other", "allow"),
        ("slider Volume", "", drag(), "allow", "allow"),
    ] {
        let mut elements = vec![element(1, first)];
        if !second.is_empty() {
            elements.push(element(2, second));
        }
        let page = page(elements);
        let policy = GuardPolicy::default();
        assert_eq!(
            verdict(&policy, &page, &action, None, None),
            fresh,
            "{first}"
        );
        assert_eq!(
            verdict(&policy, &page, &action, Some("did it"), None),
            shown,
            "{first}"
        );
    }
}

#[test]
fn a_second_password_field_changes_a_credential() {
    let field = |id| {
        element(
            id,
            "textbox Secret | form.post; form.password; a.type=password",
        )
    };
    let button = element(3, "button Save | form.post; form.password");
    let one = page(vec![field(1), button.clone()]);
    let two = page(vec![field(1), field(2), button]);
    let policy = GuardPolicy::default();
    let shown = Some("clicked");
    assert_eq!(
        verdict(&policy, &one, &click(&one.elements[1]), shown, None),
        "allow"
    );
    assert_eq!(
        verdict(&policy, &two, &click(&two.elements[2]), shown, None),
        "ask change-credentials"
    );
}

#[test]
fn a_click_on_a_bare_point_is_a_click_on_what_lies_there() {
    let mut page = page(vec![
        element(1, "button Pay"),
        element(2, "StaticText hello"),
    ]);
    let at = |x, y| Action::Click {
        target: Target::Point(Point { x, y }),
        button: Button::Left,
        count: 1,
        modifiers: Vec::new(),
    };
    let policy = GuardPolicy::default();
    assert_eq!(
        verdict(&policy, &page, &at(20.0, 55.0), None, None),
        "ask pay"
    );
    assert_eq!(
        verdict(&policy, &page, &at(20.0, 95.0), None, None),
        "allow"
    );
    assert_eq!(
        verdict(&policy, &page, &at(900.0, 700.0), None, None),
        "ask other"
    );
    // A control inside a larger one is what is meant.
    page.elements[1] = Element {
        bounds: Rect {
            x: 0.0,
            y: 0.0,
            width: 500.0,
            height: 500.0,
        },
        ..element(2, "button Menu")
    };
    assert_eq!(
        verdict(&policy, &page, &at(20.0, 55.0), None, None),
        "ask pay"
    );
}

#[test]
fn rules_allow_and_refuse_by_kind_and_site() {
    let policy = GuardPolicy::from_toml(
        "apprentice.toml",
        r#"
        [guard]
        delete = "refuse"
        send = "allow"
        [[guard.rule]]
        kind = "pay"
        site = "https://app.example"
        action = "allow"
        "#,
    )
    .unwrap();
    for (text, wanted) in [
        ("button Send", "allow"),
        ("button Pay", "allow"),
        ("button Delete", "refuse delete"),
        ("button Send and delete", "refuse delete"),
        ("button Send and share", "ask share"),
        (
            "button Send | form.post=https://elsewhere.example/",
            "ask leave-sites",
        ),
        (
            "button Pay | form.post=https://elsewhere.example/",
            "ask pay",
        ),
        ("link Delete | a.href=/d", "refuse delete"),
    ] {
        let page = page(vec![element(1, text)]);
        let got = verdict(
            &policy,
            &page,
            &click(&page.elements[0]),
            Some("shown"),
            None,
        );
        assert_eq!(got, wanted, "{text}");
    }
}

#[test]
fn a_card_says_what_would_be_sent_where() {
    let mut button = element(
        2,
        "button Submit | form.post=https://app.example/reports; form.Merchant=Café Blau; form.Card=4242 4242 4242 4242",
    );
    button.states = States::default();
    let total = element(1, "StaticText Total: €23.40");
    let page = page(vec![total, button]);
    let sites = [SITE.to_owned()];
    let action = click(&page.elements[1]);
    let proposal = Proposal {
        action: &action,
        element: page.element(&ElementId("0:2".to_owned())),
        observation: &page,
        mark: Some(Kind::TransferMoney),
        says: "submit the report",
        demonstrated: Some("clicked Submit"),
        sites: &sites,
        uploads: Uploads {
            shown: true,
            ..Uploads::default()
        },
    };
    let Review::Ask(card) = review(&GuardPolicy::default(), &proposal) else {
        panic!("a marked step asks");
    };
    assert_eq!(card.kind, Kind::TransferMoney);
    assert_eq!(
        card.title,
        "button \"Submit\" would transfer or claim money at app.example"
    );
    assert_eq!(card.origin, "https://app.example");
    assert_eq!(card.amount.as_deref(), Some("€23.40"));
    assert_eq!(
        card.fields[0],
        ("Merchant".to_owned(), "Café Blau".to_owned())
    );
    assert_eq!(card.fields[1], ("Card".to_owned(), "••••".to_owned()));
    assert_eq!(card.why, "the demonstration marks this step");
    assert_eq!(card.demonstrated.as_deref(), Some("clicked Submit"));
    assert_eq!(card.marks.len(), 1);
}

fn any_kind() -> impl Strategy<Value = Kind> {
    proptest::sample::select(Kind::ALL.to_vec())
}

proptest! {
    /// Given any element of the table, when its step is marked, then it is never done without asking.
    #[test]
    fn a_mark_always_asks(row in 0..CLICKS.len(), kind in any_kind(), shown: bool) {
        let page = page(vec![element(1, CLICKS[row].0)]);
        let action = click(&page.elements[0]);
        let got = verdict(&GuardPolicy::default(), &page, &action, shown.then_some("it"), Some(kind));
        prop_assert!(got.starts_with("ask"), "{got}");
        let mild = page.elements[0].clone();
        let look = Action::Hover { target: Target::Element(mild.id) };
        let got = verdict(&GuardPolicy::default(), &page, &look, shown.then_some("it"), Some(kind));
        prop_assert!(got.starts_with("ask"), "{got}");
    }

    /// Given something that asks, when the page says more (elsewhere, or in the button's own name), then it still asks.
    #[test]
    fn no_text_of_a_page_turns_asking_into_doing(row in 0..CLICKS.len(), other in 0..CLICKS.len(), added in "\\PC{0,20}", shown: bool) {
        let shown = shown.then_some("it");
        let policy = GuardPolicy::default();
        let before = page(vec![element(1, CLICKS[row].0)]);
        let action = click(&before.elements[0]);
        if verdict(&policy, &before, &action, shown, None).starts_with("ask") {
            let mut louder = before.clone();
            louder.title.push_str(&added);
            louder.elements.push(element(2, CLICKS[other].0));
            louder.elements.push(element(3, &format!("StaticText {}", added.replace(['|', ';'], ""))));
            let got = verdict(&policy, &louder, &action, shown, None);
            prop_assert!(got.starts_with("ask"), "elsewhere: {got}");
            // What needs a yes although it was shown says so by a word, a fact or a form: no further word takes that back.
            let mut renamed = before.clone();
            let named = &mut renamed.elements[0];
            let is_button = named.role == "button" && !named.name.is_empty();
            if is_button && shown.is_some() && CLICKS[row].2 != "ask other" {
                named.name = format!("{} {added}", named.name);
                let got = verdict(&policy, &renamed, &action, shown, None);
                prop_assert!(got.starts_with("ask"), "renamed: {got}");
            }
        }
    }
}
