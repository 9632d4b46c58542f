//! The statements, which both databases read. The list is in the order of an index of the server's own tables.

/// The rows of a page and one more, with the two people of each.
pub(super) const LIST: &str = "SELECT task.id, task.title, task.status, task.priority, task.deadline,
        creator.id, creator.name, assignee.id, assignee.name
    FROM tasks task JOIN users creator ON creator.id = task.creator_id JOIN users assignee ON assignee.id = task.assignee_id
    WHERE task.deleted_at IS NULL AND task.status = 'IN_PROGRESS'
    ORDER BY task.deadline_key, task.id LIMIT 51";

/// A row of it: number, title, status, priority, deadline, and number and name of who set it and who carries it out.
pub(super) type Listed = (i64, String, String, i64, Option<i64>, i64, String, i64, String);

/// Who asks over a session.
pub(super) const SESSION: &str = "SELECT person.role, person.time_zone, session.last_used_at, session.expires_at
    FROM sessions session JOIN users person ON person.id = session.user_id
    WHERE session.id = $1 AND person.id = $2 AND person.active AND session.ended_at IS NULL AND session.expires_at > $3";

/// A row of it.
pub(super) type Session = (String, String, i64, i64);

/// Title, its key, description, deadline, who sets it, who carries it out, and when.
pub(super) const TASK: &str = "INSERT INTO tasks (title, title_key, description, status, priority, requires_review, deadline, deadline_key,
        original_deadline, deadline_missed, deadline_moves, returns, creator_id, assignee_id, created_at, updated_at, version)
    VALUES ($1, $2, $3, 'NEW', 1, TRUE, $4, $4, $4, FALSE, 0, 0, $5, $6, $7, $7, 1) RETURNING id";

/// When, the task, who set it and who carries it out.
pub(super) const EVENT: &str =
    "INSERT INTO events (at, kind, actor_id, task_id, creator_id, assignee_id, payload)
    VALUES ($1, 'TASK_CREATED', $3, $2, $3, $4, '{\"kind\":\"TASK_CREATED\"}') RETURNING id";

/// When, who is told, the event and the task.
pub(super) const NOTIFICATION: &str =
    "INSERT INTO notifications (recipient_id, kind, event_id, task_id, created_at)
    VALUES ($2, 'TASK_ASSIGNED', $3, $4, $1)";
