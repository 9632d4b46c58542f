//! The direction of imports: `domain` <- `server::{entity, db, log}` <- a feature's `mod` and `query` <- its `graphql` <-
//! `graphql` <- `http`; and what each crate may take from another.

use super::rust::without_comment;
use super::{Source, Violation};

/// Where a file of the server stands; a later layer may import an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layer {
    /// `entity`, `db`, `log`
    Foundation,
    /// A feature's `mod`, `query` and whatever else carries its commands
    Feature,
    /// A feature's `graphql`
    FeatureGraphql,
    /// What the features' `graphql` share, and the roots
    Graphql,
    /// Routes, extractors and transports
    Http,
    /// The binary, `app`, `config` and others beside the folders: they put the parts together
    Top,
}

const FOUNDATION: [&str; 3] = ["entity", "db", "log"];

/// A path as it is written, from its first segment, and the line it starts on.
struct Reference {
    line: usize,
    segments: Vec<String>,
}

pub(super) fn check(source: &Source) -> Vec<Violation> {
    let code: String = source.text.lines().map(|line| without_comment(line).to_owned() + "\n").collect();
    if let Some(path) = source.path.strip_prefix("server/src/") {
        server(source, path, &code)
    } else if source.path.starts_with("domain/src/") {
        domain(source, &code)
    } else if source.path.starts_with("migration/src/") {
        forbid(
            source,
            &code,
            &["server", "domain", "entity"],
            "a migration is frozen: it imports nothing that changes",
        )
    } else if source.path.starts_with("web/src/") {
        web(source, &code)
    } else {
        Vec::new()
    }
}

fn server(source: &Source, path: &str, code: &str) -> Vec<Violation> {
    let layer = layer(path);
    let (folder, _) = path.split_once('/').unwrap_or_default();
    let mut violations = Vec::new();
    if folder != "auth" {
        violations.extend(forbid(
            source,
            code,
            &["argon2", "jsonwebtoken"],
            "passwords and tokens are auth's alone",
        ));
    }
    match layer {
        Layer::Foundation | Layer::Feature => {
            let rule = "commands and queries know neither GraphQL nor HTTP";
            // Loaders stand beside the queries they batch; their trait alone comes from there.
            let loads = path.ends_with("/query.rs");
            let is_loader =
                |path: &Reference| path.segments.get(1).is_some_and(|segment| segment == "dataloader");
            let graphql =
                references(code, "async_graphql").into_iter().filter(|path| !(loads && is_loader(path)));
            violations
                .extend(graphql.map(|path| source.violation(path.line, format!("`async_graphql`: {rule}"))));
            violations.extend(forbid(source, code, &["async_graphql_axum", "axum"], rule));
        }
        Layer::FeatureGraphql | Layer::Graphql => {
            violations.extend(forbid(source, code, &["axum"], "GraphQL knows nothing of its transport"));
        }
        Layer::Http | Layer::Top => {}
    }
    for root in ["crate", "super", "self"] {
        for reference in references(code, root) {
            let inside: Vec<_> = match root {
                "crate" => reference.segments.iter().skip(1).map(String::as_str).collect(),
                _ => std::iter::once(folder)
                    .chain(reference.segments.iter().skip(1).map(String::as_str))
                    .collect(),
            };
            if let Some(rule) = direction(layer, &inside) {
                violations.push(source.violation(reference.line, rule));
            }
        }
    }
    violations
}

/// What is wrong with a file of `layer` importing `inside`, a path from the root of the crate.
fn direction(layer: Layer, inside: &[&str]) -> Option<&'static str> {
    let first = inside.first().copied().unwrap_or_default();
    let second = inside.get(1).copied().unwrap_or_default();
    if first == "http" && !matches!(layer, Layer::Http | Layer::Top) {
        return Some("only `http` itself and what puts the parts together know `http`");
    }
    match layer {
        Layer::Foundation if first == "graphql" || second == "graphql" => {
            Some("storage and log know no GraphQL")
        }
        Layer::Feature if first == "graphql" || second == "graphql" => Some("a command knows no GraphQL"),
        Layer::Http | Layer::Top if second == "graphql" => {
            Some("a feature's `graphql` is for `graphql` and for other features' `graphql`")
        }
        Layer::Foundation
        | Layer::Feature
        | Layer::FeatureGraphql
        | Layer::Graphql
        | Layer::Http
        | Layer::Top => None,
    }
}

