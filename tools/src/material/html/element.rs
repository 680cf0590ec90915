//! What the elements of a page are to a reader of its text. Must not know positions or lines.

use html5gum::StartTag;

/// Elements that begin and end blocks of text; headings do so too.
const BLOCKS: &str = "p div section article header footer main aside nav ul ol li dl dt dd table thead tbody tfoot \
    tr caption blockquote pre figure figcaption form fieldset legend address hr br title body html head details \
    summary option";
/// Elements whose content is no text of the page.
const UNSEEN: &str = "script style template noscript iframe object svg canvas math audio video noembed noframes \
    textarea select datalist";
/// Elements that have no content.
const VOID: &str = "area base br col embed hr img input link meta source track wbr";
/// Elements whose end tag authors may leave out.
const OPTIONAL_END: &str = "p li dt dd td th tr option";
/// Style rules that keep an element from being seen, without blanks.
const HIDING: [&str; 5] =
    ["display:none;", "visibility:hidden;", "font-size:0", "opacity:0;", "color:transparent;"];

fn is_one_of(names: &str, name: &[u8]) -> bool {
    names.split_whitespace().any(|known| known.as_bytes() == name)
}

/// The level of a heading.
pub(super) fn heading(name: &[u8]) -> Option<u8> {
    match name {
        [b'h', level @ b'1'..=b'6'] => Some(level - b'0'),
        _ => None,
    }
}

/// Whether the element begins and ends a block of text.
pub(super) fn is_block(name: &[u8]) -> bool {
    heading(name).is_some() || is_one_of(BLOCKS, name)
}

/// Whether nothing within the element is text of the page.
pub(super) fn is_unseen(name: &[u8]) -> bool {
    is_one_of(UNSEEN, name)
}

/// Whether the element has no content.
pub(super) fn is_void(name: &[u8]) -> bool {
    is_one_of(VOID, name)
}

/// Whether the element may end where its like starts.
pub(super) fn has_optional_end(name: &[u8]) -> bool {
    is_one_of(OPTIONAL_END, name)
}

/// Whether the element's own attributes keep it from being shown.
pub(super) fn is_hidden(tag: &StartTag<usize>) -> bool {
    let attribute = |name: &[u8]| {
        tag.attributes.get(name).map(|value| String::from_utf8_lossy(value).to_ascii_lowercase())
    };
    if attribute(b"hidden").is_some() || attribute(b"aria-hidden").is_some_and(|value| value == "true") {
        return true;
    }
    let Some(style) = attribute(b"style") else { return false };
    let style: String = style.split_whitespace().chain([";"]).collect();
    HIDING.iter().any(|rule| style.contains(rule)) && !style.contains("font-size:0.")
}

#[cfg(test)]
mod tests {
    use html5gum::{DefaultEmitter, Token, Tokenizer};

    use super::*;

    fn check(tag: &str, expected: bool) {
        let mut tokens = Tokenizer::new_with_emitter(tag, DefaultEmitter::<usize>::new_with_span());
        let Some(Ok(Token::StartTag(tag))) = tokens.next() else { panic!("no tag in {tag}") };
        assert_eq!(is_hidden(&tag), expected);
    }

    #[test]
    fn attributes_hide_elements() {
        check("<p hidden>", true);
        check("<p aria-hidden='true'>", true);
        check("<p style='color: red; display : NONE'>", true);
        check("<p style='font-size:0px'>", true);
        check("<p style='font-size:0.9em'>", false);
        check("<p style='opacity:0.5'>", false);
        check("<p class=hidden aria-hidden=false>", false);
    }
}
