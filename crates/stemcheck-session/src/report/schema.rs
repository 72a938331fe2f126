//! The report's shape for other programs, made of the types themselves.

use schemars::generate::SchemaSettings;

use super::Report;

/// The JSON Schema (draft 2020-12) of `report.json`. Fields may be added without a new version; what
/// is there stays.
///
/// # Errors
/// Only if memory runs out.
pub fn schema() -> Result<String, serde_json::Error> {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings.into_generator().into_root_schema_for::<Report>();
    schema.insert("title".to_owned(), "Stemcheck report, schema version 1".into());
    Ok(serde_json::to_string_pretty(&schema)? + "\n")
}
