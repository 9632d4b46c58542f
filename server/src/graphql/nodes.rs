//! How much a document asks for, counted before it is validated or run: the nodes of its answer, which are what pages and lists
//! multiply, and what a field costs beside them. Knows the contract and the variables; neither the database nor who asks.
//! Why this, and not only fields: `docs/adr/0014-no-work-without-a-bound.md`.

mod weights;

use std::collections::{BTreeMap, HashMap};

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, ExecutableDocument, Field, FieldDefinition, OperationDefinition, OperationType, Selection,
    SelectionSet, Type, TypeKind, TypeSystemDefinition,
};
use async_graphql::{Name, Positioned};
use async_graphql_value::{ConstValue, Value};
use domain::validate::limit;
use serde_json::{Map, Value as Json};

use super::gate::Rejection;
pub use weights::{LISTS, Rows, USER_ERRORS, WEIGHTS, Weight};

/// Nodes of a document. A node takes about 30 microseconds of the server's processor with what a usual list shows of it, so
/// that the dearest admitted document stays near a second.
pub const NODES: u64 = 20_000;
/// Nodes of one event of a subscription: each is answered anew, to everybody who listens.
pub const EVENT_NODES: u64 = 2_000;
/// From here on a document is dear, and waits for other dear ones. The client has none: a test holds each of its documents below.
pub const DEAR: u64 = NODES / 4;

/// Everything is counted in tenths: a value without selections is one.
const LEAF: u64 = 1;
const NODE: u64 = 10;
/// Rows on a page that is asked for without a size, where the contract names no default.
const UNASKED: u64 = 50;

/// What is given as variables, as it came.
pub type Variables = Map<String, Json>;

/// The contract, as far as counting needs it.
#[derive(Debug)]
pub struct NodeCount {
    types: HashMap<String, Counted>,
}

/// A type with fields, or a union, which has none.
#[derive(Debug, Default)]
struct Counted {
    fields: HashMap<String, CountedField>,
    is_object: bool,
}

#[derive(Debug)]
struct CountedField {
    target: String,
    /// Whether its type is a connection, whose rows are as many as this field is asked for.
    pages: bool,
    /// Rows on a page where the arguments say nothing.
    unasked: u64,
    rows: Rows,
    weight: Weight,
}

impl NodeCount {
    /// Of the contract as it is printed. A list that [`LISTS`] does not name counts as the longest page.
    pub fn of(sdl: &str) -> Self {
        let definitions = parse_schema(sdl).map(|document| document.definitions).unwrap_or_default();
        let types = definitions.iter().filter_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) => {
                let name = definition.node.name.node.as_str();
                let (fields, is_object): (&[Positioned<FieldDefinition>], bool) = match &definition.node.kind
                {
                    TypeKind::Object(object) => (&object.fields, true),
                    TypeKind::Interface(interface) => (&interface.fields, false),
                    TypeKind::Union(_) => (&[], false),
                    TypeKind::Scalar | TypeKind::Enum(_) | TypeKind::InputObject(_) => return None,
                };
                let fields = fields
                    .iter()
                    .map(|field| (field.node.name.node.to_string(), CountedField::of(name, &field.node)));
                Some((name.to_owned(), Counted { fields: fields.collect(), is_object }))
            }
            TypeSystemDefinition::Schema(_) | TypeSystemDefinition::Directive(_) => None,
        });
        NodeCount { types: types.collect() }
    }

    /// The nodes that the operation asks for. Takes time linear in the document and its variables, whatever fragments do: the
    /// document has passed the gate, so that no fragment spreads itself. What `@skip` and `@include` leave out counts all the
    /// same, and a variable that is missing counts as what it falls back to.
    pub fn count(
        &self,
        document: &ExecutableDocument,
        operation: &OperationDefinition,
        variables: &Variables,
    ) -> u64 {
        let root = match operation.ty {
            OperationType::Query => "Query",
            OperationType::Mutation => "Mutation",
            OperationType::Subscription => "Subscription",
        };
        let mut counter = Counter {
            contract: self,
            document,
            given: Given { operation, variables, weighed: HashMap::new() },
            fragments: HashMap::new(),
        };
        let total = counter.selections(self.types.get(root), &operation.selection_set.node);
        total.with_page(1).div_ceil(NODE)
    }

    /// The same, refused where it is too much for an answer of that kind.
    ///
    /// # Errors
    /// More nodes than one document may ask for.
    pub fn admit(
        &self,
        document: &ExecutableDocument,
        operation: &OperationDefinition,
        variables: &Variables,
    ) -> Result<u64, Rejection> {
        let nodes = self.count(document, operation, variables);
        let most = if operation.ty == OperationType::Subscription { EVENT_NODES } else { NODES };
        if nodes <= most {
            return Ok(nodes);
        }
        let size = |nodes: u64| usize::try_from(nodes).unwrap_or(usize::MAX);
        Err(Rejection::TooMany { of: "nodes", found: size(nodes), most: size(most) })
    }
}

