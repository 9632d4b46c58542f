//! What a document may cost, decided before it is validated. Validation itself can be made to take exponential time by
//! fragments that spread each other (measured: 740 bytes, 32 s), so the document is parsed first, its fields are counted
//! with each fragment counted once, and only what passes is validated and executed. Knows neither the schema nor who asks.

mod scan;

use std::collections::HashMap;

use async_graphql::parser::parse_query;
use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql::{ErrorExtensionValues, Name, Pos, Positioned, ServerError};

use self::scan::{Scanned, scan};
use crate::error::ErrorCode;

/// Bytes of a query.
pub const QUERY_BYTES: usize = 16 * 1024;
/// Fields within fields.
pub const DEPTH: usize = 13;
/// Fields, those of fragments counted wherever they are spread.
pub const FIELDS: usize = 400;
/// Fields under a name of the client's choice, counted likewise.
pub const ALIASES: usize = 15;
/// Directives, counted likewise.
pub const DIRECTIVES: usize = 8;
/// Mutations that verify or hash a password, or renew a sign-in.
pub const SIGN_INS: usize = 1;
/// Depth below `__schema` and `__type`: the query of `GraphiQL` asks for types within types nine times over.
pub const INTROSPECTION_DEPTH: usize = 20;
/// Fields below `__schema` and `__type`.
pub const INTROSPECTION_FIELDS: usize = 1_000;
/// Fields, spreads and inline fragments of all definitions together, unused fragments included: what validation walks.
pub const SELECTIONS: usize = 4_000;
/// Names, of whatever kind: what the parser takes its time for. The other limits allow some 2,000.
pub const NAMES: usize = 2_500;
/// Brackets within brackets, so that no document exhausts the parser's stack.
const BRACKETS: usize = 64;
/// Arguments of fields, counted likewise: validation speaks of each that is wrong.
pub const ARGUMENTS: usize = 400;
/// Variables of all operations together.
pub const VARIABLES: usize = 100;
/// Bytes of an alias: the answer has it once for each row.
pub const ALIAS_BYTES: usize = 64;
/// Selections and spreads within each other, so that no document exhausts the stack of those who walk it.
const NESTING: usize = 64;
/// Each of these costs a password hash or a rotation; one document must not try many.
const SIGN_IN_FIELDS: [&str; 4] = ["login", "register", "refresh", "passwordReset"];

/// A document that may be validated and executed.
#[derive(Debug)]
pub struct Admitted {
    /// The parsed document, to be executed as it is.
    pub document: ExecutableDocument,
    /// The kind of the operation that would run; `None` when the document does not say which, which execution refuses.
    pub kind: Option<OperationType>,
    /// The first field of that operation that is no introspection, as the document names it.
    pub root: Option<Name>,
    /// Whether the document signs in.
    pub signs_in: bool,
    /// The nodes that the operation asks for, once they were counted: [`super::nodes`].
    pub nodes: u64,
    /// How many changes it makes at the most.
    pub changes: u32,
}

/// Why a document is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// Larger than a limit.
    #[error("The document has {found} {of}; at most {most} are allowed.")]
    TooMany {
        /// What was counted.
        of: &'static str,
        /// How many there are, as far as they were counted.
        found: usize,
        /// How many are allowed.
        most: usize,
    },
    /// Not GraphQL.
    #[error("{message}")]
    Syntax {
        /// What the parser says.
        message: String,
        /// Where.
        at: Option<Pos>,
    },
    /// A fragment contains itself.
    #[error("The fragment \"{name}\" spreads itself.")]
    Cycle {
        /// Which.
        name: String,
    },
    /// A fragment that no operation spreads: validation would refuse it, and name all that is wrong in it.
    #[error("The fragment \"{name}\" is never spread.")]
    Unused {
        /// Which.
        name: String,
    },
    /// Introspection where it is off.
    #[error("Introspection is off on this server; its schema is published as schema.graphql.")]
    Introspection,
}

impl Rejection {
    /// The code that the client is told.
    pub fn code(&self) -> ErrorCode {
        match self {
            Rejection::TooMany { .. } => ErrorCode::TooComplex,
            Rejection::Syntax { .. } | Rejection::Cycle { .. } | Rejection::Unused { .. } => {
                ErrorCode::BadUserInput
            }
            Rejection::Introspection => ErrorCode::Forbidden,
        }
    }
}

impl From<Rejection> for ServerError {
    fn from(rejection: Rejection) -> Self {
        let at = match &rejection {
            Rejection::Syntax { at, .. } => *at,
            Rejection::TooMany { .. }
            | Rejection::Cycle { .. }
            | Rejection::Unused { .. }
            | Rejection::Introspection => None,
        };
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", rejection.code().name());
        ServerError { extensions: Some(extensions), ..ServerError::new(rejection.to_string(), at) }
    }
}

