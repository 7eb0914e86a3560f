//! Listings by cursor that don't get on.

use super::{Effect, NextCalls};
use crate::sandbox::store::state::PageFault;

impl NextCalls<'_> {
    /// Makes pages of listings by cursor (scans, external sources) empty. Each names another cursor, which leads to where the
    /// last one did, so that nothing is left out. With `next_calls(u32::MAX)` such a listing never ends. All other calls are
    /// answered as always, and are counted: [`matching`](Self::matching) says which are meant.
    ///
    /// ```
    /// use genesys_external_contacts::ErrorKind;
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::builder().calls_per_minute(None).build();
    /// sandbox.generate_contacts(5);
    /// let contacts = sandbox.client().contacts();
    ///
    /// // An empty page is not the end.
    /// sandbox.next_calls(3).matching("GET", "/scan/contacts").empty_page();
    /// assert_eq!(contacts.scan().items().count(), 5);
    ///
    /// // The client gives up on a listing that has no end.
    /// sandbox.next_calls(u32::MAX).matching("GET", "/scan/contacts").empty_page();
    /// let error = contacts.scan().items().last().unwrap().unwrap_err();
    /// assert!(matches!(error.kind(), ErrorKind::Cursor(_)));
    /// ```
    pub fn empty_page(self) {
        self.plan(Effect::Page(PageFault::Empty));
    }

    /// Makes pages of listings by cursor name the cursor that leads to them, so that whoever goes on gets the same page again.
    /// All other calls are answered as always, and are counted.
    ///
    /// ```
    /// use genesys_external_contacts::ErrorKind;
    /// use genesys_external_contacts::sandbox::Sandbox;
    ///
    /// let sandbox = Sandbox::new();
    /// sandbox.generate_contacts(5);
    /// sandbox.next_calls(u32::MAX).matching("GET", "/scan/contacts").repeat_page();
    /// let error = sandbox.client().contacts().scan().items().last().unwrap().unwrap_err();
    /// assert!(matches!(error.kind(), ErrorKind::Cursor(_)));
    /// ```
    pub fn repeat_page(self) {
        self.plan(Effect::Page(PageFault::Repeated));
    }
}
