//! Pages that go beyond the reference.
//!
//! | page | what for |
//! |---|---|
//! | [`operations`] | every operation with its route and its permissions |
//! | [`from_the_official_sdks`] | your call in Ruby, Swift, JavaScript or Python, and the one here |
//! | `testing` (feature `sandbox`) | testing your own code without the service |

#[doc = include_str!("../docs/operations.md")]
pub mod operations {}

#[doc = include_str!("../docs/from_the_official_sdks.md")]
pub mod from_the_official_sdks {}

#[cfg(feature = "sandbox")]
#[doc = include_str!("../docs/testing.md")]
pub mod testing {}
