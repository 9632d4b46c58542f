//! Vekha in a browser.
#![expect(unreachable_pub, reason = "a program exports nothing; `pub` says here what a module offers to the others")]

mod api;
mod browser;
mod client;
mod store;
mod text;
mod transport;

fn main() {}
