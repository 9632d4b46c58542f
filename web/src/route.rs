//! Every address of the client.

use yew::AttrValue;
use yew_router::Routable;
use yew_router::navigator::Navigator;
use yew_router::query::Raw;

use crate::store::Scope;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Routable)]
pub enum Route {
    #[at("/")]
    Mine,
    #[at("/delegated")]
    SetByMe,
    #[at("/review")]
    Review,
    #[at("/overdue")]
    Overdue,
    #[at("/all")]
    All,
    /// `?view=statuses&who=mine`.
    #[at("/board")]
    Board,
    /// `?view=week&date=2026-11-25&who=mine`.
    #[at("/calendar")]
    Calendar,
    /// A task, over the page that was open before.
    #[at("/tasks/:number")]
    Task { number: i32 },
    #[at("/statistics")]
    Statistics,
    /// `?text=договор&person=Анна&status=new&due=today&sort=deadline`.
    #[at("/search")]
    Search,
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
            Scope::Review => Self::Review,
            Scope::Overdue => Self::Overdue,
            Scope::All => Self::All,
        }
    }

    /// The list that this address shows.
    pub fn scope(self) -> Option<Scope> {
        match self {
            Self::Mine => Some(Scope::Mine),
            Self::SetByMe => Some(Scope::SetByMe),
            Self::Review => Some(Scope::Review),
            Self::Overdue => Some(Scope::Overdue),
            Self::All => Some(Scope::All),
            Self::Board
            | Self::Calendar
            | Self::Task { .. }
            | Self::Statistics
            | Self::Search
            | Self::Notifications
            | Self::People
            | Self::Profile
            | Self::Login
            | Self::Register
            | Self::Reset
            | Self::NotFound => None,
        }
    }

    /// Whether tasks open over the page of this address.
    pub fn shows_tasks(self) -> bool {
        self.scope().is_some() || matches!(self, Self::Board | Self::Calendar | Self::Search)
    }
}

/// A page as it is shown: its route with what stands after `?`, where the page keeps what it was told to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    pub route: Route,
    /// Without the question mark; escaped as addresses are.
    pub query: AttrValue,
}

impl Address {
    pub fn of(route: Route) -> Self {
        Self { route, query: AttrValue::default() }
    }

    /// As a link has it.
    pub fn to_link(&self) -> String {
        let mut link = self.route.to_path();
        if !self.query.is_empty() {
            link.push('?');
            link.push_str(&self.query);
        }
        link
    }

    /// Goes there without a step that Back would lead to: the same page, changed further.
    pub fn replace(&self, navigator: &Navigator) {
        // Text that is given as it stands is never refused.
        let _ = navigator.replace_with_query(&self.route, Raw(self.query.as_str()));
    }

    /// Goes there. `Navigator::push` would forget the query.
    pub fn open(&self, navigator: &Navigator) {
        if self.query.is_empty() {
            navigator.push(&self.route);
        } else {
            // Text that is given as it stands is never refused.
            let _ = navigator.push_with_query(&self.route, Raw(self.query.as_str()));
        }
    }
}
