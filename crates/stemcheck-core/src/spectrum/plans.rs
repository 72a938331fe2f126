//! Plans that are kept: making one takes as long as several transforms.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::Arc;
use std::thread::LocalKey;

use realfft::{ComplexToReal, FftNum, RealFftPlanner, RealToComplex};

/// Points of all transforms whose plans a thread keeps: some 24 MB of factors.
const KEPT_POINTS: usize = 1 << 20;

/// Samples that can be transformed.
pub trait Sample: FftNum {
    /// The plans that this thread keeps, the one last asked for first.
    #[doc(hidden)]
    fn plans() -> &'static LocalKey<RefCell<VecDeque<Plan<Self>>>>;
}

impl Sample for f32 {
    fn plans() -> &'static LocalKey<RefCell<VecDeque<Plan<Self>>>> {
        thread_local!(static PLANS: RefCell<VecDeque<Plan<f32>>> = RefCell::default());
        &PLANS
    }
}

impl Sample for f64 {
    fn plans() -> &'static LocalKey<RefCell<VecDeque<Plan<Self>>>> {
        thread_local!(static PLANS: RefCell<VecDeque<Plan<f64>>> = RefCell::default());
        &PLANS
    }
}

/// Both directions of a transform of `len` real points.
#[derive(Clone)]
pub struct Plan<T> {
    len: usize,
    pub(super) forward: Arc<dyn RealToComplex<T>>,
    pub(super) inverse: Arc<dyn ComplexToReal<T>>,
}

/// The plan for `len` real points.
pub(super) fn plan<T: Sample>(len: usize) -> Plan<T> {
    T::plans().with_borrow_mut(|plans| {
        let known = plans.iter().position(|plan| plan.len == len);
        let plan = known.and_then(|at| plans.remove(at)).unwrap_or_else(|| {
            let mut planner = RealFftPlanner::new();
            let (forward, inverse) = (planner.plan_fft_forward(len), planner.plan_fft_inverse(len));
            Plan { len, forward, inverse }
        });
        plans.push_front(plan.clone());
        let mut points = 0;
        plans.retain(|plan| {
            points += plan.len;
            points <= KEPT_POINTS
        });
        plan
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_for_last_is_kept_up_to_a_size() {
        let first = plan::<f64>(1 << 10).forward;
        assert!(Arc::ptr_eq(&first, &plan::<f64>(1 << 10).forward));
        plan::<f64>(KEPT_POINTS);
        assert!(!Arc::ptr_eq(&first, &plan::<f64>(1 << 10).forward));
        let lengths = || f64::plans().with_borrow(|plans| plans.iter().map(|p| p.len).collect());
        let kept: Vec<usize> = lengths();
        assert_eq!(kept, [1 << 10]);
    }
}
