use super::*;
use crate::measure::{FileMeter, Stream, Word};
use proptest::prelude::*;

const RATE: u32 = 48_000;

/// Noise between -1 and 1.
fn noise(seed: u64, frames: usize) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    (0..frames)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 40) as f32 / (1u64 << 23) as f32 - 1.0
        })
        .collect()
}

/// Three stems (stereo, mono, stereo) and a reference that is not their sum.
fn song(frames: usize) -> (Vec<Block>, Block) {
    let stereo = |seed| Block::from_planar(0, vec![noise(seed, frames), noise(seed + 10, frames)]);
    let mono = Block::from_planar(0, vec![noise(5, frames)]);
    (vec![stereo(1), mono, stereo(2)], stereo(3))
}

fn cut(block: &Block, from: usize, to: usize) -> Block {
    let cut = |side: &Vec<f32>| side[from..to].to_vec();
    Block::from_planar(block.start + from as u64, block.channels.iter().map(cut).collect())
}

/// Renders `frames` frames in blocks of the given sizes, over and over; `set` may change the
/// settings before the block that starts at a frame.
fn render(
    renderer: &mut Renderer,
    (stems, reference): &(Vec<Block>, Block),
    sizes: &[usize],
    mut set: impl FnMut(usize, &mut Renderer),
) -> [Vec<Vec<f32>>; Bus::COUNT] {
    let frames = reference.frames();
    let mut all: [Vec<Vec<f32>>; Bus::COUNT] = std::array::from_fn(|_| vec![Vec::new(); 2]);
    let mut out: [Block; Bus::COUNT] = std::array::from_fn(|_| Block::default());
    let (mut at, mut sizes) = (0, sizes.iter().cycle());
    while at < frames {
        set(at, renderer);
        let to = (at + sizes.next().unwrap()).min(frames);
        let stems: Vec<Block> = stems.iter().map(|stem| cut(stem, at, to)).collect();
        renderer.process(&stems, Some(&cut(reference, at, to)), &mut out);
        for (all, block) in all.iter_mut().zip(&out) {
            assert_eq!((block.start, block.frames()), (at as u64, to - at));
            for (all, side) in all.iter_mut().zip(&block.channels) {
                all.extend(side);
            }
        }
        at = to;
    }
    all
}

fn driven() -> Mix {
    let mut mix = Mix::unity(3);
    mix.chain.drive_db = 3.0;
    mix.faders[2].strip = Strip { low_db: 2.0, threshold_db: Some(-20.0), ..Strip::default() };
    mix
}

#[test]
fn at_unity_the_buses_are_the_null_test() {
    let song = song(1000);
    let mut renderer = Renderer::new(RATE, 3, 256);
    let out = render(&mut renderer, &song, &[256], |_, _| ());
    let late = renderer.latency_frames();
    for side in [0, 1] {
        for i in 0..1000 - late {
            let sum: f64 = song.0.iter().map(|stem| stem.sample(stem.side(side), i)).sum();
            let reference = song.1.sample(side, i);
            let heard = [0, 1, 2].map(|bus: usize| out[bus][side][i + late]);
            assert_eq!(heard, [sum, reference, sum - reference].map(|x| x as f32));
        }
        assert_eq!(out[0][side][..late], vec![0.0; late]);
    }
}

#[test]
fn all_buses_are_equally_late() {
    let click = |frames: usize| {
        let mut samples = vec![0.0; frames];
        samples[100] = 0.5;
        Block::from_planar(0, vec![samples])
    };
    for rate in [8_000, 44_100, 192_000] {
        let mut renderer = Renderer::new(rate, 1, 4096);
        let mut mix = Mix::unity(1);
        mix.chain = Chain::preset("none").unwrap();
        mix.faders[0].gain_db = -6.0;
        renderer.set(&mix);
        let out = render(&mut renderer, &(vec![click(4096)], click(4096)), &[4096], |_, _| ());
        for bus in &out {
            let loudest = |side: &Vec<f32>| {
                (0..4096).max_by(|&a, &b| side[a].abs().total_cmp(&side[b].abs()))
            };
            assert_eq!(loudest(&bus[0]), Some(100 + renderer.latency_frames()), "{rate} Hz");
        }
    }
}

