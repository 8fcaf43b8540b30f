//! Pages of a given number of links and buttons, served on loopback. Each click paints: a counter counts, and a box takes the
//! next colour, by which a picture tells which click it shows.

use axum::Router;
use axum::extract::Path;
use axum::response::Html;
use axum::routing::get;

use crate::Failure;

/// Links and buttons on each page.
pub const SIZES: [usize; 4] = [20, 400, 2_000, 10_000];
/// The box takes these colours in turn; far enough apart to survive JPEG.
pub const COLOURS: [[u8; 3]; 6] = [
    [200, 0, 0],
    [0, 160, 0],
    [0, 0, 200],
    [200, 200, 0],
    [200, 0, 200],
    [0, 180, 180],
];
/// Middle of the box, in CSS pixels of the viewport.
pub const BOX: (u32, u32) = (1_100, 20);

/// Which element a round clicks: links and buttons in turn, in view on every page.
pub fn name_of_target(round: usize) -> String {
    format!("Item {}", round * 7 % SIZES[0])
}

/// Serves `/<number of elements>` until the process ends; gives the origin.
pub async fn serve() -> Result<String, Failure> {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
    let origin = format!("http://{}", listener.local_addr()?);
    let pages = Router::new().route(
        "/{elements}",
        get(|Path(elements): Path<usize>| async move { Html(page(elements)) }),
    );
    tokio::spawn(async move { axum::serve(listener, pages).await });
    Ok(origin)
}

fn page(elements: usize) -> String {
    let items: String = (0..elements)
        .map(|at| match at % 2 {
            0 => format!("<a id=e{at} href=/item/{at}>Item {at}</a>\n"),
            _ => format!("<button id=e{at} type=button>Item {at}</button>\n"),
        })
        .collect();
    let colours: Vec<String> = COLOURS
        .iter()
        .map(|[r, g, b]| format!("'rgb({r},{g},{b})'"))
        .collect();
    format!(
        "<!doctype html><html lang=en><title>{elements} elements</title><style>
body {{ margin: 0; font: 12px/18px sans-serif }}
header {{ height: 40px }}
#box {{ position: absolute; left: 1000px; top: 0; width: 200px; height: 40px }}
main a, main button {{ box-sizing: border-box; display: inline-block; width: 96px; height: 19px; padding: 0; font: inherit }}
</style><header>Clicks: <output id=count>0</output><div id=box></div></header><main>
{items}</main><script>
let count = 0;
addEventListener('click', (event) => {{
  if (!event.target.closest('a, button')) return;
  event.preventDefault();
  document.getElementById('count').textContent = ++count;
  document.getElementById('box').style.background = [{}][count % {}];
}});
</script></html>",
        colours.join(","),
        COLOURS.len()
    )
}
