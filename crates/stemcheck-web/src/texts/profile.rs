//! What the form says in which a studio writes its profile.

use stemcheck_session::core::profile::Profile;
use stemcheck_session::core::song::Instrument;

use crate::language::{Text, fill, say};

pub const PROFILE_TITLE: Text = Text("Your studio's profile");
pub const PROFILE_INTRO: Text = Text(
    "What you ask of artists. Whatever you leave empty is not asked, and its check stays silent. \
     Use it here, put it on your website, or send artists a link: they check their stems against it before they send them.",
);
pub const PROFILE_MAKE: Text = Text("Make your own…");
pub const PROFILE_CHANGE: Text = Text("Change it…");
pub const PROFILE_STUDIO: Text =
    Text("Are you a studio? Write down what you ask for, and send artists a link.");
pub const PROFILE_OPEN: Text = Text("Open a profile…");
pub const PROFILE_RESTART: Text = Text("Undo all changes");
pub const PROFILE_USE: Text = Text("Use it");
pub const PROFILE_TOML: Text = Text("Download TOML");
pub const PROFILE_JSON: Text = Text("Download JSON");
pub const PROFILE_LINK: Text = Text("Copy link");
pub const PROFILE_LINKED: Text = Text("The link is copied. It opens Stemcheck with this profile.");
pub const PROFILE_NOT_LINKED: Text =
    Text("The browser does not let Stemcheck copy the link. Here it is, selected for you to copy:");
pub const PROFILE_UNREADABLE: Text = Text("The browser did not let Stemcheck read this file.");
pub const PROFILE_OPENED: Text = Text("The profile is open. Change what you like.");
pub const PROFILE_NAMED: Text = Text("Our studio");
pub const PROFILE_NOT_SAVED: Text = Text("The browser did not let Stemcheck save the profile.");
pub const NOT_ASKED: Text = Text("Not asked");
pub const YES: Text = Text("Yes");
pub const NO: Text = Text("No");
pub const NO_BASE: Text = Text("Nothing");
pub const AS_USUAL: Text = Text("As usual");
pub const SEVERITY_ADD: Text = Text("Add a finding…");

/// A field of the form: its key in the file, its label, and a hint.
pub type Field = (&'static str, Text, Text);

/// Every field of a profile, by what it is about.
pub const PROFILE_PARTS: [(Text, &[Field]); 6] = [
    (
        Text("Your studio"),
        &[
            ("name", Text("Short name"), Text("One word, which reports and file names carry")),
            ("title", Text("Title"), Text("What artists see in the list of profiles")),
            ("source", Text("Source"), Text("Where your demands come from, if it is published")),
            (
                "extends",
                Text("Based on"),
                Text("What you leave empty is taken from there, also when it changes one day"),
            ),
        ],
    ),
    (
        Text("Stems"),
        &[
            ("min-stems", Text("Fewest stems"), Text("Fewer are worth a look")),
            ("max-stems", Text("Most stems"), Text("More are worth a look")),
            (
                "required-groups",
                Text("Groups that must be there"),
                Text("One a line; alternatives with commas. There are: {instruments}"),
            ),
        ],
    ),
    (
        Text("Files"),
        &[
            ("min-bits", Text("Fewest bits"), Text("Of integer files; float files always pass")),
            ("stereo-files", Text("Only stereo files"), Text("Mono files are reported")),
            ("equal-lengths", Text("Equal lengths"), Text("All files are equally long")),
            (
                "leading-bar",
                Text("A bar of silence first"),
                Text("One second where the tempo is not known"),
            ),
            ("sample-rates", Text("Sample rates"), Text("In Hz, with commas; any if empty")),
        ],
    ),
    (
        Text("Levels"),
        &[
            ("sum-headroom-db", Text("Headroom of the sum"), Text("In dB below full scale")),
            ("stem-headroom-db", Text("Headroom of each stem"), Text("In dB below full scale")),
            ("least-peak-dbfs", Text("Very quiet below"), Text("Peak of a stem, in dBFS")),
            ("dc-dbfs", Text("DC offset from"), Text("In dBFS")),
            ("no-normalising", Text("No normalised stems"), Text("Peaks that are all alike")),
        ],
    ),
    (
        Text("Names and delivery"),
        &[
            ("max-name-length", Text("Longest file name"), Text("Characters, extension and all")),
            (
                "forbidden-characters",
                Text("Characters not taken"),
                Text("In file names, besides those that Windows refuses"),
            ),
            (
                "file-name",
                Text("Names in a package"),
                Text("{song}_{name}, for example; there are {number} and {tempo}, too"),
            ),
            ("tracklist", Text("A tracklist"), Text("With every album")),
            (
                "checklist",
                Text("What only the artist can check"),
                Text("Sentences to tick, one a line"),
            ),
        ],
    ),
    (
        Text("How much findings matter"),
        &[("severity", Text("Findings"), Text("Only where it differs from the usual"))],
    ),
];

/// A field's hint.
pub fn field_hint(hint: Text) -> String {
    fill(hint.0, &[("instruments", &Instrument::ALL.map(Instrument::name).join(", "))])
}

/// What a profile is called in lists.
pub fn profile(profile: &Profile) -> String {
    say(if profile.title.is_empty() { &profile.name } else { &profile.title })
}

/// What a field says that takes its value from another profile.
pub fn as_in(base: &Profile, value: Option<&str>) -> String {
    let base = profile(base);
    match value {
        Some("true") => fill("As in {base}: yes", &[("base", &base)]),
        Some("false") => fill("As in {base}: no", &[("base", &base)]),
        _ => fill("As in {base}", &[("base", &base)]),
    }
}

/// How many fields cannot be used as they are.
pub fn to_mend(fields: usize) -> String {
    let template = if fields == 1 { "1 field to mend" } else { "{count} fields to mend" };
    fill(template, &[("count", &fields)])
}

/// A file that is no profile.
pub fn not_opened(name: &str, why: &str) -> String {
    fill("{name} is no profile: {why}", &[("name", &name), ("why", &why)])
}

/// The button that lets a finding matter as usual.
pub fn as_usual(title: &str) -> String {
    fill("As usual: {title}", &[("title", &title)])
}

/// Whose demands the check goes by, where it is a studio's own.
pub fn checked_by(title: &str) -> String {
    fill("Your stems will be checked against what {studio} asks for.", &[("studio", &title)])
}

#[cfg(test)]
mod tests {
    use stemcheck_session::profiles::FIELDS;

    use super::*;

    #[test]
    fn every_field_of_a_profile_has_its_place() {
        let mut shown: Vec<&str> =
            PROFILE_PARTS.iter().flat_map(|(_, fields)| *fields).map(|(key, ..)| *key).collect();
        let mut known = FIELDS.map(|(key, _)| key);
        shown.sort_unstable();
        known.sort_unstable();
        assert_eq!(shown, known);
    }

    #[test]
    fn hints_show_what_may_be_written() {
        let (_, fields) = PROFILE_PARTS[1];
        assert!(field_hint(fields[2].2).contains("kick, snare, cymbals"));
        assert!(field_hint(PROFILE_PARTS[4].1[2].2).starts_with("{song}_{name},"));
    }
}
