//! Fourier transforms over realfft: the one place that plans them.
