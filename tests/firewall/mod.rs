//! The firewall's switch and socket gate, at real servers whose logs and packet counters are what counts.

mod death;
mod exits;
mod hosts;
mod many;
mod sockets;
mod switch;
mod upstream;
mod world;
