use std::sync::Arc;

use serde_json::json;

use super::*;

const ALLOWED: [&str; 10] = [
    "$ref",
    "$defs",
    "type",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "enum",
    "anyOf",
    "description",
];

/// Walks a schema as OpenAI's strict mode reads it: counts properties, measures depth, names breaches.
fn strict(schema: &Value, depth: usize, seen: &mut (usize, usize, Vec<String>)) {
    let Some(fields) = schema.as_object() else {
        seen.2.push(format!("not an object: {schema}"));
        return;
    };
    seen.1 = seen.1.max(depth);
    for keyword in fields.keys().filter(|keyword| !ALLOWED.contains(&keyword.as_str())) {
        seen.2.push(format!("keyword {keyword}"));
    }
    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        seen.0 += properties.len();
        let names: Vec<&String> = properties.keys().collect();
        if schema["additionalProperties"] != json!(false) || schema["required"] != json!(names) {
            seen.2.push(format!("open or optional: {names:?}"));
        }
        properties.values().for_each(|property| strict(property, depth + 1, seen));
    }
    for definition in schema.get("$defs").and_then(Value::as_object).into_iter().flat_map(|all| all.values())
    {
        strict(definition, depth + 1, seen);
    }
    if schema.get("$ref").is_some() && fields.len() > 1 {
        seen.2.push(format!("siblings of a reference: {schema}"));
    }
    if let Some(items) = schema.get("items") {
        strict(items, depth + 1, seen);
    }
    for variant in schema.get("anyOf").and_then(Value::as_array).into_iter().flatten() {
        strict(variant, depth, seen);
    }
}

#[test]
fn every_section_alone_and_all_together_fit_the_strict_subset() {
    let mut sets: Vec<Vec<SectionKey>> = SectionKey::ALL.into_iter().map(|section| vec![section]).collect();
    sets.push(SectionKey::ALL.to_vec());
    for sections in sets {
        for scope in [Scope::Fresh, Scope::Existing] {
            let shape = Shape::compose(&sections, scope).unwrap();
            let asked = shape.asked("t", Profile::Strict, Bounds::default());
            let mut seen = (0, 0, Vec::new());
            strict(&asked.schema, 1, &mut seen);
            assert_eq!(seen.2, Vec::<String>::new(), "{sections:?}");
            assert!(seen.0 <= 5_000 && seen.1 <= 10, "{} properties, {} levels", seen.0, seen.1);
            assert_eq!(asked.schema["type"], "object");
        }
    }
}

#[test]
fn what_is_asked_again_is_composed_once_and_for_its_own_bounds() {
    let sections = [SectionKey::Background];
    let shape = Shape::compose(&sections, Scope::Fresh).unwrap();
    let (wide, narrow) = (Bounds::default(), Bounds::within(500));
    let first = shape.asked("a", Profile::Bounded, wide);
    let again = shape.asked("b", Profile::Bounded, wide);
    assert!(Arc::ptr_eq(&first.schema, &again.schema));
    assert_eq!((first.name.as_str(), again.name.as_str()), ("a", "b"));
    let asked = [(Profile::Bounded, narrow), (Profile::Strict, narrow), (Profile::Bounded, wide)];
    for (profile, bounds) in asked {
        let fresh = Shape::compose(&sections, Scope::Fresh).unwrap();
        assert_eq!(shape.asked("c", profile, bounds), fresh.asked("c", profile, bounds), "{profile:?}");
    }
    assert_ne!(shape.asked("c", Profile::Bounded, narrow).schema, first.schema);
}

#[test]
fn a_grammar_finds_a_bound_everywhere() {
    fn unbounded(schema: &Value, path: &str, found: &mut Vec<String>) {
        let is = |kind: &str| schema["type"] == kind || schema["type"] == json!([kind, "null"]);
        let bounded = ["maxLength", "enum", "format"].iter().any(|keyword| schema.get(keyword).is_some());
        if (is("string") && !bounded) || (is("array") && schema.get("maxItems").is_none()) {
            found.push(path.to_owned());
        }
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            unbounded(property, &format!("{path}.{name}"), found);
        }
        if let Some(items) = schema.get("items") {
            unbounded(items, &format!("{path}[]"), found);
        }
        for (name, definition) in schema["$defs"].as_object().into_iter().flatten() {
            unbounded(definition, name, found);
        }
        for variant in schema["anyOf"].as_array().into_iter().flatten() {
            unbounded(variant, path, found);
        }
    }
    let shape = Shape::compose(&SectionKey::ALL, Scope::Existing).unwrap();
    let mut found = Vec::new();
    unbounded(&shape.asked("t", Profile::Bounded, Bounds::default()).schema, "", &mut found);
    assert_eq!(found, Vec::<String>::new());
}

