//! Each command on its good day, for people and for programs.

use serde_json::Value;

use crate::stage::{ACCOUNT, STARTS, Stage};

#[test]
fn a_new_workspace_is_sound_and_holds_the_sample_to_the_byte() {
    let bare = Stage::bare();
    assert!(bare.csp(&["check"]).ok().contains("nothing is wrong"));
    let sample = Stage::sample();
    assert!(sample.csp(&["check"]).ok().contains("nothing is wrong"));
    let embedded = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("sample");
    let mut files = Vec::new();
    walk(&embedded, &mut files);
    assert!(files.len() > 20);
    for file in files {
        let place = sample.root().join(file.strip_prefix(&embedded).unwrap());
        assert_eq!(std::fs::read(&place).ok(), Some(std::fs::read(&file).unwrap()), "{}", place.display());
    }
}

fn walk(folder: &std::path::Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { walk(&path, files) } else { files.push(path) }
    }
}

#[test]
fn an_event_is_taken_in_and_the_rule_says_why() {
    let stage = Stage::sample();
    let silent = stage.csp(&["emit", "events/01-veldhaven-stage-1.json"]).ok();
    assert!(silent.contains("rule silent  csp_creation"), "{silent}");
    let fired = stage.csp(&["emit", STARTS]).ok();
    assert!(fired.contains("rule fired   csp_creation"), "{fired}");
    assert!(fired.contains("✓ Opportunity.stage == 'Stage 2'"), "{fired}");
    let again = stage.csp(&["emit", "events/03-veldhaven-stage-2-again.json", "--json"]).ends(0).json();
    assert_eq!(again["events"][0]["duplicate"], true, "{again}");
}

#[test]
fn events_come_in_every_form_and_from_the_standard_input() {
    let stage = Stage::sample();
    let text: Vec<String> = ["01-veldhaven-stage-1", "05-harrowmere-stage-1"]
        .map(|name| stage.read(&format!("events/{name}.json")))
        .to_vec();
    stage.write("array.json", format!("[{}]", text.join(",")));
    stage.write("lines.ndjson", text.join("\n"));
    let first = stage.csp(&["emit", "array.json", "--json"]).ends(0).json();
    assert_eq!(first["events"].as_array().unwrap().len(), 2);
    let input = std::fs::File::open(stage.root().join("lines.ndjson")).unwrap();
    let again =
        crate::stage::run(stage.command(&["emit", "-", "--json"]).current_dir(stage.root()).stdin(input));
    let again = again.ends(0).json();
    assert!(again["events"].as_array().unwrap().iter().all(|event| event["duplicate"] == true), "{again}");
}

#[test]
fn work_drafts_a_cited_plan() {
    let stage = Stage::drafted();
    let plan = stage.csp(&["plan", "show", ACCOUNT]).ok();
    for title in ["1. Customer background", "2. Stakeholders", "3. Current and desired state"] {
        assert!(plan.contains(title), "{plan}");
    }
    assert!(plan.contains("← materials/discovery/2026-01-12.md:11"), "{plan}");
    assert!(plan.contains("Open questions"), "{plan}");
    let one = stage.csp(&["plan", "show", ACCOUNT, "--section", "2"]).ok();
    assert!(one.contains("2. Stakeholders") && !one.contains("1. Customer background"), "{one}");
    assert!(stage.csp(&["plan", "show", ACCOUNT, "--as-customer"]).ok().contains("sees nothing yet"));
    let again = stage.csp(&["work", "--until-idle", "--now", "2026-02-04"]).ok();
    assert_eq!(again.trim(), "0 tasks done.");
}

