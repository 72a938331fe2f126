//! Runs every song of `songs/`, and writes the reports for the run in a browser.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use stemcheck_core::checks::docs;
use stemcheck_core::synth::{DEMO_FAULTS, Fault, demo_with};
use stemcheck_session::report::Report;
use stemcheck_session::{Examination, Options, profiles};
use stemcheck_tests::{
    Expect, Order, Scene, Studio, corpus, differences, examine, expected, options, same, stored,
};

fn report(studio: &mut Studio, scene: &Scene) -> Result<Report, String> {
    let files = studio.build(&scene.song)?;
    Ok(examine(&files, options(scene, &files)?, Order::InTurn)?.report())
}

/// `SONGS=late` runs only those with "late" in place or title.
#[test]
fn songs() {
    let wanted = std::env::var("SONGS").unwrap_or_default();
    let mut songs = corpus().unwrap();
    songs.retain(|(place, scene)| place.contains(&wanted) || scene.title.contains(&wanted));
    assert!(!songs.is_empty(), "no song matches {wanted:?}");
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let work = || {
        let mut studio = Studio::default();
        let take = || songs.get(next.fetch_add(1, Ordering::Relaxed));
        let run = |(place, scene): &(String, Scene)| (place.clone(), report(&mut studio, scene));
        std::iter::from_fn(take).map(run).collect::<Vec<_>>()
    };
    let reports: BTreeMap<String, Result<Report, String>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let failures: Vec<String> = songs
        .iter()
        .filter_map(|(place, scene)| {
            let lines = match &reports[place] {
                Ok(report) => differences(&scene.expect, report),
                Err(error) => vec![error.clone()],
            };
            let lines = lines.join("\n    ");
            (!lines.is_empty()).then(|| format!("{place} {}\n    {lines}", scene.title))
        })
        .collect();
    if wanted.is_empty() {
        let good: BTreeMap<_, _> = reports
            .iter()
            .filter_map(|(place, report)| Some((place, report.as_ref().ok()?)))
            .collect();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target");
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("song-reports.json");
        std::fs::write(path, serde_json::to_string(&good).unwrap()).unwrap();
    }
    let count = failures.len();
    assert!(count == 0, "{count} of {} songs differ\n{}", songs.len(), failures.join("\n"));
}

/// Every code has a song that it is found in, and one just inside its limit.
#[test]
fn every_code_has_its_songs() {
    let songs = corpus().unwrap();
    let expects: Vec<&Expect> = songs.iter().flat_map(|(_, scene)| &scene.expect).collect();
    let found = |wanted: &str| {
        expects.iter().any(|e| matches!(e, Expect::Finding { code, .. } if code == wanted))
    };
    let not_found =
        |wanted: &str| expects.iter().any(|e| matches!(e, Expect::No(code) if code == wanted));
    let codes = docs().map(|doc| doc.code);
    let (mut never, mut always) = (Vec::new(), Vec::new());
    for code in codes {
        never.extend((!found(code)).then_some(code));
        always.extend((!not_found(code)).then_some(code));
    }
    assert_eq!((never, always), (Vec::new(), Vec::new()), "never found, never just inside");
}

/// Workers race; the report does not depend on who wins.
#[test]
fn order_of_jobs_does_not_matter() {
    let mut studio = Studio::default();
    let songs = corpus().unwrap();
    let long: Vec<_> = songs.iter().filter(|(_, scene)| scene.song.seconds > 20.0).collect();
    assert!(long.len() >= 2, "songs of several segments");
    for (place, scene) in long {
        let files = studio.build(&scene.song).unwrap();
        let first = examine(&files, options(scene, &files).unwrap(), Order::InTurn).unwrap();
        for (seed, runners) in [(1, 1), (2, 2), (3, 3)] {
            let order = Order::Shuffled { seed, runners };
            let again = examine(&files, options(scene, &files).unwrap(), order).unwrap();
            let values = [&first, &again].map(|done| serde_json::to_value(done.report()).unwrap());
            assert_eq!(same(&values[0], &values[1], 0.0), [""; 0], "{place} in {order:?}");
        }
    }
}

/// Examines the demo song with some of its faults.
fn demo(faults: &[&str]) -> Result<Examination, String> {
    let faults: Vec<Fault> =
        faults.iter().map(|code| Fault::parse(code)).collect::<Result<_, _>>()?;
    let profile = profiles::built_in("generic").ok_or("generic is built in")?;
    let options = Options { profile, ..Options::default() };
    examine(&stored(&demo_with(&faults))?, options, Order::InTurn)
}

#[test]
fn the_demo_song_is_ready_for_every_studio() {
    let mut demo = demo(&[]).unwrap();
    for name in profiles::NAMES {
        demo.set_profile(profiles::built_in(name).unwrap(), None);
        // Six stems are no separates; nothing else may be said.
        let verdict = if name == "separates" { "check\nwarning stem-count: 6" } else { "ready" };
        let expect = expected(&format!("verdict {verdict}\nnull within-bit-depth")).unwrap();
        assert_eq!(differences(&expect, &demo.report()), [""; 0], "profile {name}");
    }
}

#[test]
fn the_demo_song_has_the_three_faults_that_the_page_offers() {
    let lines = "verdict fix
        error late-stem: Bass.wav, 480 ± 0.01
        error wrong-gain: Guitar.wav, 1.5 ± 0.02
        error inverted-polarity: Keys.wav
        after-fix below -100";
    let expect = expected(&lines.replace("        ", "")).unwrap();
    assert_eq!(differences(&expect, &demo(&DEMO_FAULTS).unwrap().report()), [""; 0]);
}
