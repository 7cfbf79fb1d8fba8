//! What a turn asks for, in words of the trace's own: names of the program's types and their `Debug` are not in them.

use std::collections::{BTreeMap, BTreeSet};

use certdeck::app::effect::{Effect, ListId, NewFile, Read};
use certdeck::config::KeyPlace;
use certdeck::domain::status::{RequestKind, RequestStatus};
use certdeck::domain::write::{Before, Entry, Found};
use serde_json::Value;

use super::csrs::CSRS;

/// The drafts as they were saved last, each by its key: of the next one only what differs is said.
#[derive(Default)]
pub struct Drafts(BTreeMap<String, BTreeMap<String, String>>);

/// The effects of a turn: reads as a set behind all others, which keep their order.
pub fn effects(effects: &[Effect], drafts: &mut Drafts) -> Vec<String> {
    let mut reads = BTreeSet::new();
    let mut words = Vec::new();
    for effect in effects {
        match effect {
            Effect::Read { read: of, .. } => {
                reads.insert(read(of));
            }
            other => words.push(self::effect(other, drafts)),
        }
    }
    if !reads.is_empty() {
        let reads: Vec<String> = reads.into_iter().collect();
        words.push(format!("read {{{}}}", reads.join(", ")));
    }
    words
}

/// What is read.
pub fn read(read: &Read) -> String {
    match read {
        Read::Session => "session".into(),
        Read::Order(id) => format!("order {id}"),
        Read::Duplicates(id) => format!("duplicates {id}"),
        Read::Reissues(id) => format!("reissues {id}"),
        Read::Requests => "requests".into(),
        Read::RequestPage(wanted, from) => {
            let status: Vec<&str> = wanted.status.iter().map(RequestStatus::label).collect();
            let kind = wanted.kind.as_ref().map_or("any", RequestKind::label);
            let name = wanted.name.as_deref().unwrap_or("any");
            let status = status.join("|");
            format!("requests from {from} of status {status}, kind {kind}, name {name}")
        }
        Read::Request(id) => format!("request {id}"),
        Read::Product(name) => format!("product {name}"),
        Read::Domains(id, names) => format!("domains {id} of {}", names.join(" ")),
        Read::AccountDomains => "the account's domains".into(),
        Read::Domain(id) => format!("domain {id}"),
        Read::Expiring => "counts of what expires".into(),
        Read::Organizations => "organizations".into(),
        Read::Changes(seconds) => format!("changes of {seconds} s"),
        Read::Listed(orders) => format!("{} orders of the list", orders.len()),
        Read::Organization(id) => format!("organization {id}"),
        Read::Chain(id) => format!("chain {id}"),
        Read::OrdersByReference(reference) => format!("orders by reference {reference}"),
        Read::Offer => "offer".into(),
        Read::Limits(id) => format!("limits {id}"),
    }
}

