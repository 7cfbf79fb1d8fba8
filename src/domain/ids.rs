//! Identifiers of the account's things. JSON integers in the API (sometimes sent as strings); a number is a
//! number of one kind only, so that an order is never opened with a certificate's id.

use std::fmt;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id!(
    /// An order. Stays the same through reissues and duplicates; a renewal gets a new one.
    OrderId
);
id!(
    /// A certificate of an order: the primary, an earlier reissue or a duplicate.
    CertificateId
);
id!(RequestId);
id!(
    /// An organisation of the account.
    OrganizationId
);
id!(
    /// A container, called division in the console.
    ContainerId
);
id!(
    /// A user of the account.
    UserId
);
id!(
    /// A domain of the account.
    DomainId
);
