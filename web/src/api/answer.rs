//! Answers to questions about unions, read as one flat record.
//!
//! What is asked for is spelled out kind by kind and checked against the contract; what comes is one record with the fields of
//! all kinds. Reading it kind by kind would compile every nested type twice more: once for what is read straight from the text
//! and once for what was put by until the kind is known. That is 25 KB of the bundle.

use std::marker::PhantomData;

use cynic::QueryFragment;
use cynic::queries::SelectionBuilder;
use serde::{Deserialize, Deserializer};

/// Asked for as `Question` says, read as `Flat`.
pub struct Answer<Flat, Question> {
    pub flat: Flat,
    question: PhantomData<fn() -> Question>,
}

// Derived, these would ask the same of `Question`.
impl<Flat: Clone, Question> Clone for Answer<Flat, Question> {
    fn clone(&self) -> Self {
        Self { flat: self.flat.clone(), question: PhantomData }
    }
}

impl<Flat: std::fmt::Debug, Question> std::fmt::Debug for Answer<Flat, Question> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.flat.fmt(formatter)
    }
}

impl<Flat: PartialEq, Question> PartialEq for Answer<Flat, Question> {
    fn eq(&self, other: &Self) -> bool {
        self.flat == other.flat
    }
}

impl<'de, Flat: Deserialize<'de>, Question> Deserialize<'de> for Answer<Flat, Question> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Flat::deserialize(deserializer).map(|flat| Self { flat, question: PhantomData })
    }
}

impl<Flat, Question: QueryFragment> QueryFragment for Answer<Flat, Question> {
    type SchemaType = Question::SchemaType;
    type VariablesFields = Question::VariablesFields;

    const TYPE: Option<&'static str> = Question::TYPE;

    fn query(builder: SelectionBuilder<'_, Self::SchemaType, Self::VariablesFields>) {
        Question::query(builder);
    }
}
