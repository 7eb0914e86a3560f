//! In which order a listing comes.

use std::fmt;

/// A field and a direction, written `lastName:desc`. Made with `asc()` and `desc()` of what can be sorted by.
///
/// An order that this version of the crate has no words for can be given as the service writes it:
///
/// ```
/// use genesys_external_contacts::ContactSort;
/// use genesys_external_contacts::model::SortOrder;
///
/// let order: SortOrder<ContactSort> = "modifyDate:desc".into();
/// assert_eq!(order.to_string(), "modifyDate:desc");
/// assert_eq!(ContactSort::LastName.desc().to_string(), "lastName:desc");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SortOrder<F>(Order<F>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Order<F> {
    Ascending(F),
    Descending(F),
    Other(String),
}

impl<F> SortOrder<F> {
    pub(crate) fn ascending(field: F) -> Self {
        Self(Order::Ascending(field))
    }

    pub(crate) fn descending(field: F) -> Self {
        Self(Order::Descending(field))
    }
}

impl<F> From<&str> for SortOrder<F> {
    fn from(order: &str) -> Self {
        Self(Order::Other(order.to_owned()))
    }
}

impl<F: fmt::Display> fmt::Display for SortOrder<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Order::Ascending(field) => write!(f, "{field}:asc"),
            Order::Descending(field) => write!(f, "{field}:desc"),
            Order::Other(order) => f.write_str(order),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::contacts::ContactSort;
    use crate::notes::NoteSort;
    use crate::organizations::OrganizationSort;
    use crate::relationships::RelationshipSort;

    #[test]
    fn orders_are_written_as_the_service_reads_them() {
        for (order, text) in [
            (ContactSort::FirstName.asc().to_string(), "firstName:asc"),
            (ContactSort::Other("new".to_owned()).desc().to_string(), "new:desc"),
            (OrganizationSort::CompanyType.asc().to_string(), "companyType:asc"),
            (OrganizationSort::Name.desc().to_string(), "name:desc"),
            (NoteSort::CreateDate.asc().to_string(), "createDate:asc"),
            (NoteSort::CreateDate.desc().to_string(), "createDate:desc"),
            (RelationshipSort::Relationship.asc().to_string(), "relationship:asc"),
            (RelationshipSort::CreateDate.desc().to_string(), "createDate:desc"),
        ] {
            assert_eq!(order, text);
        }
    }
}
