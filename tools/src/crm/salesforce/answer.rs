//! A recorded HTTP exchange in YAML: the body of its answer. Must not know what the body says.

use serde::Deserialize;

use super::CrmError;

#[derive(Deserialize)]
struct Exchange {
    response: Response,
}

#[derive(Deserialize)]
struct Response {
    body: Body,
}

#[derive(Deserialize)]
struct Body {
    string: String,
}

/// The answer's body.
pub(super) fn body(name: &str, text: &str) -> Result<String, CrmError> {
    serde_saphyr::from_str::<Exchange>(text).map(|exchange| exchange.response.body.string).map_err(|error| {
        CrmError::Yaml { name: name.to_owned(), detail: error.to_string().chars().take(400).collect() }
    })
}

/// A complaint of the JSON reader with its place.
pub(super) fn json_error(name: &str, error: &serde_json::Error) -> CrmError {
    CrmError::Json {
        name: name.to_owned(),
        line: error.line(),
        column: error.column(),
        detail: error.to_string(),
    }
}
