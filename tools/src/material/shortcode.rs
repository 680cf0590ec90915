//! Template shortcodes, `{{< quote author="Ann Bell" >}} ... {{< /quote >}}`: taken out of a page's text,
//! with whoever they name kept as the speaker. Must not know HTML.

use std::ops::Range;

/// A page of which more is shortcode than this is not read for them.
const SHORTCODES: usize = 10_000;

/// A stretch of a page that a shortcode says somebody said.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Spoken {
    pub(super) range: Range<usize>,
    pub(super) speaker: String,
}

/// A page without its shortcodes: blanks stand in their places, so offsets and lines stay.
#[derive(Debug)]
pub(super) struct Blanked {
    pub(super) text: String,
    pub(super) spoken: Vec<Spoken>,
    /// Where shortcodes end or start blocks of text, in rising order.
    pub(super) breaks: Vec<usize>,
}

/// Takes the shortcodes out of a page.
pub(super) fn blank(page: &str) -> Blanked {
    let mut text = String::with_capacity(page.len());
    let mut breaks = Vec::new();
    let mut spoken = Vec::new();
    let mut open: Option<(usize, Option<String>)> = None;
    let mut at = 0;
    while let Some((range, inner)) = next(page, at).filter(|_| breaks.len() < SHORTCODES) {
        text.push_str(&page[at..range.start]);
        text.extend(page[range.clone()].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
        breaks.push(range.start);
        if inner.trim_start().starts_with('/') {
            if let Some((from, Some(speaker))) = open.take() {
                spoken.push(Spoken { range: from..range.start, speaker });
            }
        } else {
            open = Some((range.end, attribute(inner, "author")));
        }
        at = range.end;
    }
    text.push_str(&page[at..]);
    Blanked { text, spoken, breaks }
}

/// The next shortcode from a place on, with what stands between its marks.
fn next(page: &str, from: usize) -> Option<(Range<usize>, &str)> {
    let rest = &page[from..];
    let mut marks = rest.match_indices("{{");
    let (start, close) = marks.find_map(|(at, _)| match rest.as_bytes().get(at + 2) {
        Some(b'<') => Some((at, ">}}")),
        Some(b'%') => Some((at, "%}}")),
        _ => None,
    })?;
    let inner = &rest[start + 3..];
    let length = inner.find(close)?;
    let end = start + 3 + length + close.len();
    Some((from + start..from + end, &inner[..length]))
}

/// The value of `name="..."`.
fn attribute(inner: &str, name: &str) -> Option<String> {
    let (_, rest) = inner.split_once(&format!("{name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
    (!value.is_empty()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortcodes_give_way_to_blanks_and_name_the_speaker() {
        let page = "a {{< q author=\"Ann\nBell\" >}}said{{< /q >}} b {{< open";
        let blanked = blank(page);
        assert_eq!(blanked.text.len(), page.len());
        assert_eq!(blanked.text.split_whitespace().collect::<Vec<_>>(), ["a", "said", "b", "{{<", "open"]);
        assert_eq!(blanked.text.lines().count(), page.lines().count());
        let [spoken] = blanked.spoken.as_slice() else { panic!("one speaker") };
        assert_eq!((&page[spoken.range.clone()], spoken.speaker.as_str()), ("said", "Ann Bell"));
    }
}
