//! Markdown as people write it in descriptions and comments, read into a tree that holds nothing but text and safe links.
//!
//! Never HTML and never an image: a tag is text, a picture is a link to it. Time is linear in the length and nesting is
//! bounded, whatever is written. Own code: pulldown-cmark is 67 KB of the bundle in brotli, this is 5.

mod block;
mod inline;
mod link;
pub mod typing;

#[cfg(test)]
mod tests;

/// Containers within each other at most, quotes and lists counted together; what is deeper is text.
const DEEPEST: usize = 8;

/// Something that stands by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    Paragraph(Vec<Inline>),
    /// Of this level, 1 to 6.
    Heading(usize, Vec<Inline>),
    Code(String),
    Quote(Vec<Block>),
    /// With the number of its first item where the items are numbered.
    List(Option<u32>, Vec<Item>),
    Rule,
}

/// One entry of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Of a list of things to do: whether this one is done.
    pub done: Option<bool>,
    pub blocks: Vec<Block>,
}

/// Something in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    Text(String),
    Code(String),
    Strong(Vec<Inline>),
    Emphasis(Vec<Inline>),
    Struck(Vec<Inline>),
    /// To an address of http, https or mailto.
    Link(String, Vec<Inline>),
    /// The end of a line within a paragraph.
    Break,
}

/// Reads a text.
pub fn read(text: &str) -> Vec<Block> {
    let lines: Vec<&str> = text.lines().collect();
    block::read(&lines, 0)
}
