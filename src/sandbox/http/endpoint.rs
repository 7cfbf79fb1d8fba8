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

macro_rules! endpoints {
    ($($variant:ident $name:literal $verb:ident $area:ident $path:literal;)*) => {
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

            /// What a key must be good for.
            pub const fn area(self) -> Area {
                match self { $(Self::$variant => Area::$area,)* }
            }
        }
    };
}

endpoints! {
    Orders "orders" Get Orders "order/certificate";
    StatusChanges "status-changes" Get Orders "order/certificate/status-changes";
    Duplicate "duplicate" Post Orders "order/certificate/{}/duplicate";
    Duplicates "duplicates" Get Orders "order/certificate/{}/duplicate";
    Reissue "reissue" Post Orders "order/certificate/{}/reissue";
    Reissues "reissues" Get Orders "order/certificate/{}/reissue";
    RevokeOrder "revoke-order" Put Orders "order/certificate/{}/revoke";
    OrderStatus "status" Put Orders "order/certificate/{}/status";
    Note "note" Post Orders "order/certificate/{}/note";
    Notes "notes" Get Orders "order/certificate/{}/note";
    Csr "csr" Post Orders "order/certificate/{}/csr";
    SetCustomField "custom-field" Post Orders "order/certificate/{}/custom-field";
    DeleteCustomField "custom-field-delete" Delete Orders "order/certificate/{}/custom-field/{}";
    AutoReissue "auto-reissue" Put Orders "order/certificate/{}/auto-reissue";
    CheckDcv "check-dcv" Put Orders "order/certificate/{}/check-dcv";
    DcvMethod "dcv-method" Put Orders "order/certificate/{}/dcv-method";
    DcvToken "dcv-token" Put Orders "order/certificate/{}/dcv-random-value";
    ResendEmails "resend-emails" Put Orders "order/certificate/{}/resend-emails";
    EmailValidation "email-validation" Get Orders "order/certificate/{}/email-validation";
    Order "order" Get Orders "order/certificate/{}";
    DeleteOrder "delete-order" Delete Orders "order/certificate/{}";
    Place "place" Post Orders "order/certificate/{}";
    Alternate "alternate" Get Orders "order/alternate/{}";
    Expiring "expiring" Get Orders "report/order/{}/expiring";
    ExpiringAll "expiring-all" Get Orders "report/order/expiring";
    RequestReport "request-report" Get Orders "report/request";
    ReportsQuery "reports-query" Post Orders "reports/query";
    Requests "requests" Get Orders "request";
    RequestStatus "approve" Put Orders "request/{}/status";
    Request "request" Get Orders "request/{}";
    Intermediates "intermediates" Get Common "certificate/intermediates";
    DownloadOrder "download-order" Get Orders "certificate/download/order/{}";
    DownloadOrderFormat "download-order-format" Get Orders "certificate/download/order/{}/format/{}";
    DownloadPlatform "download-platform" Get Orders "certificate/{}/download/platform";
    DownloadForPlatform "download-for-platform" Get Orders "certificate/{}/download/platform/{}";
    Download "download" Get Orders "certificate/{}/download/format/{}";
    Chain "chain" Get Orders "certificate/{}/chain";
    Revoke "revoke" Put Orders "certificate/{}/revoke";
    Archive "archive" Put Orders "certificate/{}/archive";
    Unarchive "unarchive" Put Orders "certificate/{}/unarchive";
    Products "products" Get Common "product";
    PlatformFormats "platform-formats" Get Common "product/platform-certformat-mapping";
    Pricing "pricing" Get Common "product/pricing";
    Product "product" Get Common "product/{}";
    Organizations "organizations" Get Common "organization";
    AddOrganization "add-organization" Post Places "organization";
    OrganizationValidation "organization-validation" Get Common "organization/{}/validation";
    SubmitOrganization "submit-organization" Post Places "organization/{}/validation";
    ActivateOrganization "activate-organization" Put Places "organization/{}/activate";
    DeactivateOrganization "deactivate-organization" Put Places "organization/{}/deactivate";
    Organization "organization" Get Common "organization/{}";
    Containers "containers" Get Common "container";
    ContainerChildren "container-children" Get Common "container/{}/children";
    AddContainer "add-container" Post Places "container/{}/children";
    ContainerParent "container-parent" Get Common "container/{}/parent";
    ContainerTemplates "container-templates" Get Common "container/{}/template";
    ContainerTemplate "container-template" Get Common "container/{}/template/{}";
    ContainerRoles "container-roles" Get Common "container/{}/role";
    ContainerOrganizations "container-organizations" Get Common "container/{}/order/organization";
    ProductLimits "product-limits" Get Common "container/{}/product-limits";
    Container "container" Get Common "container/{}";
    ChangeContainer "change-container" Put Places "container/{}";
    ActivateContainer "activate-container" Put Places "container/{}/activate";
    DeactivateContainer "deactivate-container" Put Places "container/{}/deactivate";
    Domains "domains" Get Common "domain";
    AddDomain "add-domain" Post Places "domain";
    ValidationTypes "validation-types" Get Common "domain/validation-type";
    DcvMethods "dcv-methods" Get Common "domain/dcv/method";
    DomainValidation "domain-validation" Get Common "domain/{}/validation";
    SubmitDomain "submit-domain" Post Places "domain/{}/validation";
    DomainDcvMethod "domain-dcv-method" Put Places "domain/{}/dcv/method";
    DomainDcvMethodOld "domain-dcv-method-post" Post Places "domain/{}/dcv/method";
    DomainCname "domain-cname" Put Places "domain/{}/dcv/cname";
    DomainToken "domain-token" Post Places "domain/{}/dcv/token";
    DomainCheck "domain-check" Put Places "domain/{}/dcv/validate-token";
    DomainEmails "domain-emails" Get Common "domain/{}/dcv/emails";
    DomainResendEmails "domain-resend-emails" Put Places "domain/{}/dcv/emails";
    DomainSendEmails "domain-send-emails" Post Places "domain/{}/dcv/emails";
    DomainValidationEmail "domain-validation-email" Post Places "domain/{}/validation/email";
    LockDomain "lock-domain" Put Places "domain/{}/activate-domain-locking";
    UnlockDomain "unlock-domain" Put Places "domain/{}/deactivate-domain-locking";
    CheckLock "check-lock" Put Places "domain/{}/caa";
    ActivateDomain "activate-domain" Put Places "domain/{}/activate";
    DeactivateDomain "deactivate-domain" Put Places "domain/{}/deactivate";
    ExpirationCount "expiration-count" Get Common "domain/expiration-count";
    Domain "domain" Get Common "domain/{}";
    DeleteDomain "delete-domain" Delete Places "domain/{}";
    Me "me" Get Common "user/me";
    Users "users" Get Common "user";
    AddUser "add-user" Post Users "user";
    UserAvailability "user-availability" Get Common "user/availability/{}";
    User "user" Get Common "user/{}";
    ChangeUser "change-user" Put Users "user/{}";
    UserRole "user-role" Put Users "user/{}/role";
    DeleteUser "delete-user" Delete Users "user/{}";
    ResendInvitation "resend-invitation" Get Users "user/{}/resend-create-email";
    ApiRoles "api-roles" Get Common "key/api-roles";
    Keys "keys" Get Common "key";
    AddKey "add-key" Post Users "key/user/{}";
    Key "key" Get Common "key/{}";
    ChangeKey "change-key" Put Users "key/{}";
    KeyStatus "key-status" Put Users "key/{}/status";
    Fields "fields" Get Common "account/metadata";
    AddFields "add-fields" Post Places "account/metadata/bulk";
    AddField "add-field" Post Places "account/metadata";
    ChangeField "change-field" Put Places "account/metadata/{}";
    DeleteField "delete-field" Delete Places "account/metadata/{}";
    Account "account" Get Common "account";
    Balance "balance" Get Common "finance/balance";
    Ping "ping" Get Common "ping";
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
