//! Holds all values of a document to the types of the contract before anything of it runs: those of variables, GraphQL section
//! 6.1.2, and those that stand in it, section 5.6.1. async-graphql looks at custom scalars, and at most of what variables hold,
//! when a resolver comes to need them: of two mutations the first would have been made when the second is found to be none.
//!
//! It is also the one place through which every text of a request comes in, so that no resolver can forget to look: text without
//! NUL, in Unicode's form NFC. See ADR 17. Takes time linear in document and values, however often fragments are spread.

mod contract;
mod scalar;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock};

use async_graphql::extensions::{
    Extension, ExtensionContext, ExtensionFactory, NextPrepareRequest, NextRequest, NextSubscribe,
};
use async_graphql::parser::types::{
    BaseType, Directive, DocumentOperations, ExecutableDocument, OperationDefinition, OperationType,
    Selection, SelectionSet, Type,
};
use async_graphql::{
    ErrorExtensionValues, Name, Pos, Positioned, Request, Response, ServerError, ServerResult, Variables,
};
use async_graphql_value::{ConstValue, Value};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use parking_lot::Mutex;

use self::contract::{Contract, Input, Slot};
use self::scalar::{Place, Reading, text};
use crate::error::ErrorCode;

/// Faults that are told at once; more help nobody.
const FAULTS: usize = 50;

static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "async-graphql reads what it prints; a test does so")]
    Contract::read(&super::sdl()).expect("the contract")
});

/// Puts [`coerce`] before every execution, so that nothing runs without it, whoever asks for it to be run.
#[derive(Clone, Copy, Debug)]
pub struct Coercion;

impl ExtensionFactory for Coercion {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Coerced::default())
    }
}

/// The faults of one request: a preparation can only say the first.
#[derive(Default)]
struct Coerced {
    faults: Arc<Mutex<Vec<ServerError>>>,
}

fn told(faults: &Mutex<Vec<ServerError>>, mut response: Response) -> Response {
    let faults = std::mem::take(&mut *faults.lock());
    if !faults.is_empty() {
        response.errors = faults;
    }
    response
}

#[async_trait::async_trait]
impl Extension for Coerced {
    async fn request(&self, context: &ExtensionContext<'_>, next: NextRequest<'_>) -> Response {
        told(&self.faults, next.run(context).await)
    }

    fn subscribe<'s>(
        &self,
        context: &ExtensionContext<'_>,
        stream: BoxStream<'s, Response>,
        next: NextSubscribe<'_>,
    ) -> BoxStream<'s, Response> {
        let faults = Arc::clone(&self.faults);
        next.run(context, stream).map(move |response| told(&faults, response)).boxed()
    }

    async fn prepare_request(
        &self,
        context: &ExtensionContext<'_>,
        request: Request,
        next: NextPrepareRequest<'_>,
    ) -> ServerResult<Request> {
        let mut request = next.run(context, request).await?;
        let mut document = request.parsed_query()?.clone();
        let given = std::mem::take(&mut request.variables);
        match coerce(&mut document, request.operation_name.as_deref(), given) {
            Ok(variables) => {
                request.variables = variables;
                request.set_parsed_query(document);
                Ok(request)
            }
            Err(faults) => {
                let first = faults.first().cloned();
                *self.faults.lock() = faults;
                Err(first.unwrap_or_else(|| ServerError::new("", None)))
            }
        }
    }
}

