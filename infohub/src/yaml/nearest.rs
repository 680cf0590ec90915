//! The known name that a misspelt one is nearest to.
//!
//! It compares words; it must not know where the names come from.

/// Names longer than this are not compared: nobody meant a field by them.
const LONGEST: usize = 64;

/// The candidate that differs least from `name`, if it is near enough to be meant.
#[must_use]
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let given: Vec<char> = name.chars().take(LONGEST + 1).collect();
    if given.len() > LONGEST {
        return None;
    }
    // A third of the letters may be wrong: enough for a slip or two, too little for another word.
    let allowed = (given.len() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (distance(&given, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Edit distance in which two swapped neighbours count as one slip; case is free.
fn distance(given: &[char], candidate: &str) -> usize {
    let known: Vec<char> = candidate.chars().take(LONGEST + 1).collect();
    let mut earlier = vec![0; known.len() + 1];
    let mut previous: Vec<usize> = (0..=known.len()).collect();
    for row in 0..given.len() {
        let mut current = vec![row + 1];
        for column in 0..known.len() {
            let differs = usize::from(!given[row].eq_ignore_ascii_case(&known[column]));
            let mut best =
                (previous[column] + differs).min(previous[column + 1] + 1).min(current[column] + 1);
            let swapped =
                row > 0 && column > 0 && given[row] == known[column - 1] && given[row - 1] == known[column];
            if swapped {
                best = best.min(earlier[column - 1] + 1);
            }
            current.push(best);
        }
        earlier = std::mem::replace(&mut previous, current);
    }
    previous[known.len()]
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
}
