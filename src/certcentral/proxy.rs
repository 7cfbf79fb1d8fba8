//! The proxy between here and the account: which one the environment names, and what it did when no connection stood.
//!
//! The variables are read here and not by the HTTP library, which passes over one that it cannot use without a word:
//! whoever set it would be told that the account cannot be reached.

use std::error::Error;
use std::fmt;

use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use reqwest::Url;

use super::address::is_loopback;
use super::error::ProxyTrouble;
use super::proxy_door::Door;

/// A variable that is set, and its value, which may hold a password.
#[derive(Clone, PartialEq, Eq)]
pub struct Named {
    pub variable: &'static str,
    pub value: String,
}

/// Tells the variable and not what it says.
impl fmt::Debug for Named {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.variable)
    }
}

/// What the environment says about proxies, by the names that curl knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProxyEnv {
    /// `HTTPS_PROXY`, or else `ALL_PROXY`, in either case.
    pub proxy: Option<Named>,
    /// `NO_PROXY`: hosts that are reached without.
    pub except: Option<Named>,
    /// `HTTP_PROXY`, which is for plain http and therefore for nothing that certdeck does.
    pub plain: Option<Named>,
}

impl ProxyEnv {
    /// What the environment of this process says.
    pub fn of_process() -> Self {
        let first = |names: &[&'static str]| {
            names.iter().find_map(|variable| {
                let value = std::env::var(variable).ok()?.trim().to_owned();
                (!value.is_empty()).then_some(Named { variable, value })
            })
        };
        Self {
            proxy: first(&["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]),
            except: first(&["NO_PROXY", "no_proxy"]),
            plain: first(&["HTTP_PROXY", "http_proxy"]),
        }
    }

    /// The way to the account behind an address, in words; whether it can be gone.
    pub fn told(&self, address: &str) -> Result<String, String> {
        let Ok(base) = Url::parse(address) else {
            return Ok("no proxy".to_owned());
        };
        match self.way(&base) {
            Way::Straight(None) => Ok("no proxy".to_owned()),
            Way::Straight(Some(why)) => Ok(format!("no proxy: {why}")),
            Way::Through { name, .. } => Ok(format!("through the proxy {name}")),
            Way::Unusable(variable) => Err(format!(
                "{variable} contains no URL of a proxy. {}",
                ProxyTrouble::Setting.advice()
            )),
        }
    }

    /// The way to an account.
    pub fn way(&self, base: &Url) -> Way {
        // The key must not go to a proxy in plain text, and a proxy cannot reach this machine's loopback anyway.
        if is_loopback(base) {
            return Way::Straight(None);
        }
        let host = base.host_str().unwrap_or_default();
        let Some(named) = &self.proxy else {
            let plain = self.plain.as_ref().map(|plain| {
                format!(
                    "{} is set, but https uses HTTPS_PROXY or ALL_PROXY",
                    plain.variable
                )
            });
            return Way::Straight(plain);
        };
        let except = self.except.as_ref();
        let excepted = except.is_some_and(|except| {
            // With a proxy that can be used whatever the real one is, so that only the exception decides.
            let matcher = Matcher::builder()
                .all("http://proxy.invalid:1")
                .no(except.value.clone())
                .build();
            matched(&matcher, base).is_none()
        });
        if let Some(except) = except.filter(|_| excepted) {
            return Way::Straight(Some(format!(
                "{} is not used, since {} names {host}",
                named.variable, except.variable
            )));
        }
        let matcher = Matcher::builder().all(named.value.clone()).build();
        let usable = matched(&matcher, base)
            .and_then(|found| Some((found, reqwest::Proxy::all(&named.value).ok()?)));
        match usable {
            Some((found, proxy)) => Way::Through {
                name: format!("{} ({})", shown(&found), named.variable),
                proxy: Box::new(proxy),
                door: Door::of(&found),
            },
            None => Way::Unusable(named.variable),
        }
    }
}

/// Where a matcher leads.
fn matched(matcher: &Matcher, base: &Url) -> Option<Intercept> {
    matcher.intercept(&base.as_str().parse().ok()?)
}

/// The address of a proxy, without user and password.
fn shown(found: &Intercept) -> String {
    found.uri().to_string().trim_end_matches('/').to_owned()
}

/// The way to an account.
#[derive(Debug, Clone)]
pub enum Way {
    /// Straight; why a proxy that the environment names is not used, where there is one.
    Straight(Option<String>),
    Through {
        /// Address and variable, for people.
        name: String,
        /// The proxy, with user and password.
        proxy: Box<reqwest::Proxy>,
        /// Where it is asked again for what it said.
        door: Door,
    },
    /// This variable names something that is no proxy.
    Unusable(&'static str),
}

/// What is said of a proxy that refuses, as long as nothing more is known.
const REFUSED: &str = "refused to open a connection";

/// What a proxy did, where it is to blame that no connection stands. Both libraries below give their errors no public
/// type, only words.
pub(super) fn trouble(error: &(dyn Error + 'static)) -> Option<(ProxyTrouble, String)> {
    let mut at = Some(error);
    while let Some(error) = at {
        let words = error.to_string();
        if let Some(tunnel) = words.strip_prefix("tunnel error: ") {
            return Some(match tunnel {
                "proxy authorization required" => (
                    ProxyTrouble::SignIn,
                    "requires a sign-in (HTTP 407)".to_owned(),
                ),
                "failed to create underlying connection" => (ProxyTrouble::Away, away(error)),
                "unsuccessful" => (ProxyTrouble::Refused, REFUSED.to_owned()),
                _ => (
                    ProxyTrouble::Refused,
                    "closed the connection instead of opening one".to_owned(),
                ),
            });
        }
        if let Some(socks) = words.strip_prefix("SOCKS error: ") {
            let sign_in = ["credentials", "authentication"];
            return Some(match socks {
                "failed to create underlying connection" => {
                    (ProxyTrouble::Away, "could not be reached".to_owned())
                }
                words if sign_in.iter().any(|part| words.contains(part)) => {
                    (ProxyTrouble::SignIn, format!("requires a sign-in: {words}"))
                }
                words => (
                    ProxyTrouble::Refused,
                    format!("did not open a connection: {words}"),
                ),
            });
        }
        at = error.source();
    }
    None
}

/// Why a proxy cannot be reached, by what lies deepest.
fn away(error: &(dyn Error + 'static)) -> String {
    match error.source() {
        Some(why) => format!("could not be reached: {}", super::transport::innermost(why)),
        None => "could not be reached".to_owned(),
    }
}
