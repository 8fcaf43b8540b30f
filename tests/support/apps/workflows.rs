//! The workflows: what each is asked to do, in a sentence with other values than it was shown for, what it must ask for, and
//! what the database must hold afterwards. Decided before anything was measured.

use apprentice::guard::Kind;

use super::database::Fact;
use super::serve::App;

/// One workflow as it is done.
#[derive(Debug)]
pub struct Workflow {
    pub app: App,
    pub name: &'static str,
    pub goal: &'static str,
    /// Name, as the recorder calls it by its field, and value.
    pub secrets: &'static [(&'static str, &'static str)],
    /// The job's own sensitive deed: one card of one of these kinds is what a person wants to see, any other is one too many.
    /// Empty where the job has none and should ask nothing.
    pub necessary: &'static [Kind],
    /// What the database is asked.
    pub fact: Fact,
    pub before: &'static [&'static str],
    pub after: &'static [&'static str],
    /// What is in the title of the page where the job ends, in English; tells of jobs that only look something up.
    pub ends_at: &'static str,
}

const TRACKER: &[(&str, &str)] = &[("login-password", "demo")];
const CUSTOMER: &[(&str, &str)] = &[("password", "green-thumb-7")];

const ISSUES: Fact = Fact::Rows(
    "select i._title, s._name, p._name, count(distinct m.linkid), group_concat(distinct f._name)
     from _issue i join _status s on s.id = i._status join _priority p on p.id = i._priority
     left join issue_messages m on m.nodeid = i.id
     left join issue_files l on l.nodeid = i.id left join _file f on f.id = l.linkid
     where i.__retired__ = 0 group by i.id",
);
const NO_CHANGE: &[&str] = &[
    "Blank page after saving | unread | critical | 0 | None",
    "Export to spreadsheet | unread | feature | 0 | None",
    "Label printer jams | unread | bug | 0 | None",
    "Typo in the greeting | unread | wish | 0 | None",
];
const NOTES: &[&str] = &[
    "Bed plan | Beans, leek and chard.",
    "Compost | Turn it every second week.",
    "Seed order | Ask for the catalogue in January.",
    "Tool list | Trowel, dibber, two forks.",
];

/// In the order of the table.
pub const WORKFLOWS: &[Workflow] = &[
    Workflow {
        app: App::Tracker,
        name: "file-issue",
        goal: "File the issue \"Door squeaks\" with the priority bug, the text \"Louder in winter.\" and the file \"door.txt\"",
        secrets: TRACKER,
        necessary: &[Kind::Upload, Kind::Publish, Kind::Send],
        fact: ISSUES,
        before: NO_CHANGE,
        after: &[
            "Blank page after saving | unread | critical | 0 | None",
            "Door squeaks | unread | bug | 1 | door.txt",
            "Export to spreadsheet | unread | feature | 0 | None",
            "Label printer jams | unread | bug | 0 | None",
            "Typo in the greeting | unread | wish | 0 | None",
        ],
        ends_at: "Door squeaks",
    },
    Workflow {
        app: App::Tracker,
        name: "change-status",
        goal: "Set the issue \"Typo in the greeting\" to resolved",
        secrets: TRACKER,
        necessary: &[],
        fact: ISSUES,
        before: NO_CHANGE,
        after: &[
            "Blank page after saving | unread | critical | 0 | None",
            "Export to spreadsheet | unread | feature | 0 | None",
            "Label printer jams | unread | bug | 0 | None",
            "Typo in the greeting | resolved | wish | 0 | None",
        ],
        ends_at: "Typo in the greeting",
    },
    Workflow {
        app: App::Tracker,
        name: "search-issues",
        goal: "Find the issue about \"blank\"",
        secrets: TRACKER,
        necessary: &[],
        fact: ISSUES,
        before: NO_CHANGE,
        after: NO_CHANGE,
        ends_at: "Blank page after saving",
    },
    Workflow {
        app: App::Shop,
        name: "buy-product",
        goal: "Buy the Pruning shears",
        secrets: &[
            ("password", "green-thumb-7"),
            ("card-number", "4111111111111111"),
            ("ccv-number", "123"),
        ],
        necessary: &[Kind::Pay, Kind::Order],
        fact: Fact::Rows(
            "select o.total_incl_tax, l.title, l.quantity, s.amount_debited, s.label from order_order o
             left join order_line l on l.order_id = o.id left join payment_source s on s.order_id = o.id",
        ),
        before: &[],
        after: &["24.9 | Pruning shears | 1 | 24.9 | 1111"],
        ends_at: "confirmation",
    },
    Workflow {
        app: App::Shop,
        name: "fill-basket",
        goal: "Put 3 of the Rain gauge into the basket",
        secrets: CUSTOMER,
        necessary: &[],
        fact: Fact::Rows(
            "select p.title, l.quantity, b.status from basket_line l
             join basket_basket b on b.id = l.basket_id join catalogue_product p on p.id = l.product_id",
        ),
        before: &[],
        after: &["Rain gauge | 3 | Open"],
        ends_at: "Basket",
    },
    Workflow {
        app: App::Shop,
        name: "review-product",
        goal: "Review the Rubber boots with 3 stars: \"Dry feet\", \"Wide enough for two pairs of socks.\"",
        secrets: CUSTOMER,
        necessary: &[Kind::Publish, Kind::Send],
        fact: Fact::Rows(
            "select p.title, r.title, r.score, r.body from reviews_productreview r
             join catalogue_product p on p.id = r.product_id",
        ),
        before: &[],
        after: &["Rubber boots | Dry feet | 3 | Wide enough for two pairs of socks."],
        ends_at: "Rubber boots",
    },
    Workflow {
        app: App::Wiki,
        name: "create-note",
        goal: "Write the note \"Frost dates\": \"First frost in mid October.\"",
        secrets: &[],
        necessary: &[],
        fact: Fact::Notes,
        before: NOTES,
        after: &[
            "Bed plan | Beans, leek and chard.",
            "Compost | Turn it every second week.",
            "Frost dates | First frost in mid October.",
            "Seed order | Ask for the catalogue in January.",
            "Tool list | Trowel, dibber, two forks.",
        ],
        ends_at: "Garden notebook",
    },
    Workflow {
        app: App::Wiki,
        name: "edit-note",
        goal: "Change the note \"Tool list\" to \"Trowel, dibber, one fork.\"",
        secrets: &[],
        necessary: &[],
        fact: Fact::Notes,
        before: NOTES,
        after: &[
            "Bed plan | Beans, leek and chard.",
            "Compost | Turn it every second week.",
            "Seed order | Ask for the catalogue in January.",
            "Tool list | Trowel, dibber, one fork.",
        ],
        ends_at: "Garden notebook",
    },
    Workflow {
        app: App::Wiki,
        name: "delete-note",
        goal: "Delete the note \"Bed plan\"",
        secrets: &[],
        necessary: &[Kind::Delete],
        fact: Fact::Notes,
        before: NOTES,
        after: &[
            "Compost | Turn it every second week.",
            "Seed order | Ask for the catalogue in January.",
            "Tool list | Trowel, dibber, two forks.",
        ],
        ends_at: "Garden notebook",
    },
];
