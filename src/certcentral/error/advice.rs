//! What the operator can do about each error, as one sentence.

use super::{ApiError, Phase, ProxyTrouble};
use crate::certcentral::address::is_this_machine;

impl ProxyTrouble {
    /// What the operator can do about it, as one sentence.
    pub fn advice(self) -> &'static str {
        match self {
            ProxyTrouble::Setting => {
                "Set it to an address such as http://proxy.example:3128 or socks5h://127.0.0.1:1080, or unset it."
            }
            ProxyTrouble::Away => {
                "Check that the proxy runs and that its address is right; NO_PROXY names hosts that need none."
            }
            ProxyTrouble::SignIn => {
                "Put user and password in front of the proxy's host, in the same variable: USER:PASSWORD@HOST:PORT, special characters as %XX."
            }
            ProxyTrouble::Refused => {
                "Ask whoever runs the proxy to allow the host, or name the host in NO_PROXY to go without."
            }
            ProxyTrouble::Silent => {
                "Check that the proxy can reach the host; NO_PROXY names hosts that need none."
            }
        }
    }
}

/// Seconds after which the limits that are documented have room again.
const LONG_WAIT: u64 = 180;

impl ApiError {
    /// What the operator can do about it, as one sentence.
    pub fn advice(&self) -> &'static str {
        match self {
            ApiError::BadUrl { .. } => {
                "Correct the address of the profile; https is needed for every host but this one."
            }
            ApiError::BadKey { .. } => "Set the key again: `certdeck key set`.",
            ApiError::Setup { .. } => {
                "Check that the system's list of trusted authorities is readable."
            }
            ApiError::NoNetwork { .. } => {
                "Check this machine's network, VPN or route, then try again."
            }
            ApiError::Dns { .. } => {
                "Check the address of the profile and this machine's name service. If only a proxy knows the name, set HTTPS_PROXY; socks5h:// looks it up there."
            }
            ApiError::Connect { host, .. } if is_this_machine(host) => {
                "Nothing answers at this address of your own machine: start what should (`certdeck sandbox --listen` says its address), or correct the address of the profile."
            }
            ApiError::Connect { .. } => {
                "Check that a firewall lets this machine out to the host. HTTPS_PROXY names a proxy; hosts in NO_PROXY go past it."
            }
            ApiError::Proxy { trouble, .. } => trouble.advice(),
            ApiError::Tls { .. } => {
                "Check this machine's clock. If a proxy opens TLS, or the server is your own, put its CA certificate (PEM) into a file and name that as `ca_file` in the profile."
            }
            ApiError::Timeout {
                phase: Phase::Connect,
                ..
            } => "Check the network and firewall, then try again.",
            ApiError::Timeout { .. } => "The service is slow or hangs; try again later.",
            ApiError::ConnectionLost { .. } | ApiError::Truncated { .. } => {
                "The line is unsteady; try again."
            }
            ApiError::TooLarge { .. } => {
                "Ask for less at once, or check that the address of the profile is the API."
            }
            ApiError::ProxyHtml { .. } => {
                "Something between here and the service answered: sign in to the proxy, or check the address of the profile."
            }
            ApiError::Redirected { to: None, .. } | ApiError::Redirected { status: 304, .. } => {
                "Check that the address of the profile is the API and that no proxy changes what it answers."
            }
            ApiError::Redirected { .. } => {
                "Set the address of the profile to the right region; the key is not sent along a redirect."
            }
            ApiError::InvalidKey { .. } => {
                "Check that the key is current and belongs to this region: European accounts use certcentral.digicert.eu."
            }
            ApiError::MissingPermission { .. } => {
                "Use a key of a user whose role allows it; the key may also be narrowed to viewing."
            }
            ApiError::NotFound { .. } => {
                "Check the number; things of another account or container look as if they were not there."
            }
            ApiError::RateLimited {
                retry_after: Some(wait),
                ..
            } if wait.as_secs() > LONG_WAIT => {
                "That is longer than its limits ask for: other programs with the same key, or a proxy, may be the reason. Try again then, or ask CertCentral's support."
            }
            ApiError::RateLimited { .. } => {
                "Wait some seconds up to three minutes; other programs with the same key count too."
            }
            ApiError::Http { status: 500.., .. } => {
                "The trouble is on the other side; try again in a while."
            }
            ApiError::Http { status: 407, .. } => {
                "A proxy wants a sign-in: put user and password into HTTPS_PROXY."
            }
            ApiError::Http { status: 403, .. } => {
                "The key's user may not do this; ask an administrator or an approver of the account."
            }
            ApiError::Http {
                status: 400..=499, ..
            } => "Correct what the server names, then send again.",
            ApiError::Http { .. } => {
                "Check that the address of the profile is the API and that no proxy changes what it answers."
            }
            ApiError::Unexpected { .. } => {
                "Check that the address of the profile is the API; if it is, the API may have changed."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_wait_beyond_the_limits_is_not_called_three_minutes() {
        let limited = |seconds: Option<u64>| ApiError::RateLimited {
            what: "listing orders".into(),
            errors: Vec::new(),
            retry_after: seconds.map(Duration::from_secs),
        };
        for short in [None, Some(1), Some(180)] {
            assert!(
                limited(short).advice().contains("three minutes"),
                "{short:?}"
            );
        }
        for long in [181, 86_400, u64::MAX] {
            let error = limited(Some(long));
            assert!(error.to_string().contains("asks to wait"), "{error}");
            assert!(!error.advice().contains("three minutes"), "{long}");
        }
    }

    #[test]
    fn only_what_points_somewhere_is_said_to() {
        let answered = |status, to: Option<&str>| ApiError::Redirected {
            what: "sending".into(),
            status,
            to: to.map(str::to_owned),
        };
        for status in [301, 302, 303, 307, 308] {
            let error = answered(status, Some("https://elsewhere.example"));
            assert!(error.to_string().contains("points elsewhere"), "{error}");
            assert!(error.advice().contains("region"), "{status}");
        }
        for status in [300, 304, 305, 399] {
            let error = answered(status, None);
            let words = error.to_string();
            assert!(words.contains(&format!("HTTP {status}")), "{words}");
            assert!(!words.contains("elsewhere"), "{words}");
            assert!(!error.advice().contains("region"), "{status}");
        }
    }
}
