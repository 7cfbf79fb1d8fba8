//! States of orders, requests and certificates, as the API spells them. Values get added without notice, so
//! each enum keeps an `Other`.

use std::fmt;

macro_rules! api_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal, $label:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$vdoc])* $variant,)+
            /// A value this program does not know; shown as it came.
            Other(Box<str>),
        }

        impl $name {
            /// Every value that is known by name.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),+];

            /// Reads the API's spelling; case and a space for the underscore are forgiven.
            pub fn parse(text: &str) -> Self {
                // As it mostly comes.
                match text {
                    $($text => return Self::$variant,)+
                    _ => {}
                }
                let folded = text.trim().to_ascii_lowercase().replace(' ', "_");
                match folded.as_str() {
                    $($text => Self::$variant,)+
                    _ => Self::Other(text.into()),
                }
            }

            /// The API's spelling.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Other(text) => text,
                }
            }

            /// Words for a person.
            pub fn label(&self) -> &str {
                match self {
                    $(Self::$variant => $label,)+
                    Self::Other(text) => text,
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

api_enum!(
    /// State of an order.
    OrderStatus {
        /// Exists only as a request that waits for an approver.
        NeedsApproval = "needs_approval", "needs approval";
        /// Approved; waits for validation, a CSR or payment.
        Pending = "pending", "pending";
        /// The CA works on it.
        Processing = "processing", "processing";
        /// The recipient has to generate or collect it.
        WaitingPickup = "waiting_pickup", "waiting pickup";
        /// The certificate is issued.
        Issued = "issued", "issued";
        /// Issued, with a reissue under way.
        ReissuePending = "reissue_pending", "reissue pending";
        Expired = "expired", "expired";
        Revoked = "revoked", "revoked";
        /// Cancelled by the customer.
        Canceled = "canceled", "canceled";
        /// The request or the order was refused.
        Rejected = "rejected", "rejected";
    }
);

api_enum!(
    /// State of an approval request.
    RequestStatus {
        /// Two-step approval: waits for the first approver.
        Submitted = "submitted", "submitted (first step)";
        /// Waits for the final approval.
        Pending = "pending", "pending";
        /// Approved; the work was handed on.
        Approved = "approved", "approved";
        /// Refused, or its reissue was cancelled.
        Rejected = "rejected", "rejected";
    }
);

impl OrderStatus {
    /// The same in at most nine cells, as a list shows it.
    pub fn short(&self) -> &str {
        match self {
            Self::NeedsApproval => "approval",
            Self::Processing => "with CA",
            Self::WaitingPickup => "pickup",
            Self::ReissuePending => "reissuing",
            other => other.label(),
        }
    }

    /// Whether the names of such an order may be validated: what waits for them is accepted and not issued.
    pub fn validates_names(&self) -> bool {
        matches!(self, Self::Pending | Self::ReissuePending)
    }
}

impl RequestStatus {
    /// Whether somebody still has to decide.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Submitted | Self::Pending)
    }
}

api_enum!(
    /// What a request asks for.
    RequestKind {
        /// A new order or a renewal.
        NewRequest = "new_request", "new order";
        Reissue = "reissue", "reissue";
        Duplicate = "duplicate", "duplicate";
        /// Revocation of a certificate or an order.
        Revoke = "revoke", "revoke";
    }
);

api_enum!(
    /// State of one certificate of an order. Issued duplicates usually show `approved`.
    CertificateStatus {
        /// Usable; what issued duplicates usually show.
        Approved = "approved", "issued";
        Issued = "issued", "issued";
        Pending = "pending", "pending";
        /// Its request was refused.
        Rejected = "rejected", "rejected";
        Revoked = "revoked", "revoked";
        Expired = "expired", "expired";
    }
);

impl CertificateStatus {
    /// Whether the certificate exists and can be downloaded.
    pub fn is_issued(&self) -> bool {
        matches!(self, Self::Approved | Self::Issued)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_values_keep_their_text() {
        let status = OrderStatus::parse("on_hold");
        assert_eq!(status, OrderStatus::Other("on_hold".into()));
        assert_eq!(status.to_string(), "on_hold");
    }

    #[test]
    fn a_space_for_the_underscore_is_forgiven() {
        assert_eq!(RequestKind::parse("new request"), RequestKind::NewRequest);
    }

    #[test]
    fn every_known_value_reads_back() {
        for status in OrderStatus::KNOWN {
            assert_eq!(&OrderStatus::parse(status.as_str()), status);
        }
        for status in CertificateStatus::KNOWN {
            assert_eq!(&CertificateStatus::parse(status.as_str()), status);
        }
    }
}
