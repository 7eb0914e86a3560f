//! `model!`: how a JSON object, or a string with listed values, of the API becomes a Rust type.
//!
//! Derived serde code can't keep the promises that models make (unknown members survive, an explicit `null` is not
//! an absent member, no member is written twice), so the macro writes the two serde implementations itself.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use crate::Extra;

/// A short string of JSON (the name of a member, a listed value), borrowed from the body whenever it has no escapes.
pub(crate) struct Key<'de>(pub(crate) Cow<'de, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a string")
            }
            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(name)))
            }
            fn visit_str<E>(self, name: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(name.to_owned())))
            }
            fn visit_string<E>(self, name: String) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(name)))
            }
        }
        deserializer.deserialize_identifier(KeyVisitor)
    }
}

/// Reads the value of a member that a model has a field for.
///
/// A function of its own, because in a debug build the values of all members would otherwise have room side by side on
/// the stack, at each level of models inside of models. For the same reason a model is filled in place.
#[inline(never)]
pub(crate) fn read_member<'de, Codec, T, Members>(
    map: &mut Members,
    name: Cow<'de, str>,
    field: &mut Option<T>,
    extra: &mut Extra,
) -> Result<(), Members::Error>
where
    Codec: Deserialize<'de> + Into<T>,
    Members: MapAccess<'de>,
{
    *field = map.next_value::<Option<Codec>>()?.map(Into::into);
    if field.is_none() {
        extra.insert(name.into_owned(), Value::Null);
    }
    Ok(())
}

/// Reads the value of a member that a model has no field for.
#[inline(never)]
pub(crate) fn read_unknown<'de, Members: MapAccess<'de>>(
    map: &mut Members,
    name: Cow<'de, str>,
    extra: &mut Extra,
) -> Result<(), Members::Error> {
    let value = map.next_value()?;
    extra.insert(name.into_owned(), value);
    Ok(())
}

/// Writes a member as an explicit null. Compiled once for all models, as all that follows.
#[inline(never)]
pub(crate) fn clear(extra: &mut Extra, name: &str) {
    extra.insert(name.to_owned(), Value::Null);
}

/// Prints the names of the members that are set, and none of their values.
#[inline(never)]
pub(crate) fn debug(
    f: &mut fmt::Formatter<'_>,
    model: &str,
    members: &[(&'static str, bool)],
    extra: &Extra,
) -> fmt::Result {
    write!(f, "{model} ")?;
    let mut set = f.debug_set();
    for (name, _) in members.iter().filter(|(_, is_set)| *is_set) {
        set.entry(&format_args!("{name}"));
    }
    if !extra.is_empty() {
        set.entry(&format_args!("and {} in extra", extra.len()));
    }
    set.finish()
}

/// The members in `extra` that are not set in a field of the model as well.
pub(crate) fn unset<'a>(
    members: &'a [(&'static str, bool)],
    extra: &'a Extra,
) -> impl Iterator<Item = (&'a String, &'a Value)> {
    extra.iter().filter(|(name, _)| !members.iter().any(|(member, is_set)| *is_set && member == name))
}