/// Parses the query and holds it to the limits. Takes time linear in the query, whatever its fragments do.
///
/// # Errors
/// The first limit that the document breaks.
pub fn admit(query: &str, operation_name: Option<&str>, introspection: bool) -> Result<Admitted, Rejection> {
    limit("bytes", query.len(), QUERY_BYTES)?;
    let Scanned { deepest, names } = scan(query);
    limit("brackets within brackets", deepest, BRACKETS)?;
    limit("names", names, NAMES)?;
    let document = parse_query(query)
        .map_err(|error| Rejection::Syntax { message: error.to_string(), at: error.positions().next() })?;
    let (cost, unused) = measure(&document)?;
    if cost.introspects && !introspection {
        return Err(Rejection::Introspection);
    }
    if let Some(name) = unused {
        return Err(Rejection::Unused { name });
    }
    let operation = chosen(&document, operation_name);
    Ok(Admitted {
        kind: operation.map(|operation| operation.ty),
        root: operation.and_then(|operation| first_field(&operation.selection_set.node, &document)),
        signs_in: cost.sign_ins > 0,
        nodes: 0,
        changes: u32::try_from(cost.changes).unwrap_or(u32::MAX),
        document,
    })
}

fn limit(of: &'static str, found: usize, most: usize) -> Result<(), Rejection> {
    if found > most { Err(Rejection::TooMany { of, found, most }) } else { Ok(()) }
}

/// What a part of a document asks for, spread fragments included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Cost {
    fields: usize,
    depth: usize,
    aliases: usize,
    /// The longest.
    alias_bytes: usize,
    arguments: usize,
    directives: usize,
    /// Sign-in fields on this level, not below.
    sign_ins: usize,
    /// All fields on this level, each of which changes something where the level is a mutation's first.
    changes: usize,
    /// Below `__schema` and `__type`.
    introspection_fields: usize,
    introspection_depth: usize,
    introspects: bool,
    /// Fields, spreads and inline fragments.
    selections: usize,
    /// Selections and spreads within each other.
    nesting: usize,
}

impl Cost {
    /// Both, beside each other.
    fn and(self, other: Cost) -> Cost {
        Cost {
            fields: self.fields.saturating_add(other.fields),
            depth: self.depth.max(other.depth),
            aliases: self.aliases.saturating_add(other.aliases),
            alias_bytes: self.alias_bytes.max(other.alias_bytes),
            arguments: self.arguments.saturating_add(other.arguments),
            directives: self.directives.saturating_add(other.directives),
            sign_ins: self.sign_ins.saturating_add(other.sign_ins),
            changes: self.changes.saturating_add(other.changes),
            introspection_fields: self.introspection_fields.saturating_add(other.introspection_fields),
            introspection_depth: self.introspection_depth.max(other.introspection_depth),
            introspects: self.introspects || other.introspects,
            selections: self.selections.saturating_add(other.selections),
            nesting: self.nesting.max(other.nesting),
        }
    }

    /// The selection around it.
    fn nested(self) -> Cost {
        Cost {
            selections: self.selections.saturating_add(1),
            nesting: self.nesting.saturating_add(1),
            ..self
        }
    }

    /// The field around what it selects.
    fn under(self, name: &str) -> Cost {
        let within = Cost {
            fields: self.fields.saturating_add(1),
            depth: self.depth.saturating_add(1),
            sign_ins: usize::from(SIGN_IN_FIELDS.contains(&name)),
            changes: 1,
            ..self
        }
        .nested();
        if !matches!(name, "__schema" | "__type") {
            return within;
        }
        Cost {
            fields: 0,
            depth: 0,
            introspection_fields: within.introspection_fields.saturating_add(within.fields),
            introspection_depth: within.introspection_depth.max(within.depth),
            introspects: true,
            ..within
        }
    }
}

/// Where the counting of a fragment stands.
#[derive(Clone, Copy)]
enum Counted {
    Begun,
    Done(Cost),
}

struct Counter<'d> {
    document: &'d ExecutableDocument,
    fragments: HashMap<&'d str, Counted>,
}