fn layer(path: &str) -> Layer {
    let mut parts = path.split('/');
    let first = parts.next().unwrap_or_default();
    let Some(second) = parts.next() else { return Layer::Top };
    if first == "bin" {
        Layer::Top
    } else if FOUNDATION.contains(&first) {
        Layer::Foundation
    } else if first == "graphql" {
        Layer::Graphql
    } else if first == "http" {
        Layer::Http
    } else if second == "graphql.rs" || second == "graphql" {
        Layer::FeatureGraphql
    } else {
        Layer::Feature
    }
}

/// That it is `no_std` keeps I/O, clock and randomness out: the compiler sees to the rest.
fn domain(source: &Source, code: &str) -> Vec<Violation> {
    let lacks = source.path == "domain/src/lib.rs" && !code.contains("no_std");
    let lacking = lacks.then(|| source.violation(1, "the domain is `no_std`: alloc and core alone"));
    let imported =
        forbid(source, code, &["server", "migration", "web"], "the domain imports nothing of ours");
    lacking.into_iter().chain(imported).collect()
}

/// What a viewer may do reaches the client as data, so that an old page cannot disagree with the server.
fn web(source: &Source, code: &str) -> Vec<Violation> {
    const TAKEN: [&str; 3] = ["fold", "validate", "zone"];
    let others = references(code, "domain")
        .into_iter()
        .filter(|path| path.segments.get(1).is_none_or(|it| !TAKEN.contains(&it.as_str())));
    let rule = "the client uses from `domain` only `validate`, `fold` and `zone`";
    others.map(|path| source.violation(path.line, rule)).collect()
}

fn forbid(source: &Source, code: &str, roots: &[&str], rule: &str) -> Vec<Violation> {
    let found =
        roots.iter().flat_map(|root| references(code, root).into_iter().map(move |path| (root, path.line)));
    found.map(|(root, line)| source.violation(line, format!("`{root}`: {rule}"))).collect()
}

/// Every path in `code` that starts with `root`, groups in braces taken apart.
fn references(code: &str, root: &str) -> Vec<Reference> {
    let start = format!("{root}::");
    let mut found = Vec::new();
    for (at, _) in code.match_indices(&start) {
        let (before, from) = code.split_at(at);
        let continues = before.ends_with(|last: char| last.is_alphanumeric() || last == '_' || last == ':');
        if !continues {
            let line = before.lines().count().max(1) + usize::from(before.ends_with('\n'));
            let mut paths = Vec::new();
            expand(from, Vec::new(), &mut paths);
            found.extend(paths.into_iter().map(|segments| Reference { line, segments }));
        }
    }
    found
}

/// `a::{b::c, d}` is `a::b::c` and `a::d`.
fn expand(text: &str, mut segments: Vec<String>, paths: &mut Vec<Vec<String>>) {
    let text = text.trim_start();
    if let Some(group) = text.strip_prefix('{') {
        for item in items(group) {
            expand(item, segments.clone(), paths);
        }
        return;
    }
    let end = text.find(|it: char| !it.is_alphanumeric() && it != '_').unwrap_or(text.len());
    let (segment, rest) = text.split_at(end);
    if !segment.is_empty() {
        segments.push(segment.to_owned());
    }
    match rest.strip_prefix("::") {
        Some(rest) if !segment.is_empty() => expand(rest, segments, paths),
        _ => paths.push(segments),
    }
}

/// The items of a group whose opening brace has been read, up to its closing one.
fn items(group: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let mut from = 0;
    let mut items = Vec::new();
    for (at, it) in group.char_indices() {
        let ends = depth == 0 && (it == ',' || it == '}');
        if ends {
            items.extend(group.get(from..at).map(str::trim).filter(|item| !item.is_empty()));
            from = at + 1;
        }
        match it {
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            '{' => depth += 1,
            _ => {}
        }
    }
    items
}

