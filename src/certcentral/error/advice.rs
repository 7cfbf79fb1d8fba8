//! What the operator can do about each error, as one sentence.

use super::{ApiError, Phase, ProxyTrouble};
use crate::certcentral::address::is_this_machine;

impl ProxyTrouble {
    /// What the operator can do about it, as one sentence.
    pub fn advice(self) -> &'static str {
        match self {
            ProxyTrouble::Setting => {
                "Set it to a URL such as http://proxy.example:3128 or socks5h://127.0.0.1:1080, or unset it."
            }
            ProxyTrouble::Away => {
                "Check that the proxy is running and that its URL is right; NO_PROXY lists hosts that need none."
            }
            ProxyTrouble::SignIn => {
                "Put user and password in front of the proxy's host, in the same variable: USER:PASSWORD@HOST:PORT, \
                    with special characters as %XX."
            }
            ProxyTrouble::Refused => {
                "Ask the proxy's operator to allow the host, or add the host to NO_PROXY to bypass it."
            }
            ProxyTrouble::Silent => {
                "Check that the proxy can reach the host; NO_PROXY lists hosts that need none."
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
                "Correct the profile's URL; https is required for every host except this machine."
            }
            ApiError::BadKey { .. } => "Set the key again: `certdeck key set`.",
            ApiError::Setup { .. } => "Check that the system's list of trusted CAs is readable.",
            ApiError::NoNetwork { .. } => {
                "Check this machine's network, VPN, or route, then try again."
            }
            ApiError::Dns { .. } => {
                "Check the profile's URL and this machine's DNS. If only a proxy can resolve the name, set \
                    HTTPS_PROXY; socks5h:// resolves it there."
            }
            ApiError::Connect { host, .. } if is_this_machine(host) => {
                "Nothing responds at this URL of your own machine: start what should (`certdeck sandbox --listen` \
                    sets its address), or correct the profile's URL."
            }
            ApiError::Connect { .. } => {
                "Check that a firewall lets this machine reach the host. HTTPS_PROXY sets a proxy; hosts in NO_PROXY \
                    bypass it."
            }
            ApiError::Proxy { trouble, .. } => trouble.advice(),
            ApiError::Tls { .. } => {
                "Check this machine's clock. If a proxy inspects TLS, or the server is your own, put its CA \
                    certificate (PEM) into a file and set that as `ca_file` in the profile."
            }
            ApiError::Timeout {
                phase: Phase::Connect,
                ..
            } => "Check the network and firewall, then try again.",
            ApiError::Timeout { .. } => "The service is slow or not responding. Try again later.",
            ApiError::ConnectionLost { .. } | ApiError::Truncated { .. } => {
                "The connection is unstable. Try again."
            }
            ApiError::TooLarge { .. } => {
                "Request less at once, or check that the profile's URL is the API."
            }
            ApiError::ProxyHtml { .. } => {
                "Something between certdeck and CertCentral responded. Sign in to the proxy, or check the profile's \
                    URL."
            }
            ApiError::Redirected { to: None, .. } | ApiError::Redirected { status: 304, .. } => {
                "Check that the profile's URL is the API and that no proxy changes its responses."
            }
            ApiError::Redirected { .. } => {
                "Set the profile's URL to the right region; certdeck does not send the key along a redirect."
            }
            ApiError::InvalidKey { .. } => {
                "Check that the key is current and belongs to this region: European accounts use certcentral.digicert.eu."
            }
            ApiError::MissingPermission { .. } => {
                "Use a key whose user has a role that allows this. The key may also be restricted to View Only."
            }
            ApiError::NotFound { .. } => {
                "Check the number. Items in another account or division appear not to exist."
            }
            ApiError::RateLimited {
                retry_after: Some(wait),
                ..
            } if wait.as_secs() > LONG_WAIT => {
                "That is longer than its limits require: other programs with the same key, or a proxy, may be the \
                    reason. Try again then, or ask CertCentral's support."
            }
            ApiError::RateLimited { .. } => {
                "Wait a few seconds, at most three minutes. Other programs that use the same key count too."
            }
            ApiError::Http { status: 500.., .. } => {
                "The problem is on the server side. Try again later."
            }
            ApiError::Http { status: 407, .. } => {
                "A proxy requires a sign-in: put user and password into HTTPS_PROXY."
            }
            ApiError::Http { status: 403, .. } => {
                "The key's user is not allowed to do this. Ask an administrator or an approver of the account."
            }
            ApiError::Http {
                status: 400..=499, ..
            } => "Correct what the server reports, then send again.",
            ApiError::Http { .. } => {
                "Check that the profile's URL is the API and that no proxy changes its responses."
            }
            ApiError::Unexpected { .. } => {
                "Check that the profile's URL is the API; if it is, the API may have changed."
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
            assert!(
                error.to_string().contains("redirected elsewhere"),
                "{error}"
            );
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
