//! What was shown: the deeds of a person doing each workflow once, and the sentence that says it.

use std::path::Path;

use crate::apps::serve::App;
use crate::hand::Deed;

/// One workflow as it is shown.
pub struct Shown {
    pub app: App,
    pub workflow: &'static str,
    pub goal: &'static str,
    deeds: fn() -> Vec<Deed>,
}

impl Shown {
    pub fn deeds(&self) -> Vec<Deed> {
        (self.deeds)()
    }
}

/// Every workflow, in the order of the table.
pub fn all() -> Vec<Shown> {
    use Deed::{Agree, Attach, Choose, Click, ClickIn, ClickNth, Fill, See};
    vec![
        Shown {
            app: App::Tracker,
            workflow: "file-issue",
            goal: "File the issue \"Lamp flickers\" with the priority urgent, the text \"It flickers when the door is closed.\" and the file \"lamp.txt\"",
            deeds: || {
                signed_in_to_tracker([
                    Click("link:Create New"),
                    Fill("name=title", "Lamp flickers"),
                    Choose("name=priority", "urgent"),
                    Fill("name=@note", "It flickers when the door is closed."),
                    Attach("name=@file", file("lamp.txt")),
                    Click("button:Submit New Entry"),
                    See("created"),
                ])
            },
        },
        Shown {
            app: App::Tracker,
            workflow: "change-status",
            goal: "Set the issue \"Label printer jams\" to in-progress",
            deeds: || {
                signed_in_to_tracker([
                    Click("link:Label printer jams"),
                    Choose("name=status", "in-progress"),
                    Click("button:Submit Changes"),
                    See("edited ok"),
                ])
            },
        },
        Shown {
            app: App::Tracker,
            workflow: "search-issues",
            goal: "Find the issue about \"spreadsheet\"",
            deeds: || {
                signed_in_to_tracker([
                    Fill("id=search-text", "spreadsheet"),
                    Click("button:Search"),
                    Click("link:Export to spreadsheet"),
                    See("Superseder"),
                ])
            },
        },
        Shown {
            app: App::Shop,
            workflow: "buy-product",
            goal: "Buy the Garden trowel",
            deeds: || {
                signed_in_to_shop([
                    Fill("name=q", "trowel"),
                    Click("button:Search"),
                    Click("link:Garden trowel"),
                    Click("button:Add to basket"),
                    Click("link:View basket"),
                    Click("link:Proceed to checkout"),
                    Click("button:Ship to your default shipping address"),
                    Fill("name=number", "4111 1111 1111 1111"),
                    Choose("name=expiry_month_0", "08"),
                    Choose("name=expiry_month_1", "2029"),
                    Fill("name=ccv", "123"),
                    Click("button:Continue"),
                    Click("button:Place order"),
                    See("Confirmation"),
                ])
            },
        },
        Shown {
            app: App::Shop,
            workflow: "fill-basket",
            goal: "Put 2 of the Watering can into the basket",
            deeds: || {
                signed_in_to_shop([
                    Click("link:Garden tools"),
                    Click("link:Watering can"),
                    Click("button:Add to basket"),
                    Click("link:View basket"),
                    Fill("name=form-0-quantity", "2"),
                    Click("button:Update"),
                    See("€38.00"),
                ])
            },
        },
        Shown {
            app: App::Shop,
            workflow: "review-product",
            goal: "Review the Straw hat with 4 stars: \"Light and airy\", \"Keeps the sun off all day.\"",
            deeds: || {
                signed_in_to_shop([
                    Click("link:Garden tools"),
                    Click("link:Straw hat"),
                    Click("link:Write a review"),
                    Fill("name=title", "Light and airy"),
                    ClickNth(4, "class~=fa-star"),
                    Fill("name=body", "Keeps the sun off all day."),
                    Click("button:Save review"),
                    See("Thank you"),
                ])
            },
        },
        Shown {
            app: App::Wiki,
            workflow: "create-note",
            goal: "Write the note \"Rain barrel\": \"Empty it before the frost.\"",
            deeds: || {
                vec![
                    Click("title=Create a new tiddler"),
                    Fill("class~=tc-titlebar", "Rain barrel"),
                    Fill(
                        "textbox:Type the text for this tiddler",
                        "Empty it before the frost.",
                    ),
                    Click("title=Confirm changes to this tiddler"),
                    See("Empty it before the frost."),
                ]
            },
        },
        Shown {
            app: App::Wiki,
            workflow: "edit-note",
            goal: "Change the note \"Compost\" to \"Turn it every third week.\"",
            deeds: || {
                vec![
                    ClickIn("Compost", "title=Edit this tiddler"),
                    Fill(
                        "textbox:Type the text for this tiddler",
                        "Turn it every third week.",
                    ),
                    Click("title=Confirm changes to this tiddler"),
                    See("Turn it every third week."),
                ]
            },
        },
        Shown {
            app: App::Wiki,
            workflow: "delete-note",
            goal: "Delete the note \"Seed order\"",
            deeds: || {
                vec![
                    ClickIn("Seed order", "title=Edit this tiddler"),
                    Click("title=Delete this tiddler"),
                    Agree,
                    See("Tool list"),
                ]
            },
        },
    ]
}

fn signed_in_to_tracker<const N: usize>(deeds: [Deed; N]) -> Vec<Deed> {
    use Deed::{Click, Fill, See};
    let mut all = vec![
        Fill("name=__login_name", "demo"),
        Fill("name=__login_password", "demo"),
        Click("button:Login"),
        See("Hello, demo"),
    ];
    all.extend(deeds);
    all
}

fn signed_in_to_shop<const N: usize>(deeds: [Deed; N]) -> Vec<Deed> {
    use Deed::{Click, Fill, See};
    let mut all = vec![
        Click("link:Login or register"),
        Fill("name=login-username", "ana@example.com"),
        Fill("name=login-password", "green-thumb-7"),
        Click("button:Log In"),
        See("Welcome back"),
    ];
    all.extend(deeds);
    all
}

fn file(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/apps")
        .join(name)
}
