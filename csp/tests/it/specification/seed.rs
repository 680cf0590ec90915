//! The specification's text as lines, part by part, in the form in which the table has them: `name: key: words`.

/// The lines of a part, in their order.
pub fn lines(text: &str, part: &str) -> Vec<String> {
    match part {
        "When to Create a CSP" | "Customer Review Cadence" => rows_of(text, part),
        "CSP Lifecycle" => phases(text),
        _ => text.split("```yaml\n").skip(1).flat_map(|block| of_block(block, part)).collect(),
    }
}

/// The rows of the table under a heading.
fn rows_of(text: &str, heading: &str) -> Vec<String> {
    let from = text.lines().skip_while(|line| line.trim_start_matches('#').trim() != heading);
    let rows =
        from.skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|')).skip(2);
    let cells = |row: &str| -> Vec<String> {
        row.trim_matches('|').split(" | ").map(|cell| cell.trim().replace("**", "")).collect()
    };
    rows.map(|row| cells(row).join(" | ")).collect()
}

/// A YAML block's quoted words, each with the keys above it; prompts are not among them.
fn of_block(block: &str, part: &str) -> Vec<String> {
    let mut lines = block.lines().take_while(|line| !line.starts_with("```"));
    if lines.next() != Some(&format!("{part}:")) {
        return Vec::new();
    }
    let mut name = "";
    let mut found = Vec::new();
    for line in lines {
        let (indent, line) = (line.len() - line.trim_start().len(), line.trim_start());
        match line.strip_suffix(':') {
            Some(key) if indent == 2 => name = key,
            _ => {
                let quoted = line.strip_suffix('"').and_then(|line| line.split_once('"'));
                if let Some((key, words)) = quoted {
                    found.push(format!("{name}: {}{words}", key.trim_start_matches("- ")));
                }
            }
        }
    }
    found
}

/// The phases of the drawing: heading, name, what is done, owner; then the handoff below them.
fn phases(text: &str) -> Vec<String> {
    let drawing = text.split("```").find(|block| block.contains("CSP LIFECYCLE")).unwrap_or_default();
    let words = |start: &str| -> Vec<String> {
        let line =
            drawing.lines().map(|line| line.trim_matches(['│', ' '])).find(|line| line.starts_with(start));
        let parts = line.unwrap_or_default().split("  ").map(|part| part.trim_matches(['│', '─', ' ']));
        parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let names: Vec<String> = words("INITIATE")
        .iter()
        .flat_map(|part| {
            part.split(['│', '─', ' ']).filter(|name| !name.is_empty()).map(str::to_owned).collect::<Vec<_>>()
        })
        .collect();
    let (stages, under, owners) = (words("STAGE 2"), words("(Scoping)"), words("Owner: SA"));
    let phases = stages.iter().zip(&under).zip(&names).zip(&owners);
    let mut lines: Vec<String> =
        phases.map(|(((stage, under), name), owner)| format!("{stage} {under} | {name} | {owner}")).collect();
    if drawing.contains("HANDOFF") && drawing.contains("SA → CA") {
        lines.push("HANDOFF | SA → CA".to_owned());
    }
    lines
}
