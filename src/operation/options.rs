//! Optional parameters that several operations have. Each setter exists once, on [`Request`]; a trait says which operations
//! have the option, and which values it takes.

use std::fmt::Display;

use super::{Operation, Optional, Request};

/// An operation that can return related data along with what is asked for: [`Request::expand`].
pub trait Expand: Operation {
    /// What can be returned along.
    type Field: Display;

    /// What is returned along.
    fn expand(&mut self) -> &mut Vec<Self::Field>;
}

/// An operation whose result can be sorted: [`Request::sort`].
pub trait Sort: Operation {
    /// An order, such as [`SortOrder`](crate::model::SortOrder).
    type Order: Display;

    /// The order.
    fn sort(&mut self) -> &mut Option<Self::Order>;
}

/// An operation that finds what matches some words: [`Request::q`].
pub trait Search: Operation {
    /// The words.
    fn q(&mut self) -> &mut Option<String>;
}

/// An operation that can be narrowed to several divisions: [`Request::division_ids`].
pub trait InDivisions: Operation {
    /// The ids of the divisions.
    fn division_ids(&mut self) -> &mut Vec<String>;
}

/// An operation that can be narrowed to one division: [`Request::division_id`].
pub trait InDivision: Operation {
    /// The id of the division.
    fn division_id(&mut self) -> &mut Option<String>;
}

/// An operation that can say which organizations trust this one: [`Request::include_trustors`].
pub trait IncludeTrustors: Operation {
    /// Whether it says so.
    fn include_trustors(&mut self) -> &mut Option<bool>;
}

/// An operation that finds what is called so: [`Request::name`].
pub trait Named: Operation {
    /// The name.
    fn name(&mut self) -> &mut Option<String>;
}

/// An operation that can show what it would do: [`Request::dry_run`].
pub trait DryRun: Operation {
    /// Whether it only shows it.
    fn dry_run(&mut self) -> &mut Option<bool>;
}

/// An operation that can also look at the contacts that were merged into a contact: [`Request::include_merged`].
pub trait IncludeMerged: Operation {
    /// Whether it does.
    fn include_merged(&mut self) -> &mut Option<bool>;
}

impl<C, O: Expand> Request<C, O> {
    /// Returns the related data named here, too (`expand`). Called again, it adds to what was named before.
    pub fn expand(mut self, fields: impl IntoIterator<Item = O::Field>) -> Self {
        self.operation.expand().extend(fields);
        self
    }
}

impl<C, O: Sort> Request<C, O> {
    /// Sorts the result (`sortOrder`). The default is up to the service.
    pub fn sort(mut self, order: O::Order) -> Self {
        *self.operation.sort() = Some(order);
        self
    }
}

impl<C, O: Search> Request<C, O> {
    /// Finds only what matches these words (`q`), at most 256 characters.
    ///
    /// They are looked for in names, phone numbers, e-mail addresses, Twitter names, external ids and custom fields.
    /// What looks like a phone number is compared in international form; put it in quotes to prevent that.
    pub fn q(mut self, words: impl Into<String>) -> Self {
        *self.operation.q() = Some(words.into());
        self
    }
}

impl<C, O: InDivisions> Request<C, O> {
    /// Finds only what belongs to one of these divisions (`divisionIds`), at most 50. Called again, it adds to those named
    /// before.
    pub fn division_ids(mut self, ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.operation.division_ids().extend(ids.into_iter().map(Into::into));
        self
    }
}

impl<C, O: InDivision> Request<C, O> {
    /// Finds only what belongs to this division (`divisionId`). The default is `*`: all that the token reaches.
    pub fn division_id(mut self, id: impl Into<String>) -> Self {
        *self.operation.division_id() = Some(id.into());
        self
    }
}

impl<C, O: IncludeTrustors> Request<C, O> {
    /// Whether to say which of the organizations are Genesys Cloud organizations that trust this one
    /// (`includeTrustors`). The default is false.
    pub fn include_trustors(mut self, include: bool) -> Self {
        *self.operation.include_trustors() = Some(include);
        self
    }
}

impl<C, O: Named> Request<C, O> {
    /// Finds only what has a name that begins like this (`name`).
    pub fn name(mut self, prefix: impl Into<String>) -> Self {
        *self.operation.name() = Some(prefix.into());
        self
    }
}

impl<C, O: DryRun> Request<C, O> {
    /// Whether nothing is changed, and the answer is only what would come of it (`dryRun`). The default is false. A dry run
    /// only reads, and so it is repeated where an answer was lost.
    pub fn dry_run(mut self, dry_run: bool) -> Self {
        *self.operation.dry_run() = Some(dry_run);
        self
    }
}

impl<C, O: IncludeMerged> Request<C, O> {
    /// Whether to also return what belongs to contacts that were merged into this one (`includeMerged`).
    pub fn include_merged(mut self, include: bool) -> Self {
        *self.operation.include_merged() = Some(include);
        self
    }
}

impl<O: Expand> Expand for Optional<O> {
    type Field = O::Field;

    fn expand(&mut self) -> &mut Vec<O::Field> {
        self.0.expand()
    }
}
