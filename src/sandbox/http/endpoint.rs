//! Every endpoint: its name (which the fault language uses too), method, and path below the base.

/// The verbs in use. HEAD is answered like GET, without a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    Get,
    Post,
    Put,
    Delete,
}

/// What a key role must include to reach an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    Orders,
    Places,
    Users,
    /// Readable by every key.
    Common,
}

/// Who needs an endpoint: none is there for nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NeededBy {
    /// certdeck itself.
    Certdeck,
    /// Who follows the API's documentation.
    Documents,
    /// Published clients that call it, though no documentation is public.
    Clients,
}

macro_rules! endpoints {
    ($($variant:ident $name:literal $verb:ident $area:ident $path:literal $needed:ident;)*) => {
        /// An endpoint.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Endpoint {
            $(#[doc = concat!("`", $path, "`")] $variant,)*
        }

        impl Endpoint {
            /// Every endpoint, more specific paths before general ones.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name, for faults and counts.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Verb and path; `{}` stands for one segment.
            pub const fn route(self) -> (Verb, &'static str) {
                match self { $(Self::$variant => (Verb::$verb, $path),)* }
            }

            /// Who needs it.
            pub const fn needed_by(self) -> NeededBy {
                match self { $(Self::$variant => NeededBy::$needed,)* }
            }

            /// What a key must be good for.
            pub const fn area(self) -> Area {
                match self { $(Self::$variant => Area::$area,)* }
            }
        }
    };
}

