//! What is said beside the CSR field as it is typed: what the CSR holds, whether it will do, and every difference from
//! the order.

use std::collections::HashMap;

use super::super::csr::{self, Csr, CsrError, Pasted, PublicKey, Verdict};
use super::super::names;
use super::super::order::{Certificate, Order};
use super::super::product::Family;
use super::common::sentence;
use super::{Note, Tone, field_rules, lists};

/// The CSRs and keys of an order's certificates, read once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KnownCsrs(Vec<Known>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Known {
    label: String,
    current: bool,
    /// As the account holds it.
    text: String,
    csr: Csr,
}

impl KnownCsrs {
    /// Reads the CSRs of the order's current certificate and of its others. What cannot be read is left out.
    pub fn of(order: &Order, siblings: &[Certificate]) -> Self {
        Self::default().then(order, siblings)
    }

    /// Those that there are now; what was read before is not read again.
    #[must_use]
    pub fn then(self, order: &Order, siblings: &[Certificate]) -> Self {
        let read = self.0.into_iter().map(|known| (known.text, known.csr));
        let mut read: HashMap<String, Csr> = read.collect();
        let current = &order.certificate;
        let others = siblings
            .iter()
            .filter(|sibling| sibling.id.is_none() || sibling.id != current.id)
            .map(|sibling| (sibling, false));
        let mut known: Vec<Known> = Vec::new();
        for (certificate, current) in std::iter::once((current, true)).chain(others) {
            let Some(text) = certificate.csr.as_ref().map(|csr| &csr.0) else {
                continue;
            };
            // The lists can hold the primary again under another number.
            if known.iter().any(|other| other.text == *text) {
                continue;
            }
            let before = read.remove(text);
            let Some(csr) = before.or_else(|| csr::known(text).ok()) else {
                continue;
            };
            if known.iter().any(|other| other.csr.der == csr.der) {
                continue;
            }
            let label = if current {
                "the primary certificate".to_string()
            } else {
                let number = certificate
                    .id
                    .map_or(String::new(), |id| format!(" (certificate {id})"));
                format!("{}{number}", certificate.role.label())
            };
            known.push(Known {
                label,
                current,
                text: text.clone(),
                csr,
            });
        }
        Self(known)
    }

    /// What the certificate is called that came of this very CSR.
    pub fn of_csr(&self, csr: &Csr) -> Option<&str> {
        let known = self.0.iter().find(|known| known.csr.der == csr.der);
        known.map(|known| known.label.as_str())
    }
}

/// What the text of a CSR field is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// The CSR, when it will do.
    pub csr: Option<Csr>,
    /// The bare public key in its place, where the product takes one.
    pub key: Option<PublicKey>,
    /// Why it will not; `None` also when there is no text.
    pub problem: Option<String>,
    /// What to say beside the field.
    pub notes: Vec<Note>,
}

impl Reading {
    /// A CSR with what is said of it; one that is refused is no CSR to send.
    fn of(csr: Csr, refusals: &[csr::Refusal], notes: Vec<Note>) -> Self {
        let problem = refusals.first();
        let problem = problem.map(|refusal| sentence(&refusal.to_string()));
        Self {
            csr: problem.is_none().then_some(csr),
            key: None,
            problem,
            notes,
        }
    }

    /// A text that is none.
    fn wrong(error: &CsrError) -> Self {
        let problem = sentence(&error.to_string());
        Self {
            csr: None,
            key: None,
            notes: vec![Note::new(Tone::Bad, problem.clone())],
            problem: Some(problem),
        }
    }

    /// What is to be thought of before a CSR that will do is sent.
    pub fn warnings(&self) -> impl Iterator<Item = &Note> {
        let fits = self.problem.is_none();
        self.notes
            .iter()
            .filter(move |note| note.tone == Tone::Warn || (fits && note.tone == Tone::Bad))
    }
}

