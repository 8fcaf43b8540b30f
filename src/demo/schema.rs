//! The JSON Schema of the demonstration file, for editors that check and complete it.

use super::Demonstration;

/// The schema as it is kept in `schemas/demonstration.schema.json`.
pub fn schema() -> String {
    let schema = schemars::schema_for!(Demonstration);
    let mut text = serde_json::to_string_pretty(&schema)
        .unwrap_or_else(|_| "a schema is plain JSON".to_owned());
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_in_the_repository_is_that_of_the_types() {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("schemas/demonstration.schema.json");
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, schema()).unwrap();
        }
        let kept = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(
            kept == schema(),
            "schemas/demonstration.schema.json is stale: run this test again with UPDATE_EXPECT=1"
        );
    }
}
