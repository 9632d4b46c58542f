//! Every address of the client.

use yew_router::Routable;

use crate::store::Scope;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Routable)]
pub enum Route {
    #[at("/")]
    Mine,
    #[at("/delegated")]
    SetByMe,
    #[at("/all")]
    All,
    /// A task, beside the list that was open before.
    #[at("/tasks/:number")]
    Task { number: i32 },
    #[at("/notifications")]
    Notifications,
    #[at("/people")]
    People,
    #[at("/profile")]
    Profile,
    #[at("/login")]
    Login,
    /// `#invitation=TOKEN` for whoever was invited.
    #[at("/register")]
    Register,
    /// `#token=TOKEN` of an administrator's link.
    #[at("/reset")]
    Reset,
    #[not_found]
    #[at("/404")]
    NotFound,
}

impl Route {
    pub fn of(scope: Scope) -> Self {
        match scope {
            Scope::Mine => Self::Mine,
            Scope::SetByMe => Self::SetByMe,
            Scope::All => Self::All,
        }
    }

    /// The list that this address shows.
    pub fn scope(self) -> Option<Scope> {
        match self {
            Self::Mine => Some(Scope::Mine),
            Self::SetByMe => Some(Scope::SetByMe),
            Self::All => Some(Scope::All),
            Self::Task { .. }
            | Self::Notifications
            | Self::People
            | Self::Profile
            | Self::Login
            | Self::Register
            | Self::Reset
            | Self::NotFound => None,
        }
    }
}
