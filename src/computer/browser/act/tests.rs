//! Every action on a real browser, and every way in which one is refused.

use serde_json::json;

use super::pages::{Bench, bench};
use crate::computer::{
    Action, Button, ComputerError, Condition, DialogKind, ElementId, Modifier, Point, Reading,
    Rect, Target, Text,
};

const LOG: &str = "<pre id=log></pre><script>const log = (...words) => document.querySelector('#log').append(words.join(' ') + '|')</script>";

async fn page(html: &str) -> Bench {
    bench(&[
        ("page", &format!("{LOG}{html}")),
        ("other", "<title>other</title>other page"),
    ])
    .await
}

fn says(result: Result<Option<String>, ComputerError>, words: &str) {
    let error = result.expect_err(words).to_string();
    assert!(error.contains(words), "{error:?} has no {words:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_moves_when_it_is_pointed_at_is_pressed_where_it_is_then() {
    let mut bench = page(
        "<button id=b style='position:absolute;left:20px;top:100px'>Shy</button><script>
        b.addEventListener('mouseenter', () => { b.style.left = '300px'; }, { once: true });
        b.onclick = e => log('shy', e.isTrusted, e.clientX > 250);
        </script>",
    )
    .await;
    bench.click("#b").await.unwrap();
    assert_eq!(bench.log().await, "shy true true|");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_box_is_clicked_beside_the_controls_in_it_and_what_lies_over_it() {
    let mut bench = page(
        "<div id=box style='position:relative;width:300px;height:200px'><input style='position:absolute;left:100px;top:40px;width:100px'>
        <b style='position:absolute;left:60px;top:80px;width:200px;height:60px'>Over</b></div>
        <script>box.onclick = e => log(e.target.id);</script>",
    )
    .await;
    bench.click("#box").await.unwrap();
    assert_eq!(bench.log().await, "box|");
}

#[tokio::test(flavor = "multi_thread")]
async fn clicks_are_real_and_carry_button_count_and_modifiers() {
    let mut bench = page(
        "<button id=b>Save</button><div style='height:3000px'></div><button id=far>Far</button>
        <div id=host></div><script>
        for (const kind of ['click','dblclick','auxclick','mouseover','wheel']) b.addEventListener(kind, e => log(kind, e.isTrusted, e.button, e.ctrlKey, e.detail));
        far.onclick = e => log('far', e.isTrusted);
        const root = host.attachShadow({mode:'open'}); root.innerHTML = '<button>Shade</button>'; root.querySelector('button').onclick = e => log('shade', e.isTrusted);
        </script>",
    )
    .await;
    let target = bench.id("#b").await;
    bench
        .act(Action::Hover {
            target: target.clone(),
        })
        .await
        .unwrap();
    bench
        .act(Action::Click {
            target: target.clone(),
            button: Button::Left,
            count: 2,
            modifiers: vec![Modifier::Control],
        })
        .await
        .unwrap();
    bench
        .act(Action::Click {
            target: target.clone(),
            button: Button::Middle,
            count: 1,
            modifiers: Vec::new(),
        })
        .await
        .unwrap();
    let log = bench.log().await;
    assert!(
        log.contains("|click true 0 true 1|click true 0 true 2|dblclick true 0 true 2|"),
        "{log}"
    );
    assert!(log.contains("auxclick true 1 false 1|"), "{log}");
    bench.click("#far").await.unwrap();
    let shade = bench.id("#host >>> button").await;
    bench.click_on(shade).await.unwrap();
    let log = bench.log().await;
    assert!(log.ends_with("far true|shade true|"), "{log}");
    bench
        .act(Action::ScrollTo {
            target: target.clone(),
        })
        .await
        .unwrap();
    assert_eq!(bench.eval("scrollY < 10").await, json!(true));
    bench
        .act(Action::Scroll {
            target: None,
            dx: 0.0,
            dy: 500.0,
        })
        .await
        .unwrap();
    bench.sees("Far").await;
    let moved = bench.eval("new Promise(done => { const end = setTimeout(() => done(scrollY), 2000); const look = () => scrollY > 100 ? (clearTimeout(end), done(scrollY)) : requestAnimationFrame(look); look(); })").await;
    assert!(moved.as_f64().unwrap() > 100.0, "{moved}");
    let outside = Target::Point(Point { x: 5000.0, y: 1.0 });
    says(bench.click_on(outside).await, "outside");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_could_not_click_is_refused_by_name() {
    let mut bench = page(
        "<style>@keyframes run { to { transform: translateX(900px) } }</style>
        <button id=gone>Gone</button><button id=hidden style='visibility:hidden'>Hidden</button><button id=off disabled>Off</button>
        <button id=runs style='animation: run 1s infinite alternate linear'>Runs</button>
        <div style='position:relative; width:200px'><button id=under>Under</button><div role=dialog aria-label=Cookies style='position:absolute; inset:-5px; background:red'></div></div>
        <button id=late disabled>Late</button><label>Agree <input type=checkbox id=box style='opacity:0; width:0; height:0; position:absolute'></label>
        <script>setTimeout(() => late.disabled = false, 300); late.onclick = () => log('late'); box.onclick = e => log('box', e.isTrusted)</script>",
    )
    .await;
    bench.click("#late").await.unwrap();
    bench.click("#box").await.unwrap();
    assert_eq!(bench.log().await, "late|box true|");
    let gone = bench.id("#gone").await;
    bench.eval("document.querySelector('#gone').remove()").await;
    assert!(matches!(
        bench.click_on(gone).await,
        Err(ComputerError::Vanished { .. })
    ));
    let nonsense = Target::Element(ElementId("x".to_owned()));
    assert!(matches!(
        bench.click_on(nonsense).await,
        Err(ComputerError::Vanished { .. })
    ));
    says(bench.click("#hidden").await, "is not visible");
    says(bench.click("#off").await, "button \"Off\" is disabled");
    says(
        bench.click("#runs").await,
        "button \"Runs\" does not hold still",
    );
    says(
        bench.click("#under").await,
        "button \"Under\" is covered: dialog \"Cookies\"",
    );
    says(bench.press("Contrl+a").await, "unknown key");
    let left = bench.id("#off").await;
    bench.go("other").await.unwrap();
    assert!(matches!(
        bench.click_on(left).await,
        Err(ComputerError::Vanished { .. })
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_are_filled_by_real_input() {
    let mut bench = page(
        "<input id=t value=old aria-label=Name><textarea id=a></textarea><div id=c contenteditable>old</div><input id=n type=number>
        <input id=d type=date><input id=ti type=time><input id=dt type=datetime-local><input id=m type=month><input id=w type=week>
        <input id=co type=color><input id=r type=range min=0 max=50 step=5><input id=short maxlength=3><input id=ro readonly><input id=cb type=checkbox>
        <input id=mask><button id=z>z</button><script>
        t.addEventListener('keydown', e => log('down', e.key, e.isTrusted), {once: true}); t.onchange = e => log('change', e.isTrusted, t.value);
        d.oninput = e => log('date', e.isTrusted);
        mask.oninput = () => mask.value = mask.value.replace(/\\D/g, '').replace(/(\\d{4})(?=\\d)/g, '$1 ');</script>",
    )
    .await;
    bench.fill("#t", "Zoë 🍣 \"O'Neil\"").await.unwrap();
    bench.press("Tab").await.unwrap();
    let log = bench.log().await;
    assert!(
        log.contains("down Z true|") && log.contains("change true Zoë 🍣 \"O'Neil\"|"),
        "{log}"
    );
    for (selector, value) in [
        ("#a", "first\nsecond 日本"),
        ("#c", "new text"),
        ("#n", "12.5"),
        ("#d", "2026-11-24"),
        ("#ti", "14:05"),
        ("#dt", "2026-11-24T09:30"),
        ("#m", "2026-11"),
        ("#w", "2026-W48"),
        ("#co", "#2266cc"),
        ("#r", "35"),
        ("#t", ""),
    ] {
        if let Err(error) = bench.fill(selector, value).await {
            panic!("{selector}: {error}");
        }
        let held = bench
            .eval(&format!(
                "(e => e.value ?? e.innerText)(document.querySelector('{selector}'))"
            ))
            .await;
        assert_eq!(held, json!(value), "{selector}");
    }
    let long = "x".repeat(5000);
    bench.fill("#a", &long).await.unwrap();
    bench.fill("#mask", "12345678").await.unwrap();
    let log = bench.log().await;
    assert!(
        log.contains("date true|") && !log.contains("date false"),
        "{log}"
    );
    says(bench.fill("#short", "abcd").await, "maxlength");
    says(bench.fill("#t", "a\nb").await, "line breaks");
    says(bench.fill("#ro", "a").await, "read-only");
    says(bench.fill("#cb", "a").await, "it is a checkbox");
    says(bench.fill("#z", "a").await, "does not take a value");
    says(bench.fill("#d", "soon").await, "as in 2026-11-24");
    says(bench.fill("#r", "99").await, "from 0 to 50");
    bench.fill("#t", "one two").await.unwrap();
    bench.press("Control+Shift+ArrowLeft").await.unwrap();
    bench
        .act(Action::Type {
            text: Text::Plain("3 é".to_owned()),
        })
        .await
        .unwrap();
    assert_eq!(
        bench.eval("document.querySelector('#t').value").await,
        json!("one 3 é")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn options_are_chosen_with_one_trusted_change() {
    let mut bench = page(
        "<select id=s aria-label=Country><option>Austria<option disabled>Atlantis<option value=ch>Switzerland<option>Sweden</select>
        <select id=m multiple><option>a<option>b<option>c</select>
        <div role=combobox id=cb aria-controls=lb tabindex=0>Pick</div><ul role=listbox id=lb hidden><li role=option>Red<li role=option>Blue</ul><p id=p>p</p>
        <script>s.onchange = e => log('change', e.isTrusted, s.value); m.onchange = e => log('multi', e.isTrusted);
        cb.onclick = () => lb.hidden = false; for (const o of lb.children) o.onclick = e => { log(o.textContent.trim(), e.isTrusted); lb.hidden = true }</script>",
    )
    .await;
    bench.choose("#s", &["Sweden"]).await.unwrap();
    bench.choose("#s", &["ch"]).await.unwrap();
    assert_eq!(bench.log().await, "change true Sweden|change true ch|");
    bench.choose("#m", &["a", "c"]).await.unwrap();
    assert_eq!(
        bench
            .eval("[...document.querySelector('#m').selectedOptions].map(o => o.value).join()")
            .await,
        json!("a,c")
    );
    bench.choose("#cb", &["Blue"]).await.unwrap();
    assert!(bench.log().await.ends_with("Blue true|"));
    says(
        bench.choose("#s", &["Norway"]).await,
        "has no option \"Norway\"; it has \"Austria\", ",
    );
    says(bench.choose("#s", &["Atlantis"]).await, "disabled");
    says(bench.choose("#s", &["Austria", "Sweden"]).await, "only one");
    says(bench.choose("#p", &["x"]).await, "no list box");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_given_to_inputs_and_to_what_opens_a_chooser() {
    let mut bench = page(
        "<input type=file id=f aria-label=Receipt><input type=file id=many multiple style='display:none'><button id=b onclick='many.click()'>Attach</button><button id=none>None</button>
        <script>f.onchange = e => log(f.files[0].name, e.isTrusted); many.onchange = e => log(many.files.length, e.isTrusted)</script>",
    )
    .await;
    let one = bench.folder.path().join("one.txt");
    let two = bench.folder.path().join("two.txt");
    std::fs::write(&one, "1").unwrap();
    std::fs::write(&two, "2").unwrap();
    let input = bench.id("#f").await;
    let button = bench.id("#b").await;
    let none = bench.id("#none").await;
    let give = |target: &Target, files: &[&std::path::Path]| Action::Upload {
        target: target.clone(),
        files: files.iter().map(|file| file.to_path_buf()).collect(),
    };
    bench.act(give(&input, &[&one])).await.unwrap();
    bench.act(give(&button, &[&one, &two])).await.unwrap();
    bench.sees("2 true").await;
    assert_eq!(bench.log().await, "one.txt true|2 true|");
    says(bench.act(give(&input, &[&one, &two])).await, "only one");
    says(
        bench.act(give(&none, &[&one])).await,
        "opens no file chooser",
    );
    let missing = bench.folder.path().join("missing");
    says(bench.act(give(&input, &[&missing])).await, "cannot be read");
}

#[tokio::test(flavor = "multi_thread")]
async fn things_are_dragged_by_mouse_and_by_drag_and_drop() {
    let mut bench = page(
        "<style>div { width:100px; height:60px; border:1px solid }</style><div id=a draggable=true>A</div><div id=z style='margin-top:200px'>Z</div><div id=s>S</div>
        <script>a.ondragstart = e => e.dataTransfer.setData('text/plain', 'cargo'); z.ondragover = e => e.preventDefault(); z.ondrop = e => log('drop', e.isTrusted, e.dataTransfer.getData('text/plain')); a.ondragend = () => log('end');
        s.onmousedown = e => { onmousemove = () => {}; onmouseup = u => log('moved', u.isTrusted, Math.round(u.clientX - e.clientX)) }</script>",
    )
    .await;
    let a = bench.id("#a").await;
    let z = bench.id("#z").await;
    bench
        .act(Action::Drag {
            path: vec![a.clone(), z],
        })
        .await
        .unwrap();
    bench.sees("drop true cargo").await;
    bench
        .eval("document.querySelector('#a').draggable = false")
        .await;
    let s = bench.id("#s").await;
    let place = bench
        .eval("(b => [b.x + 50, b.y + 30])(document.querySelector('#s').getBoundingClientRect())")
        .await;
    let goal = Point {
        x: place[0].as_f64().unwrap() + 300.0,
        y: place[1].as_f64().unwrap(),
    };
    bench
        .act(Action::Drag {
            path: vec![s, Target::Point(goal)],
        })
        .await
        .unwrap();
    let log = bench.log().await;
    assert!(
        log.contains("moved true 299|") || log.contains("moved true 300|"),
        "{log}"
    );
    says(
        bench.act(Action::Drag { path: vec![a] }).await,
        "fewer than two",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_of_this_and_other_sites_get_clicks_and_keys() {
    let mut bench = bench(&[
        (
            "page",
            "<p>top</p><div style='height:1500px'></div><iframe srcdoc=\"<input id=i><button onclick='this.textContent = event.isTrusted'>B</button>\"></iframe>
            <iframe src='http://localhost:PORT/inner' style='border:7px solid; padding:3px; margin-left:90px'></iframe>",
        ),
        (
            "inner",
            "<div style='height:800px'></div><input id=i><button onclick='this.textContent = event.isTrusted'>B</button>",
        ),
    ])
    .await;
    let base = bench.base.clone();
    let count = bench.eval("1").await;
    assert_eq!(count, json!(1));
    assert_eq!(bench.browser.worlds.list.len(), 3);
    for frame in 1..3 {
        let button = bench.id_in(frame, "button").await;
        bench.click_on(button).await.unwrap();
        assert_eq!(
            bench
                .eval_in(frame, "document.querySelector('button').textContent")
                .await,
            json!("true"),
            "frame {frame}"
        );
        let target = bench.id_in(frame, "#i").await;
        bench
            .act(Action::Fill {
                target: target.clone(),
                value: Text::Plain("né 1".to_owned()),
            })
            .await
            .unwrap();
        assert_eq!(
            bench
                .eval_in(frame, "document.querySelector('#i').value")
                .await,
            json!("né 1"),
            "frame {frame}"
        );
        // Neither origin is the one that the secret is for.
        let secret = Text::Secret("PIN".to_owned());
        let refused = bench
            .act(Action::Fill {
                target,
                value: secret.clone(),
            })
            .await;
        assert!(
            matches!(refused, Err(ComputerError::SecretElsewhere { .. })),
            "{refused:?} {base}"
        );
        let refused = bench.act(Action::Type { text: secret }).await;
        assert!(
            matches!(refused, Err(ComputerError::SecretElsewhere { .. })),
            "{refused:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_are_typed_hidden_and_only_into_fields_of_their_origin() {
    let mut bench = page("<input id=p><input id=q><p id=t tabindex=0>no field</p>").await;
    let secret = Text::Secret("PIN".to_owned());
    let target = bench.id("#p").await;
    bench
        .act(Action::Fill {
            target: target.clone(),
            value: secret.clone(),
        })
        .await
        .unwrap();
    assert_eq!(
        bench.eval("document.querySelector('#p').value").await,
        json!("s3cret")
    );
    assert_eq!(
        bench
            .eval("getComputedStyle(document.querySelector('#p')).webkitTextSecurity")
            .await,
        json!("disc")
    );
    let read = bench
        .act(Action::Read {
            target: Some(target),
            area: None,
            what: Reading::Text,
        })
        .await
        .unwrap();
    assert!(!read.unwrap().contains("s3cret"));
    bench.click("#q").await.unwrap();
    bench
        .act(Action::Type {
            text: secret.clone(),
        })
        .await
        .unwrap();
    assert_eq!(
        bench.eval("document.querySelector('#q').value").await,
        json!("s3cret")
    );
    bench.click("#t").await.unwrap();
    says(
        bench.act(Action::Type { text: secret }).await,
        "it is no field",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_opened_left_and_come_back_to() {
    let mut bench = page("<title>first</title>").await;
    bench.go("other").await.unwrap();
    bench.act(Action::Back).await.unwrap();
    assert_eq!(bench.eval("document.title").await, json!("first"));
    bench.act(Action::Forward).await.unwrap();
    bench.sees("other page").await;
    says(bench.act(Action::Forward).await, "last page");
    bench.act(Action::Reload).await.unwrap();
    bench.sees("other page").await;
    says(bench.go("round").await, "redirects for ever");
    says(bench.go("empty").await, "no page");
    says(
        bench
            .act(Action::Navigate {
                url: "http://127.0.0.1:1/".to_owned(),
            })
            .await,
        "cannot open",
    );
    says(
        bench
            .act(Action::Navigate {
                url: "somewhere".to_owned(),
            })
            .await,
        "no address",
    );
    says(
        bench
            .act(Action::Navigate {
                url: "javascript:alert(1)".to_owned(),
            })
            .await,
        "script",
    );
    let grip = bench.browser.grip().unwrap();
    let url = format!("{}/hang", bench.base);
    let hung = bench
        .browser
        .navigate_in(&grip, &url, std::time::Duration::from_millis(300))
        .await;
    says(hung.map(|()| None), "did not answer within 300 ms");
    bench.go("file").await.unwrap();
    bench
        .act(Action::Wait {
            condition: Condition::Download,
            limit_ms: 5_000,
        })
        .await
        .unwrap();
    assert_eq!(
        std::fs::read_to_string(bench.folder.path().join("a.txt")).unwrap(),
        "downloaded"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn tabs_are_opened_switched_and_closed() {
    let mut bench = page("<title>first</title><button id=pop onclick='for (let i = 0; i < 50; i++) window.open(\"/other\")'>Pop</button>").await;
    let first = bench.browser.grip().unwrap().tab;
    let url = format!("{}/other", bench.base);
    bench.act(Action::OpenTab { url }).await.unwrap();
    bench.sees("other page").await;
    let second = bench.browser.grip().unwrap().tab;
    assert_ne!(first, second);
    bench
        .act(Action::SwitchTab { tab: first.clone() })
        .await
        .unwrap();
    bench.sees("Pop").await;
    bench
        .act(Action::CloseTab {
            tab: second.clone(),
        })
        .await
        .unwrap();
    says(bench.act(Action::CloseTab { tab: second }).await, "no tab");
    bench.click("#pop").await.unwrap();
    // The browser itself lets one click open one window, and that one comes to the front.
    let opened = bench
        .browser
        .link
        .wait_for(std::time::Duration::from_secs(10), |stage| {
            (stage.tabs.len() >= 2 && stage.active.as_ref() != Some(&first)).then_some(())
        })
        .await;
    assert!(opened.is_some());
    bench
        .act(Action::SwitchTab { tab: first.clone() })
        .await
        .unwrap();
    bench.sees("Pop").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dialogs_stop_everything_until_they_are_answered() {
    let mut bench = page(
        "<button id=a onclick='log(confirm(\"Sure?\"), prompt(\"Name?\", \"x\"))'>Ask</button><button id=l onclick='for (let i = 0; i < 3; i++) alert(i); log(\"done\")'>Loop</button><input id=i>
        <script>onbeforeunload = e => e.preventDefault()</script>",
    )
    .await;
    says(
        bench
            .act(Action::AnswerDialog {
                accept: true,
                text: None,
            })
            .await,
        "no dialog",
    );
    bench.click("#a").await.unwrap();
    let answer = |accept, text: Option<&str>| Action::AnswerDialog {
        accept,
        text: text.map(|text| Text::Plain(text.to_owned())),
    };
    says(bench.press("Enter").await, "a confirm dialog is open");
    bench.act(answer(true, None)).await.unwrap();
    bench
        .browser
        .link
        .wait_for(std::time::Duration::from_secs(3), |stage| {
            stage
                .active_tab()?
                .dialog
                .as_ref()
                .filter(|dialog| dialog.kind == DialogKind::Prompt)
                .map(|_| ())
        })
        .await
        .unwrap();
    bench.act(answer(true, Some("Zoë"))).await.unwrap();
    bench.sees("true Zoë|").await;
    bench.click("#l").await.unwrap();
    for _ in 0..3 {
        bench
            .browser
            .link
            .wait_for(std::time::Duration::from_secs(3), |stage| {
                stage.active_tab()?.dialog.as_ref().map(|_| ())
            })
            .await
            .unwrap();
        bench.act(answer(true, None)).await.unwrap();
    }
    bench.sees("done|").await;
    bench.go("other").await.unwrap();
    says(bench.press("Enter").await, "a beforeunload dialog is open");
    bench.act(answer(false, None)).await.unwrap();
    bench.sees("done|").await;
    let tab = bench.browser.grip().unwrap().tab;
    bench
        .act(Action::CloseTab { tab: tab.clone() })
        .await
        .unwrap();
    bench.act(answer(true, None)).await.unwrap();
    bench
        .browser
        .link
        .wait_for(std::time::Duration::from_secs(3), |stage| {
            stage.tab(&tab).is_none().then_some(())
        })
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn authentication_is_asked_for_and_answered() {
    let mut bench = page("").await;
    bench.go("locked").await.unwrap();
    let dialog = bench
        .browser
        .link
        .stage()
        .active_tab()
        .unwrap()
        .dialog
        .clone()
        .unwrap();
    assert_eq!(
        (dialog.kind, dialog.message.as_str()),
        (DialogKind::Authenticate, "Office")
    );
    says(bench.press("Enter").await, "authentication dialog is open");
    let user = Text::Plain("Ann".to_owned());
    let wrong = Action::Authenticate {
        user: user.clone(),
        password: Text::Plain("wrong".to_owned()),
    };
    says(bench.act(wrong).await, "did not take");
    let right = Action::Authenticate {
        user,
        password: Text::Secret("PIN".to_owned()),
    };
    bench.act(right).await.unwrap();
    bench.sees("welcome").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn waits_and_reads_word_for_word() {
    let mut bench = page(
        "<p id=p style=text-transform:uppercase>Hello <b>there</b></p><table><tr><th>Item<th>Price<tr><td>Fish<td>4 €</table><input id=i value=held>
        <script>setTimeout(() => { p.textContent = 'Ready'; p.insertAdjacentHTML('afterend', '<button>Go on</button>'); history.pushState(0, '', '#there') }, 300)</script>",
    )
    .await;
    for condition in [
        Condition::Text("ready".to_owned()),
        Condition::NoText("hello".to_owned()),
        Condition::Element {
            role: "button".to_owned(),
            name: "Go on".to_owned(),
        },
        Condition::Address("#there".to_owned()),
    ] {
        bench
            .act(Action::Wait {
                condition,
                limit_ms: 5_000,
            })
            .await
            .unwrap();
    }
    says(
        bench
            .act(Action::Wait {
                condition: Condition::Text("never".to_owned()),
                limit_ms: 300,
            })
            .await,
        "waited 300 ms for the text \"never\"",
    );
    says(
        bench
            .act(Action::Wait {
                condition: Condition::Change,
                limit_ms: 300,
            })
            .await,
        "waited 300 ms for a change of the page",
    );
    says(
        bench
            .act(Action::Wait {
                condition: Condition::Download,
                limit_ms: 50,
            })
            .await,
        "the download",
    );
    let read =
        |target: Option<Target>, area: Option<Rect>, what| Action::Read { target, area, what };
    let table = bench
        .act(read(None, None, Reading::Table))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(table, "Item\tPrice\nFish\t4 €");
    let paragraph = bench.id("#p").await;
    assert_eq!(
        bench
            .act(read(Some(paragraph.clone()), None, Reading::Text))
            .await
            .unwrap()
            .unwrap(),
        "Ready"
    );
    let input = bench.id("#i").await;
    assert_eq!(
        bench
            .act(read(Some(input), None, Reading::Text))
            .await
            .unwrap()
            .unwrap(),
        "held"
    );
    let area = Rect {
        x: 0.0,
        y: 0.0,
        width: 1280.0,
        height: 800.0,
    };
    assert!(
        bench
            .act(read(None, Some(area), Reading::Text))
            .await
            .unwrap()
            .unwrap()
            .contains("Fish")
    );
    says(
        bench
            .act(read(Some(paragraph.clone()), None, Reading::Table))
            .await,
        "there is none",
    );
    says(
        bench
            .act(read(Some(paragraph), None, Reading::Picture))
            .await,
        "picture",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crashed_tab_and_a_killed_browser_say_so() {
    let mut bench = page("<button id=b>B</button>").await;
    let grip = bench.browser.grip().unwrap();
    bench
        .browser
        .link
        .router
        .tell(Some(&grip.session), "Page.crash", json!({}));
    let wait = Action::Wait {
        condition: Condition::Text("never".to_owned()),
        limit_ms: 10_000,
    };
    let crashed = bench.act(wait).await;
    assert!(
        matches!(crashed, Err(ComputerError::TabCrashed { .. })),
        "{crashed:?}"
    );
    bench.go("other").await.unwrap();
    bench.sees("other page").await;
    bench.browser.link.router.close();
    let wait = Action::Wait {
        condition: Condition::Text("never".to_owned()),
        limit_ms: 10_000,
    };
    assert!(matches!(bench.act(wait).await, Err(ComputerError::Gone(_))));
    assert!(matches!(
        bench.press("a").await,
        Err(ComputerError::Gone(_))
    ));
}

/// Selects, and gives what the page says is selected then.
async fn selected(bench: &mut Bench, selector: &str, text: Option<&str>) -> String {
    let target = bench.id(selector).await;
    let text = text.map(str::to_owned);
    bench.act(Action::Select { target, text }).await.unwrap();
    let said = bench
        .eval("(() => { const at = document.activeElement; return at && 'selectionStart' in at ? at.value.slice(at.selectionStart, at.selectionEnd) : String(getSelection()); })()")
        .await;
    said.as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn text_is_selected_in_fields_editors_and_bare_text() {
    let mut bench = page(
        "<style>body{font:16px monospace} #editor{width:200px}</style><input id=line value='One two three'>
        <textarea id=area>First line\nsecond 👩‍👧 line</textarea><input id=mail type=email value='a@b.example'>
        <div id=editor contenteditable>Some <b>bold</b> words that go on over the end of a line
        <p>Another block</p><p>and <i>the</i> last</p></div>
        <p id=bare>Read <a href=page>this link</a> and that</p>
        <textarea id=fixed readonly>Only to read</textarea>
        <script>for (const kind of ['mouseup', 'keyup']) addEventListener(kind, e => log(kind, e.isTrusted));</script>",
    )
    .await;
    for (selector, text, expected) in [
        ("#line", Some("two"), "two"),
        ("#line", None, "One two three"),
        ("#area", Some("line second"), "line\nsecond"),
        ("#area", Some("👩‍👧 line"), "👩‍👧 line"),
        ("#editor", Some("bold words"), "bold words"),
        (
            "#editor",
            Some("Some bold words that go on over the end"),
            "Some bold words that go on over the end",
        ),
        ("#editor", Some("go"), "go"),
        ("#editor", Some("last"), "last"),
        ("#fixed", Some("to"), "to"),
        ("#bare", Some("and that"), "and that"),
        ("#bare", Some("this"), "this"),
        ("#bare", None, "Read this link and that"),
    ] {
        if selector == "#bare" {
            bench.eval("document.activeElement.blur()").await;
        }
        assert_eq!(
            selected(&mut bench, selector, text).await,
            expected,
            "{selector}"
        );
    }
    let all = selected(&mut bench, "#editor", None).await;
    assert!(
        all.starts_with("Some bold") && all.ends_with("last"),
        "{all:?}"
    );
    let log = bench.log().await;
    assert!(
        log.contains("mouseup true|") && log.contains("keyup true|"),
        "{log}"
    );
    assert!(!log.contains("false"), "{log}");
    assert_eq!(
        bench.eval("location.pathname.includes('page')").await,
        json!(true)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn text_that_is_longer_than_the_view_and_in_frames_and_shadow_roots_is_selected() {
    let mut bench = page(
        "<div id=long contenteditable style='width:200px;height:100px;overflow:auto'>Begin here<div style='height:3000px'></div>and end there</div>
        <div style='height:2000px'></div><div id=host></div><iframe srcdoc='<body contenteditable>Dear Ada Lovelace' style='height:60px'></iframe><script>
        host.attachShadow({ mode: 'open' }).innerHTML = '<p>Deep in the shade</p>';
        </script>",
    )
    .await;
    assert_eq!(
        selected(&mut bench, "#long", Some("here and end"))
            .await
            .split_whitespace()
            .collect::<Vec<_>>(),
        ["here", "and", "end"]
    );
    let target = bench.id("#host >>> p").await;
    let text = Some("in the".to_owned());
    bench.act(Action::Select { target, text }).await.unwrap();
    let said = "String(host.shadowRoot.getSelection())";
    assert_eq!(bench.eval(said).await, json!("in the"));
    let target = bench.id_in(1, "body").await;
    let text = Some("Ada".to_owned());
    bench.act(Action::Select { target, text }).await.unwrap();
    let said = "String(document.querySelector('iframe').contentWindow.getSelection())";
    assert_eq!(bench.eval(said).await, json!("Ada"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_just_once_is_not_selected() {
    let mut bench = page(
        "<textarea id=area>the cat and the dog, concatenated</textarea><div id=empty contenteditable>&nbsp;</div>
        <label>Password <input id=pass type=password value=cat></label>",
    )
    .await;
    for (selector, text, words) in [
        ("#area", Some("the"), "has \"the\" 2 times in it"),
        ("#area", Some("horse"), "has \"horse\" 0 times in it"),
        ("#pass", Some("cat"), "secret"),
        ("#empty", None, "nothing is in it"),
    ] {
        let target = bench.id(selector).await;
        let text = text.map(str::to_owned);
        says(bench.act(Action::Select { target, text }).await, words);
    }
    assert_eq!(selected(&mut bench, "#area", Some("cat")).await, "cat");
}
