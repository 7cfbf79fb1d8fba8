//! What was there before a write was sent, and what the end of its certificate was foreseen by, as one column: JSON.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::clock::ClockOffset;
use crate::domain::ids::{CertificateId, RequestId};
use crate::domain::rules::reissue::Validity;
use crate::domain::validity::{Bounds, Foreseen, Industry};
use crate::domain::write::Before;

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct KeptBefore {
    known: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    certificates: Vec<u64>,
    requests: Vec<u64>,
    notes: usize,
    first_step: bool,
    token: Option<String>,
    was_so: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    clock: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    foreseen: Option<KeptForeseen>,
}

/// What the end of a certificate was foreseen by.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct KeptForeseen {
    sent: Option<Date>,
    begins: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    years: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    days: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    industry: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_end: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan_end: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    original_end: Option<Date>,
}

pub(super) fn put(before: &Before, foreseen: Option<Foreseen>) -> String {
    let kept = KeptBefore {
        known: before.known,
        account: before.account.clone(),
        name: before.name.clone(),
        certificates: before.certificates.iter().map(|id| id.0).collect(),
        requests: before.requests.iter().map(|id| id.0).collect(),
        notes: before.notes,
        first_step: before.first_step,
        token: before.token.clone(),
        was_so: before.was_so,
        clock: before.clock.map(|clock| clock.seconds),
        foreseen: foreseen.map(put_foreseen),
    };
    // Numbers and strings under string keys always serialize.
    serde_json::to_string(&kept).unwrap_or_default()
}

fn put_foreseen(foreseen: Foreseen) -> KeptForeseen {
    let bounds = foreseen.bounds;
    let mut kept = KeptForeseen {
        sent: Some(bounds.today),
        begins: foreseen.begins,
        industry: bounds.industry.map(|industry| industry.id().to_owned()),
        order_end: bounds.order_end,
        plan_end: bounds.plan_end,
        original_end: bounds.original_end,
        ..KeptForeseen::default()
    };
    match foreseen.asked {
        Some(Validity::Years(years)) => kept.years = Some(years),
        Some(Validity::Days(days)) => kept.days = Some(days),
        Some(Validity::End(end)) => kept.end = Some(end),
        None => {}
    }
    kept
}

/// `None` where it cannot be read: what was there before is then not known.
pub(super) fn get(text: &str) -> Option<(Before, Option<Foreseen>)> {
    let kept: KeptBefore = serde_json::from_str(text).ok()?;
    let foreseen = kept.foreseen.as_ref().and_then(get_foreseen);
    let before = Before {
        known: kept.known,
        account: kept.account,
        name: kept.name,
        certificates: kept.certificates.into_iter().map(CertificateId).collect(),
        requests: kept.requests.into_iter().map(RequestId).collect(),
        notes: kept.notes,
        first_step: kept.first_step,
        token: kept.token,
        was_so: kept.was_so,
        clock: kept.clock.map(|seconds| ClockOffset { seconds }),
        age: None,
    };
    Some((before, foreseen))
}

fn get_foreseen(kept: &KeptForeseen) -> Option<Foreseen> {
    Some(Foreseen {
        asked: kept
            .end
            .map(Validity::End)
            .or(kept.days.map(Validity::Days))
            .or(kept.years.map(Validity::Years)),
        begins: kept.begins,
        bounds: Bounds {
            today: kept.sent?,
            industry: kept.industry.as_deref().and_then(Industry::of_id),
            order_end: kept.order_end,
            plan_end: kept.plan_end,
            original_end: kept.original_end,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_reads_back_as_it_was() {
        let before = Before {
            account: Some("https://a.example#0a".into()),
            certificates: vec![CertificateId(7)],
            requests: vec![RequestId(8)],
            notes: 2,
            first_step: true,
            token: Some("value".into()),
            was_so: true,
            known: true,
            name: Some("shop.example.net".into()),
            clock: Some(ClockOffset { seconds: -1200 }),
            age: None,
        };
        for asked in [
            None,
            Some(Validity::Years(1)),
            Some(Validity::Days(90)),
            Some(Validity::End(jiff::civil::date(2027, 6, 14))),
        ] {
            let foreseen = Foreseen {
                asked,
                begins: true,
                bounds: Bounds {
                    today: jiff::civil::date(2026, 11, 20),
                    industry: Some(Industry::CodeSigning),
                    order_end: Some(jiff::civil::date(2027, 6, 1)),
                    plan_end: None,
                    original_end: Some(jiff::civil::date(2027, 5, 1)),
                },
            };
            let text = put(&before, Some(foreseen));
            assert_eq!(get(&text), Some((before.clone(), Some(foreseen))));
        }
        assert_eq!(get(&put(&before, None)), Some((before, None)));
        for unreadable in ["", "nonsense", "{\"notes\":-1}"] {
            assert_eq!(get(unreadable), None);
        }
    }
}