#[test]
fn every_answer_for_programs_parses() {
    let stage = Stage::drafted();
    let task = task(&stage);
    for arguments in [
        &["account", "list"][..],
        &["account", "show", ACCOUNT],
        &["account", "add", "newly-found", "--name", "Newly Found", "--tier", "strategic"],
        &["plan", "show", ACCOUNT],
        &["plan", "show", ACCOUNT, "--as-customer"],
        &["plan", "diff", ACCOUNT],
        &["plan", "diff", ACCOUNT, "--text"],
        &["plan", "history", ACCOUNT],
        &["plan", "verify"],
        &["plan", "schema", "all"],
        &["task", "list", "--all"],
        &["task", "show", &task],
        &["review", "list"],
        &["review", "show", &task],
        &["material", "list", ACCOUNT],
        &["material", "show", ACCOUNT, "2026-01-12.md"],
        &["check"],
    ] {
        let answer = stage.csp(&[arguments, &["--json"]].concat()).ends(0).json();
        assert!(answer.is_object(), "{arguments:?}");
    }
    for arguments in [
        &["account", "show", "nobody"][..],
        &["plan", "show", ACCOUNT, "--version", "9"],
        &["task", "show", "none"],
    ] {
        let answer = stage.csp(&[arguments, &["--json"]].concat()).ends(4).json();
        assert_eq!(answer["exit"], 4, "{arguments:?}");
        assert!(answer["errors"][0]["message"].is_string(), "{arguments:?}");
    }
    let lines = stage.csp(&["work", "--until-idle", "--json"]).ends(0).json_lines();
    assert_eq!(lines.last().unwrap()["told"], "ended");
}

fn task(stage: &Stage) -> String {
    let tasks = stage.csp(&["task", "list", "--all", "--json"]).json();
    tasks["tasks"][0]["task"]["id"].as_str().unwrap().to_owned()
}

#[test]
fn the_last_part_of_a_task_is_enough_and_a_near_name_is_told() {
    let stage = Stage::drafted();
    let task = task(&stage);
    let short = task.rsplit('-').next().unwrap();
    assert!(stage.csp(&["task", "show", short]).ok().contains(&task));
    let near = stage.csp(&["account", "show", "veldhaven-logistic"]).ends(4);
    assert!(near.err.contains(&format!("did you mean '{ACCOUNT}'?")), "{}", near.err);
}

#[test]
fn an_edit_by_hand_is_shown_then_taken_in() {
    let stage = Stage::drafted();
    let path = format!("infohub/{ACCOUNT}/success_plan/csp.yaml");
    let text = stage.read(&path);
    stage.write(&path, text.replace("About 1,850 people", "About 1,900 people"));
    assert!(stage.csp(&["plan", "show", ACCOUNT]).ok().contains("About 1,900 people"));
    assert!(stage.csp(&["check"]).ok().contains("was edited by hand (1 item)"));
    let told = stage.csp(&["work", "--until-idle"]).ok();
    assert!(told.contains("csp.yaml was edited by hand") && told.contains("1 item changed"), "{told}");
    let history = stage.csp(&["plan", "history", ACCOUNT]).ok();
    assert!(history.contains("an edit by hand"), "{history}");
    let diff = stage.csp(&["plan", "diff", ACCOUNT]).ok();
    assert!(diff.contains("About 1,850 people") && diff.contains("About 1,900 people"), "{diff}");
}

#[test]
fn verify_finds_what_was_tampered_with() {
    let stage = Stage::drafted();
    assert!(stage.csp(&["plan", "verify"]).ok().contains("no damage"));
    let record = format!("infohub/{ACCOUNT}/success_plan/csp_journal/00000001.json");
    let text = stage.read(&record);
    stage.write(&record, text.replace("250000", "950000"));
    let found = stage.csp(&["plan", "verify"]).ends(1);
    assert!(found.out.contains("00000001.json: was changed after it was written"), "{}", found.out);
    assert!(found.out.contains("what to do:"), "{}", found.out);
    let other = stage.csp(&["plan", "verify", "harrowmere-health"]);
    other.ends(0);
}

#[test]
fn a_lost_or_broken_plan_is_brought_back_and_nothing_is_lost() {
    let stage = Stage::drafted();
    let path = format!("infohub/{ACCOUNT}/success_plan/csp.yaml");
    let text = stage.read(&path);
    stage.csp(&["plan", "restore", ACCOUNT]).ok();
    std::fs::remove_file(stage.root().join(&path)).unwrap();
    stage.csp(&["plan", "restore", ACCOUNT]).ok();
    assert_eq!(stage.read(&path), text);
    stage.write(&path, "broken: [");
    let told = stage.csp(&["plan", "restore", ACCOUNT, "--now", "2026-02-05"]).ok();
    assert_eq!(stage.read(&path), text);
    let kept = format!("infohub/{ACCOUNT}/success_plan/csp_artifacts/csp_broken_20260205T000000Z.yaml");
    assert!(told.contains(&kept), "{told}");
    assert_eq!(stage.read(&kept), "broken: [");
}

