//! Which orders there are: a staged cast first, so that everything a client must cope with is in a small account,
//! then as many ordinary ones as were asked for.

use super::dice::Dice;
use super::hosts::Look;
use super::timeline::Window;
use crate::sandbox::model::RequestKind;
use crate::sandbox::tables::{PRODUCTS, USUAL};

/// What became of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Issued, whatever its dates say.
    Issued,
    /// Waits for an approver.
    NeedsApproval,
    /// Approved, a domain or organization is not validated.
    Pending,
    /// Nothing is missing but time.
    Processing,
    /// The recipient has to act.
    WaitingPickup,
    /// A reissue waits for validation.
    Reissuing,
    /// Revoked as a whole.
    Revoked,
    Canceled,
    Rejected,
}

/// An unanswered or refused request on an issued order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) kind: RequestKind,
    pub(super) step: Step,
}

/// How far approval got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Waits,
    /// Two steps: waits for the first.
    Submitted,
    /// Two steps: waits for the second.
    Reviewed,
    Refused,
}

/// One order to be.
#[derive(Debug, Clone)]
pub(super) struct Scenario {
    pub(super) product: &'static str,
    pub(super) fate: Fate,
    pub(super) window: Window,
    pub(super) look: Look,
    /// A domain of the account, where one is meant.
    pub(super) domain: Option<&'static str>,
    pub(super) duplicates: u8,
    /// Reissues besides those that the dates ask for.
    pub(super) reissues: u8,
    pub(super) asked: Option<Asked>,
    /// Number of the hostile text to use in comments and notes.
    pub(super) hostile: Option<usize>,
    /// Renewal chain and place in it.
    pub(super) chain: Option<(u32, u8)>,
    pub(super) extra: Extra,
}

/// Rare things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extra {
    None,
    /// Came from another console; `true`: marked renewed.
    Migrated(bool),
    AutoReissue,
    /// An own reference of the client.
    Reference,
    /// Lists of duplicates and reissues contain the primary certificate.
    ListsPrimary,
    /// The only certificate is revoked, the order is not.
    PrimaryRevoked,
    /// Every custom field has a value.
    AllFields,
    /// Issues after a moment even when validated.
    Slow,
}

/// An ordinary order of a product.
fn part(product: &'static str) -> Scenario {
    Scenario {
        product,
        fate: Fate::Issued,
        window: Window::Running,
        look: Look::Usual,
        domain: None,
        duplicates: 0,
        reissues: 0,
        asked: None,
        hostile: None,
        chain: None,
        extra: Extra::None,
    }
}

/// The whole cast: exactly `count` orders.
pub(super) fn cast(count: usize, hostile_texts: usize, dice: &mut Dice) -> Vec<Scenario> {
    let mut all = staged(hostile_texts);
    all.truncate(count);
    while all.len() < count {
        all.push(ordinary(dice));
    }
    all
}

/// The staged ones, the most telling first.
fn staged(hostile_texts: usize) -> Vec<Scenario> {
    let mut all = Vec::new();
    main_job(&mut all);
    waiting(&mut all);
    other_ends(&mut all);
    odd_ones(&mut all, hostile_texts);
    all.extend(
        PRODUCTS[..USUAL]
            .iter()
            .map(|product| part(product.name_id)),
    );
    all
}

/// What the operator comes for: certificates that end, with and without their order.
fn main_job(all: &mut Vec<Scenario>) {
    let covered = [
        ("ssl_securesite_flex", 12, "example.net"),
        ("ssl_basic", 3, "shop-none"),
        ("ssl_wildcard", 21, "example.com"),
        ("ssl_multi_domain", 29, "testing-grounds.example"),
        ("ssl_ev_securesite_flex", 7, "sandbox-logistics.example"),
        ("ssl_securesite_multi_domain", 0, "example.org"),
        ("ssl_basic", 1, "xn--bcher-kva.example"),
        ("ssl_securesite_pro", 18, "xn--r8jz45g.example"),
        ("ssl_plus", -4, "parcels.test"),
        ("ssl_dv_geotrust", 9, "landing.test"),
    ];
    for (product, days, domain) in covered {
        let domain = (domain != "shop-none").then_some(domain);
        all.push(Scenario {
            window: Window::CertificateEnds(days),
            domain,
            ..part(product)
        });
    }
    for (product, days) in [
        ("ssl_securesite", 5),
        ("ssl_ev_plus", 14),
        ("ssl_basic", 24),
        ("private_ssl_plus", 10),
        ("ssl_wildcard", 28),
    ] {
        all.push(Scenario {
            window: Window::BothEnd(days),
            ..part(product)
        });
    }
    let many = [
        ("ssl_securesite_wildcard", 6, 5),
        ("ssl_multi_domain", 9, 2),
        ("ssl_wildcard", 3, 1),
        ("ssl_basic", 1, 3),
    ];
    for (product, duplicates, reissues) in many {
        all.push(Scenario {
            duplicates,
            reissues,
            domain: Some("example.com"),
            ..part(product)
        });
    }
    all.push(Scenario {
        look: Look::Hundred,
        domain: Some("kestrel.example"),
        duplicates: 1,
        ..part("ssl_multi_domain")
    });
}