fn effect(effect: &Effect, drafts: &mut Drafts) -> String {
    match effect {
        Effect::Read { read: of, .. } => format!("read {}", read(of)),
        Effect::Sync { .. } => "sync orders".into(),
        Effect::Connect { url, keep, .. } => {
            let keep = keep.as_ref().map_or("nowhere".into(), KeyPlace::words);
            format!("connect {url}, key kept: {keep}")
        }
        Effect::LookAt(place) => format!("look at {}", place.line()),
        Effect::PlanInstall { install, .. } => {
            format!(
                "keep that certificate {} is to be installed",
                install.certificate
            )
        }
        Effect::RunInstall { certificate, .. } => {
            format!("run the command after issue for certificate {certificate}")
        }
        Effect::DismissInstall { certificate, .. } => {
            format!("keep that the failure for certificate {certificate} is dismissed")
        }
        Effect::LookServed(target) => format!("look what {} serves", target.words()),
        Effect::KeepServed(all) => format!("keep what was seen at {} places", all.len()),
        Effect::KeepEndpoints { added, removed } => {
            format!("keep {} endpoints, forget {}", added.len(), removed.len())
        }
        Effect::ReadEndpoints { path } => format!("read endpoints of {path}"),
        Effect::LookUpCaa(name) => format!("look up CAA of {name}"),
        Effect::OpenAhead => "open a connection ahead".into(),
        Effect::StopConnecting => "stop connecting".into(),
        Effect::FindKeyPlaces => "find key places".into(),
        Effect::Write {
            op,
            outgoing,
            before,
            unjournaled,
            despite,
        } => {
            let mut words = format!(
                "WRITE {} {} {} {}",
                op.0,
                outgoing.method.as_str(),
                outgoing.path,
                json(&outgoing.body)
            );
            for (said, is) in [
                (", without journal", unjournaled),
                (", although sent", despite),
            ] {
                words.push_str(if *is { said } else { "" });
            }
            words + &self::before(before)
        }
        Effect::MakeKey(spec) => {
            let (kind, names) = (spec.algorithm.label(), spec.dns_names.join(" "));
            let (form, name, path) = (&spec.form, &spec.common_name, &spec.path);
            format!("make key {kind} for {form}: {name}, {names}, to {path}")
        }
        Effect::Copy { text, what, force } => {
            format!("copy {what}: {}{}", cut(text), when(*force, ", forced"))
        }
        Effect::WriteFile {
            path,
            text,
            what,
            overwrite,
        } => {
            let over = when(*overwrite, ", over what is there");
            format!("write file {path}: {what}, {}{over}", cut(text))
        }
        Effect::WriteNew {
            of, files, caveat, ..
        } => {
            let (path, text) = &files[0];
            let caveat = caveat.as_deref().unwrap_or("none");
            let of = match of {
                NewFile::Row(op) => op.0.clone(),
                NewFile::Order(order) => format!("order {order}"),
            };
            format!(
                "write new file {path} of {of}: {}, caveat {caveat}",
                cut(text)
            )
        }
        Effect::ReadFile { form, path } => format!("read file {path} for {form}"),
        Effect::CompletePath { typed } => format!("complete path {typed}"),
        Effect::ReadCsrs { list, paths } => {
            let list = match list {
                ListId::Duplicates(order) => order.to_string(),
                ListId::Reissues => "reissues".to_owned(),
            };
            format!("read CSRs for {list}: {}", paths.join(" "))
        }
        Effect::LoadPriorCsrs { order } => format!("load CSRs sent for {order}"),
        Effect::Edit { text, what } => format!("edit {what}: {}", cut(text)),
        Effect::Plain { text } => format!("plain screen: {}", cut(text)),
        Effect::SaveDraft { key, json } => drafts.saved(key, json),
        Effect::SwapDrafts { one, other } => format!("swap drafts {one} {other}"),
        Effect::DropDraft { key } => {
            drafts.0.remove(key);
            format!("drop draft {key}")
        }
        Effect::KeepRefusal { key, refusal } => {
            let refusal = refusal.as_ref().map_or("none", |failure| &failure.what);
            format!("keep refusal of {key}: {refusal}")
        }
        Effect::Notify { text } => format!("notify: {text}"),
        Effect::Journal { op, entry } => format!(
            "journal {}: {}",
            op.0,
            match entry {
                Entry::Found(what) => found(*what),
                Entry::Verified(problems) => format!("checked, problems {problems:?}"),
                Entry::Dismissed => "dismissed".to_owned(),
            }
        ),
        Effect::LoadJournal => "load journal".into(),
        Effect::ShowSent { op, what } => format!("load what was sent as {}: {what}", op.0),
        Effect::Suspend => "suspend".into(),
        Effect::Redraw => "redraw".into(),
        Effect::Quit(code) => format!("quit {code}"),
    }
}

fn found(what: Found) -> String {
    match what {
        Found::Certificate(order, id) => format!("found certificate {id} of order {order}"),
        Found::Request(id) => format!("found request {id}"),
        Found::Rejected(id) => format!("found request {id} rejected"),
        Found::Order(id) => format!("found order {id}"),
        Found::Done => "found done".into(),
        Found::Overtaken => "found overtaken".into(),
        Found::NoCertificate => "found given up, no certificate".into(),
        Found::NotArrived => "found nothing".into(),
    }
}

