//! Builds the block tree. What is broken in the text comes out as WordPress's parser has it.

use serde_json::{Map, Value};

use super::token::{Kind, Token, Tokens};
use super::{Block, MAX_DEPTH};

/// How much text may be repeated for blocks that are never closed: WordPress gives each of them the
/// whole rest of the text.
const REPEAT_BUDGET: usize = 4 << 20;

/// A block whose closer has not been met yet.
struct Frame {
    block: Block,
    /// Where its opening comment starts.
    start: usize,
    /// Up to where its content has been taken.
    taken: usize,
    /// Where the freeform text before it starts, for a block at the top.
    leading: Option<usize>,
}

struct Parser<'a> {
    text: &'a str,
    /// Up to where the text has been dealt with.
    at: usize,
    stack: Vec<Frame>,
    /// Openers beyond [`MAX_DEPTH`] that stay text, and wait for their closers.
    too_deep: usize,
    output: Vec<Block>,
}

/// Reads `post_content` into blocks. Never fails: what is no block is freeform text.
pub fn parse(text: &str) -> Vec<Block> {
    let mut parser = Parser {
        text,
        at: 0,
        stack: Vec::new(),
        too_deep: 0,
        output: Vec::new(),
    };
    for token in Tokens::new(text) {
        let known = match token.kind {
            Kind::Void => parser.void(&token),
            Kind::Opener => parser.opener(&token),
            Kind::Closer => parser.closer(&token),
        };
        if known.is_none() {
            break;
        }
    }
    parser.finish()
}

impl Parser<'_> {
    fn void(&mut self, token: &Token<'_>) -> Option<()> {
        if self.stack.len() >= MAX_DEPTH {
            return Some(());
        }
        let block = new_block(token);
        if self.stack.is_empty() {
            self.freeform(self.at, token.range.start);
            self.output.push(block);
        } else {
            self.add_inner(block, token.range.start, token.range.end);
        }
        self.at = token.range.end;
        Some(())
    }

    fn opener(&mut self, token: &Token<'_>) -> Option<()> {
        if self.stack.len() >= MAX_DEPTH {
            self.too_deep += 1;
            return Some(());
        }
        let leading = (token.range.start > self.at).then_some(self.at);
        self.stack.push(Frame {
            block: new_block(token),
            start: token.range.start,
            taken: token.range.end,
            leading,
        });
        self.at = token.range.end;
        Some(())
    }

    /// `None` for a closer that closes nothing: the rest of the text is freeform then.
    fn closer(&mut self, token: &Token<'_>) -> Option<()> {
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return Some(());
        }
        let mut frame = self.stack.pop()?;
        let html = &self.text[frame.taken..token.range.start];
        if self.stack.is_empty() {
            self.close_top(frame, token.range.start);
        } else {
            // Unlike at the top, an empty piece is kept here.
            frame.block.inner_html.push_str(html);
            frame.block.inner_content.push(Some(html.to_owned()));
            self.add_inner(frame.block, frame.start, token.range.end);
        }
        self.at = token.range.end;
        Some(())
    }

    /// Puts a finished block into the open one.
    fn add_inner(&mut self, block: Block, start: usize, end: usize) {
        let text = self.text;
        if let Some(parent) = self.stack.last_mut() {
            add_html(&mut parent.block, &text[parent.taken..start]);
            parent.block.inner_content.push(None);
            parent.block.inner_blocks.push(block);
            parent.taken = end;
        }
    }

    /// Moves a block to the output with the freeform text before it.
    fn close_top(&mut self, mut frame: Frame, end: usize) {
        add_html(&mut frame.block, &self.text[frame.taken..end]);
        if let Some(leading) = frame.leading {
            self.freeform(leading, frame.start);
        }
        self.output.push(frame.block);
    }

    fn freeform(&mut self, from: usize, to: usize) {
        if from < to {
            self.output.push(Block::freeform(&self.text[from..to]));
        }
    }

    /// What is left at the end: freeform text, or blocks that are still open, innermost first.
    fn finish(mut self) -> Vec<Block> {
        if self.stack.is_empty() {
            self.freeform(self.at, self.text.len());
        }
        let mut budget = REPEAT_BUDGET.max(self.text.len());
        let mut next_start = self.text.len();
        while let Some(frame) = self.stack.pop() {
            let start = frame.start;
            let rest = self.text.len() - frame.taken;
            let end = if rest <= budget {
                budget -= rest;
                self.text.len()
            } else {
                next_start
            };
            next_start = start;
            self.close_top(frame, end);
        }
        self.output
    }
}

fn new_block(token: &Token<'_>) -> Block {
    let name = if token.name.contains('/') {
        token.name.to_owned()
    } else {
        format!("core/{}", token.name)
    };
    let attrs = match token.kind {
        Kind::Closer => Map::new(),
        Kind::Void | Kind::Opener => token.attrs.map(attributes).unwrap_or_default(),
    };
    Block::void(name, attrs)
}

/// Broken JSON counts as no attributes, as in WordPress.
fn attributes(json: &str) -> Map<String, Value> {
    serde_json::from_str(json).unwrap_or_default()
}

fn add_html(block: &mut Block, html: &str) {
    if !html.is_empty() {
        block.inner_html.push_str(html);
        block.inner_content.push(Some(html.to_owned()));
    }
}