impl CountedField {
    fn of(parent: &str, field: &FieldDefinition) -> Self {
        let name = field.name.node.as_str();
        let path = format!("{parent}.{name}");
        let target = named(&field.ty.node).to_string();
        let is_row = parent.ends_with("Connection") && matches!(name, "nodes" | "edges");
        let rows = match &field.ty.node.base {
            BaseType::Named(_) => Rows::One,
            BaseType::List(_) if is_row => Rows::OfPage,
            BaseType::List(_) if name == "userErrors" => Rows::Most(USER_ERRORS),
            BaseType::List(_) => weights::find(LISTS, &path).unwrap_or(Rows::Most(page())),
        };
        let first = field.arguments.iter().find(|argument| argument.node.name.node == "first");
        let default = first.and_then(|first| first.node.default_value.as_ref());
        let unasked = match default.map(|default| &default.node) {
            Some(ConstValue::Number(number)) => number.as_u64().unwrap_or(UNASKED),
            Some(_) | None => UNASKED,
        };
        let weight = weights::find(WEIGHTS, &path).unwrap_or_default();
        CountedField { pages: target.ends_with("Connection"), target, unasked, rows, weight }
    }
}

fn page() -> u64 {
    u64::try_from(limit::PAGE).unwrap_or(u64::MAX)
}

/// The name within lists.
fn named(ty: &Type) -> &Name {
    match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(of) => named(of),
    }
}

/// What a selection set asks for: once, and for each row of the page that it stands in.
#[derive(Clone, Debug, Default)]
struct Sum<'d> {
    part: Part,
    /// What only one type of several selects; an object is of one of them.
    of_type: BTreeMap<&'d str, Part>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Part {
    once: u64,
    a_row: u64,
}

impl Part {
    fn and(self, other: Part) -> Part {
        Part { once: self.once.saturating_add(other.once), a_row: self.a_row.saturating_add(other.a_row) }
    }

    fn with_page(self, rows: u64) -> u64 {
        self.once.saturating_add(self.a_row.saturating_mul(rows))
    }
}

impl<'d> Sum<'d> {
    fn once(once: u64) -> Self {
        Sum { part: Part { once, a_row: 0 }, of_type: BTreeMap::new() }
    }

    fn a_row(a_row: u64) -> Self {
        Sum { part: Part { once: 0, a_row }, of_type: BTreeMap::new() }
    }

    fn add(&mut self, other: &Sum<'d>) {
        self.part = self.part.and(other.part);
        for (name, part) in &other.of_type {
            let known = self.of_type.entry(name).or_default();
            *known = known.and(*part);
        }
    }

    fn with_page(&self, rows: u64) -> u64 {
        let dearest = self.of_type.values().map(|part| part.with_page(rows)).max().unwrap_or_default();
        self.part.with_page(rows).saturating_add(dearest)
    }

    /// The same, selected by objects of that type alone.
    fn only(&self, name: &'d str) -> Self {
        let part = self.of_type.values().fold(self.part, |part, other| part.and(*other));
        Sum { part: Part::default(), of_type: BTreeMap::from([(name, part)]) }
    }
}

struct Counter<'d, 's> {
    contract: &'s NodeCount,
    document: &'d ExecutableDocument,
    given: Given<'d>,
    fragments: HashMap<&'d str, Sum<'d>>,
}

