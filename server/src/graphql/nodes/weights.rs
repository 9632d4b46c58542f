//! What fields cost beside the values that they show, in one place: how long lists are that no page bounds, and what is read for a
//! field. `tests/it/nodes.rs` holds both tables to the contract: a list, a question or a field with arguments that is missing
//! here fails it.

/// How many values a field has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// One, or none.
    One,
    /// As many as the page of the connection that it is a field of.
    OfPage,
    /// As its own `first` says.
    First,
    /// As its argument of that name has.
    Argument(&'static str),
    /// So many at the most, or as many as one is likely to meet.
    Most(u64),
}

/// What a field costs, in nodes of about 30 microseconds, beside its values. Measured on PostgreSQL with 100,000 tasks, where it
/// was (`cargo xtask bench load` prints what documents at the limit take); elsewhere eight for each statement of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weight {
    /// Once.
    pub once: u64,
    /// For each of its values.
    pub each: u64,
    /// For each text that it looks for: every title is compared with it.
    pub text: u64,
}

impl Weight {
    const fn once(once: u64) -> Self {
        Weight { once, each: 0, text: 0 }
    }

    const fn each(each: u64) -> Self {
        Weight { once: 0, each, text: 0 }
    }

    const fn and_text(self, text: u64) -> Self {
        Weight { text, ..self }
    }
}

/// A change: a transaction of several statements.
const CHANGE: Weight = Weight::once(50);
/// A statement that reads a row or counts a few.
const STATEMENT: Weight = Weight::once(8);

/// Errors of one payload, as many as an input has fields.
pub const USER_ERRORS: u64 = 8;

/// Lists that are no page of a connection.
pub const LISTS: &[(&str, Rows)] = &[
    ("Query.nodes", Rows::Argument("ids")),
    ("Query.taskCounts", Rows::Argument("filters")),
    ("Query.calendar", Rows::Most(62)),
    ("CalendarDay.tasks", Rows::First),
    ("Statistics.byStatus", Rows::Most(6)),
    ("Statistics.byDay", Rows::Most(366)),
    ("Statistics.byAssignee", Rows::Most(100)),
    ("User.sessions", Rows::Most(10)),
    ("Task.availableActions", Rows::Most(8)),
    ("TaskUpdated.changes", Rows::Most(4)),
    ("TaskSearchEdge.highlights", Rows::Most(2)),
    ("Highlight.fragments", Rows::Most(12)),
    ("NotificationsRead.ids", Rows::Most(100)),
    ("SessionEndPayload.endedIds", Rows::Most(10)),
    ("UserError.field", Rows::Most(3)),
];

/// Questions, changes, what has arguments, and what is counted.
pub const WEIGHTS: &[(&str, Weight)] = &[
    ("Query.node", Weight::once(25)),
    // Six statements where it is a notification.
    ("Query.nodes", Weight::each(25)),
    ("Query.viewer", STATEMENT),
    ("Query.server", STATEMENT),
    ("Query.company", STATEMENT),
    ("Query.users", Weight::once(16).and_text(50)),
    ("Query.task", STATEMENT),
    // The row of every task is looked at, twice where the total is asked for too.
    ("Query.tasks", Weight::once(16).and_text(3_000)),
    ("Query.taskCounts", Weight::each(200).and_text(1_500)),
    ("Query.calendar", Weight::once(200).and_text(1_500)),
    ("Query.notifications", Weight::once(48)),
    // Nine statements over the events of a year: 0.3 s at 100,000 tasks.
    ("Query.statistics", Weight::once(3_000)),
    ("Query.taskSearch", Weight::once(250).and_text(250)),
    ("CalendarDay.tasks", Weight::once(4)),
    ("Task.history", Weight::once(40)),
    ("Task.comments", STATEMENT),
    ("User.sessions", STATEMENT),
    ("TaskConnection.totalCount", Weight::once(500)),
    // Counted with the page.
    ("TaskSearchConnection.totalCount", Weight::once(0)),
    ("UserConnection.totalCount", Weight::once(16)),
    ("Query.invitations", Weight::once(16)),
    ("InvitationConnection.totalCount", Weight::once(16)),
    ("CommentConnection.totalCount", STATEMENT),
    ("NotificationConnection.unreadCount", Weight::once(16)),
    ("Mutation.register", CHANGE),
    ("Mutation.login", CHANGE),
    ("Mutation.refresh", CHANGE),
    ("Mutation.logout", CHANGE),
    ("Mutation.passwordChange", CHANGE),
    ("Mutation.passwordReset", CHANGE),
    ("Mutation.sessionEnd", CHANGE),
    ("Mutation.sessionEndOthers", CHANGE),
    ("Mutation.profileUpdate", CHANGE),
    ("Mutation.userRoleChange", CHANGE),
    ("Mutation.userActiveChange", CHANGE),
    ("Mutation.userInvite", CHANGE),
    ("Mutation.invitationRevoke", CHANGE),
    ("Mutation.userPasswordResetLink", CHANGE),
    ("Mutation.companyUpdate", CHANGE),
    ("Mutation.taskCreate", CHANGE),
    ("Mutation.taskUpdate", CHANGE),
    ("Mutation.taskDeadlineChange", CHANGE),
    ("Mutation.taskAssign", CHANGE),
    ("Mutation.taskTransition", CHANGE),
    ("Mutation.taskDelete", CHANGE),
    ("Mutation.taskRestore", CHANGE),
    ("Mutation.commentAdd", CHANGE),
    ("Mutation.commentUpdate", CHANGE),
    ("Mutation.commentDelete", CHANGE),
    ("Mutation.notificationRead", CHANGE),
    ("Mutation.notificationReadAll", CHANGE),
    ("Mutation.statisticsExport", CHANGE),
    ("Subscription.taskEvents", Weight::once(0)),
    ("Subscription.notificationReceived", Weight::once(16)),
];

/// What a table says of a field.
pub(super) fn find<T: Copy>(table: &[(&str, T)], path: &str) -> Option<T> {
    table.iter().find(|(known, _)| *known == path).map(|(_, says)| *says)
}
