//! The built-in profiles, and profiles from a studio's own TOML.

use stemcheck_core::profile::Profile;

/// Names of the built-in profiles, the default first.
pub const NAMES: [&str; 4] = ["generic", "separates", "stems-8", "stems-3-8"];

/// A built-in profile by name.
pub fn built_in(_name: &str) -> Option<Profile> {
    todo!()
}

/// A profile from TOML.
///
/// # Errors
/// A sentence that names line, key and value.
pub fn parse(_text: &str) -> Result<Profile, String> {
    todo!()
}
