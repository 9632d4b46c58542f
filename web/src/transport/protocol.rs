//! The client's side of `graphql-transport-ws` as a state machine: what happened goes in, what to do comes out.
//!
//! Pure: no socket, no timer, no randomness of its own. `socket` carries out what this decides.
//! <https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>

use serde::Deserialize;
use serde_json::value::RawValue;

/// The subprotocol asked for.
pub const SUBPROTOCOL: &str = "graphql-transport-ws";

/// How long the server may take to acknowledge, and to answer a ping.
const PATIENCE: u32 = 10_000;
/// How long it may be silent before it is asked whether it is there.
const SILENCE: u32 = 20_000;
/// The pause before the first attempt after a loss; it doubles each time, up to the longest.
const FIRST_PAUSE: u32 = 400;
const LONGEST_PAUSE: u32 = 30_000;

/// Names a subscription on the socket.
pub type SubscriptionId = &'static str;

/// A message of the server.
#[derive(Debug, Deserialize)]
pub struct ServerMessage {
    #[serde(rename = "type")]
    pub kind: MessageKind,
    pub id: Option<String>,
    pub payload: Option<Box<RawValue>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    ConnectionAck,
    Next,
    Error,
    Complete,
    Ping,
    Pong,
}

/// What happened.
#[derive(Debug)]
pub enum Input {
    /// Somebody signed in.
    Start,
    /// They signed out.
    Stop,
    /// A valid token is at hand.
    TokenReady,
    /// The server was not reached when the token was to be renewed.
    /// It asked to be left for so many milliseconds.
    TokenDelayed(u32),
    /// The session is over.
    TokenRefused,
    Opened,
    Received(ServerMessage),
    Closed(u16),
    /// A timer ended. Only the latest counts.
    TimerEnded(u64),
    /// The network is back, or the page is looked at again: no reason to wait.
    Wake,
    /// The browser says that there is no network.
    Offline,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Get a token; a new one even if the present one seems good.
    FetchToken {
        renew: bool,
    },
    Connect,
    /// Close the socket and hear no more of it.
    Disconnect,
    /// `connection_init` with the token.
    Initialise,
    /// Start every subscription after its cursor.
    SubscribeAll,
    Ping,
    Pong,
    /// Give what came to the subscription.
    Deliver {
        id: String,
        payload: String,
    },
    /// Sets the timer; the one before it counts no more.
    SetTimer {
        number: u64,
        milliseconds: u32,
    },
    ClearTimer,
    /// Changes reach this client.
    ShowOnline,
    /// They do not.
    ShowLost,
    /// The session is over: to the sign-in page.
    SignOut,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Stopped,
    FetchingToken,
    Connecting,
    Initialising,
    Live,
    /// Live, and a ping waits for its answer.
    Asking,
    /// Between two attempts.
    Pausing,
}

/// The state machine.
pub struct Protocol {
    state: State,
    attempts: u32,
    /// The server refused the token, whatever the clock of this device says of it.
    token_refused: bool,
    timer: u64,
    /// Between 0 and 1: spreads the attempts of many clients over time.
    jitter: Box<dyn FnMut() -> f64>,
}

impl Protocol {
    pub fn new(jitter: impl FnMut() -> f64 + 'static) -> Self {
        Self { state: State::Stopped, attempts: 0, token_refused: false, timer: 0, jitter: Box::new(jitter) }
    }

    pub fn handle(&mut self, input: Input) -> Vec<Effect> {
        match (input, self.state) {
            (Input::Stop, _) => {
                self.state = State::Stopped;
                self.attempts = 0;
                vec![Effect::Disconnect, self.clear_timer()]
            }
            (Input::Start, State::Stopped) => self.fetch_token(),
            (
                Input::TokenReady
                | Input::TokenDelayed(_)
                | Input::TokenRefused
                | Input::Opened
                | Input::Received(_)
                | Input::Closed(_)
                | Input::TimerEnded(_)
                | Input::Wake
                | Input::Offline,
                State::Stopped,
            )
            | (Input::Start, _) => vec![],
            (Input::TokenReady, State::FetchingToken) => {
                self.state = State::Connecting;
                vec![Effect::Connect, self.set_timer(PATIENCE)]
            }
            (Input::TokenDelayed(wait), State::FetchingToken) => self.lose_for(wait),
            (Input::TokenRefused, _) => self.sign_out(),
            (Input::Opened, State::Connecting) => {
                self.state = State::Initialising;
                vec![Effect::Initialise, self.set_timer(PATIENCE)]
            }
            (Input::Received(message), _) => self.receive(message),
            (Input::Closed(code), _) => self.closed(code),
            (Input::TimerEnded(number), state) if number == self.timer => self.timer_ended(state),
            (Input::Offline, _) => {
                self.state = State::Pausing;
                vec![Effect::Disconnect, Effect::ShowLost, self.set_timer(LONGEST_PAUSE)]
            }
            (Input::Wake, State::Pausing) => {
                self.attempts = 0;
                self.fetch_token()
            }
            (Input::Wake, State::Live) => {
                self.state = State::Asking;
                vec![Effect::Ping, self.set_timer(PATIENCE)]
            }
            (
                Input::TokenReady
                | Input::TokenDelayed(_)
                | Input::Opened
                | Input::TimerEnded(_)
                | Input::Wake,
                _,
            ) => vec![],
        }
    }