/// What the document asks for, and the name of a fragment that nothing spreads.
fn measure(document: &ExecutableDocument) -> Result<(Cost, Option<String>), Rejection> {
    let mut counter = Counter { document, fragments: HashMap::new() };
    let mut total = Cost::default();
    let mut variables = 0_usize;
    for (_, operation) in document.operations.iter() {
        let mut cost = counter.selections(&operation.node.selection_set.node, 0)?;
        cost.directives = cost.directives.saturating_add(operation.node.directives.len());
        variables = variables.saturating_add(operation.node.variable_definitions.len());
        if operation.node.ty != OperationType::Mutation {
            cost.sign_ins = 0;
            cost.changes = 0;
        }
        total = total.and(cost);
    }
    let mut selections = total.selections;
    let unused = document.fragments.keys().find(|name| !counter.fragments.contains_key(name.as_str()));
    for name in document.fragments.keys() {
        // Validation walks every fragment, used or not, and what it spreads.
        let cost = counter.fragment(name, 0)?;
        selections = selections.saturating_add(cost.selections);
        total.introspects |= cost.introspects;
        total.nesting = total.nesting.max(cost.nesting);
    }
    limit("levels of fields", total.depth, DEPTH)?;
    limit("fields", total.fields, FIELDS)?;
    limit("aliases", total.aliases, ALIASES)?;
    limit("bytes in an alias", total.alias_bytes, ALIAS_BYTES)?;
    limit("arguments", total.arguments, ARGUMENTS)?;
    limit("variables", variables, VARIABLES)?;
    limit("directives", total.directives, DIRECTIVES)?;
    limit("sign-ins", total.sign_ins, SIGN_INS)?;
    limit("levels of introspection", total.introspection_depth, INTROSPECTION_DEPTH)?;
    limit("fields of introspection", total.introspection_fields, INTROSPECTION_FIELDS)?;
    limit("selections in all definitions", selections, SELECTIONS)?;
    limit("selections within each other", total.nesting, NESTING)?;
    Ok((total, unused.map(ToString::to_string)))
}

impl<'d> Counter<'d> {
    fn selections(&mut self, selections: &'d SelectionSet, level: usize) -> Result<Cost, Rejection> {
        limit("selections within each other", level, NESTING)?;
        let mut total = Cost::default();
        for selection in &selections.items {
            let cost = match &selection.node {
                Selection::Field(field) => {
                    let within = self.selections(&field.node.selection_set.node, level.saturating_add(1))?;
                    let mut cost = within.under(&field.node.name.node);
                    if let Some(alias) = &field.node.alias {
                        cost.aliases = cost.aliases.saturating_add(1);
                        cost.alias_bytes = cost.alias_bytes.max(alias.node.len());
                    }
                    cost.arguments = cost.arguments.saturating_add(field.node.arguments.len());
                    cost
                }
                Selection::FragmentSpread(spread) => {
                    self.fragment(&spread.node.fragment_name.node, level.saturating_add(1))?.nested()
                }
                Selection::InlineFragment(inline) => {
                    self.selections(&inline.node.selection_set.node, level.saturating_add(1))?.nested()
                }
            };
            total = total.and(cost);
            total.directives = total.directives.saturating_add(selection.node.directives().len());
        }
        Ok(total)
    }

    /// Counted once, however often it is spread. One that does not exist costs nothing: validation names it.
    fn fragment(&mut self, name: &Name, level: usize) -> Result<Cost, Rejection> {
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else {
            return Ok(Cost::default());
        };
        match self.fragments.get(name.as_str()) {
            Some(Counted::Done(cost)) => return Ok(*cost),
            Some(Counted::Begun) => return Err(Rejection::Cycle { name: name.to_string() }),
            None => {}
        }
        self.fragments.insert(name, Counted::Begun);
        let mut cost = self.selections(&fragment.node.selection_set.node, level)?;
        cost.directives = cost.directives.saturating_add(fragment.node.directives.len());
        self.fragments.insert(name, Counted::Done(cost));
        Ok(cost)
    }
}

/// The operation that would run, as the specification chooses it.
pub fn chosen<'d>(document: &'d ExecutableDocument, name: Option<&str>) -> Option<&'d OperationDefinition> {
    let operation: Option<&Positioned<OperationDefinition>> = match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Some(operation),
        (DocumentOperations::Single(_), Some(_)) => None,
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name),
        (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => {
            operations.values().next()
        }
        (DocumentOperations::Multiple(_), None) => None,
    };
    operation.map(|operation| &operation.node)
}

/// The first field, looked for in fragments as well. Ends, since the document has passed the count.
fn first_field(selections: &SelectionSet, document: &ExecutableDocument) -> Option<Name> {
    selections.items.iter().find_map(|selection| match &selection.node {
        Selection::Field(field) if field.node.name.node.starts_with("__") => None,
        Selection::Field(field) => Some(field.node.name.node.clone()),
        Selection::FragmentSpread(spread) => {
            let fragment = document.fragments.get(&spread.node.fragment_name.node)?;
            first_field(&fragment.node.selection_set.node, document)
        }
        Selection::InlineFragment(inline) => first_field(&inline.node.selection_set.node, document),
    })
}
