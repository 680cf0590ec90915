//! Real meetings and published minutes.

use std::collections::BTreeSet;

use tools::material::LineKind;

use super::material;
use crate::real;

#[test]
fn meetings_are_read_line_by_line_with_their_speakers() {
    let Some(folder) = real::folder("gold") else {
        return;
    };
    let mut meetings = 0;
    for path in real::files(&folder).into_iter().filter(|path| path.extension().is_some_and(|e| e == "json"))
    {
        let record: serde_json::Value =
            serde_json::from_slice(&std::fs::read(&path).expect("readable")).expect("JSON");
        let text = record["transcript_text_unmarked"].as_str().expect("a transcript");
        for name in ["materials/meetings/call.txt", "materials/meetings/call.md"] {
            let read = material(name, text.as_bytes())
                .unwrap_or_else(|reason| panic!("{}: {reason}", path.display()));
            let rows: Vec<&str> = text.lines().collect();
            for line in &read.lines {
                let row = rows[line.number as usize - 1];
                assert!(
                    row.contains(line.text.trim()) || row.contains("<!--") || row.contains('\u{8}'),
                    "{}:{}",
                    path.display(),
                    line.number
                );
            }
            let speakers: BTreeSet<&str> =
                read.lines.iter().filter_map(|line| line.speaker.as_deref()).collect();
            let spoken = read.lines.iter().filter(|line| line.kind == LineKind::Speech).count();
            assert!(speakers.len() >= 2 && spoken >= 10, "{} as {name}: {speakers:?}", path.display());
        }
        meetings += 1;
    }
    assert_eq!(meetings, 45);
}

#[test]
fn published_minutes_are_read() {
    let Some(folder) = real::folder("w3c-ccg") else {
        return;
    };
    for path in real::files(&folder) {
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
        if name.starts_with("LICENSE") {
            continue;
        }
        let read = material(name, &std::fs::read(&path).expect("readable"))
            .unwrap_or_else(|reason| panic!("{}: {reason}", path.display()));
        assert!(read.lines.len() >= 8, "{}", path.display());
    }
}