endpoints! {
    Orders "orders" Get Orders "order/certificate" Certdeck;
    StatusChanges "status-changes" Get Orders "order/certificate/status-changes" Certdeck;
    Duplicate "duplicate" Post Orders "order/certificate/{}/duplicate" Certdeck;
    Duplicates "duplicates" Get Orders "order/certificate/{}/duplicate" Certdeck;
    Reissue "reissue" Post Orders "order/certificate/{}/reissue" Certdeck;
    Reissues "reissues" Get Orders "order/certificate/{}/reissue" Certdeck;
    RevokeOrder "revoke-order" Put Orders "order/certificate/{}/revoke" Certdeck;
    OrderStatus "status" Put Orders "order/certificate/{}/status" Certdeck;
    Note "note" Post Orders "order/certificate/{}/note" Certdeck;
    Notes "notes" Get Orders "order/certificate/{}/note" Certdeck;
    Csr "csr" Post Orders "order/certificate/{}/csr" Clients;
    SetCustomField "custom-field" Post Orders "order/certificate/{}/custom-field" Clients;
    DeleteCustomField "custom-field-delete" Delete Orders "order/certificate/{}/custom-field/{}" Documents;
    AutoReissue "auto-reissue" Put Orders "order/certificate/{}/auto-reissue" Certdeck;
    CheckDcv "check-dcv" Put Orders "order/certificate/{}/check-dcv" Certdeck;
    DcvMethod "dcv-method" Put Orders "order/certificate/{}/dcv-method" Certdeck;
    DcvToken "dcv-token" Put Orders "order/certificate/{}/dcv-random-value" Certdeck;
    ResendEmails "resend-emails" Put Orders "order/certificate/{}/resend-emails" Certdeck;
    EmailValidation "email-validation" Get Orders "order/certificate/{}/email-validation" Clients;
    Order "order" Get Orders "order/certificate/{}" Certdeck;
    DeleteOrder "delete-order" Delete Orders "order/certificate/{}" Certdeck;
    Place "place" Post Orders "order/certificate/{}" Certdeck;
    Alternate "alternate" Get Orders "order/alternate/{}" Certdeck;
    Expiring "expiring" Get Orders "report/order/{}/expiring" Clients;
    ExpiringAll "expiring-all" Get Orders "report/order/expiring" Certdeck;
    RequestReport "request-report" Get Orders "report/request" Documents;
    ReportsQuery "reports-query" Post Orders "reports/query" Documents;
    Requests "requests" Get Orders "request" Certdeck;
    RequestStatus "approve" Put Orders "request/{}/status" Certdeck;
    Request "request" Get Orders "request/{}" Certdeck;
    Intermediates "intermediates" Get Common "certificate/intermediates" Documents;
    DownloadOrder "download-order" Get Orders "certificate/download/order/{}" Documents;
    DownloadOrderFormat "download-order-format" Get Orders "certificate/download/order/{}/format/{}" Documents;
    DownloadPlatform "download-platform" Get Orders "certificate/{}/download/platform" Documents;
    DownloadForPlatform "download-for-platform" Get Orders "certificate/{}/download/platform/{}" Clients;
    Download "download" Get Orders "certificate/{}/download/format/{}" Documents;
    Chain "chain" Get Orders "certificate/{}/chain" Certdeck;
    Revoke "revoke" Put Orders "certificate/{}/revoke" Certdeck;
    Archive "archive" Put Orders "certificate/{}/archive" Certdeck;
    Unarchive "unarchive" Put Orders "certificate/{}/unarchive" Documents;
    Products "products" Get Common "product" Certdeck;
    PlatformFormats "platform-formats" Get Common "product/platform-certformat-mapping" Clients;
    Pricing "pricing" Get Common "product/pricing" Clients;
    Product "product" Get Common "product/{}" Certdeck;
    Organizations "organizations" Get Common "organization" Certdeck;
    AddOrganization "add-organization" Post Places "organization" Certdeck;
    OrganizationValidation "organization-validation" Get Common "organization/{}/validation" Certdeck;
    SubmitOrganization "submit-organization" Post Places "organization/{}/validation" Certdeck;
    ActivateOrganization "activate-organization" Put Places "organization/{}/activate" Clients;
    DeactivateOrganization "deactivate-organization" Put Places "organization/{}/deactivate" Clients;
    Organization "organization" Get Common "organization/{}" Clients;
    Containers "containers" Get Common "container" Certdeck;
    ContainerChildren "container-children" Get Common "container/{}/children" Clients;
    AddContainer "add-container" Post Places "container/{}/children" Clients;
    ContainerParent "container-parent" Get Common "container/{}/parent" Clients;
    ContainerTemplates "container-templates" Get Common "container/{}/template" Clients;
    ContainerTemplate "container-template" Get Common "container/{}/template/{}" Clients;
    ContainerRoles "container-roles" Get Common "container/{}/role" Clients;
    ContainerOrganizations "container-organizations" Get Common "container/{}/order/organization" Clients;
    ProductLimits "product-limits" Get Common "container/{}/product-limits" Certdeck;
    Container "container" Get Common "container/{}" Documents;
    ChangeContainer "change-container" Put Places "container/{}" Documents;
    ActivateContainer "activate-container" Put Places "container/{}/activate" Documents;
    DeactivateContainer "deactivate-container" Put Places "container/{}/deactivate" Documents;
    Domains "domains" Get Common "domain" Certdeck;
    AddDomain "add-domain" Post Places "domain" Certdeck;
    ValidationTypes "validation-types" Get Common "domain/validation-type" Clients;
    DcvMethods "dcv-methods" Get Common "domain/dcv/method" Clients;
    DomainValidation "domain-validation" Get Common "domain/{}/validation" Documents;
    SubmitDomain "submit-domain" Post Places "domain/{}/validation" Documents;
    DomainDcvMethod "domain-dcv-method" Put Places "domain/{}/dcv/method" Certdeck;
    DomainDcvMethodOld "domain-dcv-method-post" Post Places "domain/{}/dcv/method" Certdeck;
    DomainCname "domain-cname" Put Places "domain/{}/dcv/cname" Clients;
    DomainToken "domain-token" Post Places "domain/{}/dcv/token" Certdeck;
    DomainCheck "domain-check" Put Places "domain/{}/dcv/validate-token" Certdeck;
    DomainEmails "domain-emails" Get Common "domain/{}/dcv/emails" Certdeck;
    DomainResendEmails "domain-resend-emails" Put Places "domain/{}/dcv/emails" Certdeck;
    DomainSendEmails "domain-send-emails" Post Places "domain/{}/dcv/emails" Certdeck;
    DomainValidationEmail "domain-validation-email" Post Places "domain/{}/validation/email" Clients;
    LockDomain "lock-domain" Put Places "domain/{}/activate-domain-locking" Documents;
    UnlockDomain "unlock-domain" Put Places "domain/{}/deactivate-domain-locking" Documents;
    CheckLock "check-lock" Put Places "domain/{}/caa" Clients;
    ActivateDomain "activate-domain" Put Places "domain/{}/activate" Clients;
    DeactivateDomain "deactivate-domain" Put Places "domain/{}/deactivate" Clients;
    ExpirationCount "expiration-count" Get Common "domain/expiration-count" Certdeck;
    Domain "domain" Get Common "domain/{}" Certdeck;
    DeleteDomain "delete-domain" Delete Places "domain/{}" Certdeck;
    Me "me" Get Common "user/me" Certdeck;
    Users "users" Get Common "user" Certdeck;
    AddUser "add-user" Post Users "user" Certdeck;
    UserAvailability "user-availability" Get Common "user/availability/{}" Documents;
    User "user" Get Common "user/{}" Documents;
    ChangeUser "change-user" Put Users "user/{}" Documents;
    UserRole "user-role" Put Users "user/{}/role" Documents;
    DeleteUser "delete-user" Delete Users "user/{}" Documents;
    ResendInvitation "resend-invitation" Get Users "user/{}/resend-create-email" Clients;
    ApiRoles "api-roles" Get Common "key/api-roles" Documents;
    Keys "keys" Get Common "key" Certdeck;
    AddKey "add-key" Post Users "key/user/{}" Documents;
    Key "key" Get Common "key/{}" Documents;
    ChangeKey "change-key" Put Users "key/{}" Documents;
    KeyStatus "key-status" Put Users "key/{}/status" Documents;
    Fields "fields" Get Common "account/metadata" Certdeck;
    AddFields "add-fields" Post Places "account/metadata/bulk" Clients;
    AddField "add-field" Post Places "account/metadata" Certdeck;
    ChangeField "change-field" Put Places "account/metadata/{}" Clients;
    DeleteField "delete-field" Delete Places "account/metadata/{}" Clients;
    Account "account" Get Common "account" Certdeck;
    Balance "balance" Get Common "finance/balance" Clients;
    Ping "ping" Get Common "ping" Clients;
}