#[test]
fn a_fader_moves_without_a_step() {
    let level = Block::from_planar(0, vec![vec![0.5; 4800]]);
    let mut renderer = Renderer::new(RATE, 1, 480);
    let out = render(&mut renderer, &(vec![level.clone()], level), &[480], |at, renderer| {
        if at == 960 {
            let mut mix = Mix::unity(1);
            mix.faders[0].mute = true;
            mix.match_db[1] = -6.0;
            renderer.set(&mix);
        }
    });
    for bus in &out[..3] {
        let after_onset = &bus[0][200..];
        let step = after_onset.windows(2).map(|w| (w[1] - w[0]).abs()).fold(0.0, f32::max);
        assert!(step <= 0.5 / 480.0 + 1e-6, "{step}");
    }
    assert_eq!(out[0][0][960 + 480 + renderer.latency_frames()], 0.0, "reached within 10 ms");
    assert_eq!(out[2][0][4799], -0.5, "the difference hears the mute");
    assert!((out[1][0][4799] - 0.250_594).abs() < 1e-6);
}

#[test]
fn a_reset_renderer_is_a_new_one() {
    let song = song(3000);
    let mut fresh = Renderer::new(RATE, 3, 512);
    fresh.set(&driven());
    let expected = render(&mut fresh, &song, &[512], |_, _| ());
    let mut used = Renderer::new(RATE, 3, 512);
    render(&mut used, &song, &[512], |_, _| ());
    used.set(&driven());
    used.reset();
    assert_eq!(render(&mut used, &song, &[512], |_, _| ()), expected);
}

#[test]
fn the_readings_tell_what_was_done() {
    let song = song(48_000);
    let mut renderer = Renderer::new(RATE, 3, 4800);
    renderer.set(&driven());
    render(&mut renderer, &song, &[4800], |_, _| ());
    let readings = renderer.take_readings();
    assert!((readings.compressor_db[0] - 3.0).abs() < 0.01, "noise this hot meets the cap");
    assert!(readings.limiter_db[0] > readings.limiter_db[1], "the reference is not driven");
    assert!(readings.limiter_db[0] > 3.0);
    assert_eq!(renderer.take_readings().limiter_db[0], 0.0, "asked twice, it tells what is new");
}

/// The meter that the examination uses: nothing in common with the limiter's detector.
fn true_peak_dbtp(bus: &[Vec<f32>]) -> f64 {
    let stream = Stream { sample_rate: RATE, channels: 2, word: Word::Float };
    let mut meter = FileMeter::new(stream, 0);
    meter.push(&Block::from_planar(0, bus.to_vec()));
    let peaks = meter.finish().measurements().true_peak;
    db_from_amplitude(peaks.into_iter().fold(0.0, f64::max))
}

#[test]
fn no_master_exceeds_its_ceiling_however_hard_it_is_driven() {
    let mut song = song(48_000);
    // Next to half the sample rate a meter of 16 taps reads too much (the limiter's own tests, with 64,
    // do without this), and no limiter knows that a file is cut off while it is loud.
    for side in song.0.iter_mut().chain([&mut song.1]).flat_map(|block| &mut block.channels) {
        *side = side.windows(3).map(|x| 0.5 * x[1] + 0.25 * (x[0] + x[2])).collect();
        side.resize(48_000, 0.0);
        side.iter_mut().rev().take(4800).enumerate().for_each(|(i, x)| *x *= i as f32 / 4800.0);
    }
    for name in Chain::PRESETS {
        let mut mix = Mix::unity(3);
        mix.chain = Chain::preset(name).unwrap();
        (mix.chain.drive_db, mix.chain.reference_drive_db) = (10.0, 10.0);
        let mut renderer = Renderer::new(RATE, 3, 4800);
        renderer.set(&mix);
        let out = render(&mut renderer, &song, &[4800], |_, _| ());
        for bus in [Bus::Master, Bus::ReferenceMaster] {
            let peak_db = true_peak_dbtp(&out[bus as usize]);
            assert!((-1.3..=-1.0).contains(&peak_db), "{name}: {peak_db} dBTP");
        }
    }
}

