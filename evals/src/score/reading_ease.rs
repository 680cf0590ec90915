//! How easily entries read: Flesch's reading ease, 206.835 - 1.015 words a sentence - 84.6 syllables a word; 60 to 70 is
//! plain English, and more reads easier (Flesch, "A new readability yardstick", 1948). Syllables are counted by rule:
//! groups of vowels, a silent e at the end aside. That is right for about nine English words in ten, and says nothing
//! of other languages, so the figure is for comparing drafts in English with one another.

use super::Measure;
use super::look::Look;
use super::words::words;

/// Fewer words say nothing.
const FEWEST: usize = 20;

#[allow(clippy::cast_precision_loss, reason = "words of a plan")]
pub(super) fn measure(look: &Look<'_>) -> Measure {
    let (mut all, mut syllables, mut sentences) = (0usize, 0usize, 0usize);
    for entry in &look.entries {
        let text = entry.item.text();
        let own: Vec<String> =
            words(text).into_iter().filter(|word| word.chars().any(char::is_alphabetic)).collect();
        all += own.len();
        syllables += own.iter().map(|word| syllables_of(word)).sum::<usize>();
        sentences += sentences_of(text);
    }
    if all < FEWEST {
        return Measure::nothing();
    }
    let (words, sentences) = (all as f64, sentences.max(1) as f64);
    Measure::amount(206.835 - 1.015 * words / sentences - 84.6 * syllables as f64 / words)
}

/// Sentences end with a mark before a space or the end; a text without one is a sentence as well.
fn sentences_of(text: &str) -> usize {
    let ends = text.split_whitespace().filter(|word| word.ends_with(['.', '!', '?'])).count();
    let open = text.split_whitespace().last().is_some_and(|word| !word.ends_with(['.', '!', '?']));
    ends + usize::from(open)
}

fn syllables_of(word: &str) -> usize {
    let vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    let mut groups = 0;
    let mut before = false;
    for c in word.chars() {
        groups += usize::from(vowel(c) && !before);
        before = vowel(c);
    }
    let ending = |ending: &str| word.strip_suffix(ending).and_then(|stem| stem.chars().last());
    let silent = ending("e").is_some_and(|c| !vowel(c) && c != 'l')
        || ending("es").is_some_and(|c| !matches!(c, 's' | 'z' | 'x' | 'c' | 'g' | 'h') && !vowel(c))
        || ending("ed").is_some_and(|c| !matches!(c, 't' | 'd') && !vowel(c));
    if silent { (groups - 1).max(1) } else { groups.max(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_are_counted_by_rule() {
        let counted = [
            ("cat", 1),
            ("table", 2),
            ("make", 1),
            ("makes", 1),
            ("houses", 2),
            ("worked", 1),
            ("started", 2),
            ("reading", 2),
            ("see", 1),
            ("utility", 4),
            ("the", 1),
            ("rhythm", 1),
            ("customer", 3),
            ("please", 1),
        ];
        for (word, syllables) in counted {
            assert_eq!(syllables_of(word), syllables, "{word}");
        }
    }

    #[test]
    fn sentences_end_with_a_mark_or_not_at_all() {
        for (text, count) in [("One. Two! Three", 3), ("Only one", 1), ("About 3.5 km.", 1), ("", 0)] {
            assert_eq!(sentences_of(text), count, "{text}");
        }
    }
}
