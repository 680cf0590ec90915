//! A place in a text: line and column of a byte, and the line with a mark below the column.
//! The form is that of the errors of YAML files, so that all errors look alike.

/// The widest part of a line that is shown, in characters.
const WIDTH: usize = 100;

/// Line and column, counted from 1 in characters, of a byte offset.
pub fn line_column(text: &str, offset: usize) -> (u32, u32) {
    let mut end = offset.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = &text[..end];
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (narrow(line), narrow(column))
}

/// The line with a caret below the column, cut to a window around it; nothing for a line that is not there.
pub fn snippet(text: &str, line: u32, column: u32) -> Option<String> {
    let row = usize::try_from(line).ok()?.checked_sub(1)?;
    let column = usize::try_from(column).ok()?.checked_sub(1)?;
    let source = text.lines().nth(row)?;
    let from = column.saturating_sub(WIDTH * 3 / 4);
    let plain = |letter: char| if letter.is_control() { ' ' } else { letter };
    let shown: String = source.chars().skip(from).take(WIDTH).map(plain).collect();
    let margin = line.to_string().len();
    Some(format!(
        "{line} | {}\n{:margin$} | {:>caret$}",
        shown.trim_end(),
        "",
        "^",
        caret = column - from + 1
    ))
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters() {
        assert_eq!(line_column("a\nüb", 0), (1, 1));
        assert_eq!(line_column("a\nüb", 2), (2, 1));
        assert_eq!(line_column("a\nüb", 3), (2, 1), "inside a character is at its start");
        assert_eq!(line_column("a\nüb", 4), (2, 2));
        assert_eq!(line_column("a", 99), (1, 2));
    }

    #[test]
    fn the_mark_is_below_the_place() {
        assert_eq!(snippet("a\nbad here", 2, 5).unwrap(), "2 | bad here\n  |     ^");
        let long = format!("{}!{}", "x".repeat(500), "y".repeat(500));
        let shown = snippet(&long, 1, 501).unwrap();
        let (above, below) = shown.split_once('\n').unwrap();
        assert_eq!(above.chars().position(|c| c == '!'), below.chars().position(|c| c == '^'));
        assert_eq!(snippet("a", 2, 1), None);
    }
}
