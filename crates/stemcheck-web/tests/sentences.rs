//! Every sentence that the page says has its own in every language, and no table holds one that
//! nobody says any more. What is said is read from the sources, so that none can be forgotten.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use stemcheck_session::core::checks;
use stemcheck_session::core::language::{Language, placeholders};
use stemcheck_session::core::song::Instrument;
use stemcheck_session::profiles;
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};

/// Units and little words, which are said by their variable.
const WORDS: [&str; 16] = [
    "and",
    "more",
    "samples",
    "click",
    "clicks",
    "run",
    "runs",
    "place",
    "places",
    "file",
    "files",
    "left",
    "right",
    "a file",
    "another stem",
    "One of the stems",
];

/// Collects what is said in one source file.
#[derive(Default)]
struct Said {
    /// Whether every literal that reads like a sentence counts, or only what is handed on to be said.
    every: bool,
    /// Whether templates that are filled on the spot count.
    filled: bool,
    handed_on: bool,
    sentences: BTreeSet<String>,
}

impl Said {
    fn take(&mut self, text: &str) {
        let has_letters = text.chars().any(char::is_alphabetic);
        if has_letters && (self.handed_on || self.every && reads_like_a_sentence(text)) {
            self.sentences.insert(text.to_owned());
        }
    }

    /// Visits what is handed to `say`, `fill` or `Text`, where every literal counts.
    fn hand_on(&mut self, visit: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.handed_on, true);
        visit(self);
        self.handed_on = before;
    }
}

/// Words with spaces between, besides placeholders and units; lists of words have no punctuation.
fn reads_like_a_sentence(text: &str) -> bool {
    const LONGEST_LABEL: usize = 90;
    let blank = |bare: String, name| bare.replace(&format!("{{{name}}}"), "");
    let bare = placeholders(text).fold(text.to_owned(), blank);
    let is_word = |word: &str| word.chars().filter(|c| c.is_lowercase()).count() > 1;
    let is_list = text.len() > LONGEST_LABEL && !text.contains(['.', ',', '{']);
    text.contains(' ') && bare.split(' ').any(is_word) && !is_list
}

impl<'ast> Visit<'ast> for Said {
    /// Comments are literals, too.
    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}

    /// What a value is compared with is a name.
    fn visit_pat(&mut self, _: &'ast syn::Pat) {}

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if item.ident != "tests" {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        // Where a rule comes from is a title, and stays in its own language; so do names of programs.
        let name = item.ident.to_string();
        if !name.contains("SOURCE") && name != "PROGRAMS" {
            visit::visit_item_const(self, item);
        }
    }

    fn visit_expr_struct(&mut self, item: &'ast syn::ExprStruct) {
        // A document's title and fix are taken from its table; the page does not say the rest of it.
        if !item.path.is_ident("Doc") {
            visit::visit_expr_struct(self, item);
        }
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        let function = match &*call.func {
            syn::Expr::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
            _ => None,
        };
        match (function.as_deref(), call.args.first()) {
            (Some("say" | "fill" | "Text"), Some(sentence)) => {
                self.hand_on(|said| said.visit_expr(sentence));
            }
            _ => visit::visit_expr_call(self, call),
        }
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        match (call.method.to_string().as_str(), call.args.first()) {
            ("say" | "fill", Some(sentence)) => self.hand_on(|said| said.visit_expr(sentence)),
            _ => visit::visit_expr_method_call(self, call),
        }
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        if !self.filled || !call.path.is_ident("format") {
            return;
        }
        let arguments =
            call.parse_body_with(Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated);
        let arguments = arguments.unwrap();
        if let Some(syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(template), .. })) =
            arguments.first()
        {
            self.take(&named(&template.value()));
        }
    }

    fn visit_lit_str(&mut self, literal: &'ast syn::LitStr) {
        self.take(&literal.value());
    }
}

/// A template whose values all have names: numbers where it has none, and nothing on how they are printed.
fn named(template: &str) -> String {
    let mut named = String::new();
    let mut unnamed = 0;
    for (at, piece) in template.split('{').enumerate() {
        let Some((name, literal)) = piece.split_once('}').filter(|_| at > 0) else {
            named += piece;
            continue;
        };
        let name = name.split(':').next().unwrap();
        let number = unnamed.to_string();
        unnamed += usize::from(name.is_empty());
        named.extend(["{", if name.is_empty() { &number } else { name }, "}", literal]);
    }
    named
}

fn said_in(file: &Path, every: bool) -> BTreeSet<String> {
    in_source(file, Said { every, ..Said::default() })
}

fn in_source(file: &Path, mut said: Said) -> BTreeSet<String> {
    let source = fs::read_to_string(file).unwrap();
    said.visit_file(&syn::parse_file(&source).unwrap());
    said.sentences
}

/// The Rust files in a folder, with those below it if `deep`.
fn sources(folder: &Path, deep: bool) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let below = folders.iter().filter(|_| deep).flat_map(|folder| sources(folder, deep));
    let rust = files.into_iter().filter(|file| file.extension().is_some_and(|end| end == "rs"));
    rust.chain(below).collect()
}