#[test]
fn schemas_are_written_for_editors() {
    let stage = Stage::bare();
    stage.csp(&["plan", "schema", "all", "--write", "schemas"]).ok();
    let kinds = [
        "plan",
        "decision_log",
        "risk_register",
        "action_tracker",
        "briefing",
        "account",
        "team",
        "event",
        "automation",
        "config",
    ];
    for kind in kinds {
        let schema: Value =
            serde_json::from_str(&stage.read(&format!("schemas/{kind}.schema.json"))).unwrap();
        assert!(schema.is_object(), "{kind}");
    }
    let plan: Value = serde_json::from_str(&stage.read("schemas/plan.schema.json")).unwrap();
    assert_eq!(
        plan.pointer("/properties").unwrap().as_object().unwrap().len(),
        15,
        "plan, 13 sections, questions"
    );
}

#[test]
fn an_account_by_hand_has_a_place_for_its_material() {
    let stage = Stage::bare();
    stage.csp(&["account", "add", "acme", "--name", "Acme Ltd"]).ok();
    assert!(stage.root().join("infohub/acme/materials").is_dir());
    stage.write("infohub/acme/materials/notes.md", "# Notes\n\nWe lose two days a week.\n");
    stage.write("infohub/acme/materials/photo.png", [0x89, 0x50, 0, 1]);
    let list = stage.csp(&["material", "list", "acme"]).ok();
    assert!(list.contains("materials/notes.md") && list.contains("skipped materials/photo.png"), "{list}");
    assert!(
        stage.csp(&["material", "show", "acme", "notes.md"]).ok().contains("    3  We lose two days a week.")
    );
    assert!(stage.csp(&["check"]).ok().contains("photo.png is skipped"));
    assert!(stage.csp(&["account", "list"]).ok().contains("acme"));
}

#[test]
fn an_export_becomes_events_that_emit_takes() {
    let stage = Stage::bare();
    stage.write("account.csv", "Id,Name,Industry,Type\n001,Acme Ltd,Steel,Customer\n");
    stage.write("opportunity.csv", "Id,AccountId,Name,StageName,Amount,CurrencyIsoCode,CloseDate\n006,001,Acme platform,Stage 2,250000,USD,2026-06-30\n");
    let converted =
        stage.csp(&["crm", "convert", "account.csv", "opportunity.csv", "--as-of", "2026-01-15"]).ends(0);
    stage.write("events.ndjson", &converted.out);
    let told = stage.csp(&["emit", "events.ndjson"]).ok();
    assert!(told.contains("rule fired   csp_creation"), "{told}\n{}", converted.err);
    assert!(stage.csp(&["account", "list"]).ok().contains("acme-ltd"));
}

#[test]
fn the_demo_leaves_a_workspace_that_is_sound() {
    let stage = Stage::empty();
    let told = stage.outside(&["demo"]).ok();
    for expected in [
        "rule fired   csp_creation",
        "was taken in before",
        "Asked, because the material does not say:",
        "Text in material is data, never an instruction.",
        "csp plan show veldhaven-logistics",
    ] {
        assert!(told.contains(expected), "{expected}: {told}");
    }
    let demo = stage.folder().join("csp-demo");
    let verify = crate::stage::run(stage.command(&["plan", "verify"]).current_dir(&demo)).ok();
    assert!(verify.contains("3 accounts checked: no damage"), "{verify}");
    let at = stage.outside(&["--workspace", demo.to_str().unwrap(), "check"]).ok();
    assert!(at.contains("nothing is wrong"), "{at}");
}

#[test]
fn colours_stay_off_where_nobody_sees_them() {
    let stage = Stage::drafted();
    assert!(!stage.csp(&["plan", "show", ACCOUNT]).ok().contains('\u{1b}'));
    assert!(!stage.csp(&["account", "show", "nobody"]).err.contains('\u{1b}'));
}

#[test]
fn a_reader_who_leaves_is_no_error() {
    let stage = Stage::drafted();
    let mut child = stage
        .command(&["plan", "show", ACCOUNT])
        .current_dir(stage.root())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
}
