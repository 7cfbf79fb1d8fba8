//! Region and key: asked for at the first start, after a refused key, and when the operator wants another account.

use super::Popup;
use crate::app::cx::Cx;
use crate::app::effect::Effect;
use crate::app::field::{FieldKind, TextField};
use crate::app::fields;
use crate::app::msg::Connection;
use crate::app::secret::Secret;
use crate::app::status::Tone;
use crate::app::turn::Outcome;
use crate::config::KeyPlace;
use crate::keys::{Action, Place};

/// Region and key.
#[derive(Debug, PartialEq)]
pub struct ConnectForm {
    /// Region: index into [`REGIONS`].
    pub region: usize,
    /// Address, when the region is *other*.
    pub url: TextField,
    pub key: TextField,
    /// Where the key can be kept here; `None` until that is known.
    pub places: Option<Vec<KeyPlace>>,
    /// Where it is to be kept: index into `places`, or behind its end for nowhere.
    pub keep: usize,
    /// Which field has the focus: 0 region, 1 address, 2 key, 3 where it is kept.
    pub focus: usize,
    /// Whether what was typed is being tried.
    pub trying: bool,
    /// Why it is asked.
    pub why: String,
    /// What was wrong with the last answer.
    pub error: Option<String>,
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
    /// Asks, and says why. `typed` is the region and the address that were typed before; else they are those of the
    /// connection.
    pub(in crate::app) fn ask(
        why: String,
        typed: Option<(usize, String)>,
        connection: Option<&Connection>,
    ) -> Self {
        let url = connection.map_or_else(String::new, |known| known.url.clone());
        let known = REGIONS.iter().position(|(_, known)| *known == url);
        let region = known.unwrap_or(if url.is_empty() { 0 } else { REGIONS.len() - 1 });
        // A region has its address; the field is for another one and starts empty.
        let own = if known.is_some() { String::new() } else { url };
        let (region, url) = typed.unwrap_or((region, own));
        let mut key = TextField::new(FieldKind::Masked);
        key.set_focus(true);
        Self {
            region,
            url: TextField::with(FieldKind::Line, &url),
            key,
            places: None,
            keep: 0,
            focus: 2,
            trying: false,
            why,
            error: None,
        }
    }

    /// What was typed was not taken: it stays, to be put right.
    pub(in crate::app) fn refused(&mut self, why: String) {
        self.trying = false;
        self.error = Some(why);
    }

    /// The place where the key is to be kept.
    pub fn place(&self) -> Option<&KeyPlace> {
        self.places.as_ref()?.get(self.keep)
    }

    /// Takes where the key can be kept. The key store is the choice unless another is made; nothing else keeps a key
    /// without being chosen.
    pub fn found(&mut self, places: Vec<KeyPlace>, kept: Option<&KeyPlace>) {
        let usual = kept.unwrap_or(&KeyPlace::Store);
        let at = places.iter().position(|place| place == usual);
        self.keep = at.unwrap_or(places.len());
        self.places = Some(places);
    }

    /// The next choice of the field that offers some, or the one before.
    pub fn choose(&mut self, by: isize) {
        match (self.focus, &self.places) {
            (0, _) => self.region = fields::further(self.region, by, REGIONS.len()),
            (3, Some(places)) => self.keep = fields::further(self.keep, by, places.len() + 1),
            _ => {}
        }
    }

    pub(super) fn field_mut(&mut self) -> Option<&mut TextField> {
        match self.focus {
            1 => Some(&mut self.url),
            2 => Some(&mut self.key),
            _ => None,
        }
    }

    /// The base URL that is chosen.
    pub fn base_url(&self) -> String {
        match REGIONS.get(self.region) {
            Some((_, url)) if !url.is_empty() => (*url).to_string(),
            _ => self.url.text().trim().trim_end_matches('/').to_string(),
        }
    }
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
            let typed = Outcome::LeftConnecting(form.region, form.url.text());
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
        let region = REGIONS.get(self.region);
        let other = region.is_none_or(|(_, url)| url.is_empty());
        let stops: &[usize] = if other { &[0, 1, 2, 3] } else { &[0, 2, 3] };
        self.focus = fields::after(stops, self.focus, by);
        self.url.set_focus(self.focus == 1);
        self.key.set_focus(self.focus == 2);
    }

    fn connect(&mut self) -> Option<Effect> {
        if self.trying {
            return None;
        }
        let url = self.base_url();
        let key = self.key.text().trim().to_string();
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
            self.error = Some(problem.into());
            return None;
        }
        // The key stays in its field: a wrong region is put right without it.
        self.trying = true;
        self.error = None;
        Some(Effect::Connect {
            url,
            key: Secret::new(key),
            keep: self.place().cloned(),
        })
    }
}
