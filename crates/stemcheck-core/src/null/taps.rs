//! A filter's taps, and what their transform is.

use std::sync::{Arc, Mutex, PoisonError};

use crate::spectrum::{Complex, Fourier, fast_length};

/// A filter's taps. Copies are cheap, and share the transform: many windows are read through one filter.
#[derive(Clone, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(from = "Vec<f32>", into = "Vec<f32>"))]
pub struct Taps(Arc<Shared>);

#[derive(Default)]
struct Shared {
    taps: Vec<f32>,
    /// Of the length that was last asked for.
    spectrum: Mutex<Arc<Vec<Complex<f64>>>>,
}

impl Taps {
    /// Taps that were found more exactly than they are kept.
    pub(super) fn rounded(taps: &[f64]) -> Self {
        taps.iter().map(|&h| h as f32).collect::<Vec<_>>().into()
    }

    /// The transform over `fourier`'s length.
    fn spectrum(&self, fourier: &mut Fourier<f64>) -> Arc<Vec<Complex<f64>>> {
        let mut kept = self.0.spectrum.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() != fourier.bins() {
            let mut spectrum = Vec::new();
            fourier.forward(self.iter().map(|&h| f64::from(h)), &mut spectrum);
            *kept = Arc::new(spectrum);
        }
        Arc::clone(&kept)
    }
}

impl From<Vec<f32>> for Taps {
    fn from(taps: Vec<f32>) -> Self {
        Self(Arc::new(Shared { taps, spectrum: Mutex::default() }))
    }
}

impl From<Taps> for Vec<f32> {
    fn from(taps: Taps) -> Self {
        taps.to_vec()
    }
}

impl std::ops::Deref for Taps {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.0.taps
    }
}

impl PartialEq for Taps {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || **self == **other
    }
}

impl std::fmt::Debug for Taps {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.taps.fmt(f)
    }
}

/// A sound that is sent through filters, by its transform.
pub(super) struct Sent {
    fourier: Fourier<f64>,
    spectrum: Vec<Complex<f64>>,
    product: Vec<Complex<f64>>,
}

impl Sent {
    /// A sound of so many frames at most.
    pub(super) fn new(frames: usize) -> Self {
        let fourier = Fourier::new(fast_length(frames));
        Self { fourier, spectrum: Vec::new(), product: Vec::new() }
    }

    /// Sends this one.
    pub(super) fn send(&mut self, sound: &[f64]) {
        self.fourier.forward(sound.iter().copied(), &mut self.spectrum);
    }

    /// What a filter makes of the sound, from the frame at which all of its taps lie within it.
    pub(super) fn through(&mut self, taps: &Taps) -> &[f64] {
        let filter = taps.spectrum(&mut self.fourier);
        self.product.clear();
        self.product.extend(self.spectrum.iter().zip(filter.iter()).map(|(x, h)| x * h));
        let made = self.fourier.inverse(&mut self.product);
        made.get(taps.len().saturating_sub(1)..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_of_any_length_make_what_they_should_of_one_sound() {
        let sound: Vec<f64> = (0..40).map(|i| (0.3 * f64::from(i)).sin()).collect();
        let mut sent = Sent::new(sound.len());
        sent.send(&sound);
        for length in [1, 3, 40] {
            let taps: Taps = (0..length).map(|i| 1.0 / (1 + i) as f32).collect::<Vec<_>>().into();
            let made = sent.through(&taps).to_vec();
            for (at, made) in (length - 1..sound.len()).zip(made) {
                let wanted: f64 =
                    taps.iter().enumerate().map(|(i, &h)| f64::from(h) * sound[at - i]).sum();
                assert!((made - wanted).abs() < 1e-12, "{length} {at}: {made} {wanted}");
            }
        }
        assert_eq!(sent.through(&Taps::default())[..40], [0.0; 40]);
    }
}