/// Whatever the page says, in English.
fn sentences() -> BTreeSet<String> {
    /// What stands beside the checks and says nothing by itself.
    const SILENT: [&str; 4] = ["words.rs", "causes.rs", "menus.rs", "scene.rs"];
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let web = sources(&crates.join("stemcheck-web/src"), true);
    let session = sources(&crates.join("stemcheck-session/src/report"), false);
    let core = sources(&crates.join("stemcheck-core/src/checks"), false);
    let of_checks = core.iter().filter(|file| !SILENT.iter().any(|name| file.ends_with(name)));
    let mut all: BTreeSet<String> = of_checks.flat_map(|file| said_in(file, true)).collect();
    all.extend(web.iter().flat_map(|file| said_in(file, is_of_texts(file))));
    all.extend(session.iter().flat_map(|file| said_in(file, file.ends_with("recipe.rs"))));
    for file in ["repair.rs", "service.rs"] {
        all.extend(said_in(&crates.join("stemcheck-session/src").join(file), false));
    }
    for file in ["profiles.rs", "profiles/rules.rs", "names.rs"] {
        all.extend(said_in(&crates.join("stemcheck-session/src").join(file), true));
    }
    all.extend(checks::sentences().map(str::to_owned));
    all.extend(WORDS.map(str::to_owned));
    let profiles = profiles::NAMES.iter().filter_map(|name| profiles::built_in(name));
    all.extend(profiles.flat_map(|it| it.checklist.into_iter().chain([it.title])));
    all.extend(Instrument::ALL.map(|instrument| instrument.name().replace('-', " ")));
    all
}

/// Whatever those who read files and start workers give as a reason: templates, their values by name, or
/// by number where they have none.
fn reasons() -> BTreeSet<String> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let files = sources(&crates.join("stemcheck-decode/src"), true);
    let more = [
        "stemcheck-session/src/runner.rs",
        "stemcheck-session/src/examination.rs",
        "stemcheck-session/src/examination/plan.rs",
        "stemcheck-web/src/files.rs",
        "stemcheck-web/src/engine/pool.rs",
        "stemcheck-web/src/engine/watchdog.rs",
        "stemcheck-web/src/worker/client.rs",
    ];
    let more = more.into_iter().map(|name| crates.join(name));
    let said = || Said { every: true, filled: true, ..Said::default() };
    files.into_iter().chain(more).flat_map(|file| in_source(&file, said())).collect()
}

/// The page's words have a module of their own; elsewhere only what is handed on to be said counts.
fn is_of_texts(file: &Path) -> bool {
    file.ends_with("texts.rs") || file.parent().is_some_and(|folder| folder.ends_with("texts"))
}

type Table = BTreeMap<String, String>;

/// Each language's sentences, and its reasons.
fn tables() -> impl Iterator<Item = (&'static str, [Table; 2])> {
    ["it", "es"].into_iter().map(|code| {
        let file = format!("{}/languages/{code}.toml", env!("CARGO_MANIFEST_DIR"));
        let mut table: toml::Table = toml::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        let reasons = table.remove("reasons").unwrap().try_into().unwrap();
        (code, [toml::Value::Table(table).try_into().unwrap(), reasons])
    })
}

#[test]
fn every_sentence_is_said_in_every_language() {
    let said = [sentences(), reasons()];
    for (code, tables) in tables() {
        for (said, table) in said.iter().zip(&tables) {
            let missing: Vec<String> = said
                .iter()
                .filter(|&it| !table.contains_key(it))
                .map(|it| format!("{it:?} = \"\""))
                .collect();
            assert!(missing.is_empty(), "{code} lacks {}:\n{}", missing.len(), missing.join("\n"));
            let stale: Vec<&String> = table.keys().filter(|it| !said.contains(*it)).collect();
            assert!(stale.is_empty(), "nobody says in {code} any more: {stale:#?}");
        }
    }
}

#[test]
fn translations_keep_what_is_filled_in() {
    for (code, table) in tables() {
        for (english, own) in table.iter().flatten() {
            let names = |text| placeholders(text).collect::<BTreeSet<_>>();
            assert_eq!(names(english), names(own), "{code}: {english}");
            let end = |text: &str| text.chars().last().filter(|c| ".?…".contains(*c));
            assert_eq!(end(english), end(own), "{code}: {english}");
            assert!(
                !own.trim().is_empty() && own.trim() == own || english.trim() != english,
                "{code}: {english}"
            );
        }
    }
}

#[test]
fn a_reason_is_told_again_in_every_language() {
    for (code, [_, reasons]) in tables() {
        let language = Language::default().with_reasons(reasons.clone());
        for (english, own) in &reasons {
            let fill = |template: &str| {
                let value = |text: String, name: &str| {
                    text.replace(&format!("{{{name}}}"), &format!("{}7", name.len()))
                };
                placeholders(template).fold(template.to_owned(), value)
            };
            assert_eq!(language.retell(&fill(english)), fill(own), "{code}: {english}");
        }
    }
}