/// Defines a model.
///
/// ```text
/// model! {
///     /// What it is.
///     pub struct Name {
///         /// What the member is.
///         field_name: Type => "wireName",
///         /// A type that is written in the API's own way names how: `Timestamp` or `Day`.
///         field_name: OffsetDateTime as Timestamp => "wireName",
///     }
/// }
/// model! {
///     /// What it is.
///     pub enum Name {
///         /// What the value means.
///         Variant => "wireValue",
///     }
/// }
/// ```
///
/// Every field becomes a public `Option<Type>`, a setter `with_field_name` and a setter `without_field_name`.
macro_rules! model {
    (
        $(#[$meta:meta])*
        pub struct $name:ident $(<$($param:ident),+>)? {
            $( $(#[$field_meta:meta])* $field:ident : $ty:ty $(as $codec:ty)? => $wire:literal, )*
        }
    ) => { ::pastey::paste! {
        $(#[$meta])*
        ///
        /// `Debug` prints the names of the members that are set and none of their values, because most of them are
        /// personal data; serialize it to see everything.
        #[derive(Clone, PartialEq)]
        #[non_exhaustive]
        pub struct $name $(<$($param),+>)? {
            $(
                $(#[$field_meta])*
                pub $field: Option<$ty>,
            )*
            /// Members that this version of the crate does not know, and explicit nulls of those that it does.
            /// Both are written back. A member that is set above wins over its namesake here.
            pub extra: $crate::Extra,
        }

        impl $(<$($param),+>)? Default for $name $(<$($param),+>)? {
            fn default() -> Self {
                Self { $($field: None,)* extra: $crate::Extra::new() }
            }
        }

        impl $(<$($param),+>)? $name $(<$($param),+>)? {
            $(
                #[doc = concat!("Sets `", $wire, "`.")]
                #[must_use]
                pub fn [<with_ $field>](mut self, value: impl Into<$ty>) -> Self {
                    self.$field = Some(value.into());
                    // What is set again is no longer cleared.
                    self.extra.remove($wire);
                    self
                }

                #[doc = concat!("Writes `", $wire, "` as an explicit null, which clears it. ",
                    "To leave it out instead, set the field to `None`.")]
                #[must_use]
                pub fn [<without_ $field>](mut self) -> Self {
                    self.$field = None;
                    $crate::model::macros::clear(&mut self.extra, $wire);
                    self
                }
            )*

            /// The names of all members, and whether each is set.
            fn members(&self) -> [(&'static str, bool); [$($wire),*].len()] {
                [$( ($wire, self.$field.is_some()) ),*]
            }
        }

        impl $(<$($param),+>)? ::std::fmt::Debug for $name $(<$($param),+>)? {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::model::macros::debug(f, stringify!($name), &self.members(), &self.extra)
            }
        }

        impl $(<$($param: ::serde::Serialize),+>)? ::serde::Serialize for $name $(<$($param),+>)? {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use ::serde::ser::SerializeMap as _;
                let mut map = serializer.serialize_map(None)?;
                $(
                    if let Some(value) = &self.$field {
                        map.serialize_entry($wire, model!(@borrow value $(, $codec)?))?;
                    }
                )*
                for (name, value) in $crate::model::macros::unset(&self.members(), &self.extra) {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }

        impl<'de $($(, $param: ::serde::Deserialize<'de>)+)?> ::serde::Deserialize<'de> for $name $(<$($param),+>)? {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct ModelVisitor<'a, T>(&'a mut T);
                impl<'de $($(, $param: ::serde::Deserialize<'de>)+)?> ::serde::de::Visitor<'de>
                    for ModelVisitor<'_, $name $(<$($param),+>)?>
                {
                    type Value = ();

                    fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        f.write_str(concat!("an object (", stringify!($name), ")"))
                    }

                    fn visit_map<Members>(self, mut map: Members) -> Result<(), Members::Error>
                    where
                        Members: ::serde::de::MapAccess<'de>,
                    {
                        use $crate::model::macros::{Key, read_member, read_unknown};
                        let Self(model) = self;
                        while let Some(Key(name)) = map.next_key()? {
                            match name.as_ref() {
                                $(
                                    $wire => read_member::<model!(@codec $ty $(, $codec)?), _, _>(
                                        &mut map, name, &mut model.$field, &mut model.extra,
                                    )?,
                                )*
                                _ => read_unknown(&mut map, name, &mut model.extra)?,
                            }
                        }
                        Ok(())
                    }
                }
                let mut model = Self::default();
                deserializer.deserialize_map(ModelVisitor(&mut model))?;
                Ok(model)
            }
        }
    } };

    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $(#[$variant_meta:meta])* $variant:ident => $wire:literal, )*
        }
    ) => {
        $(#[$meta])*
        ///
        /// The service may add values at any time: one that is not listed here survives as `Other`.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$variant_meta])* $variant, )*
            /// A value that this version of the crate does not know, as the service writes it.
            Other(String),
        }

        impl $name {
            /// The value as the service writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $wire, )*
                    Self::Other(value) => value,
                }
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                match value {
                    $( $wire => Self::$variant, )*
                    other => Self::Other(other.to_owned()),
                }
            }
        }

        impl From<String> for $name {
            fn from(value: String) -> Self {
                match value.as_str() {
                    $( $wire => Self::$variant, )*
                    _ => Self::Other(value),
                }
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let $crate::model::macros::Key(value) = ::serde::Deserialize::deserialize(deserializer)?;
                Ok(Self::from(value.as_ref()))
            }
        }
    };

    (@codec $ty:ty) => { $ty };
    (@codec $ty:ty, $codec:ty) => { $codec };
    (@borrow $value:ident) => { $value };
    (@borrow $value:ident, $codec:ty) => { &<$codec>::from(*$value) };
}
