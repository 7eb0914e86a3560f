//! Random numbers from the operating system.

/// A number in 0..1. Without a source of randomness it is 1: the longest wait does no harm.
pub(crate) fn fraction() -> f64 {
    getrandom::u32().map_or(1.0, |number| f64::from(number) / (f64::from(u32::MAX) + 1.0))
}
