//! Texts and patterns that the draft is to hold. Texts are compared by their words, patterns with what each field says
//! to the letter. It must not know what is looked for.

use regex::{Regex, RegexBuilder};

use super::Measure;
use super::look::Look;
use super::words::spaced;

/// Bytes that a compiled pattern may take.
const LARGEST_PATTERN: usize = 1 << 20;

/// Compiles a suite's pattern; how large it may get has a bound, and matching is linear.
pub(crate) fn text_pattern(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern).size_limit(LARGEST_PATTERN).dfa_size_limit(LARGEST_PATTERN).build()
}

pub(super) fn contains(look: &Look<'_>) -> Measure {
    Measure::share_of_right(&look.case.expect.contains, |phrase| {
        let wanted = spaced(&phrase.text);
        let mut texts = look.within(phrase.section).flat_map(|entry| entry.texts());
        let found = texts.any(|text| spaced(&text).contains(&wanted));
        (!found).then(|| format!("\"{}\" stands in no entry{}", phrase.text, within(phrase.section)))
    })
}

pub(super) fn regex(look: &Look<'_>) -> Measure {
    Measure::share_of_right(&look.case.expect.matches, |wanted| {
        let found = text_pattern(&wanted.regex).is_ok_and(|pattern| {
            look.within(wanted.section).flat_map(|entry| entry.texts()).any(|text| pattern.is_match(&text))
        });
        (!found).then(|| format!("no entry{} matches {}", within(wanted.section), wanted.regex))
    })
}

fn within(section: Option<infohub::plan::SectionKey>) -> String {
    section.map(|section| format!(" of {}", section.spoken())).unwrap_or_default()
}
