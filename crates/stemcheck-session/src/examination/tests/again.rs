use super::*;
use stemcheck_core::song::Instrument;

/// Runs what is left to do and tells it.
fn go_on(memory: &Memory, examination: &mut Examination) -> Vec<Job> {
    let mut runner = Runner::new(Box::new(memory.clone()));
    let mut done = Vec::new();
    while let Some(job) = examination.next_job() {
        examination.complete(runner.run(&job));
        done.push(job);
    }
    assert!(examination.is_done());
    done
}

fn fresh(memory: &Memory, roles: &[(usize, Role)]) -> Value {
    let mut examination = memory.examination();
    examination.options.roles = roles.to_vec();
    examination.segment_s = 1.0;
    drive(memory, &mut examination, |_| 0);
    json(&examination)
}

fn examined(memory: &Memory) -> Examination {
    let mut examination = memory.examination();
    examination.segment_s = 1.0;
    drive(memory, &mut examination, |_| 0);
    examination
}

fn json(examination: &Examination) -> Value {
    serde_json::to_value(examination.report()).unwrap()
}

/// The files that the segments of these jobs measure, and whether they build the sum.
fn measured(jobs: &[Job]) -> Option<(Vec<usize>, bool)> {
    jobs.iter().find_map(|job| match job {
        Job::Segment(segment) => Some((segment.files.clone(), segment.null.is_some())),
        _ => None,
    })
}

#[test]
fn another_role_adds_up_again_and_measures_nothing_again() {
    let memory = song();
    let mut examination = examined(&memory);
    let roles = vec![(2, Role::Other)];
    examination.set_roles(roles.clone());
    let between = examination.report();
    assert!(between.songs[0].files.iter().all(|file| file.levels.is_some()), "figures stay");
    assert!(!between.songs[0].null.run && between.songs[0].null.causes.is_empty());
    let jobs = go_on(&memory, &mut examination);
    assert_eq!(measured(&jobs), Some((vec![], true)));
    assert!(!jobs.iter().any(|job| matches!(job, Job::Probe { .. } | Job::Listen { .. })));
    assert_eq!(json(&examination), fresh(&memory, &roles));
    // And back.
    examination.set_roles(Vec::new());
    go_on(&memory, &mut examination);
    assert_eq!(json(&examination), fresh(&memory, &[]));
}

#[test]
fn a_reference_can_be_named_where_no_name_tells() {
    let (a, b) = (part(1, 4.0), part(2, 4.0));
    // Far from the sum: nothing is found by itself.
    let mix: Vec<f32> = part(9, 4.0);
    let memory = Memory::default().with("One.wav", &a).with("Two.wav", &b).with("Three.wav", &mix);
    let mut examination = examined(&memory);
    assert!(!examination.report().songs[0].null.run);
    examination.set_roles(vec![(2, Role::Reference)]);
    go_on(&memory, &mut examination);
    assert!(examination.report().songs[0].null.run);
    assert_eq!(json(&examination), fresh(&memory, &[(2, Role::Reference)]));
}

#[test]
fn a_file_that_takes_anothers_place_is_measured_alone() {
    let mut memory = song();
    let mut examination = examined(&memory);
    let louder: Vec<f32> = part(2, 5.0).iter().map(|x| x * 1.5).collect();
    let other = Memory::default().with("Bass.wav", &louder).0.remove(0);
    let input = FileInput { name: other.0.clone(), bytes: other.1.len() as u64 };
    memory.0[1] = other;
    examination.replace(1, input);
    let between = &examination.report().songs[0];
    let known: Vec<bool> = between.files.iter().map(|file| file.levels.is_some()).collect();
    assert_eq!(known, [true, false, true, true], "the others' figures stay");
    let jobs = go_on(&memory, &mut examination);
    assert_eq!(measured(&jobs), Some((vec![1], true)));
    let probed: Vec<_> = jobs.iter().filter(|job| matches!(job, Job::Probe { .. })).collect();
    assert_eq!(probed, [&Job::Probe { file: 1 }]);
    assert_eq!(json(&examination), fresh(&memory, &[]));
}

#[test]
fn what_is_no_part_of_the_sum_is_replaced_without_the_others() {
    let mut memory = song().with("Idea.wav", &part(7, 2.0));
    let roles = vec![(4, Role::Other)];
    let mut examination = memory.examination();
    examination.segment_s = 1.0;
    examination.options.roles = roles.clone();
    drive(&memory, &mut examination, |_| 0);
    memory.0[4] = Memory::default().with("Idea.wav", &part(8, 3.0)).0.remove(0);
    let input = FileInput { name: "Idea.wav".to_owned(), bytes: memory.0[4].1.len() as u64 };
    examination.replace(4, input);
    assert!(examination.report().songs[0].null.run, "the result stays");
    let jobs = go_on(&memory, &mut examination);
    assert_eq!(measured(&jobs), Some((vec![4], false)));
    assert!(!jobs.iter().any(|job| matches!(job, Job::Diagnose { .. } | Job::Verify { .. })));
    assert_eq!(json(&examination), fresh(&memory, &roles));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn whenever_a_role_changes_the_report_is_the_same(after in 0_usize..40) {
        let memory = song();
        let mut examination = memory.examination();
        examination.segment_s = 1.0;
        let mut runner = Runner::new(Box::new(memory.clone()));
        for _ in 0..after {
            let Some(job) = examination.next_job() else { break };
            examination.complete(runner.run(&job));
        }
        let _lost = examination.next_job();
        examination.set_roles(vec![(0, Role::Other)]);
        go_on(&memory, &mut examination);
        prop_assert_eq!(json(&examination), fresh(&memory, &[(0, Role::Other)]));
    }
}

#[test]
fn demands_and_instruments_are_judged_without_reading() {
    let memory = song();
    let mut examination = examined(&memory);
    let missing = |examination: &Examination| {
        let told = &examination.report().songs[0].findings;
        told.iter().filter(|finding| finding.code == "missing-group").count()
    };
    let profile = profiles::built_in("stems-8").unwrap();
    examination.set_profile(profile, Some(124.0));
    let before = missing(&examination);
    assert!(before > 0, "no lead vocal");
    examination.set_instruments(vec![(2, Instrument::LeadVocal)]);
    assert_eq!(missing(&examination), before - 1);
    let told = examination.report();
    assert_eq!(told.songs[0].files[2].instrument.as_deref(), Some("lead-vocal"));
    assert_eq!(told.songs[0].tempo_bpm, Some(124.0));
    assert!(examination.is_done() && examination.next_job().is_none());
}

#[test]
fn what_cannot_be_added_up_again_is_said() {
    let memory = song();
    let mut examination = examined(&memory);
    examination.set_roles(vec![(2, Role::Other)]);
    let mut runner = Runner::new(Box::new(memory));
    while let Some(job) = examination.next_job() {
        if matches!(job, Job::Segment(_)) {
            examination.abandon(&job, "out of memory");
        } else {
            examination.complete(runner.run(&job));
        }
    }
    let song = &examination.report().songs[0];
    assert!(song.files.iter().all(|file| file.readable && file.levels.is_some()));
    assert!(song.null.reason.as_ref().unwrap().contains("out of memory"), "{:?}", song.null);
}