/// Everything that waits for somebody.
fn waiting(all: &mut Vec<Scenario>) {
    for (product, step, days) in [
        ("ssl_basic", Step::Waits, 1),
        ("ssl_wildcard", Step::Waits, 0),
        ("ssl_ev_securesite_flex", Step::Submitted, 2),
        ("code_signing", Step::Reviewed, 4),
        ("ssl_multi_domain", Step::Waits, 9),
    ] {
        let asked = Some(Asked {
            kind: RequestKind::NewRequest,
            step,
        });
        all.push(Scenario {
            fate: Fate::NeedsApproval,
            window: Window::New(days),
            asked,
            ..part(product)
        });
    }
    let kinds = [
        RequestKind::Reissue,
        RequestKind::Duplicate,
        RequestKind::Revoke,
    ];
    for kind in kinds {
        for (step, product) in [
            (Step::Waits, "ssl_securesite_flex"),
            (Step::Submitted, "ssl_ev_multi_domain"),
            (Step::Reviewed, "ssl_wildcard"),
            (Step::Refused, "ssl_multi_domain"),
        ] {
            all.push(Scenario {
                asked: Some(Asked { kind, step }),
                ..part(product)
            });
        }
    }
    for (product, domain, days) in [
        ("ssl_basic", "launch.example", 2),
        ("ssl_securesite_flex", "pending-paperwork.example", 1),
        ("ssl_dv_rapidssl", "new-brand.test", 0),
        ("ssl_plus", "old-brand.test", 6),
    ] {
        all.push(Scenario {
            fate: Fate::Pending,
            window: Window::New(days),
            domain: Some(domain),
            ..part(product)
        });
    }
    for product in ["ssl_securesite", "ssl_basic", "vmc_basic"] {
        all.push(Scenario {
            fate: Fate::Processing,
            window: Window::New(0),
            ..part(product)
        });
    }
    for (product, days) in [
        ("client_premium", 3),
        ("secure_email_sponsor", 1),
        ("code_signing_ev", 8),
        ("document_signing_org_1", 12),
    ] {
        all.push(Scenario {
            fate: Fate::WaitingPickup,
            window: Window::New(days),
            ..part(product)
        });
    }
    for (product, domain) in [
        ("ssl_securesite_flex", "old-brand.test"),
        ("ssl_basic", "xn--r8jz45g.test"),
    ] {
        all.push(Scenario {
            fate: Fate::Reissuing,
            domain: Some(domain),
            ..part(product)
        });
    }
}

/// Orders that ended one way or another.
fn other_ends(all: &mut Vec<Scenario>) {
    for (product, days) in [
        ("ssl_plus", 3),
        ("ssl_securesite", 40),
        ("code_signing", 200),
        ("ssl_basic", 390),
    ] {
        all.push(Scenario {
            window: Window::Over(days),
            ..part(product)
        });
    }
    for (product, duplicates) in [("ssl_basic", 2), ("code_signing", 0), ("ssl_ev_basic", 0)] {
        all.push(Scenario {
            fate: Fate::Revoked,
            duplicates,
            ..part(product)
        });
    }
    for product in ["ssl_basic", "ssl_wildcard", "client_email_security_plus"] {
        all.push(Scenario {
            fate: Fate::Canceled,
            window: Window::New(70),
            ..part(product)
        });
    }
    for (product, step) in [("ssl_basic", Step::Refused), ("ssl_ev_plus", Step::Refused)] {
        let asked = Some(Asked {
            kind: RequestKind::NewRequest,
            step,
        });
        all.push(Scenario {
            fate: Fate::Rejected,
            window: Window::New(30),
            asked,
            ..part(product)
        });
    }
    for chain in 0..2 {
        let product = if chain == 0 {
            "ssl_securesite_flex"
        } else {
            "ssl_basic"
        };
        for (place, window) in [Window::Over(320), Window::BothEnd(24), Window::Began(5)]
            .into_iter()
            .enumerate()
        {
            all.push(Scenario {
                window,
                chain: Some((chain, place as u8)),
                ..part(product)
            });
        }
    }
}

