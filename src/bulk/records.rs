//! Where records come from: an iterator, or for the async client a stream.

/// Records for a bulk request: everything that is an iterator, and for the async client also everything that is a stream.
///
/// `Kind` tells the two apart and is never named.
#[diagnostic::on_unimplemented(message = "`{Self}` is neither an iterator nor a stream of records")]
pub trait IntoRecords<Kind> {
    /// A record, or the id of one.
    type Record;

    /// Where they come from.
    type Records;

    #[doc(hidden)]
    fn into_records(self) -> Self::Records;
}

/// Records that an iterator gives.
pub struct Iterated<I>(pub(crate) I);

/// The kind of an iterator.
pub enum AnIterator {}

impl<I: IntoIterator> IntoRecords<AnIterator> for I {
    type Record = I::Item;
    type Records = Iterated<I::IntoIter>;

    fn into_records(self) -> Self::Records {
        Iterated(self.into_iter())
    }
}

#[cfg(feature = "async")]
pub use streamed::{AStream, Streamed};

#[cfg(feature = "async")]
mod streamed {
    use std::pin::Pin;

    use futures_util::stream::Stream;

    use super::IntoRecords;

    /// Records that a stream gives.
    pub struct Streamed<S>(pub(crate) Pin<Box<S>>);

    /// The kind of a stream.
    pub enum AStream {}

    impl<S: Stream> IntoRecords<AStream> for S {
        type Record = S::Item;
        type Records = Streamed<S>;

        fn into_records(self) -> Self::Records {
            Streamed(Box::pin(self))
        }
    }
}
