//! What the Services API puts on the wire, read leniently.
//!
//! The idea: no single odd value may cost a whole page of orders. Every field of every type here is read through
//! [`lenient::Lenient`], which takes numbers as strings, flags as `true`, `1` or `"1"`, `{}` or one bare object where a
//! list is documented, and reads `null`, an empty string or a value of the wrong shape as absent. Only JSON that is no
//! JSON fails.
//!
//! The types hold text as it came: statuses, dates and hashes are given their meaning in `certcentral::convert`.
//!
//! | file | answers of |
//! | --- | --- |
//! | [`common`] | parts that many answers share: people, names with an id, paging |
//! | [`order`] | list orders, status changes, alternate lookup |
//! | [`detail`] | order info |
//! | [`certificate`] | list duplicates, list reissues, chain, intermediates |
//! | [`created`] | place order, duplicate, reissue, revoke and the other writes |
//! | [`request`] | requests |
//! | [`product`] | products, product limits |
//! | [`organization`] | organizations, containers |
//! | [`domains`] | domains and their validation |
//! | [`account`] | user, account, balance, custom field definitions |

/// Declares a wire type: every field optional on the wire and read leniently, unknown fields ignored. The fields of one with a
/// lifetime may borrow from the answer.
macro_rules! wire {
    ($(
        $(#[$meta:meta])*
        pub struct $name:ident $(<$text:lifetime>)? {
            $( $(#[$fmeta:meta])* pub $field:ident : $ty:ty, )*
        }
    )*) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, ::serde::Deserialize)]
        #[serde(default)]
        pub struct $name $(<$text>)? {
            $(
                $(#[$fmeta])*
                #[serde(deserialize_with = "crate::certcentral::wire::lenient::read")]
                pub $field: $ty,
            )*
        }
        impl<'de $(: $text, $text)?> $crate::certcentral::wire::lenient::WireObject<'de> for $name $(<$text>)? {}
    )* };
}

pub mod account;
pub mod certificate;
pub mod common;
pub mod created;
pub mod detail;
pub mod domains;
pub mod lenient;
pub mod order;
pub mod organization;
pub mod product;
pub mod request;