impl<'d, 's> Counter<'d, 's> {
    fn selections(&mut self, parent: Option<&'s Counted>, selections: &'d SelectionSet) -> Sum<'d> {
        let mut total = Sum::default();
        for selection in &selections.items {
            match &selection.node {
                Selection::Field(field) => total.add(&self.field(parent, &field.node)),
                Selection::InlineFragment(inline) => {
                    let on = inline.node.type_condition.as_ref().map(|on| on.node.on.node.as_str());
                    let within = on.map_or(parent, |on| self.contract.types.get(on));
                    let sum = self.selections(within, &inline.node.selection_set.node);
                    total.add(&self.narrowed(on, sum));
                }
                Selection::FragmentSpread(spread) => {
                    self.spread(&spread.node.fragment_name.node, &mut total);
                }
            }
        }
        total
    }

    /// Counted once, however often it is spread.
    fn spread(&mut self, name: &'d Name, total: &mut Sum<'d>) {
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else { return };
        if let Some(known) = self.fragments.get(name.as_str()) {
            total.add(known);
            return;
        }
        let on = fragment.node.type_condition.node.on.node.as_str();
        let sum = self.selections(self.contract.types.get(on), &fragment.node.selection_set.node);
        let sum = self.narrowed(Some(on), sum);
        total.add(&sum);
        self.fragments.insert(name.as_str(), sum);
    }

    fn narrowed(&self, on: Option<&'d str>, sum: Sum<'d>) -> Sum<'d> {
        let object = on.filter(|on| self.contract.types.get(*on).is_some_and(|counted| counted.is_object));
        object.map_or(sum.clone(), |on| sum.only(on))
    }

    fn field(&mut self, parent: Option<&'s Counted>, field: &'d Field) -> Sum<'d> {
        let name = field.name.node.as_str();
        if matches!(name, "__schema" | "__type") {
            // What may be asked there is counted by the gate.
            return Sum::once(NODE);
        }
        let own = if field.selection_set.node.items.is_empty() { LEAF } else { NODE };
        let Some(known) = parent.and_then(|parent| parent.fields.get(name)) else {
            // Validation names it.
            let below = self.selections(None, &field.selection_set.node).with_page(page());
            return Sum::once(own.saturating_add(below));
        };
        let below = self.selections(self.contract.types.get(&known.target), &field.selection_set.node);
        let rows = if known.pages { self.given.page(field, known.unasked) } else { 1 };
        let below = own.saturating_add(below.with_page(rows));
        let asked = self.given.weigh(field);
        let beside = known
            .weight
            .once
            .saturating_add(known.weight.text.saturating_mul(asked.texts))
            .saturating_add(asked.items)
            .saturating_mul(NODE);
        let each = known.weight.each.saturating_mul(NODE).saturating_add(below);
        let once = |rows: u64| Sum::once(beside.saturating_add(each.saturating_mul(rows)));
        match known.rows {
            Rows::One => once(1),
            Rows::OfPage => Sum::a_row(beside.saturating_add(each)),
            Rows::Most(rows) => once(rows),
            Rows::First => once(self.given.page(field, known.unasked)),
            Rows::Argument(name) => once(self.given.length(field, name)),
        }
    }
}

/// The arguments of an operation's fields, with its variables.
struct Given<'d> {
    operation: &'d OperationDefinition,
    variables: &'d Variables,
    /// Each variable is weighed once, however often it is used.
    weighed: HashMap<&'d str, Asked>,
}

/// What arguments hold that costs by being there.
#[derive(Clone, Copy, Debug, Default)]
struct Asked {
    /// Members of lists, of lists within lists too.
    items: u64,
    /// Texts to be looked for.
    texts: u64,
}

impl Asked {
    fn and(self, other: Asked) -> Asked {
        Asked { items: self.items.saturating_add(other.items), texts: self.texts.saturating_add(other.texts) }
    }
}

/// The argument of that name which is looked for in titles and names.
const TEXT: &str = "text";

