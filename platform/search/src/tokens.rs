//! Hands words and stems to tantivy. A value to be indexed is `LANGUAGE`, a newline, then the text
//! (see [`value`]), so that one field holds all languages.

use crate::fold::fold;
use crate::stems::document_stem;
use crate::words::Words;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// The name of the tokenizer in the schema.
pub(crate) const NAME: &str = "guidepost";

/// The value to index for a text in a language.
pub(crate) fn value(language: &str, text: &str) -> String {
    let language: String = language.chars().filter(|c| *c != '\n').take(20).collect();
    format!("{language}\n{text}")
}

/// Gives each word folded, and at the same position its stem.
#[derive(Clone)]
pub(crate) struct GuidepostTokenizer;

pub(crate) struct Stream<'a> {
    language: &'a str,
    text: &'a str,
    words: Words<'a>,
    token: Token,
    stem: Option<String>,
    position: usize,
}

impl Tokenizer for GuidepostTokenizer {
    type TokenStream<'a> = Stream<'a>;

    fn token_stream<'a>(&'a mut self, value: &'a str) -> Stream<'a> {
        let (language, text) = value.split_once('\n').unwrap_or(("", value));
        Stream {
            language,
            text,
            words: Words::new(text),
            token: Token::default(),
            stem: None,
            position: 0,
        }
    }
}

impl TokenStream for Stream<'_> {
    fn advance(&mut self) -> bool {
        if let Some(stem) = self.stem.take() {
            self.token.text = stem;
            return true;
        }
        let Some(span) = self.words.next() else {
            return false;
        };
        let word = &self.text[span.start..span.end];
        self.token.text = fold(word);
        self.token.offset_from = span.start;
        self.token.offset_to = span.end;
        self.token.position = self.position;
        self.position += 1;
        self.stem = if span.gram {
            None
        } else {
            document_stem(word, self.language)
        };
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