/// The values of the variables for the operation that would run. Text within document and variables is put into its form.
///
/// # Errors
/// What is not of its type, by the name of the variable or argument: at most 50.
pub fn coerce(
    document: &mut ExecutableDocument,
    operation_name: Option<&str>,
    mut given: Variables,
) -> Result<Variables, Vec<ServerError>> {
    let (nulls, standing) = (BTreeSet::new(), HashMap::new());
    let mut pass = Pass { contract: &CONTRACT, nulls, standing, faults: Vec::new() };
    // Of a document that does not say what would run nothing does.
    let Some(operation) = chosen(&mut document.operations, operation_name) else {
        return Ok(Variables::default());
    };
    for definition in &operation.variable_definitions {
        let (at, definition) = (definition.pos, &definition.node);
        let (name, is_given) = (&definition.name.node, given.get(&definition.name.node));
        match is_given {
            Some(ConstValue::Null) => _ = pass.nulls.insert(name.clone()),
            Some(_) => {}
            None if definition.default_value.is_some() => {}
            None if definition.var_type.node.nullable => _ = pass.nulls.insert(name.clone()),
            // Said once: not of each place where it stands as well.
            None => pass.refuse(at, format!("The variable ${name} is required.")),
        }
    }
    let root = match operation.ty {
        OperationType::Query => "Query",
        OperationType::Mutation => "Mutation",
        OperationType::Subscription => "Subscription",
    };
    pass.directives(&mut operation.directives);
    pass.selections(&mut operation.selection_set.node, Some(root));
    for fragment in document.fragments.values_mut() {
        pass.directives(&mut fragment.node.directives);
        let parent = fragment.node.type_condition.node.on.node.clone();
        pass.selections(&mut fragment.node.selection_set.node, Some(&parent));
    }
    let mut variables = HashMap::new();
    for definition in &mut operation.variable_definitions {
        let (at, definition) = (definition.pos, &mut definition.node);
        let (name, ty) = (&definition.name.node, &definition.var_type.node);
        let path = Path { parent: None, segment: Segment::Variable(name) };
        let reading = pass.standing.get(name).copied().unwrap_or_default();
        if let Some(default) = &mut definition.default_value {
            let mut value = std::mem::take(&mut default.node).into_value();
            pass.value(&mut value, ty, &path, Written { at, is_json: false, reading });
            default.node = value.into_const().unwrap_or_default();
        }
        if let Some(value) = given.remove(name) {
            let mut value = value.into_value();
            pass.value(&mut value, ty, &path, Written { at, is_json: true, reading });
            variables.insert(name.clone(), value.into_const().unwrap_or_default());
        }
    }
    if pass.faults.is_empty() {
        Ok(Variables::from_value(ConstValue::Object(variables.into_iter().collect())))
    } else {
        Err(pass.faults)
    }
}

/// The operation that would run, as the specification chooses it.
fn chosen<'d>(
    operations: &'d mut DocumentOperations,
    name: Option<&str>,
) -> Option<&'d mut OperationDefinition> {
    let operation: Option<&mut Positioned<OperationDefinition>> = match (operations, name) {
        (DocumentOperations::Single(operation), None) => Some(operation),
        (DocumentOperations::Single(_), Some(_)) => None,
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get_mut(name),
        (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => {
            operations.values_mut().next()
        }
        (DocumentOperations::Multiple(_), None) => None,
    };
    operation.map(|operation| &mut operation.node)
}

/// The way to a value.
struct Path<'p> {
    parent: Option<&'p Path<'p>>,
    segment: Segment<'p>,
}

enum Segment<'p> {
    Variable(&'p Name),
    Argument(&'p Name, &'p Name),
    Directive(&'p Name, &'p Name),
    Field(&'p Name),
    Item(usize),
}

impl std::fmt::Display for Path<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(formatter)?;
        }
        match self.segment {
            Segment::Variable(name) => write!(formatter, "${name}"),
            Segment::Argument(field, name) => write!(formatter, "{field}: {name}"),
            Segment::Directive(directive, name) => write!(formatter, "@{directive}: {name}"),
            Segment::Field(name) => write!(formatter, ".{name}"),
            Segment::Item(place) => write!(formatter, "[{place}]"),
        }
    }
}

/// How and where a value was written.
#[derive(Clone, Copy)]
struct Written {
    at: Pos,
    /// Within a variable: JSON has no names, so that enumerations come as text.
    is_json: bool,
    reading: Reading,
}

struct Pass {
    contract: &'static Contract,
    /// Variables that are null, or absent.
    nulls: BTreeSet<Name>,
    /// How the text of each variable is read, by where it stands.
    standing: HashMap<Name, Reading>,
    faults: Vec<ServerError>,
}

impl Pass {
    fn refuse(&mut self, at: Pos, message: String) {
        if self.faults.len() < FAULTS {
            let mut extensions = ErrorExtensionValues::default();
            extensions.set("code", ErrorCode::BadUserInput.name());
            self.faults
                .push(ServerError { extensions: Some(extensions), ..ServerError::new(message, Some(at)) });
        }
    }

    fn fault(&mut self, path: &Path<'_>, at: Pos, problem: &str) {
        self.refuse(at, format!("{path}: {problem}"));
    }