#[test]
fn the_reference_goes_through_the_chain_of_the_stems() {
    let (stems, _) = song(9000);
    let same = (vec![stems[0].clone()], stems[0].clone());
    let mut mix = Mix::unity(1);
    (mix.chain.drive_db, mix.chain.reference_drive_db) = (4.0, 4.0);
    let mut renderer = Renderer::new(RATE, 1, 1000);
    renderer.set(&mix);
    let out = render(&mut renderer, &same, &[1000], |_, _| ());
    assert!(out[Bus::Master as usize] == out[Bus::ReferenceMaster as usize]);
    assert!(out[Bus::Master as usize] != out[Bus::Reference as usize]);
}

#[test]
fn a_strip_changes_its_own_stem_alone_and_nothing_once_it_is_off() {
    let song = song(96_000);
    let heard = |strip: Strip| {
        let mut renderer = Renderer::new(RATE, 3, 1000);
        render(&mut renderer, &song, &[1000], |at, renderer| {
            let mut mix = Mix::unity(3);
            mix.faders[1].mute = at >= 24_000;
            if at < 48_000 {
                mix.faders[1].strip = strip;
            }
            renderer.set(&mix);
        })
    };
    let plain = heard(Strip::default());
    let treble = Strip { high_db: -6.0, threshold_db: Some(-30.0), ..Strip::default() };
    let treated = heard(treble);
    let sum = |out: &[Vec<Vec<f32>>; Bus::COUNT]| out[Bus::Stems as usize][0].clone();
    let changed =
        |range: std::ops::Range<usize>| sum(&plain)[range.clone()] != sum(&treated)[range];
    assert!(changed(1000..24_000));
    assert!(!changed(90_000..96_000), "muted and let go, it leaves no trace");
    assert_eq!(plain[Bus::Reference as usize], treated[Bus::Reference as usize]);
}

#[test]
fn what_no_loudspeaker_can_play_is_silent() {
    let mut broken = vec![0.25; 400];
    broken[3] = f32::NAN;
    broken[4] = f32::INFINITY;
    let stems = [
        Block::from_planar(0, vec![broken]),
        Block::from_planar(0, vec![vec![0.1; 5]]),
        Block::default(),
    ];
    let mut out: [Block; Bus::COUNT] = std::array::from_fn(|_| Block::default());
    let mut renderer = Renderer::new(RATE, 2, 64);
    renderer.process(&stems, None, &mut out);
    let late = renderer.latency_frames();
    assert_eq!(out[0].channels[1][late + 2], 0.35);
    assert_eq!(out[0].channels[1][late + 4], 0.1);
    assert_eq!(out[0].channels[1][late + 5], 0.25);
    assert!(out.iter().flat_map(|block| &block.channels).flatten().all(|x| x.is_finite()));
    renderer.process(&[], None, &mut out);
    assert_eq!(out[3].frames(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn block_sizes_do_not_matter(sizes in prop::collection::vec(1usize..700, 1..6)) {
        let song = song(4000);
        let change = |at: usize, renderer: &mut Renderer| if at == 0 { renderer.set(&driven()) };
        let whole = render(&mut Renderer::new(RATE, 3, 4000), &song, &[4000], change);
        let cut = render(&mut Renderer::new(RATE, 3, 300), &song, &sizes, change);
        prop_assert_eq!(whole, cut);
    }
}
