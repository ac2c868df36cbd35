//! Whether what was read of a document can be trusted to be its text.
//!
//! It cannot when many pages of many have none, when many characters are none (fonts without a table of their letters), or when
//! words fall apart into letters. What must never be in here: a guess at what the text should have been.

use crate::model::Page;

/// Share of pages without text, of four pages or more.
const EMPTY_PAGES: f64 = 0.5;
/// Share of characters that stand for nothing.
const NO_LETTERS: f64 = 0.02;
/// Share of words of one letter, of words in alphabets that have longer ones.
const SINGLE_LETTERS: f64 = 0.4;
/// Fewer words say nothing.
const ENOUGH_WORDS: usize = 60;

/// Whether a reader should be told to look into the file itself.
pub fn is_poor(pages: &[Page]) -> bool {
    let empty = pages.iter().filter(|page| page.text.trim().is_empty()).count();
    if pages.len() >= 4 && share(empty, pages.len()) > EMPTY_PAGES {
        return true;
    }
    let (mut all, mut none, mut words, mut single) = (0, 0, 0, 0);
    for page in pages {
        for c in page.text.chars().filter(|c| !c.is_whitespace()) {
            all += 1;
            none += usize::from(stands_for_nothing(c));
        }
        for word in page
            .text
            .split(|c: char| !c.is_alphabetic())
            .filter(|word| is_alphabetic(word))
        {
            words += 1;
            single += usize::from(word.chars().count() == 1);
        }
    }
    all > 0 && share(none, all) > NO_LETTERS || words >= ENOUGH_WORDS && share(single, words) > SINGLE_LETTERS
}

#[expect(clippy::cast_precision_loss, reason = "shares of counts")]
fn share(part: usize, of: usize) -> f64 {
    part as f64 / of as f64
}

/// Characters that fonts without a table of their letters give.
fn stands_for_nothing(c: char) -> bool {
    matches!(c, '\u{fffd}' | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..) || (c.is_control() && c != '\u{c}')
}

/// Scripts in which a word of one letter is rare.
fn is_alphabetic(word: &str) -> bool {
    let letter = |c| matches!(c, 'a'..='z' | 'A'..='Z' | 'À'..='ɏ' | 'Ѐ'..='ӿ' | '\u{621}'..='\u{64a}');
    word.chars().next().is_some_and(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(texts: &[&str]) -> Vec<Page> {
        let page = |(number, text): (u32, &&str)| Page {
            number,
            label: None,
            language: None,
            text: (*text).to_owned(),
        };
        (1..).zip(texts).map(page).collect()
    }

    #[test]
    fn texts_as_people_write_them_are_not_poor() {
        let plain =
            "States should see to it that every child victim can obtain compensation without delay. ".repeat(10);
        assert!(!is_poor(&pages(&[&plain, "", &plain, &plain])));
        let arabic = "ينبغي للدول أن تكفل حصول كل طفل ضحية على تعويض دون تأخير و هو حق ".repeat(10);
        assert!(!is_poor(&pages(&[&arabic])));
        assert!(!is_poor(&pages(&["各国应确保每个儿童受害者都能毫不拖延地获得赔偿。"])));
        assert!(!is_poor(&pages(&["(a) A; (b) B", ""])) && !is_poor(&[]));
    }

    #[test]
    fn texts_that_fell_apart_are() {
        let apart = "S t a t e s s h o u l d s e e t o i t ".repeat(8);
        assert!(is_poor(&pages(&[&apart])));
        assert!(is_poor(&pages(&["The \u{fffd}\u{fffd}\u{fffd} of \u{e012}\u{e013}"])));
        assert!(is_poor(&pages(&["One page of text.", "", "", ""])));
    }
}
