//! Songs made from numbers: the demo, the tests' songs, their faults. Deterministic.