impl Endpoint {
    /// The endpoint at this path, and the segments that stand for `{}`. A literal segment wins over a `{}`.
    pub fn find(verb: Verb, segments: &[String]) -> Option<(Self, Vec<String>)> {
        Self::ALL
            .iter()
            .filter(|endpoint| endpoint.route().0 == verb)
            .filter_map(|endpoint| {
                let captured = matched(endpoint.route().1, segments)?;
                Some((*endpoint, captured))
            })
            .min_by_key(|(_, captured)| captured.len())
    }

    /// The endpoint with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|endpoint| endpoint.name() == name)
    }

    /// Where it stands in [`Endpoint::ALL`].
    pub fn number(self) -> usize {
        self as usize
    }
}

fn matched(pattern: &str, segments: &[String]) -> Option<Vec<String>> {
    let mut captured = Vec::new();
    let mut given = segments.iter();
    for part in pattern.split('/') {
        let segment = given.next()?;
        if part == "{}" {
            captured.push(segment.clone());
        } else if part != segment {
            return None;
        }
    }
    given.next().is_none().then_some(captured)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(verb: Verb, path: &str) -> Option<(&'static str, Vec<String>)> {
        let segments: Vec<String> = path.split('/').map(str::to_owned).collect();
        Endpoint::find(verb, &segments).map(|(endpoint, captured)| (endpoint.name(), captured))
    }

    #[test]
    fn literal_segments_win() {
        assert_eq!(
            find(Verb::Get, "order/certificate/status-changes"),
            Some(("status-changes", vec![]))
        );
        assert_eq!(
            find(Verb::Get, "order/certificate/12"),
            Some(("order", vec!["12".into()]))
        );
        assert_eq!(find(Verb::Get, "user/me"), Some(("me", vec![])));
        assert_eq!(
            find(Verb::Get, "certificate/download/order/5"),
            Some(("download-order", vec!["5".into()]))
        );
        assert_eq!(find(Verb::Put, "order/certificate/12"), None);
        assert_eq!(find(Verb::Get, "order"), None);
    }

    #[test]
    fn names_are_unique_and_found() {
        for endpoint in Endpoint::ALL {
            assert_eq!(Endpoint::named(endpoint.name()), Some(*endpoint));
            assert_eq!(Endpoint::ALL[endpoint.number()], *endpoint);
        }
    }
}