impl<'d> Given<'d> {
    fn default_of(&self, variable: &str) -> Option<&'d ConstValue> {
        let definitions = self.operation.variable_definitions.iter();
        let definition = definitions.map(|definition| &definition.node);
        let definition = definition.filter(|definition| definition.name.node == variable);
        definition.filter_map(|definition| definition.default_value.as_ref()).map(|value| &value.node).next()
    }

    /// Rows on the page that the arguments ask for. What is out of its bounds counts as the longest: it is refused when the
    /// field is resolved, before anything is read.
    fn page(&self, field: &Field, unasked: u64) -> u64 {
        let sizes = ["first", "last"].map(|name| field.get_argument(name).map(|value| &value.node));
        let asked = sizes.into_iter().flatten().filter_map(|value| self.size(value));
        asked.max().unwrap_or(unasked).clamp(1, page())
    }

    fn size(&self, value: &Value) -> Option<u64> {
        match value {
            Value::Null => None,
            Value::Number(number) => Some(number.as_u64().unwrap_or(u64::MAX)),
            Value::Variable(name) => match (self.variables.get(name.as_str()), self.default_of(name)) {
                (Some(Json::Null), _) | (None, None | Some(ConstValue::Null)) => None,
                (Some(json), _) => Some(json.as_u64().unwrap_or(u64::MAX)),
                (None, Some(ConstValue::Number(number))) => Some(number.as_u64().unwrap_or(u64::MAX)),
                (None, Some(_)) => Some(u64::MAX),
            },
            Value::String(_)
            | Value::Boolean(_)
            | Value::Binary(_)
            | Value::Enum(_)
            | Value::List(_)
            | Value::Object(_) => Some(u64::MAX),
        }
    }

    /// Members of a list argument; what is no list stands for a list of one.
    fn length(&self, field: &Field, name: &str) -> u64 {
        let size = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
        match field.get_argument(name).map(|value| &value.node) {
            None => 1,
            Some(Value::List(items)) => size(items.len()),
            Some(Value::Variable(name)) => match (self.variables.get(name.as_str()), self.default_of(name)) {
                (Some(Json::Array(items)), _) => size(items.len()),
                (None, Some(ConstValue::List(items))) => size(items.len()),
                (_, _) => 1,
            },
            Some(_) => 1,
        }
    }

    fn weigh(&mut self, field: &'d Field) -> Asked {
        let mut total = Asked::default();
        for (name, value) in &field.arguments {
            total = total.and(self.weighed(name.node.as_str(), &value.node));
        }
        total
    }

    fn weighed(&mut self, name: &str, value: &'d Value) -> Asked {
        match value {
            Value::String(text) if name == TEXT && !text.is_empty() => Asked { items: 0, texts: 1 },
            Value::List(items) => {
                items.iter().fold(Asked::default(), |sum, item| sum.and(ITEM).and(self.weighed(name, item)))
            }
            Value::Object(fields) => fields
                .iter()
                .fold(Asked::default(), |sum, (name, value)| sum.and(self.weighed(name.as_str(), value))),
            Value::Variable(variable) => {
                if let Some(known) = self.weighed.get(variable.as_str()) {
                    return *known;
                }
                let asked = match (self.variables.get(variable.as_str()), self.default_of(variable)) {
                    (Some(json), _) => weigh_json(name, json),
                    (None, Some(default)) => weigh_const(name, default),
                    (None, None) => Asked::default(),
                };
                self.weighed.insert(variable.as_str(), asked);
                asked
            }
            Value::Null
            | Value::Number(_)
            | Value::String(_)
            | Value::Boolean(_)
            | Value::Binary(_)
            | Value::Enum(_) => Asked::default(),
        }
    }
}

const ITEM: Asked = Asked { items: 1, texts: 0 };

fn weigh_json(name: &str, value: &Json) -> Asked {
    match value {
        Json::String(text) if name == TEXT && !text.is_empty() => Asked { items: 0, texts: 1 },
        Json::Array(items) => {
            items.iter().fold(Asked::default(), |sum, item| sum.and(ITEM).and(weigh_json(name, item)))
        }
        Json::Object(fields) => {
            fields.iter().fold(Asked::default(), |sum, (name, value)| sum.and(weigh_json(name, value)))
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => Asked::default(),
    }
}

fn weigh_const(name: &str, value: &ConstValue) -> Asked {
    match value {
        ConstValue::String(text) if name == TEXT && !text.is_empty() => Asked { items: 0, texts: 1 },
        ConstValue::List(items) => {
            items.iter().fold(Asked::default(), |sum, item| sum.and(ITEM).and(weigh_const(name, item)))
        }
        ConstValue::Object(fields) => fields
            .iter()
            .fold(Asked::default(), |sum, (name, value)| sum.and(weigh_const(name.as_str(), value))),
        ConstValue::Null
        | ConstValue::Number(_)
        | ConstValue::String(_)
        | ConstValue::Boolean(_)
        | ConstValue::Binary(_)
        | ConstValue::Enum(_) => Asked::default(),
    }
}
