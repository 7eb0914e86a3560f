//! Where users are: sites, seats, devices.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use crate::model::{EntityRef, EntityState, Image, Timestamp};

model! {
    /// Where the device of a [`User`](super::User) is.
    pub struct Geolocation {
        /// The id of this position. Set by the service.
        id: String => "id",
        /// What the position is called.
        name: String => "name",
        /// The kind of device that reported it, such as `ios`, `android` or `web`. On the wire it is `type`.
        kind: String => "type",
        /// Whether this device is the one that counts for the user.
        primary: bool => "primary",
        /// Degrees north of the equator.
        latitude: f64 => "latitude",
        /// Degrees east of Greenwich.
        longitude: f64 => "longitude",
        /// The country that the device is in.
        country: String => "country",
        /// The state or province that the device is in.
        region: String => "region",
        /// The town that the device is in.
        city: String => "city",
        /// Sites of the organization at that position.
        locations: Vec<LocationDefinition> => "locations",
        /// The path of the position in the API. Set by the service.
        self_uri: String => "selfUri",
    }
}

model! {
    /// Where a [`User`](super::User) sits at one site.
    pub struct Location {
        /// The id of the site.
        id: String => "id",
        /// The id of the floor plan that the seat is marked on. Set by the service.
        floorplan_id: String => "floorplanId",
        /// The seat on the floor plan, by axis; of use only where the site has a plan.
        coordinates: BTreeMap<String, f64> => "coordinates",
        /// How to find the seat.
        notes: String => "notes",
        /// The site itself.
        location_definition: Box<LocationDefinition> => "locationDefinition",
    }
}

model! {
    /// A site of the organization.
    pub struct LocationDefinition {
        /// The site's id. Set by the service.
        id: String => "id",
        /// What the site is called.
        name: String => "name",
        /// The user to turn to about the site.
        contact_user: EntityRef => "contactUser",
        /// The number that emergency services see and can call back.
        emergency_number: Box<LocationEmergencyNumber> => "emergencyNumber",
        /// The postal address.
        address: Box<LocationAddress> => "address",
        /// Whether the site is in use: `Active` or `Deleted`.
        state: EntityState => "state",
        /// Remarks on the site.
        notes: String => "notes",
        /// Counts the changes of this site. A change must carry the latest one.
        version: i64 => "version",
        /// Ids of the sites that this one is part of, in order. Set by the service.
        path: Vec<String> => "path",
        /// A picture of the site, in several sizes. Comes with `expand=images`. Set by the service.
        profile_image: Vec<Image> => "profileImage",
        /// The floor plan, in several sizes. Comes with `expand=images`. Set by the service.
        floorplan_image: Vec<Image> => "floorplanImage",
        /// How the check of the address went. Comes with `expand=addressVerificationDetails`. Set by the service.
        address_verification_details: Box<LocationAddressVerificationDetails> => "addressVerificationDetails",
        /// Whether the address was found to exist. Set by the service.
        address_verified: bool => "addressVerified",
        /// Whether the emergency services (E911) have the address. Set by the service.
        address_stored: bool => "addressStored",
        /// A text about pictures that the API does not explain; the pictures are in `profile_image` and
        /// `floorplan_image`.
        images: String => "images",
        /// The path of the site in the API. Set by the service.
        self_uri: String => "selfUri",
    }
}

model! {
    /// The postal address of a [`LocationDefinition`].
    pub struct LocationAddress {
        /// Town.
        city: String => "city",
        /// Country as a code.
        country: String => "country",
        /// Country in words.
        country_name: String => "countryName",
        /// State, province or region.
        state: String => "state",
        /// Street and number.
        street1: String => "street1",
        /// What else the street line needs.
        street2: String => "street2",
        /// ZIP or postal code.
        zipcode: String => "zipcode",
    }
}

model! {
    /// The number of a [`LocationDefinition`] for emergency services.
    pub struct LocationEmergencyNumber {
        /// The number in E.164, such as `+13175550100`.
        e164: String => "e164",
        /// The number as people write it.
        number: String => "number",
        /// How the number is tied to the site. On the wire it is `type`.
        kind: EmergencyNumberType => "type",
    }
}

model! {
    /// How a [`LocationEmergencyNumber`] is tied to its site.
    pub enum EmergencyNumberType {
        /// An ordinary number of the site.
        Default => "default",
        /// A number that stands for the place of the call (Emergency Location Identification Number).
        Elin => "elin",
    }
}

model! {
    /// How the check of the address of a [`LocationDefinition`] went.
    pub struct LocationAddressVerificationDetails {
        /// How far the check got.
        status: AddressVerificationStatus => "status",
        /// When the check ended.
        date_finished: OffsetDateTime as Timestamp => "dateFinished",
        /// When the check began.
        date_started: OffsetDateTime as Timestamp => "dateStarted",
        /// The company that does the check.
        service: String => "service",
    }
}

model! {
    /// How far the check of an address got; see [`LocationAddressVerificationDetails`].
    pub enum AddressVerificationStatus {
        /// Not begun.
        Pending => "Pending",
        /// Under way.
        InProgress => "InProgress",
        /// To be tried again.
        Retry => "Retry",
        /// Done.
        Complete => "Complete",
        /// Given up.
        Failed => "Failed",
    }
}