/// What clients stumble over.
fn odd_ones(all: &mut Vec<Scenario>, hostile_texts: usize) {
    for domain in [
        "xn--r8jz45g.example",
        "xn--e1afmkfd.example",
        "xn--mgbcd4a2b0d2b.example",
        "xn--caf-dma.example",
        "xn--72c1a1bt4awk9o.example",
        "xn--6dbbec0c.example",
        "xn--jxalpdlp.example",
        "institute-for-the-study-of-extremely-long-names.example",
    ] {
        all.push(Scenario {
            domain: Some(domain),
            ..part("ssl_securesite_flex")
        });
    }
    all.push(Scenario {
        look: Look::Long,
        domain: Some("example.org"),
        ..part("ssl_multi_domain")
    });
    all.push(Scenario {
        look: Look::Deep,
        ..part("ssl_basic")
    });
    all.push(Scenario {
        look: Look::Address,
        ..part("private_ssl_multi_domain")
    });
    for extra in [
        Extra::Migrated(false),
        Extra::Migrated(true),
        Extra::AutoReissue,
        Extra::Reference,
        Extra::PrimaryRevoked,
        Extra::AllFields,
        Extra::Slow,
    ] {
        all.push(Scenario {
            extra,
            ..part("ssl_basic")
        });
    }
    let lists_primary = Extra::ListsPrimary;
    all.push(Scenario {
        extra: lists_primary,
        duplicates: 2,
        reissues: 1,
        ..part("ssl_wildcard")
    });
    for text in 0..hostile_texts {
        // Half of them on requests that an approver reads, half on issued orders.
        let (fate, window, asked) = if text % 2 == 0 {
            (Fate::Issued, Window::Running, None)
        } else {
            let asked = Asked {
                kind: RequestKind::NewRequest,
                step: Step::Waits,
            };
            (
                Fate::NeedsApproval,
                Window::New(text as i64 % 7),
                Some(asked),
            )
        };
        all.push(Scenario {
            fate,
            window,
            asked,
            hostile: Some(text),
            ..part("ssl_basic")
        });
    }
}

/// How often each product is ordered.
const PRODUCT_MIX: &[(u32, &str)] = &[
    (200, "ssl_basic"),
    (120, "ssl_securesite_flex"),
    (80, "ssl_multi_domain"),
    (80, "ssl_wildcard"),
    (60, "ssl_plus"),
    (50, "ssl_securesite"),
    (40, "ssl_securesite_multi_domain"),
    (30, "ssl_securesite_wildcard"),
    (30, "ssl_ev_plus"),
    (40, "ssl_ev_securesite_flex"),
    (20, "ssl_ev_basic"),
    (20, "ssl_ev_multi_domain"),
    (10, "ssl_securesite_pro"),
    (30, "ssl_geotrust_truebizid"),
    (30, "ssl_dv_geotrust"),
    (20, "ssl_dv_rapidssl"),
    (10, "wildcard_dv_rapidssl"),
    (10, "cloud_dv_geotrust"),
    (50, "private_ssl_plus"),
    (15, "private_ssl_multi_domain"),
    (15, "private_ssl_wildcard"),
    (20, "code_signing"),
    (8, "code_signing_ev"),
    (15, "client_premium"),
    (8, "client_email_security_plus"),
    (12, "secure_email_mailbox"),
    (12, "secure_email_sponsor"),
    (5, "secure_email_organization"),
    (6, "document_signing_org_1"),
    (4, "vmc_basic"),
];

/// Products that somebody has to pick up.
const PICKED_UP: &[&str] = &[
    "client_premium",
    "secure_email_mailbox",
    "code_signing",
    "code_signing_ev",
];

/// What ordinary orders come to, in thousandths: about 70% are issued and running.
fn ordinary(dice: &mut Dice) -> Scenario {
    let product = *dice.weighted(PRODUCT_MIX);
    let new = Window::New(dice.between(0, 21));
    let waits = Some(Asked {
        kind: RequestKind::NewRequest,
        step: *dice.weighted(&[
            (70, Step::Waits),
            (20, Step::Submitted),
            (10, Step::Reviewed),
        ]),
    });
    let refused = Some(Asked {
        kind: RequestKind::NewRequest,
        step: Step::Refused,
    });
    let over = Window::Over(dice.between(1, 700));
    let old = Window::New(dice.between(20, 600));
    let (fate, window, asked) = match dice.between(1, 1000) {
        1..=620 => (Fate::Issued, Window::Running, None),
        621..=670 => (
            Fate::Issued,
            Window::CertificateEnds(dice.between(0, 30)),
            None,
        ),
        671..=700 => (Fate::Issued, Window::BothEnd(dice.between(0, 30)), None),
        701..=830 => (Fate::Issued, over, None),
        831..=860 => (Fate::Revoked, Window::Running, None),
        861..=900 => (Fate::Canceled, old, None),
        901..=920 => (Fate::Rejected, old, refused),
        921..=945 => (Fate::Pending, new, None),
        946..=955 => (Fate::Processing, Window::New(0), None),
        956..=975 => (Fate::NeedsApproval, new, waits),
        976..=985 => (Fate::WaitingPickup, new, None),
        _ => (Fate::Reissuing, Window::Running, None),
    };
    let duplicates = *dice.weighted(&[(85, 0), (9, 1), (4, 2), (2, 4)]);
    let reissues = *dice.weighted(&[(92, 0), (6, 1), (2, 2)]);
    // Only what people collect in person waits to be picked up.
    let product = if fate == Fate::WaitingPickup {
        *dice.pick(PICKED_UP)
    } else {
        product
    };
    Scenario {
        fate,
        window,
        duplicates,
        reissues,
        asked,
        ..part(product)
    }
}
