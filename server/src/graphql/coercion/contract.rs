//! What may be given where: arguments, fields of inputs, enumerations and directives, read from the contract as it is printed.
//! Knows no document and no value.

use std::collections::{BTreeMap, HashMap, HashSet};

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, FieldDefinition, InputValueDefinition, Type, TypeKind, TypeSystemDefinition,
};
use async_graphql::{Name, Positioned};

/// A place for a value.
#[derive(Debug)]
pub struct Slot {
    /// What it takes.
    pub ty: Type,
    /// Whether it has a value where none is given.
    pub has_default: bool,
}

/// What a type of inputs is made of.
#[derive(Debug)]
pub enum Input {
    /// One value, of which its own parser is the judge.
    Scalar,
    /// One of these names.
    Enum(HashSet<Name>),
    /// These fields.
    Object(BTreeMap<Name, Slot>),
}

/// A field that may be asked for.
#[derive(Debug)]
pub struct Field {
    /// What it may be given.
    pub arguments: HashMap<Name, Slot>,
    /// The name of the type that it answers.
    pub output: Name,
}

/// All that may be given.
#[derive(Debug, Default)]
pub struct Contract {
    inputs: HashMap<Name, Input>,
    fields: HashMap<Name, HashMap<Name, Field>>,
    directives: HashMap<Name, HashMap<Name, Slot>>,
}

impl Contract {
    /// Reads the printed contract.
    ///
    /// # Errors
    /// What is not GraphQL in it.
    pub fn read(sdl: &str) -> Result<Self, async_graphql::parser::Error> {
        let mut contract = Contract::default();
        for scalar in ["Int", "Float", "String", "Boolean", "ID"] {
            contract.inputs.insert(Name::new(scalar), Input::Scalar);
        }
        for definition in parse_schema(sdl)?.definitions {
            match definition {
                TypeSystemDefinition::Type(definition) => {
                    contract.put(definition.node.name.node, definition.node.kind);
                }
                TypeSystemDefinition::Directive(directive) => {
                    let directive = directive.node;
                    contract.directives.insert(directive.name.node, slots(directive.arguments).collect());
                }
                TypeSystemDefinition::Schema(_) => {}
            }
        }
        Ok(contract)
    }

    fn put(&mut self, name: Name, kind: TypeKind) {
        let fields = match kind {
            TypeKind::Object(object) => object.fields,
            TypeKind::Interface(interface) => interface.fields,
            TypeKind::Scalar => {
                self.inputs.insert(name, Input::Scalar);
                return;
            }
            TypeKind::Enum(members) => {
                let members = members.values.into_iter().map(|member| member.node.value.node).collect();
                self.inputs.insert(name, Input::Enum(members));
                return;
            }
            TypeKind::InputObject(input) => {
                self.inputs.insert(name, Input::Object(slots(input.fields).collect()));
                return;
            }
            TypeKind::Union(_) => return,
        };
        let read = |field: Positioned<FieldDefinition>| {
            let FieldDefinition { name, arguments, ty, .. } = field.node;
            let output = Name::new(named(&ty.node));
            (name.node, Field { arguments: slots(arguments).collect(), output })
        };
        self.fields.insert(name, fields.into_iter().map(read).collect());
    }

    /// The type of inputs of that name.
    pub fn input(&self, name: &str) -> Option<&Input> {
        self.inputs.get(name)
    }

    /// The field of a type.
    pub fn field(&self, parent: &str, name: &str) -> Option<&Field> {
        self.fields.get(parent)?.get(name)
    }

    /// What a directive may be given.
    pub fn directive(&self, name: &str) -> Option<&HashMap<Name, Slot>> {
        self.directives.get(name)
    }

    /// The names of all scalars.
    #[cfg(test)]
    pub fn scalars(&self) -> impl Iterator<Item = &str> {
        let scalars = self.inputs.iter().filter(|(_, input)| matches!(input, Input::Scalar));
        scalars.map(|(name, _)| name.as_str())
    }
}

fn slots(definitions: Vec<Positioned<InputValueDefinition>>) -> impl Iterator<Item = (Name, Slot)> {
    definitions.into_iter().map(|definition| {
        let InputValueDefinition { name, ty, default_value, .. } = definition.node;
        (name.node, Slot { ty: ty.node, has_default: default_value.is_some() })
    })
}

/// The name of a type within its lists.
fn named(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(inner) => named(inner),
    }
}
