//! What people wrote, with its Markdown shown.

use yew::prelude::*;

use super::{IconKind, icon};
use crate::text::Messages;
use crate::text::markdown::{self, Block, Inline, Item};

/// Draws a text. Its headings stand below the title of what they describe, so all are of one level and differ in looks alone.
pub fn prose(words: &Messages, text: &str) -> Html {
    html! { <div class="prose">{ blocks(words, markdown::read(text)) }</div> }
}

fn blocks(words: &Messages, blocks: Vec<Block>) -> Html {
    blocks.into_iter().map(|one| block(words, one)).collect()
}

fn block(words: &Messages, block: Block) -> Html {
    match block {
        Block::Paragraph(content) => html! { <p>{ inlines(content) }</p> },
        Block::Heading(level, content) => {
            html! { <h3 class={if level < 2 { "large" } else { "" }}>{ inlines(content) }</h3> }
        }
        Block::Code(code) => html! { <pre tabindex="0"><code>{ code }</code></pre> },
        Block::Quote(content) => html! { <blockquote>{ blocks(words, content) }</blockquote> },
        Block::List(number, entries) => {
            let entries: Html = entries.into_iter().map(|entry| item(words, entry)).collect();
            match number {
                Some(number) => html! { <ol start={number.to_string()}>{ entries }</ol> },
                None => html! { <ul>{ entries }</ul> },
            }
        }
        Block::Rule => html! { <hr /> },
    }
}

fn item(words: &Messages, item: Item) -> Html {
    let content = blocks(words, item.blocks);
    match item.done {
        Some(done) => {
            let (class, label) = if done { ("box done", words.yes) } else { ("box", words.no) };
            html! {
                <li class="to-do-item">
                    <span {class} role="img" aria-label={label}>if done { { icon(IconKind::Check) } }</span>
                    <div>{ content }</div>
                </li>
            }
        }
        None => html! { <li>{ content }</li> },
    }
}

fn inlines(content: Vec<Inline>) -> Html {
    content.into_iter().map(inline).collect()
}

fn inline(inline: Inline) -> Html {
    match inline {
        Inline::Text(text) => text.into(),
        Inline::Code(code) => html! { <code>{ code }</code> },
        Inline::Strong(content) => html! { <strong>{ inlines(content) }</strong> },
        Inline::Emphasis(content) => html! { <em>{ inlines(content) }</em> },
        Inline::Struck(content) => html! { <s>{ inlines(content) }</s> },
        Inline::Link(address, content) => {
            html! { <a href={address} target="_blank" rel="noopener noreferrer nofollow">{ inlines(content) }</a> }
        }
        Inline::Break => html! { <br /> },
    }
}