    fn receive(&mut self, message: ServerMessage) -> Vec<Effect> {
        match (message.kind, self.state) {
            (MessageKind::ConnectionAck, State::Initialising) => {
                self.state = State::Live;
                self.token_refused = false;
                vec![Effect::SubscribeAll, Effect::ShowOnline, self.set_timer(SILENCE)]
            }
            (MessageKind::Next, State::Live | State::Asking) => {
                self.state = State::Live;
                // Only what comes through proves that the connection is worth more than its handshake.
                self.attempts = 0;
                let (id, payload) = (message.id.unwrap_or_default(), message.payload);
                let payload = payload.map(|payload| payload.get().to_owned()).unwrap_or_default();
                vec![Effect::Deliver { id, payload }, self.set_timer(SILENCE)]
            }
            (MessageKind::Ping, State::Live | State::Asking) => {
                self.state = State::Live;
                vec![Effect::Pong, self.set_timer(SILENCE)]
            }
            (MessageKind::Pong, State::Live | State::Asking) => {
                self.state = State::Live;
                self.attempts = 0;
                vec![self.set_timer(SILENCE)]
            }
            // A stream that ended by itself is started again with the connection, from its cursor.
            (MessageKind::Error | MessageKind::Complete, State::Live | State::Asking) => self.lose(),
            (
                MessageKind::ConnectionAck
                | MessageKind::Next
                | MessageKind::Error
                | MessageKind::Complete
                | MessageKind::Ping
                | MessageKind::Pong,
                _,
            ) => vec![],
        }
    }

    /// Close codes: of the protocol 44xx, of RFC 6455 10xx.
    fn closed(&mut self, code: u16) -> Vec<Effect> {
        match (code, self.state) {
            // The token has run out: not a loss, so nothing is shown unless the renewal fails too.
            (4403, State::Live | State::Asking) => {
                self.token_refused = true;
                self.fetch_token()
            }
            (4403, _) if self.attempts == 0 => {
                self.attempts = 1;
                self.token_refused = true;
                self.fetch_token()
            }
            (4401, _) => self.sign_out(),
            (_, State::Pausing) => vec![],
            (_, _) => self.lose(),
        }
    }

    fn timer_ended(&mut self, state: State) -> Vec<Effect> {
        match state {
            State::Pausing => self.fetch_token(),
            State::Live => {
                self.state = State::Asking;
                vec![Effect::Ping, self.set_timer(PATIENCE)]
            }
            State::Connecting | State::Initialising | State::Asking => self.lose(),
            State::Stopped | State::FetchingToken => vec![],
        }
    }

    fn fetch_token(&mut self) -> Vec<Effect> {
        self.state = State::FetchingToken;
        vec![Effect::Disconnect, self.clear_timer(), Effect::FetchToken { renew: self.token_refused }]
    }

    fn lose(&mut self) -> Vec<Effect> {
        self.lose_for(0)
    }

    /// Tries again after a pause, which is not shorter than that many milliseconds.
    fn lose_for(&mut self, least: u32) -> Vec<Effect> {
        self.state = State::Pausing;
        let pause = FIRST_PAUSE.saturating_mul(1 << self.attempts.min(10)).min(LONGEST_PAUSE);
        self.attempts = self.attempts.saturating_add(1);
        let share = 0.5 + (self.jitter)() / 2.0;
        vec![Effect::Disconnect, Effect::ShowLost, self.set_timer(scaled(pause, share).max(least))]
    }

    fn sign_out(&mut self) -> Vec<Effect> {
        self.state = State::Stopped;
        self.attempts = 0;
        vec![Effect::Disconnect, Effect::SignOut, self.clear_timer()]
    }

    fn set_timer(&mut self, milliseconds: u32) -> Effect {
        self.timer = self.timer.wrapping_add(1);
        Effect::SetTimer { number: self.timer, milliseconds }
    }

    fn clear_timer(&mut self) -> Effect {
        self.timer = self.timer.wrapping_add(1);
        Effect::ClearTimer
    }
}

