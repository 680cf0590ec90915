//! Replaces ranges of a text by others, and proves that nothing else went missing.
//!
//! It knows bytes and lines; it must not know YAML.

use std::ops::Range;

/// One range of the old text and what stands there instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Splice {
    pub at: Range<usize>,
    pub with: String,
}

/// Brings splices into the order of the text: at one place, what is inserted stands first.
pub(super) fn sort(splices: &mut [Splice]) {
    splices.sort_by_key(|splice| (splice.at.start, !splice.at.is_empty()));
}

/// The new text; none if two sorted splices contradict each other.
///
/// Deletions may overlap, as two neighbours may both take what stands between them.
pub(super) fn apply(text: &str, splices: &[Splice]) -> Option<String> {
    let added: usize = splices.iter().map(|splice| splice.with.len()).sum();
    let mut result = String::with_capacity(text.len() + added);
    let mut copied = 0;
    for splice in splices {
        if splice.at.start < copied && !splice.with.is_empty() {
            return None;
        }
        if copied < splice.at.start {
            result.push_str(text.get(copied..splice.at.start)?);
        }
        result.push_str(&splice.with);
        copied = copied.max(splice.at.end);
    }
    result.push_str(text.get(copied..)?);
    Some(result)
}

/// The number of the first line that no splice touched and that the new text lacks.
///
/// The splices are sorted. This does not trust [`apply`]: it compares the two texts.
pub(super) fn lost_line(old: &str, splices: &[Splice], new: &str) -> Option<usize> {
    let (mut kept, mut rest, mut start) = (new.lines(), splices, 0);
    for (index, line) in old.split_inclusive('\n').enumerate() {
        let end = start + line.len();
        let content = line.trim_end_matches(['\n', '\r']);
        // Splices are sorted, but one may reach over several lines, so they are passed by their end.
        while let [first, others @ ..] = rest
            && first.at.end < start
        {
            rest = others;
        }
        let near = rest.iter().take_while(|splice| splice.at.start <= end);
        let touched = near.clone().any(|splice| touches(splice, start, start + content.len(), end));
        if !touched && !kept.any(|other| other == content) {
            return Some(index + 1);
        }
        start = end;
    }
    None
}

fn touches(splice: &Splice, start: usize, content_end: usize, end: usize) -> bool {
    let at = splice.at.start;
    if !splice.at.is_empty() {
        return at < end && start < splice.at.end;
    }
    // Whole lines may be put before or behind a line; anything else changes it.
    let within = start < at && at < content_end;
    let before = at == start && !splice.with.ends_with('\n');
    let behind = at == content_end && start < at && !splice.with.starts_with(['\r', '\n']);
    within || before || behind
}

#[cfg(test)]
mod tests {
    use super::*;

    fn splices(list: &[(Range<usize>, &str)]) -> Vec<Splice> {
        let mut splices: Vec<Splice> =
            list.iter().map(|(at, with)| Splice { at: at.clone(), with: (*with).to_owned() }).collect();
        sort(&mut splices);
        splices
    }

    fn check(list: &[(Range<usize>, &str)], expected: Option<&str>) {
        let splices = splices(list);
        assert_eq!(apply("a\nb\nc\n", &splices).as_deref(), expected);
        if let Some(expected) = expected {
            assert_eq!(lost_line("a\nb\nc\n", &splices, expected), None);
        }
    }

    #[test]
    fn ranges_are_replaced() {
        check(&[], Some("a\nb\nc\n"));
        check(&[(2..3, "x"), (0..0, "y\n")], Some("y\na\nx\nc\n"));
        check(&[(2..4, ""), (2..2, "x\n")], Some("a\nx\nc\n"));
        check(&[(6..6, "d\n")], Some("a\nb\nc\nd\n"));
        check(&[(0..3, ""), (2..5, "")], Some("\n"));
    }

    #[test]
    fn contradictions_are_refused() {
        check(&[(0..3, ""), (2..5, "x")], None);
        check(&[(0..99, "")], None);
    }

    #[test]
    fn a_lost_line_is_found() {
        assert_eq!(lost_line("a\nb\nc\n", &[], "a\nc\n"), Some(2));
        assert_eq!(lost_line("a\nb\n", &[], "b\na\n"), Some(2));
        assert_eq!(lost_line("a\nb", &splices(&[(3..3, "\nc")]), "a\nb\nc"), None);
    }
}
