//! Rules for `Cargo.toml`: the domain depends on nothing, migrations on nothing of the server.

use super::{Source, Violation};

pub(super) fn check(source: &Source) -> Vec<Violation> {
    let forbidden: fn(&str) -> bool = match source.path.as_str() {
        "domain/Cargo.toml" => |_| true,
        "migration/Cargo.toml" => |name| ["domain", "vekha", "server"].contains(&name),
        _ => return Vec::new(),
    };
    let mut violations = Vec::new();
    let mut section = "";
    for (number, line) in source.lines() {
        let line = line.trim();
        if line.starts_with('[') {
            section = line;
        } else if section == "[dependencies]" && !line.is_empty() && !line.starts_with('#') {
            let name = line.split(['.', ' ', '=']).next().unwrap_or_default();
            if forbidden(name) {
                violations.push(source.violation(number, format!("this crate may not depend on `{name}`")));
            }
        } else if section.starts_with("[dependencies.") {
            violations.push(source.violation(number, "dependencies stand in one section"));
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::super::source;
    use super::*;

    #[test]
    fn the_domain_depends_on_nothing_but_for_its_tests() {
        let text = "[package]\nname = \"domain\"\n\n[dev-dependencies]\ninsta.workspace = true\n";
        assert_eq!(check(&source("domain/Cargo.toml", text)), []);
        let text = "[dependencies]\nchrono.workspace = true\n";
        assert_eq!(check(&source("domain/Cargo.toml", text)).len(), 1);
    }

    #[test]
    fn a_migration_knows_nothing_of_the_server() {
        let text = "[dependencies]\nsea-orm-migration.workspace = true\nvekha = { path = \"../server\" }\n";
        assert_eq!(check(&source("migration/Cargo.toml", text)).len(), 1);
        assert_eq!(check(&source("server/Cargo.toml", text)), []);
    }
}
