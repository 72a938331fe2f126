//! Runs every song of `songs/`, and writes the reports for the run in a browser.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use stemcheck_session::report::Report;
use stemcheck_tests::{Order, Scene, Studio, corpus, differences, examine, options, same};

fn report(studio: &mut Studio, scene: &Scene) -> Result<Report, String> {
    let files = studio.build(&scene.song)?;
    examine(&files, options(scene)?, Order::InTurn)
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

/// Sums of energies depend on the order of adding, in the last bits of a double.
const LAST_BITS: f64 = 1e-9;

/// Workers race; the report does not depend on who wins.
#[test]
fn order_of_jobs_does_not_matter() {
    let mut studio = Studio::default();
    let songs = corpus().unwrap();
    let long: Vec<_> = songs.iter().filter(|(_, scene)| scene.song.seconds > 20.0).collect();
    assert!(long.len() >= 2, "songs of several segments");
    for (place, scene) in long {
        let files = studio.build(&scene.song).unwrap();
        let first = examine(&files, options(scene).unwrap(), Order::InTurn).unwrap();
        for (seed, runners) in [(1, 1), (2, 2), (3, 3)] {
            let order = Order::Shuffled { seed, runners };
            let again = examine(&files, options(scene).unwrap(), order).unwrap();
            let values = [&first, &again].map(|report| serde_json::to_value(report).unwrap());
            let differences = same(&values[0], &values[1], LAST_BITS);
            assert!(differences.is_empty(), "{place} in {order:?}\n{}", differences.join("\n"));
        }
    }
}
