//! Who may do what: role x relation x status x operation.

use std::fmt::Write;

use domain::policy::{
    Actor, Capability, CommentOperation, Operation, Refusal, TaskFacts, decide, decide_comment,
    removes_last_admin,
};
use domain::status::TransitionFacts;
use domain::{Action, Code, Role, Status};

use crate::status::name;

fn operations() -> Vec<Operation> {
    let mut all = vec![
        Operation::See,
        Operation::Edit,
        Operation::Assign,
        Operation::MoveDeadline,
        Operation::Delete,
        Operation::Restore,
        Operation::Comment,
    ];
    all.extend(Action::ALL.iter().map(|action| Operation::Transition(*action)));
    all
}

fn verdict(decision: Result<(), Refusal>) -> &'static str {
    match decision {
        Ok(()) => "yes",
        Err(Refusal::NotVisible) => "absent",
        Err(Refusal::NotAllowed) => "no",
        Err(Refusal::WrongStatus) => "status",
    }
}

#[test]
fn role_relation_status_operation() {
    let mut table = String::new();
    for role in Role::ALL {
        for (relation, is_creator, is_assignee) in [
            ("neither", false, false),
            ("creator", true, false),
            ("assignee", false, true),
            ("creator and assignee", true, true),
        ] {
            let actor = Actor { role: *role, is_creator, is_assignee };
            writeln!(table, "{} {relation}", role.code()).unwrap();
            for deleted in [false, true] {
                for status in Status::ALL {
                    let transition = TransitionFacts { requires_review: true, deadline_missed: false };
                    let task = TaskFacts { status, deleted, transition };
                    let label = if deleted { format!("{} deleted", name(status)) } else { name(status) };
                    write!(table, "  {label:28}").unwrap();
                    for operation in operations() {
                        let title = match operation {
                            Operation::Transition(action) => action.code().to_lowercase(),
                            Operation::See
                            | Operation::Edit
                            | Operation::Assign
                            | Operation::MoveDeadline
                            | Operation::Delete
                            | Operation::Restore
                            | Operation::Comment => format!("{operation:?}"),
                        };
                        write!(table, " {title}={}", verdict(decide(actor, operation, task))).unwrap();
                    }
                    writeln!(table).unwrap();
                }
            }
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn role_capability() {
    let mut table = String::new();
    for role in Role::ALL {
        for capability in Capability::ALL {
            writeln!(table, "{:10} {capability:?}: {}", role.code(), role.can(capability)).unwrap();
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn comments() {
    let mut table = String::new();
    for role in Role::ALL {
        for is_author in [true, false] {
            for operation in [CommentOperation::Edit, CommentOperation::Delete] {
                let decision = verdict(decide_comment(*role, is_author, operation));
                writeln!(table, "{:10} author={is_author:5} {operation:?}: {decision}", role.code()).unwrap();
            }
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn the_last_active_administrator_stays() {
    assert!(removes_last_admin(true, false, 0));
    assert!(!removes_last_admin(true, false, 1));
    assert!(!removes_last_admin(true, true, 0));
    assert!(!removes_last_admin(false, false, 0));
}
