//! The renderer owns its memory up front: playing never allocates.

use stemcheck_core::block::Block;
use stemcheck_core::preview::{Bus, Chain, Mix, Renderer, Strip};

#[test]
fn playing_and_changing_settings_never_allocate() {
    let hot = |i: usize| ((i * 7919) % 1000) as f32 / 250.0 - 2.0;
    let block = Block::from_planar(0, vec![(0..512).map(hot).collect(); 2]);
    let stems = vec![block.clone(), block.clone()];
    let mut out: [Block; Bus::COUNT] = std::array::from_fn(|_| Block::silence(0, 2, 512));
    let mut renderer = Renderer::new(48_000, 2, 512);
    let quiet = Mix::unity(2);
    let mut loud = Mix::unity(2);
    loud.chain = Chain { drive_db: 10.0, ..Chain::preset("loud").expect("a preset") };
    loud.faders[0].solo = true;
    loud.faders[0].strip = Strip { mid_db: 3.0, threshold_db: Some(-20.0), ..Strip::default() };
    let allocations = allocation_counter::measure(|| {
        for round in 0..20 {
            renderer.set(if round % 4 < 2 { &loud } else { &quiet });
            renderer.process(&stems, Some(&block), &mut out);
            renderer.take_readings();
            if round == 15 {
                renderer.reset();
            }
        }
    });
    assert_eq!(allocations.count_total, 0);
}
