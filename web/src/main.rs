//! Vekha in a browser.
//!
//! `page` draws what `client` knows and calls its commands; `client` speaks through `transport` in the types of `api` and keeps
//! what it hears in `store`. `store`, `text` and `civil` are pure and tested on the host.
#![expect(
    unreachable_pub,
    reason = "a program exports nothing; `pub` says here what a module offers to the others"
)]

mod api;
mod app;
mod browser;
mod civil;
mod client;
mod page;
mod quick_add;
mod route;
mod store;
mod text;
mod transport;
mod ui;
mod view;

use app::App;
use browser::document;
use view::Part;

fn main() {
    // By Yew's own function: it puts a hook of its own in the place of one that was set past it.
    yew::set_custom_panic_hook(Box::new(|panic| {
        web_sys::console::error_1(&panic.to_string().into());
        document::show_crash();
    }));
    if let Some(root) = document::app_root() {
        yew::Renderer::<Part>::with_root_and_props(root, view::root(App)).render();
    }
}