/// Reads the text of a CSR field of a form of this order. `asked` are the names the certificate is asked for,
/// `duplicate` says that the certificate will stand beside the current one instead of replacing it.
pub fn reading(
    text: &str,
    order: &Order,
    asked: &[String],
    known: &KnownCsrs,
    duplicate: bool,
) -> Reading {
    if text.trim().is_empty() {
        return Reading::default();
    }
    let family = order.product.family();
    let pasted = match csr::paste(text) {
        Ok(Pasted::PublicKey(key)) if !duplicate && field_rules::takes_public_key(order) => {
            return bare_key(key, family);
        }
        Ok(Pasted::PublicKey(_)) => Err(CsrError::PublicKey),
        Ok(Pasted::Csr(csr)) => Ok(*csr),
        Err(error) => Err(error),
    };
    let csr = match pasted {
        Ok(csr) => csr,
        Err(error) => return Reading::wrong(&error),
    };
    let (mut notes, refusals) = own_notes(&csr, family);
    if field_rules::has_names(family) {
        let (first, others) = name_notes(&csr, order, asked);
        notes.splice(0..0, first);
        notes.extend(others);
    } else {
        notes.push(Note::new(
            Tone::Dim,
            "Only its key is used; names in it are not.",
        ));
    }
    notes.extend(key_note(&csr, known, duplicate));
    Reading::of(csr, &refusals, notes)
}

/// What is said of a CSR that is for no order yet.
pub fn alone(text: &str, family: Family) -> Reading {
    match csr::paste(text) {
        Ok(Pasted::PublicKey(key)) => bare_key(key, family),
        Ok(Pasted::Csr(csr)) => {
            let (notes, refusals) = own_notes(&csr, family);
            Reading::of(*csr, &refusals, notes)
        }
        Err(error) => Reading::wrong(&error),
    }
}

/// What a CSR says, and whether it will do, whatever it is for.
fn own_notes(csr: &Csr, family: Family) -> (Vec<Note>, Vec<csr::Refusal>) {
    let mut notes = vec![says(csr)];
    let refusals = csr::check(csr, family);
    if refusals.is_empty() && csr.signature_valid() {
        notes.push(Note::new(
            Tone::Good,
            format!("{}, {}: signature valid", csr.key, csr.signature),
        ));
    } else {
        notes.push(Note::new(
            Tone::Plain,
            format!("{}, {}", csr.key, csr.signature),
        ));
        for refusal in &refusals {
            notes.push(Note::new(Tone::Bad, sentence(&refusal.to_string())));
        }
        // What is refused is refused, whatever its signature says.
        if let Verdict::Unsupported(why) = &csr.verdict
            && refusals.is_empty()
        {
            notes.push(Note::new(
                Tone::Warn,
                format!(
                    "Its signature cannot be checked here: {why}. Only the CA can say whether it accepts it."
                ),
            ));
        }
    }
    if csr.hash.is_weak() {
        notes.push(Note::new(
            Tone::Warn,
            format!(
                "It is signed with {}. The certificate's own signature hash is chosen separately; whether the CA \
                    accepts the CSR, only the CA can say.",
                csr.hash
            ),
        ));
    }
    if !csr.wishes.is_empty() {
        notes.push(Note::new(
            Tone::Warn,
            format!(
                "It also requests {}: the certificate will not include that; its content depends on the product.",
                csr.wishes.join(", ")
            ),
        ));
    }
    if family.is_tls() && !csr.purposes.is_empty() {
        notes.push(Note::new(
            Tone::Warn,
            format!(
                "It also requests use for {}: a server certificate has only serverAuth, unless the order's profile says \
                    otherwise.",
                csr.purposes.join(", ")
            ),
        ));
    }
    (notes, refusals)
}

/// A public key without a CSR around it: nothing proves that its private key exists.
fn bare_key(key: PublicKey, family: Family) -> Reading {
    if let Some(refusal) = csr::check_public_key(&key.key, family) {
        let problem = sentence(&refusal.to_string());
        return Reading {
            csr: None,
            key: None,
            notes: vec![Note::new(Tone::Bad, problem.clone())],
            problem: Some(problem),
        };
    }
    let notes = vec![
        Note::new(Tone::Plain, format!("a bare public key, {}", key.key)),
        Note::new(
            Tone::Warn,
            "Unlike a CSR it does not prove who has the private key.",
        ),
    ];
    Reading {
        csr: None,
        key: Some(key),
        problem: None,
        notes,
    }
}

