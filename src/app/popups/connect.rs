//! Region and key: asked for at the first start, after a refused key, and when the operator wants another account.

use super::Popup;
use crate::app::cx::Cx;
use crate::app::effect::Effect;
use crate::app::field::{FieldKind, TextField};
use crate::app::fields::{FieldSet, Input};
use crate::app::msg::Connection;
use crate::app::secret::Secret;
use crate::app::status::Tone;
use crate::app::turn::Outcome;
use crate::config::KeyPlace;
use crate::keys::{Action, Place};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectField {
    Region,
    /// Address, where the region has none.
    Url,
    Key,
    /// Where the key is kept.
    Keep,
}

impl ConnectField {
    /// All of them, in their order in the question.
    pub const ALL: [Self; 4] = [Self::Region, Self::Url, Self::Key, Self::Keep];

    /// What it is called.
    pub fn label(self) -> &'static str {
        match self {
            Self::Region => "Region",
            Self::Url => "URL",
            Self::Key => "API key",
            Self::Keep => "Keep key",
        }
    }
}

/// Region and key.
#[derive(Debug, PartialEq)]
pub struct ConnectForm {
    /// What is asked for.
    pub fields: FieldSet<ConnectField>,
    /// Where the key can be kept here; `None` until that is known.
    pub places: Option<Vec<KeyPlace>>,
    /// Whether what was typed is being tried.
    pub trying: bool,
    /// Why it is asked.
    pub why: String,
}

/// Regions and their base URLs (documentation of the Services API, *base URLs*).
pub const REGIONS: &[(&str, &str)] = &[
    (
        "US: www.digicert.com",
        "https://www.digicert.com/services/v2",
    ),
    (
        "Europe: certcentral.digicert.eu",
        "https://certcentral.digicert.eu/services/v2",
    ),
    ("another URL", ""),
];

impl ConnectForm {
    /// Asks, and says why. `typed` is the region's URL and the address that were typed before; else they are those of
    /// the connection.
    pub(in crate::app) fn ask(
        why: String,
        typed: Option<(String, String)>,
        connection: Option<&Connection>,
    ) -> Self {
        let url = connection.map_or_else(String::new, |known| known.url.clone());
        // A region has its address; the field is for another one and starts empty.
        let is_region = REGIONS.iter().any(|(_, known)| *known == url);
        let own = String::new();
        let known = if is_region { (url, own) } else { (own, url) };
        let (region, url) = typed.unwrap_or(known);
        let regions = REGIONS
            .iter()
            .map(|(name, url)| ((*url).into(), (*name).into()));
        let url = TextField::with(FieldKind::Line, &url);
        let key = TextField::new(FieldKind::Masked);
        let fields = [
            (ConnectField::Region, Input::choice(regions, &region)),
            (ConnectField::Url, Input::Text(url)),
            (ConnectField::Key, Input::Text(key)),
            (ConnectField::Keep, places_of(None, None)),
        ];
        Self {
            fields: FieldSet::new(fields, ConnectField::Key),
            places: None,
            trying: false,
            why,
        }
    }

    /// What was typed was not taken: it stays, to be put right.
    pub(in crate::app) fn refused(&mut self, why: String) {
        self.trying = false;
        self.fields.error = Some(why);
    }

    /// The place where the key is to be kept.
    pub fn place(&self) -> Option<&KeyPlace> {
        let place = self.fields.value(ConnectField::Keep);
        let mut places = self.places.iter().flatten();
        places.find(|known| known.words() == place)
    }

    /// Takes where the key can be kept. The key store is the choice unless another is made; nothing else keeps a key
    /// without being chosen.
    pub fn found(&mut self, places: Vec<KeyPlace>, kept: Option<&KeyPlace>) {
        if let Some(field) = self.fields.get_mut(ConnectField::Keep) {
            field.input = places_of(Some(&places), kept);
        }
        self.places = Some(places);
    }

    /// The base URL that is chosen.
    pub fn base_url(&self) -> String {
        let region = self.fields.value(ConnectField::Region);
        if region.is_empty() {
            let url = self.fields.value(ConnectField::Url);
            return url.trim().trim_end_matches('/').to_owned();
        }
        region
    }
}

/// The places where a key can be kept, by their words, and nowhere at the end.
fn places_of(places: Option<&[KeyPlace]>, kept: Option<&KeyPlace>) -> Input {
    let Some(places) = places else {
        return Input::choice([(String::new(), "looking for places…".into())], "");
    };
    let named = places.iter().map(|place| match place {
        KeyPlace::File(_) => (place.words(), "a file only you can read".into()),
        other => (other.words(), other.words()),
    });
    let usual = kept.unwrap_or(&KeyPlace::Store).words();
    let nowhere = (String::new(), "not at all".into());
    let is_there = places.iter().any(|place| place.words() == usual);
    Input::choice(named.chain([nowhere]), if is_there { &usual } else { "" })
}

/// Keys while they are asked for.
pub(super) fn act(popups: &mut Vec<Popup>, action: Action, cx: &mut Cx<'_>) {
    let Some(Popup::Connect(form)) = popups.last_mut() else {
        return;
    };
    match action {
        Action::NextField => form.step(1),
        Action::PreviousField => form.step(-1),
        Action::Open => cx.turn.extend(form.connect()),
        Action::Back => {
            let trying = form.trying;
            let typed = Outcome::LeftConnecting(
                form.fields.value(ConnectField::Region),
                form.fields.value(ConnectField::Url),
            );
            cx.turn.ask(typed);
            popups.pop();
            let connection = cx.engine.account.connection.as_ref();
            if connection.is_none_or(|known| known.key.is_err()) {
                let key = cx.keys.key_of(&[Place::Everywhere], Action::Connect);
                let key = key.map_or_else(
                    || ": connect".to_owned(),
                    |key| format!("{key}, or : connect,"),
                );
                let words = format!("Not connected; press {key} to try again.");
                cx.turn.set_status(Tone::Info, words);
            }
            cx.turn.extend(trying.then_some(Effect::StopConnecting));
        }
        _ => {}
    }
}

impl ConnectForm {
    fn step(&mut self, by: isize) {
        let is_other = self.fields.value(ConnectField::Region).is_empty();
        let mut stops = ConnectField::ALL.to_vec();
        stops.retain(|field| is_other || *field != ConnectField::Url);
        self.fields.step(&stops, by);
    }

    fn connect(&mut self) -> Option<Effect> {
        if self.trying {
            return None;
        }
        let url = self.base_url();
        let key = self.fields.value(ConnectField::Key).trim().to_string();
        let problem = if url.is_empty() {
            Some("Enter the URL, for example https://www.digicert.com/services/v2")
        } else if key.is_empty() {
            Some("Enter the API key. CertCentral shows it once, under Automation > API Keys.")
        } else if key.contains(char::is_whitespace) || !key.is_ascii() {
            Some("This is not an API key: it contains spaces or other characters that no key has.")
        } else {
            None
        };
        if let Some(problem) = problem {
            self.fields.error = Some(problem.into());
            return None;
        }
        // The key stays in its field: a wrong region is put right without it.
        self.trying = true;
        self.fields.error = None;
        Some(Effect::Connect {
            url,
            key: Secret::new(key),
            keep: self.place().cloned(),
        })
    }
}