fn check(answer: &Value, expected: &[(&str, &str)]) {
    let shape = Shape::compose(&[SectionKey::Background, SectionKey::Stakeholders], Scope::Fresh).unwrap();
    let breaches = shape.breaches(answer);
    assert_eq!(breaches.len(), expected.len(), "{breaches:?}");
    for (breach, (path, message)) in breaches.iter().zip(expected) {
        assert_eq!(breach.path, *path);
        assert!(breach.message.contains(message), "{breach:?}");
    }
}

#[test]
fn breaches_name_their_place() {
    let outcomes =
        |item: Value| json!({"sections": {"background": {"outcomes": {"upsert": [item]}}}, "questions": []});
    let evidence = json!([{"source": "materials/a.md", "quote": "words"}]);
    check(&outcomes(json!({"outcome": "x", "evidence": evidence})), &[]);
    check(
        &outcomes(json!({"outcome": "x", "by": "2026-02-31", "evidence": []})),
        &[("sections.background.outcomes.upsert[0].by", "date")],
    );
    check(
        &outcomes(json!({"outcome": "x", "value": {"amount": 1, "currency": "EUR"}, "evidence": []})),
        &[("sections.background.outcomes.upsert[0]", "value")],
    );
    check(
        &outcomes(json!({"outcome": "x", "evidence": [{"source": "a", "quote": "b", "crm": "c"}]})),
        &[("sections.background.outcomes.upsert[0].evidence[0]", "")],
    );
    check(&json!([]), &[("the answer", "object")]);
    check(
        &json!({"sections": {}, "questions": [{"section": "risks", "question": "?"}]}),
        &[("questions[0].section", "")],
    );
}

#[test]
fn what_agents_never_write_is_not_in_any_schema() {
    let shape = Shape::compose(&SectionKey::ALL, Scope::Existing).unwrap();
    let text = shape.asked("t", Profile::Strict, Bounds::default()).schema.to_string();
    for name in ["stance", "influence", "review", "decisions", "register", "lines"] {
        assert!(!text.contains(&format!("\"{name}\"")), "{name}");
    }
}

#[test]
fn not_measured_is_a_choice() {
    let shape = Shape::compose(&[SectionKey::ValueTracking], Scope::Fresh).unwrap();
    let schema = shape.asked("t", Profile::Strict, Bounds::default()).schema;
    let item = "/properties/sections/properties/value_tracking/anyOf/0/properties/outcome_progress/properties/upsert/items";
    assert_eq!(
        schema.pointer(item).unwrap()["properties"]["measured"]["anyOf"],
        json!([{"type": "number"}, {"type": "string", "enum": ["not measured"]}, {"type": "null"}])
    );
    assert!(shape.outline().contains("measured (number|not measured)"), "{}", shape.outline());
}

#[test]
fn the_shape_of_initiate_csp() {
    let sections = [SectionKey::Background, SectionKey::Stakeholders, SectionKey::CurrentState];
    let shape = Shape::compose(&sections, Scope::Fresh).unwrap();
    insta::assert_json_snapshot!(
        "strict",
        shape.asked("initiate_csp", Profile::Strict, Bounds::default()).schema
    );
    insta::assert_snapshot!("outline", shape.outline());
}

#[test]
fn a_narrow_answer_can_still_name_its_source() {
    let shape = Shape::compose(&[SectionKey::Background], Scope::Fresh).unwrap();
    let schema = shape.asked("t", Profile::Bounded, Bounds::within(500)).schema;
    let quote = &schema["$defs"]["evidence"]["anyOf"][0]["properties"];
    assert_eq!((&quote["source"]["maxLength"], &quote["quote"]["maxLength"]), (&json!(160), &json!(160)));
}
