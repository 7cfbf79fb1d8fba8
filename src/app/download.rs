//! Certificates on their way out: fetched, put in order, held against what was asked for, and only then offered.

use super::bulk;
use super::effect::Effect;
use super::field::{FieldKind, TextField};
use super::model::{ChainUse, Model};
use super::operations::names;
use super::popup::{Popup, Prompt, PromptKind, Subject};
use super::remote::Remote;
use crate::app::status::Tone;
use crate::domain::chain::{Chain, End, Expect};
use crate::domain::ids::CertificateId;
use crate::domain::order::Certificate;
use crate::domain::text::sanitise;
use crate::keys::Action;

/// Fetches a chain for a use.
pub(super) fn fetch(model: &mut Model, id: CertificateId, purpose: ChainUse) -> Option<Effect> {
    model.chain_uses.entry(id).or_default().push(purpose);
    model.engine.account.want_chain(id)
}

/// A chain came, or did not: everything that waited for it goes on.
pub(super) fn came(model: &mut Model, id: CertificateId, chain: &Remote<String>) -> Vec<Effect> {
    let uses = model.chain_uses.remove(&id).unwrap_or_default();
    let mut effects = Vec::new();
    for purpose in uses {
        match (chain.failure(), chain.value()) {
            (Some(failure), _) => match purpose {
                ChainUse::Bulk { op, .. } => {
                    bulk::not_fetched(model, &op, failure.to_string());
                }
                _ => model.tell_failure(failure),
            },
            (None, Some(pem)) => effects.extend(go_on(model, purpose, pem)),
            (None, None) => {}
        }
    }
    effects
}

fn go_on(model: &mut Model, purpose: ChainUse, pem: &str) -> Vec<Effect> {
    match purpose {
        ChainUse::Bulk { subject, op, path } => {
            let Some(part) = checked(model, &subject, pem, Action::CopyFullChain) else {
                let words = model.status.take().map(|told| told.words);
                bulk::not_fetched(model, &op, words.unwrap_or_default());
                return Vec::new();
            };
            vec![bulk::fetched(op, path, part)]
        }
        ChainUse::Copy(subject, action) => checked(model, &subject, pem, action)
            .map(|part| Effect::Copy {
                what: part.words(),
                text: part.text,
                force: false,
            })
            .into_iter()
            .collect(),
        ChainUse::Plain(subject) => {
            let Some(part) = checked(model, &subject, pem, Action::CopyFullChain) else {
                return Vec::new();
            };
            if part.caveat.is_some() {
                model.set_status(Tone::Warn, format!("That was the {}.", part.words()));
            }
            vec![Effect::Plain { text: part.text }]
        }
        ChainUse::Write(subject, path) => checked(model, &subject, pem, Action::CopyFullChain)
            .map(|part| Effect::WriteFile {
                path,
                what: part.words(),
                text: part.text,
                overwrite: false,
            })
            .into_iter()
            .collect(),
    }
}

/// A part of what the account sent of a certificate, on its way out.
pub(super) struct Part {
    /// In PEM.
    pub(super) text: String,
    /// What it is, e.g. `full chain of shop.example.net`.
    what: String,
    /// What a server or its clients would stumble over.
    pub(super) caveat: Option<String>,
}

impl Part {
    fn words(&self) -> String {
        match &self.caveat {
            None => self.what.clone(),
            Some(caveat) => format!("{} ({caveat})", self.what),
        }
    }
}

