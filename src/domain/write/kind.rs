//! What a write is for.

/// What a write is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WriteKind {
    /// A duplicate of an order.
    Duplicate,
    /// A reissue of an order.
    Reissue,
    /// A reissue stored as a duplicate.
    ReissueAsDuplicate,
    /// Approval of a request.
    Approve,
    /// Refusal of a request.
    Reject,
    /// Cancellation of an order that is not issued yet.
    CancelOrder,
    /// Cancellation of a reissue that is not issued yet.
    CancelReissue,
    /// Revocation of one certificate.
    RevokeCertificate,
    /// Revocation of every certificate of an order.
    RevokeOrder,
    /// Archiving of a duplicate or an earlier reissue.
    Archive,
    /// A note on an order.
    Note,
    /// The order's auto-reissue setting.
    AutoReissue,
    /// A check of the domain validation of an order's names.
    CheckNames,
    /// Another way to validate the domains of an order.
    NamesMethod,
    /// The random value of the names of an order.
    NamesToken,
    /// The validation mails of the names of an order, once more.
    NamesEmails,
    /// A check of the token of a domain of the account.
    CheckDomain,
    /// Another way to validate a domain of the account.
    DomainMethod,
    /// A new token for a domain of the account.
    DomainToken,
    /// The validation mails of a domain of the account, once more.
    DomainEmails,
    /// An order that renews another.
    Renew,
    NewOrder,
}

impl WriteKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::Duplicate,
        Self::Reissue,
        Self::ReissueAsDuplicate,
        Self::Approve,
        Self::Reject,
        Self::CancelOrder,
        Self::CancelReissue,
        Self::RevokeCertificate,
        Self::RevokeOrder,
        Self::Archive,
        Self::Note,
        Self::AutoReissue,
        Self::CheckNames,
        Self::NamesMethod,
        Self::CheckDomain,
        Self::DomainMethod,
        Self::DomainToken,
        Self::NamesToken,
        Self::NamesEmails,
        Self::DomainEmails,
        Self::Renew,
        Self::NewOrder,
    ];

    /// The key that the journal keeps it by, and the words that journals of format 2 have in its place. Neither ever
    /// changes, however the words for people do: a row whose kind is not known any more is a write nobody looks for.
    fn stored(self) -> (&'static str, &'static str) {
        match self {
            Self::Duplicate => ("duplicate", "duplicate"),
            Self::Reissue => ("reissue", "reissue"),
            Self::ReissueAsDuplicate => ("reissue_as_duplicate", "reissue stored as a duplicate"),
            Self::Approve => ("approve", "approval"),
            Self::Reject => ("reject", "rejection"),
            Self::CancelOrder => ("cancel_order", "cancellation"),
            Self::CancelReissue => ("cancel_reissue", "cancellation of the reissue"),
            Self::RevokeCertificate => ("revoke_certificate", "revocation of a certificate"),
            Self::RevokeOrder => ("revoke_order", "revocation of all certificates"),
            Self::Archive => ("archive", "archiving of a certificate"),
            Self::Note => ("note", "note"),
            Self::AutoReissue => ("auto_reissue", "auto-reissue setting"),
            Self::CheckNames => ("check_names", "domain check"),
            Self::NamesMethod => ("names_method", "domain validation method"),
            Self::CheckDomain => ("check_domain", "check of a domain's token"),
            Self::DomainMethod => ("domain_method", "domain validation method of a domain"),
            Self::DomainToken => ("domain_token", "new token of a domain"),
            Self::NamesToken => ("names_token", "random value of an order"),
            Self::NamesEmails => ("names_emails", "validation mails"),
            Self::DomainEmails => ("domain_emails", "validation mails of a domain"),
            Self::Renew => ("renew", "renewal"),
            Self::NewOrder => ("new_order", "new order"),
        }
    }

    /// The key that the journal keeps it by.
    pub fn key(self) -> &'static str {
        self.stored().0
    }

    /// The words that journals of format 2 have in its place.
    pub fn former_key(self) -> &'static str {
        self.stored().1
    }

    /// The kind of a row of the journal, by its key or by the words of format 2, which a program of then that is still
    /// open goes on writing.
    ///
    /// # Errors
    ///
    /// What stands there, where it is neither: a later version knows what that is.
    pub fn of_stored(text: &str) -> Result<Self, String> {
        let known = Self::ALL.iter().copied();
        known
            .into_iter()
            .find(|kind| [kind.key(), kind.former_key()].contains(&text))
            .ok_or_else(|| text.to_owned())
    }

    /// Words for a person.
    pub fn label(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::Reissue => "reissue",
            Self::ReissueAsDuplicate => "reissue stored as a duplicate",
            Self::Approve => "approval",
            Self::Reject => "rejection",
            Self::CancelOrder => "cancellation",
            Self::CancelReissue => "cancellation of the reissue",
            Self::RevokeCertificate => "revocation of a certificate",
            Self::RevokeOrder => "revocation of all certificates",
            Self::Archive => "archiving of a certificate",
            Self::Note => "note",
            Self::AutoReissue => "auto-reissue setting",
            Self::CheckNames => "DCV check",
            Self::NamesMethod => "DCV method",
            Self::CheckDomain => "check of a domain's random value",
            Self::DomainMethod => "DCV method of a domain",
            Self::DomainToken => "new random value of a domain",
            Self::NamesToken => "random value of an order",
            Self::NamesEmails => "validation emails",
            Self::DomainEmails => "validation emails of a domain",
            Self::Renew => "renewal",
            Self::NewOrder => "new order",
        }
    }

    /// Whether it is about the domain validation of names.
    pub fn is_about_domains(self) -> bool {
        matches!(
            self,
            Self::CheckNames
                | Self::NamesMethod
                | Self::CheckDomain
                | Self::DomainMethod
                | Self::DomainToken
                | Self::NamesToken
                | Self::NamesEmails
                | Self::DomainEmails
        )
    }

    /// Whether it can end what is in use: for these the order number is typed before they are sent once more as they were.
    pub fn can_break(self) -> bool {
        matches!(
            self,
            Self::RevokeCertificate | Self::RevokeOrder | Self::Reissue
        )
    }

    /// Whether it changes by which method control is proved: asked for another one, it is another thing.
    pub fn sets_method(self) -> bool {
        matches!(self, Self::NamesMethod | Self::DomainMethod)
    }

    /// Whether it only asks the account to look at something, to tell something or to mail somebody: nothing on the
    /// account would show whether it arrived, and asking again does no harm.
    pub fn is_check(self) -> bool {
        matches!(
            self,
            Self::CheckNames
                | Self::CheckDomain
                | Self::NamesToken
                | Self::NamesEmails
                | Self::DomainEmails
        )
    }

    /// Whether a certificate is to come of it. What has none to wait for is done when the account has taken it, or
    /// approved it.
    pub fn makes_certificate(self) -> bool {
        matches!(
            self,
            Self::Duplicate | Self::Reissue | Self::ReissueAsDuplicate
        ) || self.makes_order()
    }

    /// Whether it decides a request.
    pub fn is_decision(self) -> bool {
        matches!(self, Self::Approve | Self::Reject)
    }

    /// Whether an order of its own is to come of it, other than the one it acts on.
    pub fn makes_order(self) -> bool {
        matches!(self, Self::Renew | Self::NewOrder)
    }
}
