//! Carries out what [`Protocol`] decides: the one WebSocket, its timer, and the browser's signals about the network.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use serde_json::json;
use wasm_bindgen::JsCast;
use web_sys::{CloseEvent, MessageEvent, WebSocket};

use super::protocol::{Effect, Input, Protocol, SUBPROTOCOL, ServerMessage, SubscriptionId};

/// An open or opening connection, with the listeners that end with it.
struct Connection {
    socket: WebSocket,
    _listeners: [EventListener; 3],
}

impl Drop for Connection {
    fn drop(&mut self) {
        // Refused only for a code that is not allowed; 1000 is.
        let _ = self.socket.close_with_code(1000);
    }
}

pub struct Socket {
    /// Carries out what is not the socket's own: tokens, subscriptions, what came, what is shown.
    outside: Box<dyn Fn(Effect)>,
    protocol: RefCell<Protocol>,
    connection: RefCell<Option<Connection>>,
    timer: RefCell<Option<Timeout>>,
    signals: RefCell<Vec<EventListener>>,
}

impl Socket {
    pub fn new(outside: impl Fn(Effect) + 'static) -> Rc<Self> {
        let socket = Rc::new(Self {
            outside: Box::new(outside),
            protocol: RefCell::new(Protocol::new(js_sys::Math::random)),
            connection: RefCell::default(),
            timer: RefCell::default(),
            signals: RefCell::default(),
        });
        socket.listen_to_browser();
        socket
    }

    /// Something happened.
    pub fn handle(self: &Rc<Self>, input: Input) {
        let effects = self.protocol.borrow_mut().handle(input);
        for effect in effects {
            self.carry_out(effect);
        }
    }

    fn carry_out(self: &Rc<Self>, effect: Effect) {
        match effect {
            Effect::Connect => self.connect(),
            Effect::Disconnect => drop(self.connection.take()),
            Effect::Ping => self.send(r#"{"type":"ping"}"#),
            Effect::Pong => self.send(r#"{"type":"pong"}"#),
            Effect::SetTimer { number, milliseconds } => {
                let socket = Rc::downgrade(self);
                let timer = Timeout::new(milliseconds, move || {
                    if let Some(socket) = socket.upgrade() {
                        socket.handle(Input::TimerEnded(number));
                    }
                });
                *self.timer.borrow_mut() = Some(timer);
            }
            Effect::ClearTimer => drop(self.timer.take()),
            Effect::FetchToken { .. }
            | Effect::Initialise
            | Effect::SubscribeAll
            | Effect::Deliver { .. }
            | Effect::ShowOnline
            | Effect::ShowLost
            | Effect::SignOut => (self.outside)(effect),
        }
    }

    /// Greets the server.
    pub fn initialise(&self, token: &str) {
        let payload = json!({ "authorization": format!("Bearer {token}") });
        self.send(&json!({ "type": "connection_init", "payload": payload }).to_string());
    }

    /// Starts a subscription; the operation is JSON.
    pub fn subscribe(&self, id: SubscriptionId, operation: &str) {
        self.send(&format!(r#"{{"id":"{id}","type":"subscribe","payload":{operation}}}"#));
    }

    fn connect(self: &Rc<Self>) {
        let Ok(socket) = WebSocket::new_with_str(&address(), SUBPROTOCOL) else {
            return self.handle(Input::Closed(1006));
        };
        let told = |this: &Rc<Self>, input: fn(&web_sys::Event) -> Option<Input>| {
            let this = Rc::downgrade(this);
            move |event: &web_sys::Event| {
                if let (Some(this), Some(input)) = (this.upgrade(), input(event)) {
                    this.handle(input);
                }
            }
        };
        let listeners = [
            EventListener::new(&socket, "open", told(self, |_| Some(Input::Opened))),
            EventListener::new(
                &socket,
                "message",
                told(self, |event| {
                    let text = event.dyn_ref::<MessageEvent>()?.data().as_string()?;
                    serde_json::from_str::<ServerMessage>(&text).ok().map(Input::Received)
                }),
            ),
            EventListener::new(
                &socket,
                "close",
                told(self, |event| event.dyn_ref::<CloseEvent>().map(|event| Input::Closed(event.code()))),
            ),
        ];
        *self.connection.borrow_mut() = Some(Connection { socket, _listeners: listeners });
    }

    fn send(&self, text: &str) {
        if let Some(connection) = &*self.connection.borrow() {
            // Fails only while connecting; on a closed socket it is dropped, and the close event follows.
            let _ = connection.socket.send_with_str(text);
        }
    }

    fn listen_to_browser(self: &Rc<Self>) {
        let Some(window) = web_sys::window() else { return };
        let told = |this: &Rc<Self>, input: fn() -> Option<Input>| {
            let this = Rc::downgrade(this);
            move |_: &web_sys::Event| {
                if let (Some(this), Some(input)) = (this.upgrade(), input()) {
                    this.handle(input);
                }
            }
        };
        let mut signals = vec![
            EventListener::new(&window, "online", told(self, || Some(Input::Wake))),
            EventListener::new(&window, "offline", told(self, || Some(Input::Offline))),
        ];
        if let Some(document) = window.document() {
            let visible =
                || web_sys::window()?.document().filter(|document| !document.hidden()).map(|_| Input::Wake);
            signals.push(EventListener::new(&document, "visibilitychange", told(self, visible)));
        }
        *self.signals.borrow_mut() = signals;
    }
}

/// `/graphql` of the origin that the page came from.
fn address() -> String {
    let location = web_sys::window().map(|window| window.location());
    let part = |read: fn(&web_sys::Location) -> Result<String, wasm_bindgen::JsValue>| {
        location.as_ref().and_then(|location| read(location).ok()).unwrap_or_default()
    };
    let scheme = if part(web_sys::Location::protocol) == "https:" { "wss" } else { "ws" };
    format!("{scheme}://{}/graphql", part(web_sys::Location::host))
}
