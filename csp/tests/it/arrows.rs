//! The architecture, enforced: which crate may know which, and which may use the libraries that shape it.

use std::process::Command;

use serde_json::Value;

/// Each crate may know those before it.
const ORDER: [&str; 6] = ["infohub", "tools", "agents", "orchestrator", "evals", "csp"];

/// Libraries that only these crates may name.
const CONFINED: [(&str, &[&str]); 5] = [
    ("async-openai", &["tools"]),
    ("reqwest", &["tools"]),
    ("minijinja", &["agents", "evals"]),
    ("clap", &["csp"]),
    ("object_store", &[]),
];

fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

fn name(value: &Value) -> &str {
    value["name"].as_str().unwrap()
}

#[test]
fn crates_know_only_those_before_them() {
    let rank = |name: &str| ORDER.iter().position(|known| *known == name);
    let packages = packages();
    assert_eq!(packages.len(), ORDER.len(), "a new crate needs its place in ORDER");
    for package in &packages {
        let own = rank(name(package)).unwrap_or_else(|| panic!("{} has no place in ORDER", name(package)));
        for dependency in package["dependencies"].as_array().unwrap() {
            let Some(known) = rank(name(dependency)) else { continue };
            let is_self_in_tests = known == own && dependency["kind"] == "dev";
            assert!(known < own || is_self_in_tests, "{} must not know {}", name(package), name(dependency));
        }
    }
}

#[test]
fn shaping_libraries_stay_where_they_belong() {
    for package in packages() {
        for dependency in package["dependencies"].as_array().unwrap() {
            let confined = CONFINED.iter().find(|(library, _)| *library == name(dependency));
            if let Some((library, allowed)) = confined {
                assert!(allowed.contains(&name(&package)), "{} must not use {library}", name(&package));
            }
        }
    }
}