#[expect(
    clippy::as_conversions,
    reason = "a share between 0 and 1 of a number of milliseconds; a cast from a float saturates"
)]
fn scaled(milliseconds: u32, share: f64) -> u32 {
    (f64::from(milliseconds) * share) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(kind: MessageKind) -> Input {
        Input::Received(ServerMessage { kind, id: Some("tasks".to_owned()), payload: None })
    }

    fn live() -> Protocol {
        let mut protocol = Protocol::new(|| 1.0);
        protocol.handle(Input::Start);
        protocol.handle(Input::TokenReady);
        protocol.handle(Input::Opened);
        protocol.handle(message(MessageKind::ConnectionAck));
        protocol
    }

    fn timer(effects: &[Effect]) -> (u64, u32) {
        let timers = effects.iter().filter_map(|effect| {
            if let Effect::SetTimer { number, milliseconds } = effect {
                Some((*number, *milliseconds))
            } else {
                None
            }
        });
        timers.max().unwrap()
    }

    fn pause(effects: &[Effect]) -> u32 {
        timer(effects).1
    }

    fn last_timer(effects: &[Effect]) -> Input {
        Input::TimerEnded(timer(effects).0)
    }

    #[test]
    fn greets_with_the_token_and_subscribes_when_acknowledged() {
        let mut protocol = Protocol::new(|| 1.0);
        assert!(protocol.handle(Input::Start).contains(&Effect::FetchToken { renew: false }));
        assert!(protocol.handle(Input::TokenReady).contains(&Effect::Connect));
        assert!(protocol.handle(Input::Opened).contains(&Effect::Initialise));
        let effects = protocol.handle(message(MessageKind::ConnectionAck));
        assert!(effects.contains(&Effect::SubscribeAll) && effects.contains(&Effect::ShowOnline));
    }

    #[test]
    fn a_token_that_ran_out_is_renewed_without_showing_a_loss() {
        let effects = live().handle(Input::Closed(4403));
        assert!(effects.contains(&Effect::FetchToken { renew: true }));
        assert!(!effects.contains(&Effect::ShowLost));
    }

    #[test]
    fn a_token_refused_twice_in_a_row_is_not_renewed_without_a_pause() {
        let mut protocol = live();
        protocol.handle(Input::Closed(4403));
        protocol.handle(Input::TokenReady);
        protocol.handle(Input::Opened);
        assert!(protocol.handle(Input::Closed(4403)).contains(&Effect::FetchToken { renew: true }));
        protocol.handle(Input::TokenReady);
        protocol.handle(Input::Opened);
        assert!(protocol.handle(Input::Closed(4403)).contains(&Effect::ShowLost));
    }

    #[test]
    fn signed_out_elsewhere_leads_to_the_sign_in_page() {
        assert!(live().handle(Input::Closed(4401)).contains(&Effect::SignOut));
        let mut protocol = live();
        protocol.handle(Input::Closed(4403));
        assert!(protocol.handle(Input::TokenRefused).contains(&Effect::SignOut));
        assert!(protocol.handle(Input::Wake).is_empty(), "and nothing is tried any more");
    }

    #[test]
    fn pauses_grow_up_to_a_bound_and_are_spread() {
        for code in [1006, 1012, 1013, 4408] {
            let effects = live().handle(Input::Closed(code));
            assert!(effects.contains(&Effect::ShowLost), "{code}");
            assert_eq!(pause(&effects), FIRST_PAUSE);
        }
        let mut protocol = live();
        let mut pauses = vec![];
        for _ in 0..12 {
            let effects = protocol.handle(Input::Closed(1006));
            pauses.push(pause(&effects));
            protocol.handle(last_timer(&effects));
            protocol.handle(Input::TokenReady);
        }
        assert!(pauses.is_sorted() && pauses.last() == Some(&LONGEST_PAUSE), "{pauses:?}");

        let mut spread = Protocol::new(|| 0.0);
        spread.handle(Input::Start);
        assert_eq!(pause(&spread.handle(Input::TokenDelayed(0))), FIRST_PAUSE / 2);
    }

    #[test]
    fn a_network_that_is_back_is_tried_at_once() {
        let mut protocol = live();
        assert!(protocol.handle(Input::Offline).contains(&Effect::ShowLost));
        assert!(protocol.handle(Input::Wake).contains(&Effect::FetchToken { renew: false }));
    }

    #[test]
    fn silence_is_answered_by_a_ping_and_then_by_a_new_connection() {
        let mut protocol = live();
        let effects = protocol.handle(message(MessageKind::Next));
        let effects = protocol.handle(last_timer(&effects));
        assert!(effects.contains(&Effect::Ping));
        assert!(protocol.handle(last_timer(&effects)).contains(&Effect::ShowLost));

        let mut protocol = live();
        let effects = protocol.handle(Input::Wake);
        protocol.handle(message(MessageKind::Pong));
        assert!(
            protocol.handle(last_timer(&effects)).is_empty(),
            "the timer of an answered ping counts no more"
        );
    }

    #[test]
    fn answers_a_ping_and_gives_on_what_comes() {
        let mut protocol = live();
        assert!(protocol.handle(message(MessageKind::Ping)).contains(&Effect::Pong));
        let effects = protocol.handle(message(MessageKind::Next));
        assert!(effects.contains(&Effect::Deliver { id: "tasks".to_owned(), payload: String::new() }));
    }

    #[test]
    fn a_stream_that_ends_by_itself_is_started_again() {
        assert!(live().handle(message(MessageKind::Complete)).contains(&Effect::Disconnect));
        assert!(live().handle(message(MessageKind::Error)).contains(&Effect::Disconnect));
    }

    #[test]
    fn nothing_happens_after_signing_out() {
        let mut protocol = live();
        assert!(protocol.handle(Input::Stop).contains(&Effect::Disconnect));
        assert!(protocol.handle(Input::Closed(1006)).is_empty());
        assert!(protocol.handle(Input::Wake).is_empty());
    }
}
