use std::io::Cursor;

use proptest::prelude::*;
use serde_json::Value;
use stemcheck_core::block::Block;
use stemcheck_core::song::Role;
use stemcheck_decode::Stream;
use stemcheck_decode::write::{Depth, WavWriter};

use super::*;
use crate::profiles;
use crate::runner::{Library, Runner};

mod again;

const RATE: u32 = 8_000;

/// Files in memory.
#[derive(Clone, Default)]
struct Memory(Vec<(String, Vec<u8>)>);

impl Library for Memory {
    fn open(&self, file: usize) -> std::io::Result<Box<dyn Stream>> {
        Ok(Box::new(Cursor::new(self.0[file].1.clone())))
    }
}

impl Memory {
    fn with(mut self, name: &str, samples: &[f32]) -> Self {
        let mut bytes = Cursor::new(Vec::new());
        let mut writer = WavWriter::new(&mut bytes, RATE, 2, Depth::Int24).unwrap();
        let right: Vec<f32> = samples.iter().map(|x| x * 0.7).collect();
        writer.write(&Block::from_planar(0, vec![samples.to_vec(), right])).unwrap();
        writer.finish().unwrap();
        self.0.push((name.to_owned(), bytes.into_inner()));
        self
    }

    fn examination(&self) -> Examination {
        let files = self
            .0
            .iter()
            .map(|(name, bytes)| FileInput { name: name.clone(), bytes: bytes.len() as u64 })
            .collect();
        let profile = profiles::built_in("generic").unwrap();
        Examination::new(files, Options { profile, ..Options::default() })
    }
}

/// Noise with gaps and clipped stretches: something for every meter.
fn part(seed: u64, seconds: f64) -> Vec<f32> {
    let mut state = seed;
    (0..(seconds * f64::from(RATE)) as usize)
        .map(|i| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let noise = (state >> 40) as f32 / (1 << 24) as f32 - 0.5;
            let loud = if (i / 1_500) % 3 == 0 { 0.0 } else { 0.4 };
            noise * loud
        })
        .collect()
}

fn song() -> Memory {
    let (mut drums, bass, keys) = (part(1, 5.0), part(2, 5.0), part(3, 4.2));
    drums[20_100..20_140].fill(1.0);
    let mix: Vec<f32> = (0..drums.len())
        .map(|i| 0.5 * drums[i] + bass[i] + keys.get(i.saturating_sub(7)).copied().unwrap_or(0.0))
        .collect();
    Memory::default()
        .with("Drums.wav", &drums)
        .with("Bass.wav", &bass)
        .with("Keys.wav", &keys)
        .with("Mix.wav", &mix)
}

/// Runs everything; `order` picks which of the waiting jobs is done next.
fn drive(memory: &Memory, examination: &mut Examination, mut order: impl FnMut(usize) -> usize) {
    let mut runner = Runner::new(Box::new(memory.clone()));
    let mut waiting = Vec::new();
    while !examination.is_done() {
        while let Some(job) = examination.next_job() {
            waiting.push(job);
        }
        let job = waiting.swap_remove(order(waiting.len()));
        examination.complete(runner.run(&job));
    }
}

fn report(memory: &Memory, segment_s: f64, order: impl FnMut(usize) -> usize) -> Value {
    let mut examination = memory.examination();
    examination.segment_s = segment_s;
    drive(memory, &mut examination, order);
    serde_json::to_value(examination.report()).unwrap()
}

/// Equal but for the last digits of a number.
fn assert_alike(a: &Value, b: &Value, place: &str) {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>(), "{place}");
            for (key, value) in a {
                assert_alike(value, &b[key], &format!("{place}.{key}"));
            }
        }
        (Value::Array(a), Value::Array(b)) => {
            assert_eq!(a.len(), b.len(), "{place}: {a:?} {b:?}");
            for (i, (a, b)) in a.iter().zip(b).enumerate() {
                assert_alike(a, b, &format!("{place}[{i}]"));
            }
        }
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            // Rounded to a decimal.
            let step = if place.contains("levels_db") { 0.101 } else { 0.0 };
            assert!((a - b).abs() <= step + 1e-6 * a.abs().max(1.0), "{place}: {a} {b}");
        }
        _ => assert_eq!(a, b, "{place}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn any_cuts_in_any_order_give_the_same_report(segment_s in 0.21_f64..6.0, shuffle in 0_usize..97) {
        let memory = song();
        let whole = report(&memory, 1e6, |_| 0);
        let cut = report(&memory, segment_s, |waiting| shuffle % waiting);
        assert_alike(&whole, &cut, "report");
    }
}

