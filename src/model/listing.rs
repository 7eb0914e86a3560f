//! One page of a listing.

model! {
    /// One page of a listing, as the service answers it.
    ///
    /// It iterates over its [`entities`](Self::entities); a page without any is an empty one.
    /// [`items`](crate::Request::items) and [`pages`](crate::Request::pages) walk through all pages.
    ///
    /// ```
    /// # let client = genesys_external_contacts::sandbox::Sandbox::new().client();
    /// let page = client.contacts().search().page_size(50).send()?;
    /// for contact in &page {
    ///     println!("{}", contact.display_name());
    /// }
    /// let names: Vec<_> = page.into_iter().map(|contact| contact.display_name()).collect();
    /// # Ok::<(), genesys_external_contacts::Error>(())
    /// ```
    pub struct Listing<T> {
        /// What is on this page.
        entities: Vec<T> => "entities",
        /// How many entities a page holds at most: 20 unless the request said otherwise.
        page_size: i64 => "pageSize",
        /// Which page this is; the first is 1.
        page_number: i64 => "pageNumber",
        /// How many entities there are on all pages together.
        total: i64 => "total",
        /// How many pages there are.
        page_count: i64 => "pageCount",
        /// True where the service could not gather everything in time and leaves some entities out.
        partial_results: bool => "partialResults",
        /// The path of the first page.
        first_uri: String => "firstUri",
        /// The path of this page.
        self_uri: String => "selfUri",
        /// The path of the next page; absent on the last one.
        next_uri: String => "nextUri",
        /// The path of the previous page; absent on the first one.
        previous_uri: String => "previousUri",
        /// The path of the last page.
        last_uri: String => "lastUri",
        /// Where a listing by cursor stands.
        cursors: Cursors => "cursors",
    }
}

impl<T> IntoIterator for Listing<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.entities.unwrap_or_default().into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Listing<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.entities.as_deref().unwrap_or_default().iter()
    }
}

model! {
    /// The cursors of a page: [`Request::cursor`](crate::Request::cursor) takes them. One is good for 24 hours.
    pub struct Cursors {
        /// The cursor of the page before; absent on the first one.
        before: String => "before",
        /// The cursor of the page after; absent on the last one.
        after: String => "after",
    }
}
