//! Finding the leaf and the way from it to a root.

use super::super::certificate::CertFacts;
use super::super::signature::Verdict;
use super::{Chain, ChainError, Expect, Leftover, Why};

/// Steps the search may take. Real bundles need a handful; one made to waste time gets no more than this.
const MAX_STEPS: usize = 2_000;

/// Certificates that are looked at: each is tried against each.
const MAX_CERTIFICATES: usize = 64;

/// Puts certificates in order. Repeated ones count once. The leaf is found by content: what is expected of it, else the
/// one that is no CA's and issued nothing here. Of several ways to a root the longest is taken, because a cross-signed
/// certificate in a bundle is there for clients that know the older root only.
pub fn arrange(certificates: Vec<CertFacts>, expect: Expect<'_>) -> Result<Chain, ChainError> {
    let mut pool: Vec<CertFacts> = Vec::with_capacity(certificates.len());
    for certificate in certificates {
        if !pool.iter().any(|known| known.der == certificate.der) {
            pool.push(certificate);
        }
    }
    if pool.len() > MAX_CERTIFICATES {
        return Err(ChainError::TooMany {
            count: pool.len(),
            limit: MAX_CERTIFICATES,
        });
    }
    let issuers = issuers(&pool);
    let leaf = find_leaf(&pool, &issuers, expect)?;
    let way = longest_way(&pool, &issuers, leaf);

    let mut slots: Vec<Option<CertFacts>> = pool.iter().cloned().map(Some).collect();
    let mut taken: Vec<CertFacts> = way
        .iter()
        .filter_map(|index| slots[*index].take())
        .collect();
    let unchecked = unchecked(&taken);
    let leaf_facts = taken.remove(0);
    let root = taken.pop_if(|last| last.is_self_signed());
    let leftovers = slots
        .into_iter()
        .flatten()
        .map(|certificate| Leftover {
            why: why_left(&certificate, &pool, &way),
            certificate,
        })
        .collect();
    Ok(Chain {
        leaf: leaf_facts,
        intermediates: taken,
        root,
        leftovers,
        unchecked,
        unreadable: Vec::new(),
    })
}

fn find_leaf(
    pool: &[CertFacts],
    issuers: &[Vec<usize>],
    expect: Expect<'_>,
) -> Result<usize, ChainError> {
    if pool.is_empty() {
        return Err(ChainError::Empty);
    }
    let describe = |index: &usize| {
        format!(
            "{} serial {}",
            pool[*index].display_name(),
            pool[*index].serial
        )
    };
    let all = 0..pool.len();
    if expect.spki_der.is_some() || expect.serial.is_some() {
        let fits = |index: &usize| {
            let facts = &pool[*index];
            expect.spki_der.is_none_or(|key| key == facts.spki_der)
                && expect.serial.is_none_or(|serial| facts.has_serial(serial))
        };
        let found: Vec<usize> = all.clone().filter(fits).collect();
        return match found[..] {
            [one] => Ok(one),
            [] => Err(ChainError::NotThere {
                wanted: match (expect.spki_der, expect.serial) {
                    (Some(_), Some(serial)) => format!("the CSR's key and serial {serial}"),
                    (Some(_), None) => "the CSR's key".into(),
                    (None, serial) => format!("serial {}", serial.unwrap_or_default()),
                },
                found: all.map(|index| describe(&index)).collect(),
            }),
            _ => Err(ChainError::SeveralLeaves(
                found.iter().map(describe).collect(),
            )),
        };
    }
    // A root of before X.509 version 3 says nothing of being a CA; what it issued does.
    let issued_one = |index: &usize| issuers.iter().any(|parents| parents.contains(index));
    let mut candidates: Vec<usize> = all
        .clone()
        .filter(|index| !pool[*index].is_ca && !issued_one(index))
        .collect();
    if candidates.len() > 1 {
        let by_another = |index: &usize| !pool[*index].is_self_issued();
        if candidates.iter().any(by_another) {
            candidates.retain(by_another);
        }
    }
    match candidates[..] {
        [one] => Ok(one),
        [] => Err(ChainError::NoLeaf(
            pool.iter().map(CertFacts::display_name).collect(),
        )),
        _ => Err(ChainError::SeveralLeaves(
            candidates.iter().map(describe).collect(),
        )),
    }
}

/// For each certificate the ones that issued it, checked.
fn issuers(pool: &[CertFacts]) -> Vec<Vec<usize>> {
    let issued =
        |child: usize, parent: usize| child != parent && pool[child].is_issued_by(&pool[parent]);
    (0..pool.len())
        .map(|child| {
            (0..pool.len())
                .filter(|parent| issued(child, *parent))
                .collect()
        })
        .collect()
}

/// The best way up from `leaf`: one that ends in a root before one that does not, and of those one whose signatures were all
/// checked; the longer before the shorter, what came first before what came later.
fn longest_way(pool: &[CertFacts], issuers: &[Vec<usize>], leaf: usize) -> Vec<usize> {
    let rank = |way: &[usize]| {
        let ends = way.last().is_some_and(|last| pool[*last].is_self_signed());
        let checked = |two: &[usize]| pool[two[0]].issued_by(&pool[two[1]]) == Some(Verdict::Valid);
        (ends && way.windows(2).all(checked), ends, way.len())
    };
    let mut best = vec![leaf];
    let mut open = vec![vec![leaf]];
    for _ in 0..MAX_STEPS {
        let Some(way) = open.pop() else { break };
        if rank(&way) > rank(&best) {
            best.clone_from(&way);
        }
        let last = way[way.len() - 1];
        if pool[last].is_self_signed() {
            continue;
        }
        // Pushed in reverse, so that the first comes off the stack first.
        for parent in issuers[last].iter().rev() {
            let same = |index: &usize| {
                pool[*index].subject_der == pool[*parent].subject_der
                    && pool[*index].spki_der == pool[*parent].spki_der
            };
            if !way.iter().any(same) {
                let mut longer = way.clone();
                longer.push(*parent);
                open.push(longer);
            }
        }
    }
    best
}

/// The first signature on the way that nothing here can check: whose it is, and why.
fn unchecked(way: &[CertFacts]) -> Option<(String, String)> {
    let links = way
        .windows(2)
        .map(|two| (&two[0], two[0].issued_by(&two[1])));
    let last = way.last().map(|last| (last, last.own_signature.clone()));
    links
        .chain(last)
        .find_map(|(facts, verdict)| match verdict {
            Some(Verdict::Unsupported(why)) => Some((facts.display_name(), why)),
            _ => None,
        })
}

fn why_left(certificate: &CertFacts, pool: &[CertFacts], way: &[usize]) -> Why {
    let verdicts: Vec<Verdict> = way
        .iter()
        .filter_map(|index| pool[*index].issued_by(certificate))
        .collect();
    if !certificate.is_ca && verdicts.is_empty() {
        Why::AnotherLeaf
    } else if verdicts.contains(&Verdict::Valid) {
        Why::AnotherWay
    } else if verdicts.contains(&Verdict::Invalid) {
        Why::BadSignature
    } else {
        let known = |index: &usize| pool[*index].spki_der == certificate.spki_der;
        if way.iter().any(known) {
            Why::AnotherWay
        } else {
            Why::Unrelated
        }
    }
}
