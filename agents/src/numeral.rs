//! Numbers written as words, for all who read or compare figures. It must not know what is counted.

/// English words from zero to twenty, in order.
const SMALL: [&str; 21] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];
/// The tens from thirty on.
const TENS: [&str; 7] = ["thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// What a word in lower case counts, if it is a number below a hundred.
pub(crate) fn value(word: &str) -> Option<u32> {
    let small = SMALL.iter().position(|known| *known == word);
    let tens = || TENS.iter().position(|known| *known == word).map(|at| (at + 3) * 10);
    small.or_else(tens).and_then(|value| value.try_into().ok())
}

/// What a word that counts by the dozen or the hundred stands for.
pub(crate) fn multiple(word: &str) -> Option<u32> {
    match word {
        "dozen" => Some(12),
        "hundred" => Some(100),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_values() {
        let check = |word: &str, expected: Option<u32>| {
            assert_eq!(value(word).or(multiple(word)), expected, "{word}");
        };
        check("zero", Some(0));
        check("twenty", Some(20));
        check("thirty", Some(30));
        check("ninety", Some(90));
        check("dozen", Some(12));
        check("hundred", Some(100));
        check("half", None);
        check("Two", None);
    }
}