    fn selections(&mut self, selections: &mut SelectionSet, parent: Option<&str>) {
        for selection in &mut selections.items {
            self.directives(selection.node.directives_mut());
            match &mut selection.node {
                // Introspection asks nothing of us.
                Selection::Field(field) if field.node.name.node.starts_with("__") => {}
                Selection::Field(field) => {
                    let field = &mut field.node;
                    let name = &field.name.node;
                    // What the contract does not know, validation refuses.
                    let known = parent.and_then(|parent| self.contract.field(parent, name));
                    let owner = match parent {
                        Some(parent) => format!("{parent}.{name}"),
                        None => String::new(),
                    };
                    for (argument, value) in &mut field.arguments {
                        let Some(slot) = known.and_then(|known| known.arguments.get(&argument.node)) else {
                            continue;
                        };
                        let path = Path { parent: None, segment: Segment::Argument(name, &argument.node) };
                        let reading = Place { owner: &owner, field: &argument.node }.reading();
                        let written = Written { at: value.pos, is_json: false, reading };
                        self.value(&mut value.node, &slot.ty, &path, written);
                    }
                    let output = known.map(|known| known.output.as_str());
                    self.selections(&mut field.selection_set.node, output);
                }
                Selection::InlineFragment(inline) => {
                    let on =
                        inline.node.type_condition.as_ref().map(|condition| condition.node.on.node.clone());
                    let parent = on.as_deref().or(parent);
                    self.selections(&mut inline.node.selection_set.node, parent);
                }
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn directives(&mut self, directives: &mut [Positioned<Directive>]) {
        for directive in directives {
            let Directive { name, arguments } = &mut directive.node;
            let Some(slots) = self.contract.directive(&name.node) else { continue };
            for (argument, value) in arguments {
                let Some(slot) = slots.get(&argument.node) else { continue };
                let path = Path { parent: None, segment: Segment::Directive(&name.node, &argument.node) };
                let written = Written { at: value.pos, is_json: false, reading: Reading::default() };
                self.value(&mut value.node, &slot.ty, &path, written);
            }
        }
    }

    fn value(&mut self, value: &mut Value, ty: &Type, path: &Path<'_>, written: Written) {
        if self.faults.len() >= FAULTS {
            return;
        }
        match (value, &ty.base) {
            (Value::Variable(name), _) => {
                // Its own value is held to its own type, which validation holds to this one; how its text is read, the place says.
                let reading = self.standing.entry(name.clone()).or_insert(written.reading);
                *reading = written.reading.max(*reading);
                if !ty.nullable && self.nulls.contains(name) {
                    let problem = format!("expected type \"{ty}\", ${name} is null");
                    self.fault(path, written.at, &problem);
                }
            }
            (Value::Null, _) if ty.nullable => {}
            (Value::Null, _) => self.expected(ty, path, written),
            (Value::List(items), BaseType::List(inner)) => {
                for (place, item) in items.iter_mut().enumerate() {
                    let path = Path { parent: Some(path), segment: Segment::Item(place) };
                    self.value(item, inner, &path, written);
                }
            }
            // One item is a list of it.
            (item, BaseType::List(inner)) => self.value(item, inner, path, written),
            (value, BaseType::Named(name)) => self.named(value, name, path, written),
        }
    }

    fn named(&mut self, value: &mut Value, name: &Name, path: &Path<'_>, written: Written) {
        match (self.contract.input(name), value) {
            // A type that there is not: validation says so.
            (None, _) => {}
            (Some(Input::Object(slots)), Value::Object(fields)) => {
                for (field, value) in fields.iter_mut() {
                    let path = Path { parent: Some(path), segment: Segment::Field(field) };
                    match slots.get(field) {
                        Some(slot) => {
                            let reading = Place { owner: name, field }.reading();
                            self.value(value, &slot.ty, &path, Written { reading, ..written });
                        }
                        None => self.fault(&path, written.at, &format!("\"{name}\" has no such field")),
                    }
                }
                let is_missing = |(field, slot): &(&Name, &Slot)| {
                    !slot.ty.nullable && !slot.has_default && !fields.contains_key(*field)
                };
                for (field, _) in slots.iter().filter(is_missing) {
                    let path = Path { parent: Some(path), segment: Segment::Field(field) };
                    self.fault(&path, written.at, "is required");
                }
            }
            (Some(Input::Enum(members)), Value::Enum(member)) if members.contains(member) => {}
            (Some(Input::Enum(members)), Value::String(member))
                if written.is_json && members.contains(member.as_str()) => {}
            (Some(Input::Scalar), value) => {
                let judged = if let Value::String(given) = value
                    && name == "String"
                {
                    text(given, written.reading)
                } else {
                    scalar::judge(name, value)
                };
                if let Err(problem) = judged {
                    self.fault(path, written.at, &problem);
                }
            }
            (Some(Input::Object(_) | Input::Enum(_)), _) => {
                self.fault(path, written.at, &scalar::expected(name))
            }
        }
    }

    fn expected(&mut self, ty: &Type, path: &Path<'_>, written: Written) {
        self.fault(path, written.at, &scalar::expected(ty));
    }
}

#[cfg(test)]
mod tests;