#[test]
fn the_report_tells_who_is_to_blame_when_and_how_to_make_it_fit() {
    let report = report(&song(), 1.0, |_| 0);
    let null = &report["songs"][0]["null"];
    let blame = &null["blame"];
    assert_eq!(blame["files"], serde_json::json!(["Drums.wav", "Bass.wav", "Keys.wav", "Mix.wav"]));
    assert_eq!(blame["bands_hz"][0][1], blame["bands_hz"][1][0]);
    let second = |file: usize| blame["levels_db"][file][1].as_f64().unwrap_or(f64::NEG_INFINITY);
    assert!(second(0) > second(1) + 10.0 && second(2) > second(1) + 10.0, "{blame}");
    assert_eq!(blame["band_levels_db"][3].as_array().unwrap().len(), 4);
    let recipe = null["recipe"].as_array().unwrap();
    let files: Vec<_> = recipe.iter().map(|fix| fix["file"].as_str().unwrap()).collect();
    assert_eq!(files, ["Drums.wav", "Keys.wav"]);
    assert!((recipe[0]["gain_db"].as_f64().unwrap() + 6.02).abs() < 0.01);
    // The mix plays the keys later than their file does.
    assert_eq!(recipe[1]["advance_samples"], -7.0);
    let moments = null["moments"].as_array().unwrap();
    assert!(moments.iter().all(|moment| moment["depth_db"].is_f64()), "{moments:?}");
}

#[test]
fn who_is_faster_does_not_change_a_bit() {
    let memory = song();
    let first = report(&memory, 1.0, |_| 0);
    let last = report(&memory, 1.0, |waiting| waiting - 1);
    assert_eq!(first, last);
}

#[test]
fn an_unnamed_reference_is_found_by_what_the_others_sum_to() {
    let (a, b) = (part(1, 4.0), part(2, 4.0));
    let sum: Vec<f32> = a.iter().zip(&b).map(|(a, b)| a + b).collect();
    let memory =
        Memory::default().with("Drums.wav", &a).with("Everything.wav", &sum).with("Bass.wav", &b);
    let mut examination = memory.examination();
    drive(&memory, &mut examination, |_| 0);
    assert_eq!(examination.role(1), Role::Reference);
    let null = &examination.report().songs[0].null;
    assert!(null.run, "{:?}", null.reason);
    assert!(null.depth_db.is_none_or(|depth| depth < -100.0), "{null:?}");
}

#[test]
fn an_unreadable_reference_stops_the_null_test_alone() {
    let mut memory = song();
    memory.0[3].1 = b"RIFF but nothing else".to_vec();
    let mut examination = memory.examination();
    drive(&memory, &mut examination, |_| 0);
    let song = &examination.report().songs[0];
    assert!(!song.null.run);
    assert!(song.null.reason.as_ref().unwrap().contains("Mix.wav"), "{:?}", song.null.reason);
    assert!(song.files[0].levels.is_some() && song.files[3].levels.is_none());
}

#[test]
fn a_job_that_is_given_back_is_done_by_another_worker() {
    let memory = song();
    let mut examination = memory.examination();
    let job = examination.next_job().unwrap();
    examination.give_back(job.clone());
    assert_eq!(examination.next_job(), Some(job.clone()));
    examination.give_back(job);
    drive(&memory, &mut examination, |_| 0);
    assert!(examination.report().songs[0].null.run);
}

#[test]
fn a_job_that_cannot_be_done_loses_its_files_and_ends() {
    let memory = song();
    let mut examination = memory.examination();
    let mut runner = Runner::new(Box::new(memory));
    while let Some(job) = examination.next_job() {
        if matches!(job, Job::Segment(_)) {
            examination.abandon(&job, "out of memory");
        } else {
            examination.complete(runner.run(&job));
        }
    }
    assert!(examination.is_done());
    let song = &examination.report().songs[0];
    assert!(song.files.iter().all(|file| !file.readable));
    assert!(song.findings.iter().any(|f| f.message.contains("out of memory")));
}

#[test]
fn nothing_to_examine_is_done_at_once() {
    let examination = Examination::new(Vec::new(), Options::default());
    assert!(examination.is_done());
    assert!(!examination.report().songs[0].null.run);
}

#[test]
fn the_whole_song_is_read_back_as_its_difference() {
    let memory = song();
    let mut examination = memory.examination();
    drive(&memory, &mut examination, |_| 0);
    let plan = examination.plan().unwrap().clone();
    let (mut energy, mut frames) = (0.0, 0);
    let mut runner = Runner::new(Box::new(memory));
    runner
        .difference(&plan, &mut |block| {
            frames += block.frames();
            energy += block.channels.iter().flatten().map(|x| f64::from(*x).powi(2)).sum::<f64>();
            Ok(())
        })
        .unwrap();
    assert_eq!(frames, 40_000);
    let rms = examination.report().songs[0].null.residual_rms_dbfs.unwrap();
    assert!((10.0 * (energy / 80_000.0).log10() - rms).abs() < 1e-3);
}
