//! The known name that somebody most likely meant, for hints.
//!
//! Must not know what the names stand for.

/// Longer names than this are compared by their beginnings, so that the work is bounded.
const LONGEST: usize = 64;

/// The candidate with the fewest edits from `written`, letters' case aside, if it is near enough
/// to be a slip rather than another word, and no other is as near.
#[must_use]
pub fn nearest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = folded(written);
    let allowed = (wanted.len() / 3).clamp(1, 4);
    let measured = candidates.into_iter().map(|candidate| (edits(&wanted, &folded(candidate)), candidate));
    let mut near: Vec<(usize, &str)> = measured.filter(|(distance, _)| *distance <= allowed).collect();
    near.sort_by_key(|(distance, _)| *distance);
    match near.as_slice() {
        [(first, _), (second, _), ..] if first == second => None,
        near => near.first().map(|(_, candidate)| *candidate),
    }
}

fn folded(name: &str) -> Vec<char> {
    name.chars().take(LONGEST).flat_map(char::to_lowercase).collect()
}

/// The number of single letters to insert, remove, replace, or swap with their neighbour.
fn edits(from: &[char], to: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=to.len()).collect();
    for (row, letter) in from.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, other) in to.iter().enumerate() {
            let replaced = above[column] + usize::from(letter != other);
            let mut fewest = replaced.min(above[column + 1] + 1).min(current[column] + 1);
            if row > 0 && column > 0 && *letter == to[column - 1] && from[row - 1] == *other {
                fewest = fewest.min(before[column - 1] + 1);
            }
            current.push(fewest);
        }
        before = std::mem::replace(&mut above, current);
    }
    above.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: [&str; 5] = ["background", "stakeholders", "due_date", "id", "status"];

    fn check(name: &str, expected: Option<&str>) {
        assert_eq!(nearest(name, FIELDS), expected, "{name}");
    }

    #[test]
    fn slips_find_their_field() {
        check("backgruond", Some("background"));
        check("stakeholder", Some("stakeholders"));
        check("dueDate", Some("due_date"));
        check("Status", Some("status"));
        check("di", Some("id"));
    }

    #[test]
    fn another_word_finds_nothing() {
        check("budget", None);
        check("", None);
        check(&"x".repeat(100_000), None);
    }

    fn check_near(written: &str, candidates: &[&str], expected: Option<&str>) {
        assert_eq!(nearest(written, candidates.iter().copied()), expected);
    }

    #[test]
    fn a_slip_finds_its_name() {
        let stages = ["Stage 1", "Stage 2", "Closed Won", "Closed Lost"];
        check_near("Clsoed Won", &stages, Some("Closed Won"));
        check_near("stage 2", &stages, Some("Stage 2"));
        check_near("Stage2", &stages, Some("Stage 2"));
        check_near("Negotiation", &stages, None);
        check_near("Stage Two", &stages, None);
        check_near("", &stages, None);
    }

    #[test]
    fn two_swapped_letters_are_one_edit() {
        let count = |a: &str, b: &str| edits(&folded(a), &folded(b));
        assert_eq!(count("stgae", "stage"), 1);
        assert_eq!(count("kitten", "sitting"), 3);
        assert_eq!(count("", "abc"), 3);
    }
}
