//! Icons: 16 by 16, drawn by a line in the colour of the text beside them. They say nothing to a screen reader.

use yew::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IconKind {
    Add,
    AllTasks,
    Back,
    Bell,
    Board,
    Bookmark,
    Calendar,
    Check,
    ChevronDown,
    ChevronUp,
    Clock,
    Close,
    Delegated,
    Edit,
    Eye,
    EyeClosed,
    Filter,
    Flag,
    Inbox,
    Link,
    More,
    Offline,
    Overdue,
    People,
    PriorityHigh,
    PriorityLow,
    PriorityNormal,
    Profile,
    Search,
    Send,
    SignOut,
    Statistics,
    Sort,
    StatusDeferred,
    StatusDone,
    StatusInProgress,
    StatusInReview,
    StatusNew,
    Trash,
    View,
}

impl IconKind {
    fn path(self) -> &'static str {
        match self {
            Self::Add => "M8 3v10M3 8h10",
            Self::AllTasks => "M2.5 4h11M2.5 8h11M2.5 12h11",
            Self::Back => "M9.5 3.5 5 8l4.5 4.5",
            Self::Bell => "M4 11.5V7a4 4 0 0 1 8 0v4.5l1 1H3zM6.5 14.2h3",
            Self::Board => "M3 3h2.500v10H3zM6.750 3h2.500v6.500h-2.500zM10.500 3H13v8h-2.500z",
            Self::Bookmark => "M4.500 2.500h7v11L8 10.800 4.500 13.500z",
            Self::Calendar => {
                "M2.5 4.5a1 1 0 0 1 1-1h9a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1zM2.5 7h11M5.5 2v3M10.5 2v3"
            }
            Self::Check => "m3.5 8.5 3 3 6-7",
            Self::ChevronDown => "m4.5 6.5 3.5 3.5 3.5-3.5",
            Self::ChevronUp => "m4.5 9.5 3.5-3.500 3.500 3.500",
            Self::Clock => "M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2M8 5v3.2l2 1.6",
            Self::Close => "m4 4 8 8M12 4l-8 8",
            Self::Delegated => "M9.5 3.5H13v3.5M13 3.5 7.5 9M11.5 9.5V13H3V4.5h3.5",
            Self::Edit => "M10.2 3.3 12.7 5.8 5.8 12.7H3.300v-2.500zM8.700 4.800l2.500 2.500",
            Self::Eye => {
                "M1.8 8S4 3.8 8 3.8 14.2 8 14.2 8 12 12.2 8 12.2 1.8 8 1.8 8M8 6.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6"
            }
            Self::EyeClosed => {
                "M2.5 2.5l11 11M6.4 4A6 6 0 0 1 8 3.8c4 0 6.2 4.2 6.2 4.2a11 11 0 0 1-1.9 2.4M4.2 5.2A11 11 0 0 0 1.8 8S4 12.2 8 12.2a6 6 0 0 0 2.4-.5"
            }
            Self::Filter => "M2.500 4.500h11M4.500 8h7M6.500 11.500h3",
            Self::Flag => "M4 14V2.5M4 3h8l-1.8 2.7L12 8.5H4",
            Self::Inbox => {
                "M2.5 9.5 4.3 4a1 1 0 0 1 1-.7h5.4a1 1 0 0 1 1 .7l1.8 5.5v2.2a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1zM2.5 9.5H6a2 2 0 0 0 4 0h3.5"
            }
            Self::Link => {
                "M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2.2-2.2A2.6 2.6 0 0 0 9 3.3l-.8.8M9.2 6.8a2.6 2.6 0 0 0-3.7 0L3.3 9A2.6 2.6 0 0 0 7 12.7l.8-.8"
            }
            Self::More => {
                "M3.4 8a.4.4 0 1 1-.8 0 .4.4 0 1 1 .8 0M8.4 8a.4.4 0 1 1-.8 0 .4.4 0 1 1 .8 0M13.4 8a.4.4 0 1 1-.8 0 .4.4 0 1 1 .8 0"
            }
            Self::Offline => {
                "M2 2.5l12 11M4.2 8.5A6 6 0 0 1 7 7.3M2.2 6A9 9 0 0 1 5 4.6M11.8 8.5a6 6 0 0 0-1.3-.8M13.8 6A9 9 0 0 0 7.4 4M6.3 10.7a2.6 2.6 0 0 1 3 0M8 12.8h.01"
            }
            Self::Overdue => "M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2M8 5v3.6M8 11h.01",
            Self::People => {
                "M6 7.5a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6M1.8 13.2a4.2 4.2 0 0 1 8.4 0M10.5 3.2a2.3 2.3 0 0 1 0 4.1M11.8 9.6a4.2 4.2 0 0 1 2.4 3.6"
            }
            Self::PriorityHigh => "M3.5 12.5v-2M8 12.5v-5.500M12.500 12.500v-9",
            Self::PriorityNormal => "M3.5 12.5v-2M8 12.5v-5.500M12.500 12.500h.01",
            Self::PriorityLow => "M3.5 12.5v-2M8 12.5h.01M12.500 12.500h.01",
            Self::Profile => "M8 7.8a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2M3 13.6a5 5 0 0 1 10 0",
            Self::Search => "M7 2.8a4.2 4.2 0 1 1 0 8.4 4.2 4.2 0 0 1 0-8.4M10 10l3.500 3.500",
            Self::Send => "M2.5 8 13.500 2.800 10.800 13.500 7.500 9z M7.500 9l6-6.200",
            Self::SignOut => {
                "M6 13.5H3.500a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1H6M10.500 11 13.500 8l-3-3M13.500 8H6"
            }
            Self::Statistics => "M3 13.5V9M8 13.5v-11M13 13.5V6",
            Self::Sort => "M8 12.500v-9M4.800 6.700 8 3.500l3.200 3.200",
            Self::StatusDeferred => "M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2M6.500 6v4M9.500 6v4",
            Self::StatusDone => {
                "M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2M5.300 8.300l1.900 1.900 3.500-4"
            }
            Self::StatusInProgress => {
                "M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2M8.600 6.300a1.700 1.700 0 0 1 0 3.400z"
            }
            Self::StatusInReview => {
                "M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2M8 8h.01M5.300 8h.01M10.700 8h.01"
            }
            Self::StatusNew => "M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2",
            Self::Trash => {
                "M3 4.500h10M6.500 4.500v-1.500h3v1.500M4.500 4.500l.6 8.500h5.800l.6-8.500M6.700 7v3.500M9.300 7v3.500"
            }
            Self::View => "M2.500 5h5M10.500 5h3M9 3.500v3M2.500 11h3M8.500 11h5M7 9.500v3",
        }
    }
}

/// Draws an icon. A function rather than a component: there are many of them, and none has anything to remember.
pub fn icon(kind: IconKind) -> Html {
    html! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d={kind.path()} /></svg>
    }
}