/// What was there before a write, as far as there is something to say.
fn before(before: &Before) -> String {
    let list = |ids: Vec<String>| (!ids.is_empty()).then(|| ids.join(" "));
    let certificates = before.certificates.iter().map(ToString::to_string);
    let requests = before.requests.iter().map(ToString::to_string);
    let said = [
        ("certificates", list(certificates.collect())),
        ("requests", list(requests.collect())),
        (
            "notes",
            (before.notes > 0).then(|| before.notes.to_string()),
        ),
        ("token", before.token.clone()),
        ("name", before.name.clone()),
        ("account", before.account.clone()),
        ("first step", before.first_step.then(String::new)),
        ("so already", before.was_so.then(String::new)),
        ("age", before.age.map(|age| format!("{} s", age.as_secs()))),
    ];
    let said: Vec<String> = said
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name} {}", value?).trim_end().to_owned()))
        .collect();
    let known = if before.known {
        "before"
    } else {
        "before, not known"
    };
    format!(" [{known}: {}]", said.join(", "))
}

impl Drafts {
    fn saved(&mut self, key: &str, json: &str) -> String {
        let mut now = BTreeMap::new();
        leaves(
            "",
            &serde_json::from_str(json).unwrap_or_default(),
            &mut now,
        );
        let before = self
            .0
            .insert(key.to_owned(), now.clone())
            .unwrap_or_default();
        let new = now
            .iter()
            .filter(|(path, value)| before.get(*path) != Some(value))
            .map(|(path, value)| format!("{path} = {value}"));
        let gone = before
            .keys()
            .filter(|path| !now.contains_key(*path))
            .map(|path| format!("no {path}"));
        let differs: Vec<String> = new.chain(gone).collect();
        format!("save draft {key} {{{}}}", differs.join(", "))
    }
}

/// The leaves of a JSON text by their paths.
fn leaves(path: &str, value: &Value, found: &mut BTreeMap<String, String>) {
    let below = |name: &str| format!("{path}{}{name}", when(!path.is_empty(), "."));
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                leaves(&below(name), value, found);
            }
        }
        Value::Array(all) => {
            for (at, value) in all.iter().enumerate() {
                leaves(&below(&at.to_string()), value, found);
            }
        }
        Value::String(text) => {
            found.insert(path.to_owned(), cut(text));
        }
        other => {
            found.insert(path.to_owned(), other.to_string());
        }
    }
}

/// JSON in one line, with CSRs by their names.
fn json(text: &str) -> String {
    fn name_csrs(value: &mut Value) {
        match value {
            Value::Object(map) => map.values_mut().for_each(name_csrs),
            Value::Array(all) => all.iter_mut().for_each(name_csrs),
            Value::String(text) => *text = named(text),
            _ => {}
        }
    }
    let Ok(mut value) = serde_json::from_str(text) else {
        return text.to_owned();
    };
    name_csrs(&mut value);
    value.to_string()
}

/// A text in which a CSR is called by its name.
fn named(text: &str) -> String {
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    let all = bare(text);
    let middle = |csr: &str| bare(csr)[150..200].to_owned();
    let csr = CSRS.iter().find(|(_, csr)| all.contains(&middle(csr)));
    csr.map_or_else(|| text.to_owned(), |(name, _)| format!("<CSR {name}>"))
}

/// A text, so far as a line has room for it; of PEM only how many there are, for keys are made when the test runs.
pub fn cut(text: &str) -> String {
    let pems = text.matches("-----BEGIN CERTIFICATE-----").count();
    if pems > 0 {
        return format!("<{pems} certificates>");
    }
    let text = named(text).replace('\n', "⏎");
    match text.char_indices().nth(80) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

fn when(is: bool, words: &'static str) -> &'static str {
    if is { words } else { "" }
}
