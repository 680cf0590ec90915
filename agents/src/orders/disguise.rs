//! Text in a form that people do not write: coded, in letters of two scripts, letter by letter. It must not know
//! what it says.

use super::lexicon::Parts;

/// A longer run of letters, digits and signs is no word of any language.
const LONGEST_WORD: usize = 40;
/// So many single letters in a row are a word that was taken apart.
const SPACED: usize = 7;

/// Whether a text is in such a form.
pub(super) fn is_disguised(text: &str) -> bool {
    let mut spaced = 0;
    text.split(|c: char| c.is_whitespace() || "\"'`()[]<>,;".contains(c)).any(|word| {
        let mut letters = word.chars().filter(|c| *c != '-' && *c != '.' && *c != '_');
        let single = letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none();
        spaced = match (word.is_empty(), single) {
            (true, _) => spaced,
            (false, true) => spaced + 1,
            (false, false) => 0,
        };
        let latin = word.chars().any(|c| c.is_ascii_alphabetic());
        let cyrillic = word.chars().any(|c| matches!(c, '\u{400}'..='\u{4ff}'));
        (latin && cyrillic) || is_coded(word) || spaced >= SPACED
    })
}

/// A long run of base64.
fn is_coded(word: &str) -> bool {
    let signs = word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte));
    word.len() >= LONGEST_WORD
        && signs
        && word.bytes().any(|byte| byte.is_ascii_uppercase())
        && word.bytes().any(|byte| byte.is_ascii_lowercase())
        && word.bytes().any(|byte| byte.is_ascii_digit())
}

/// What a word can be in an order, read as it sounds where figures stand for letters: `1gn0r3`.
pub(super) fn parts(word: &str) -> Parts {
    let figures = word.bytes().any(|byte| byte.is_ascii_digit());
    if !figures || !word.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        return Parts::of(word);
    }
    let letter = |c: char| match c {
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '4' => 'a',
        '5' => 's',
        '7' => 't',
        _ => c,
    };
    Parts::of(&word.chars().map(letter).collect::<String>())
}
