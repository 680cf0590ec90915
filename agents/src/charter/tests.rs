use super::*;

const SA: &str = include_str!("../../../prompts/sa.yaml");

fn load(files: &[(&str, &str)]) -> Result<Charters, CharterErrors> {
    let files: Vec<_> = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    Charters::load(&files)
}

/// The errors of the built-in charter after one change, if it has any; each must begin with its place.
fn check(from: &str, to: &str, expected: &[&str]) {
    assert!(SA.contains(from), "{from:?}");
    let loaded = load(&[("sa.yaml", &SA.replacen(from, to, 1))]).map(|_| ());
    if expected.is_empty() {
        return assert_eq!(loaded, Ok(()), "{to}");
    }
    let errors = loaded.expect_err(to).to_string();
    let lines: Vec<&str> = errors.lines().collect();
    assert_eq!(lines.len(), expected.len(), "{errors}");
    for (line, expected) in lines.iter().zip(expected) {
        assert!(line.starts_with("sa.yaml:") && line.contains(expected), "{line:?} lacks {expected:?}");
    }
}

/// The line of the built-in charter on which a text first stands.
fn line_of(text: &str) -> usize {
    SA.lines().position(|line| line.contains(text)).unwrap() + 1
}

#[test]
fn the_builtin_charters_hold() {
    let charters = Charters::builtin().unwrap();
    let names: Vec<String> = charters.tasks().map(|task| task.to_string()).collect();
    assert_eq!(
        names,
        [
            "sa.develop_csp",
            "sa.finalize_csp",
            "sa.initiate_csp",
            "sa.prepare_handoff",
            "ae.update_commercial_context",
            "ca.accept_handoff",
            "ca.plan_next_phase",
            "ca.refresh_csp",
            "ca.track_value",
            "ca.update_risks",
            "delivery.update_delivery",
            "ve.quantify_outcomes",
            "ve.track_value_evidence",
            "meeting_notes.extract_meeting",
            "nudger.write_reminder",
        ]
    );
    let task = charters.task("sa.initiate_csp").unwrap().task;
    assert_eq!(task.sections, [SectionKey::Background, SectionKey::Stakeholders, SectionKey::CurrentState]);
    assert!(charters.task("sa.unknown").is_none() && charters.task("nobody").is_none());
}

#[test]
fn names_are_checked_against_plan_and_facts() {
    check(
        "sections: [background, st",
        "sections: [backgruond, st",
        &[&format!(":{}:16: 'backgruond' is not a section", line_of("sections: [background, st"))],
    );
    check(
        "sections: [technical_activities, technical_evaluation]",
        "sections: [technical_activities, 7]",
        &["writes 'initiatives', which is not in may_write"],
    );
    check(
        "facts.account.name }",
        "facts.account.nmae }",
        &["no fact 'nmae' of the account; did you mean name"],
    );
    check("from: plan.background", "from: plan.backgrond", &["did you mean background"]);
    check("from: plan.background", "from: nowhere", &["'nowhere' is not a source"]);
    check(
        "type: list, from: plan.background",
        "type: text, from: plan.background",
        &["does not give a value of this type"],
    );
    check("may_write: [background", "may_write: [background, background", &["named twice"]);
    check("reads: [background", "reads: [backgruond", &["did you mean background"]);
    check("reads: [background", "reads: [handoff", &["writes 'handoff' and sees it anyway"]);
    check("from: plan.open_questions", "from: plan.open_question", &["did you mean open_questions"]);
    check("from: plan.open_questions", "from: event.chnages", &["did you mean changes"]);
    check("type: list, from: plan.open_questions", "type: date, from: event.changes", &["of this type"]);
    check("from: plan.open_questions", "from: team.people", &[]);
    check("type: date, from: facts.evaluation.started_on", "type: date, from: event.day", &[]);
}

#[test]
fn templates_are_checked_before_they_are_used() {
    check("{{ stage }}", "{{ satge }}", &["'satge' is neither an input nor one of"]);
    check(
        "{{ opportunity_name }} at",
        "{{ opportunity_name } at",
        &[&format!(":{}: the template does not compile", line_of("{{ opportunity_name }} at"))],
    );
    check("{% if outcomes %}", "{% if outcomes %", &["does not compile"]);
    check("{% include \"fence.j2\" %}", "{{ account_name }}", &["'account_name' is neither"]);
    check(
        "context: [facts, plan, material]",
        "context: [facts, plan]",
        &["shows material", "shows material", "shows material", "shows material"],
    );
    let single = SA
        .replace("{{ evaluation_result }}", "{evaluation_result}")
        .replace("{% if evaluation_result %}", "")
        .replacen("{evaluation_result}.{% endif %}", "{evaluation_result}.", 1);
    let errors = load(&[("sa.yaml", &single)]).unwrap_err().to_string();
    assert!(errors.contains("write {{ evaluation_result }}"), "{errors}");
}

#[test]
fn the_form_is_strict() {
    check("role: Creates", "rule: Creates", &["rule"]);
    check("max_tokens: 6000", "max_tokens: 0", &["max_tokens is 1 to"]);
    check("temperature: 0 }", "temperature: 9 }", &["temperature is 0 to 2"]);
    check("agent: sa", "agent: saa", &["saa"]);
    check("name: stage, type: text", "name: stage, type: tetx", &["tetx"]);
    check("{ name: stage", "{ name: facts", &["not usable as the name", "'stage' is neither"]);
    let twice = load(&[("second.yaml", SA)]).unwrap_err().to_string();
    assert!(twice.contains("another file holds the charter of 'sa'"), "{twice}");
}

#[test]
fn partials_know_the_blocks_only() {
    let errors = load(&[("partials/fence.j2", "a\nb {{ account_name }}")]).unwrap_err().to_string();
    assert!(errors.starts_with("partials/fence.j2:2:6: 'account_name' is not one of"), "{errors}");
    let errors = load(&[("partials/fence.j2", "{% if %}")]).unwrap_err().to_string();
    assert!(errors.starts_with("partials/fence.j2:1: the template does not compile"), "{errors}");
}
