//! Nothing that matters leaves without a yes, shown on every way out of a page, crossed with what the page pretends.
//!
//! `channels.toml` lists the ways, `pretences.toml` the pretences; `page.js` builds each cell's document from the two, `server`
//! serves it and logs what arrives, `gate` decides in the firewall's place, and `matrix` drives a real browser through the cells.
//! `killed` ends each
//! part of the firewall while requests are held. What counts is the server's log. Each cell has its control: with everything let go, the effect arrives.

mod drive;
mod gate;
mod killed;
mod matrix;
mod server;
mod table;