/// The part that was asked for, if the certificate is the one that was asked for.
fn checked(model: &mut Model, subject: &Subject, pem: &str, action: Action) -> Option<Part> {
    let expect = Expect {
        spki_der: subject.spki_der.as_deref(),
        serial: subject.serial.as_deref(),
    };
    let chain = match Chain::from_pem(pem, expect) {
        Ok(chain) => chain,
        Err(error) => {
            model.set_status(Tone::Bad, format!("Not offered: {error}"));
            return None;
        }
    };
    let name = sanitise(&subject.name);
    // What is left out has its reason: its signature, or another way to a root.
    let left_out = chain.leftovers.first().map(|left| left.why.label());
    let nothing = |what: &str| match left_out {
        None => format!("CertCentral sent no {what} for {name}."),
        Some(why) => {
            format!(
                "CertCentral sent no {what} that belongs to {name}; certdeck leaves out what it sent: {why}."
            )
        }
    };
    let outdated = || chain.outdated(model.account_now());
    let is_alone = chain.intermediates.is_empty() && matches!(chain.end(), End::Missing(_));
    let part = match action {
        Action::CopyCertificate => Ok((chain.certificate_pem(), "certificate", None)),
        Action::CopyChain if chain.intermediates.is_empty() => Err(nothing("intermediates")),
        Action::CopyChain => Ok((chain.chain_pem(), "chain", outdated())),
        Action::CopyRoot => chain
            .root_pem()
            .map(|pem| (pem, "root", None))
            .ok_or_else(|| nothing("root")),
        // Said to be the full chain, a server would be given what its clients cannot check.
        _ if is_alone && !chain.leftovers.is_empty() => Err(format!(
            "None of the intermediates that CertCentral sent issued {name}; only the certificate can be copied."
        )),
        _ if is_alone => Ok((
            chain.full_chain_pem(),
            "certificate",
            Some("without an intermediate".to_owned()),
        )),
        _ => match chain.hole() {
            Some(missing) => Ok((
                chain.full_chain_pem(),
                "certificate and the matching intermediates",
                Some(format!("no full chain: {missing} was not sent")),
            )),
            None => Ok((chain.full_chain_pem(), "full chain", outdated())),
        },
    };
    match part {
        Ok((text, what, caveat)) => Some(Part {
            text,
            what: format!("{what} of {name}"),
            caveat: caveat.map(|words| sanitise(&words).into_owned()),
        }),
        Err(words) => {
            model.set_status(Tone::Warn, words);
            None
        }
    }
}

/// What a copy or a file of a certificate is about.
pub(super) fn subject(
    model: &Model,
    order: crate::domain::ids::OrderId,
    certificate: &Certificate,
) -> Option<Subject> {
    let id = certificate.id?;
    let watch = model.engine.writes.all.iter().find(|watch| {
        matches!(&watch.stage, crate::domain::write::Stage::Issued { certificate, .. } if *certificate == id)
    });
    let name = if certificate.common_name.is_empty() {
        format!("certificate {id}")
    } else {
        certificate.common_name.clone()
    };
    let proof = names::proof_of(model, order, &certificate.common_name);
    Some(Subject {
        order,
        certificate: id,
        name,
        serial: certificate.serial.clone(),
        thumbprint: certificate.thumbprint.clone(),
        spki_der: watch
            .and_then(|watch| watch.outgoing.expected.as_ref())
            .map(|expected| expected.spki_der.clone()),
        token: watch
            .and_then(|watch| watch.token.clone())
            .or_else(|| proof.as_ref()?.token.clone()),
        record: proof.and_then(|row| Some(row.place?.line())),
    })
}

/// Asks where to write a certificate.
pub(super) fn ask_path(model: &mut Model, subject: Subject) {
    let mut field = TextField::with(FieldKind::Line, &file_name(&subject));
    field.set_focus(true);
    model.popups.push(Popup::Prompt(Box::new(Prompt {
        title: "Write to a file".into(),
        body: vec![
            format!(
                "Certificate and intermediates of {}",
                sanitise(&subject.name)
            ),
            "Mode 0644. certdeck asks before replacing an existing file.".into(),
        ],
        field: Some(field),
        error: None,
        kind: PromptKind::WriteTo(subject),
    })));
}

/// `NAME-ORDER-CERTIFICATE.pem`, with nothing in it that a shell or a file system would take amiss.
pub fn file_name(subject: &Subject) -> String {
    let name: String = subject
        .name
        .replace("*.", "wildcard.")
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || matches!(c, '.' | '-' | '_') {
                c
            } else {
                '_'
            }
        })
        .collect();
    let name = name.trim_start_matches(['.', '-']);
    format!("{name}-{}-{}.pem", subject.order, subject.certificate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::OrderId;

    #[test]
    fn a_file_name_is_harmless() {
        let subject = |name: &str| Subject {
            order: OrderId(1),
            certificate: CertificateId(2),
            name: name.into(),
            serial: None,
            thumbprint: None,
            spki_der: None,
            token: None,
            record: None,
        };
        assert_eq!(
            file_name(&subject("*.example.net")),
            "wildcard.example.net-1-2.pem"
        );
        assert_eq!(file_name(&subject("../../etc/x y")), "_.._etc_x_y-1-2.pem");
    }
}