fn says(csr: &Csr) -> Note {
    let subject = csr.subject.one_line();
    let subject = if subject.is_empty() {
        "no subject".to_string()
    } else {
        subject
    };
    let mut seen = std::collections::HashSet::new();
    let mut listed: Vec<String> = csr
        .names
        .dns
        .iter()
        .filter(|name| seen.insert(names::normalise(name)))
        .map(|name| names::display(name))
        .collect();
    listed.extend(csr.names.other_than_dns());
    let text = if listed.is_empty() {
        format!("{subject} · no alternative names")
    } else {
        format!("{subject} · names {}", lists::some(&listed))
    };
    Note::new(Tone::Plain, text)
}

/// The CA takes names from the form, so that a difference is worth a look but stops nothing. What comes first is before all
/// else that is said: a CSR without any of the names is most likely that of another server.
fn name_notes(csr: &Csr, order: &Order, asked: &[String]) -> (Option<Note>, Vec<Note>) {
    let said = csr.dns_names();
    // An address that is asked for as well will be in the certificate, by whichever kind of name the CSR has it.
    let addresses: Vec<String> = asked
        .iter()
        .filter(|name| csr.has_address(name))
        .flat_map(|name| {
            [
                format!("IP {}", names::normalise(name)),
                format!("CN {name}"),
            ]
        })
        .collect();
    let others: Vec<String> = csr
        .other_names()
        .into_iter()
        .filter(|name| !addresses.contains(name))
        .collect();
    let mut notes = Vec::new();
    if said.is_empty() && others.is_empty() && addresses.is_empty() {
        notes.push(Note::new(
            Tone::Dim,
            "It contains no names; the certificate gets those of this form.",
        ));
        return (None, notes);
    }
    let current = &order.certificate;
    let mut ours = lists::with_common(&current.common_name, &current.dns_names);
    ours.extend_from_slice(asked);
    let foreign = !said.is_empty() && !ours.is_empty() && lists::without(&said, &ours) == said;
    let first = foreign.then(|| {
        let text = format!(
            "None of its names is on this order: {}. Is it the CSR of another server?",
            lists::words(&said)
        );
        Note::new(Tone::Bad, text)
    });
    let extra = lists::without(&said, asked);
    if !extra.is_empty() && !foreign {
        notes.push(Note::new(
            Tone::Warn,
            format!(
                "In the CSR but not requested: {}. The certificate will not include {}.",
                lists::words(&extra),
                lists::it(&extra)
            ),
        ));
    }
    if !others.is_empty() {
        notes.push(Note::new(
            Tone::Warn,
            format!(
                "It also contains {}, which this product will not include.",
                lists::some(&others)
            ),
        ));
    }
    let mut missing = lists::without(asked, &said);
    missing.retain(|name| !csr.has_address(name));
    if !missing.is_empty() {
        notes.push(Note::new(
            Tone::Warn,
            format!(
                "Requested but not in the CSR: {}. The certificate will include {} anyway.",
                lists::words(&missing),
                lists::it(&missing)
            ),
        ));
    }
    if notes.is_empty() {
        notes.push(Note::new(Tone::Good, "CSR names match the request."));
    }
    (first, notes)
}

/// What is to be said of a CSR whose key a certificate of the order has; [`reading`] says it as well.
pub fn key_note(csr: &Csr, known: &KnownCsrs, duplicate: bool) -> Option<Note> {
    if let Some(same) = known.0.iter().find(|known| known.csr.der == csr.der) {
        return Some(Note::new(
            Tone::Warn,
            format!(
                "This CSR was already used for {}. Create a new one if you want a new key.",
                same.label
            ),
        ));
    }
    let same = known
        .0
        .iter()
        .find(|known| known.csr.spki_der == csr.spki_der)?;
    let advice = if same.current && duplicate {
        "a duplicate usually has its own key, so that one compromised server does not expose another"
    } else if same.current {
        "if others may know the key, generate a new one"
    } else {
        "generate a new one unless that is intended"
    };
    Some(Note::new(
        Tone::Warn,
        format!("The same key as {}: {advice}.", same.label),
    ))
}