#[cfg(test)]
mod tests {
    use super::super::source;
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        check(&source(path, text)).len()
    }

    #[test]
    fn groups_are_taken_apart() {
        let code = "use crate::{\n    db::{self, write},\n    task,\n};\nlet a = crate::log::append();";
        let paths: Vec<_> =
            references(code, "crate").into_iter().map(|path| path.segments.join("::")).collect();
        assert_eq!(paths, ["crate::db::self", "crate::db::write", "crate::task", "crate::log::append"]);
    }

    #[test]
    fn a_line_is_named() {
        let found = check(&source("server/src/task/query.rs", "//! x\nuse std::fmt;\nuse axum::Router;\n"));
        assert_eq!(found.iter().map(|violation| violation.line).collect::<Vec<_>>(), [3]);
    }

    #[test]
    fn a_command_knows_neither_graphql_nor_http() {
        assert_eq!(count("server/src/task/mod.rs", "use async_graphql::ID;"), 1);
        assert_eq!(count("server/src/task/query.rs", "use axum::Router;"), 1);
        assert_eq!(count("server/src/task/query.rs", "use async_graphql::dataloader::Loader;"), 0);
        assert_eq!(count("server/src/task/mod.rs", "use async_graphql::dataloader::Loader;"), 1);
        assert_eq!(count("server/src/task/mod.rs", "use crate::graphql::Page;"), 1);
        assert_eq!(count("server/src/task/mod.rs", "use crate::user::graphql::User;"), 1);
        assert_eq!(count("server/src/task/query.rs", "use super::graphql::Task;"), 1);
        assert_eq!(
            count("server/src/task/mod.rs", "use crate::{db, log, user};\npub(crate) mod graphql;"),
            0
        );
    }

    #[test]
    fn graphql_knows_nothing_of_http() {
        assert_eq!(
            count("server/src/task/graphql.rs", "use async_graphql::ID;\nuse crate::user::graphql::User;"),
            0
        );
        assert_eq!(count("server/src/task/graphql.rs", "use crate::http::Cookies;"), 1);
        assert_eq!(count("server/src/graphql/mod.rs", "use crate::task::graphql::TaskQuery;"), 0);
        assert_eq!(count("server/src/graphql/limits.rs", "use axum::body::Bytes;"), 1);
        assert_eq!(count("server/src/http/mod.rs", "use axum::Router;\nuse crate::graphql::Schema;"), 0);
        assert_eq!(count("server/src/http/mod.rs", "use crate::task::graphql::Task;"), 1);
    }

    #[test]
    fn passwords_and_tokens_are_auths_alone() {
        assert_eq!(count("server/src/auth/password.rs", "use argon2::Argon2;"), 0);
        assert_eq!(count("server/src/user/mod.rs", "use argon2::Argon2;"), 1);
        assert_eq!(count("server/src/http/mod.rs", "jsonwebtoken::decode(a);"), 1);
    }

    #[test]
    fn the_client_takes_validation_from_the_domain_and_nothing_else() {
        assert_eq!(count("web/src/main.rs", "use domain::validate::TITLE;\nuse domain::validate;"), 0);
        assert_eq!(count("web/src/main.rs", "use domain::policy;"), 1);
        assert_eq!(count("web/src/main.rs", "use domain::{policy, validate};"), 1);
    }

    #[test]
    fn the_domain_is_pure_and_migrations_are_frozen() {
        assert_eq!(count("domain/src/lib.rs", "pub mod policy;"), 1);
        assert_eq!(count("domain/src/lib.rs", "#![no_std]\npub mod policy;"), 0);
        assert_eq!(count("domain/src/policy.rs", "use server::entity;"), 1);
        assert_eq!(count("domain/src/policy.rs", "use alloc::vec::Vec;"), 0);
        assert_eq!(count("migration/src/tasks.rs", "use server::entity::task;"), 1);
        assert_eq!(count("migration/src/tasks.rs", "use sea_orm_migration::prelude::*;"), 0);
    }

    #[test]
    fn a_comment_imports_nothing() {
        assert_eq!(count("server/src/task/mod.rs", "// not async_graphql::ID\n"), 0);
    }
}
