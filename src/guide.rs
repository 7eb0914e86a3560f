//! Pages that go beyond the reference.

#[cfg(feature = "sandbox")]
#[doc = include_str!("../docs/testing.md")]
pub mod testing {}
