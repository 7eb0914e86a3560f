//! Members that several documents have.

use crate::sandbox::rules::validate::{ANY, Kind, Member, SCREEN_NAME, member, read_only, trimmed, verbatim};

pub(crate) const ADDRESS: &[Member] = &[
    member("address1", trimmed(200)),
    member("address2", trimmed(200)),
    member("city", trimmed(100)),
    member("state", trimmed(50)),
    member("postalCode", trimmed(25)),
    member("countryCode", trimmed(25)),
];

pub(crate) const TWITTER: &[Member] = &[
    member("id", verbatim(255)),
    member("name", verbatim(255)),
    member("screenName", SCREEN_NAME),
    read_only("verified", Kind::Bool),
    read_only("profileUrl", ANY),
];

pub(crate) const EXTERNAL_IDS: Kind =
    Kind::List(&Kind::Object(&[member("externalSource", Kind::Reference), member("value", trimmed(255))]), Some(10));

pub(crate) const ANY_OBJECTS: Kind = Kind::List(&Kind::Map, None);
