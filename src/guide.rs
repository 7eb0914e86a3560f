//! Pages that go beyond the reference.
//!
//! | page | what for |
//! |---|---|
//! | [`operations`] | every operation with its route and its permissions |
//! | [`from_the_official_sdks`] | your call in Ruby, Swift, JavaScript or Python, and the one here |
//! | [`changing`] | finding somebody, and changing only what is meant: upserts, patches, conflicts |
//! | [`embedding`] | in a synchronous application, in an async service, in both |
//! | `testing` (feature `sandbox`) | testing your own code without the service |
//! | [`long_running`] | exports, imports and merges: waiting, files |
//! | [`upgrading`] | what a new version may change |

#[doc = include_str!("../docs/operations.md")]
pub mod operations {}

#[doc = include_str!("../docs/from_the_official_sdks.md")]
pub mod from_the_official_sdks {}

#[doc = include_str!("../docs/changing.md")]
pub mod changing {}

#[doc = include_str!("../docs/embedding.md")]
pub mod embedding {}

#[doc = include_str!("../docs/long_running.md")]
pub mod long_running {}

#[doc = include_str!("../docs/upgrading.md")]
pub mod upgrading {}

#[cfg(feature = "sandbox")]
#[doc = include_str!("../docs/testing.md")]
pub mod testing {}
