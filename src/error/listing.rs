use std::fmt;

/// A listing by page number goes on, but the service doesn't give out more of it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ResultWindowError {
    /// How many records the service gives out of one listing.
    pub window: u32,
    /// How many records there are, where the service said so.
    pub total: Option<u64>,
}

impl fmt::Display for ResultWindowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the service gives out only the first {} records of a listing", self.window)?;
        if let Some(total) = self.total {
            write!(f, ", and this one has {total}")?;
        }
        f.write_str(
            "; narrow it: a longer q, one division or one organization at a time; or scan, which gives out everything",
        )
    }
}

/// A listing by cursor doesn't come to an end.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CursorError {
    /// The cursor of the page that would have come next.
    pub cursor: String,
    /// How many empty pages came in a row; `None` where the cursor was one that had been used before.
    pub empty_pages: Option<u32>,
}

impl fmt::Display for CursorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.empty_pages {
            Some(pages) => {
                write!(f, "{pages} pages in a row were empty and the listing goes on; to go on, pass the cursor")
            }
            None => f.write_str("the service gave a cursor a second time: the listing would go round in circles"),
        }
    }
}
