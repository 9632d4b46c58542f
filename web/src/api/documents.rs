//! Every document that the client sends, in `web/documents.graphql`: written there by the test below from the fragments, so that no client
//! has to put them together again, and held by the server's tests to its limits.

const DOCUMENTS: &str = include_str!("../../documents.graphql");

/// The document of that name.
pub fn document(name: &str) -> Option<&'static str> {
    DOCUMENTS.split("\n\n").find(|document| {
        let named = document.split_once(' ').and_then(|(_, rest)| rest.strip_prefix(name));
        named.is_some_and(|rest| rest.starts_with(['(', ' ']))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet, HashSet};
    use std::path::{Path, PathBuf};

    use cynic::queries::{OperationType, build_executable_document};
    use cynic::{QueryFragment, QueryVariables};

    use super::document;
    use crate::api::{comments, company, live, notifications, people, search, session, statistics, tasks};

    fn built<Fragment, Variables>(kind: OperationType) -> (String, String)
    where
        Fragment: QueryFragment<VariablesFields = Variables::Fields>,
        Variables: QueryVariables,
    {
        let name = Fragment::name();
        let text =
            build_executable_document::<Fragment, Variables>(kind, name.as_deref(), HashSet::new(), None);
        (name.unwrap_or_default().into_owned(), text)
    }

    /// The documents of these fragments, by name.
    macro_rules! documents {
        ($($kind:ident { $($fragment:path $(, $variables:path)?;)* })*) => {
            BTreeMap::from([$($(
                built::<$fragment, documents!(@ $($variables)?)>(OperationType::$kind),
            )*)*])
        };
        (@) => { () };
        (@ $variables:path) => { $variables };
    }

    fn documents() -> BTreeMap<String, String> {
        documents! {
            Query {
                company::CompanyState;
                notifications::NotificationsPage, notifications::NotificationsVariables;
                people::PeopleToChoose, people::UsersVariables;
                people::Names, people::NamesVariables;
                people::PeoplePage, people::UsersVariables;
                people::Invitations, people::InvitationsVariables;
                search::TaskSearch, search::TaskSearchVariables;
                session::WhoAmI;
                session::ServerState;
                session::OwnSessions;
                session::Start;
                statistics::StatisticsOfPeriod, statistics::StatisticsVariables;
                tasks::TasksPage, tasks::TasksVariables;
                tasks::TaskCounts, tasks::CountsVariables;
                tasks::TaskByNumber, tasks::TaskByNumberVariables;
                tasks::MoreComments, tasks::TalkVariables;
                tasks::MoreHistory, tasks::TalkVariables;
            }
            Mutation {
                comments::CommentAdd, comments::CommentAddVariables;
                comments::CommentUpdate, comments::CommentUpdateVariables;
                comments::CommentDelete, comments::CommentDeleteVariables;
                company::CompanyUpdate, company::CompanyUpdateVariables;
                notifications::NotificationRead, notifications::NotificationReadVariables;
                notifications::NotificationReadAll, notifications::NotificationReadAllVariables;
                people::UserRoleChange, people::UserRoleChangeVariables;
                people::UserActiveChange, people::UserActiveChangeVariables;
                people::UserInvite, people::UserInviteVariables;
                people::InvitationRevoke, people::InvitationRevokeVariables;
                people::UserPasswordResetLink, people::UserPasswordResetLinkVariables;
                session::Register, session::RegisterVariables;
                session::Login, session::LoginVariables;
                session::Refresh;
                session::Logout;
                session::PasswordReset, session::PasswordResetVariables;
                session::PasswordChange, session::PasswordChangeVariables;
                session::ProfileUpdate, session::ProfileUpdateVariables;
                session::SessionEnd, session::SessionEndVariables;
                session::SessionEndOthers;
                statistics::StatisticsExport, statistics::StatisticsExportVariables;
                tasks::TaskCreate, tasks::TaskCreateVariables;
                tasks::TaskUpdate, tasks::TaskUpdateVariables;
                tasks::TaskDeadlineChange, tasks::TaskDeadlineChangeVariables;
                tasks::TaskAssign, tasks::TaskAssignVariables;
                tasks::TaskTransition, tasks::TaskTransitionVariables;
                tasks::TaskDelete, tasks::TaskDeleteVariables;
                tasks::TaskRestore, tasks::TaskRestoreVariables;
            }
            Subscription {
                live::TaskEvents, live::LiveVariables;
                live::Notifications, live::LiveVariables;
            }
        }
    }

    fn folder() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
    }

    /// Names of the fragments of roots, as the sources declare them.
    fn declared() -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for file in std::fs::read_dir(folder().join("src/api")).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            let mut lines = text.lines();
            while let Some(line) = lines.next() {
                let roots = ["Query", "Mutation", "Subscription"];
                if !roots.iter().any(|root| line.starts_with(&format!("#[cynic(graphql_type = \"{root}\""))) {
                    continue;
                }
                let name = lines.by_ref().find_map(|line| line.strip_prefix("pub struct "));
                names.extend(name.map(|name| name.trim_end_matches(" {").to_owned()));
            }
        }
        names
    }

    #[test]
    fn every_document_is_kept() {
        let documents = documents();
        assert_eq!(
            documents.keys().cloned().collect::<BTreeSet<_>>(),
            declared(),
            "one is missing in this file"
        );
        let written: Vec<&str> = documents.values().map(|text| text.trim()).collect();
        let written = written.join("\n\n") + "\n";
        let file = folder().join("documents.graphql");
        let kept = std::fs::read_to_string(&file).unwrap_or_default();
        if kept != written {
            std::fs::write(&file, written).unwrap();
            panic!("web/documents.graphql was old and is written anew: it belongs into the commit");
        }
        for (name, text) in &documents {
            assert_eq!(document(name).map(str::trim), Some(text.trim()), "{name}");
        }
    }
}
