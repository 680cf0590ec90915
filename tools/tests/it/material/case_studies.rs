//! Customers' stories as published: each has its headings, its facts and verbatim text.

use tools::material::LineKind;

use super::material;
use crate::real;

#[test]
fn every_story_is_read_with_its_headings() {
    let Some(folder) = real::folder("case-studies") else {
        return;
    };
    let pages: Vec<_> = real::files(&folder)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|e| e == "html"))
        .collect();
    assert_eq!(pages.len(), 38);
    for page in pages {
        let bytes = std::fs::read(&page).expect("a readable page");
        let story = material("materials/case.html", &bytes)
            .unwrap_or_else(|reason| panic!("{}: {reason}", page.display()));
        let headings: Vec<&str> = story
            .lines
            .iter()
            .filter(|line| matches!(line.kind, LineKind::Heading(_)))
            .map(|line| line.text.as_str())
            .collect();
        let has = |word: &str| headings.iter().any(|heading| heading.starts_with(word));
        assert!(has("Challenge"), "{}: {headings:?}", page.display());
        // One of the stories tells the rest without headings.
        let is_short = page.parent().is_some_and(|folder| folder.ends_with("wikimedia"));
        assert!(is_short || (has("Solution") && has("Impact")), "{}: {headings:?}", page.display());
        let text: String = story.lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n");
        for mark in ["{{<", ">}}", "<p", "</", "&amp;", "&quot;"] {
            assert!(!text.contains(mark), "{}: {mark} in the text", page.display());
        }
        assert!(
            story.lines.iter().any(|line| line.kind == LineKind::Meta && line.text.contains("Company:")),
            "{}",
            page.display()
        );
    }
}

#[test]
fn numbers_point_at_the_source_line_of_each_block() {
    let Some(folder) = real::folder("case-studies") else {
        return;
    };
    for page in real::files(&folder).into_iter().filter(|path| path.extension().is_some_and(|e| e == "html"))
    {
        let source = std::fs::read_to_string(&page).expect("UTF-8");
        let rows: Vec<&str> = source.lines().collect();
        for line in material("materials/case.html", source.as_bytes()).expect("readable").lines {
            let first = line
                .text
                .split_whitespace()
                .find(|word| word.chars().all(char::is_alphanumeric))
                .unwrap_or_default();
            let row = rows.get(line.number as usize - 1).copied().unwrap_or_default();
            // A word of the block's beginning stands on its row or, in a wrapped block, on the next ones.
            let near = rows.iter().skip(line.number as usize - 1).take(3).any(|row| row.contains(first));
            assert!(near, "{}:{} has no {first:?}: {row}", page.display(), line.number);
        }
    }
}
