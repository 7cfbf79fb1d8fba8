//! Which DNS servers would be asked; nothing is sent.

use std::net::SocketAddr;

use super::{Report, State};
use crate::config::Settings;
use crate::probe::{Probe, ProbeOptions, address_words};

/// Names the servers, where they come from, and whether checks start by themselves. Nothing else fails without them.
pub(super) fn report(report: &mut Report, settings: &Settings) {
    let probe = Probe::new(ProbeOptions {
        dns_servers: settings.dns_servers.clone(),
        ..ProbeOptions::default()
    });
    let (state, text) = line(settings, probe.servers());
    report.line(state, &text);
}

fn line(settings: &Settings, servers: Result<Vec<SocketAddr>, String>) -> (State, String) {
    let servers = match servers {
        Ok(servers) => servers,
        Err(why) => return (State::Note, format!("no DNS checks: {why}")),
    };
    let names: Vec<String> = servers.iter().map(address_words).collect();
    let from = if settings.dns_servers.is_empty() {
        "this machine's servers"
    } else {
        "from dns_servers in the settings"
    };
    let when = if settings.dns_checks {
        ""
    } else {
        "; off (dns_checks is false)"
    };
    let text = format!("DNS checks ask {} ({from}){when}", names.join(", "));
    (State::Ok, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_and_their_source_are_named() {
        let servers = || -> Vec<SocketAddr> { vec!["192.0.2.53:53".parse().unwrap()] };
        let mut settings = Settings::default();
        assert_eq!(
            line(&settings, Ok(servers())).1,
            "DNS checks ask 192.0.2.53 (this machine's servers)"
        );
        settings.dns_servers = servers();
        settings.dns_checks = false;
        assert_eq!(
            line(&settings, Ok(servers())).1,
            "DNS checks ask 192.0.2.53 (from dns_servers in the settings); off (dns_checks is false)"
        );
        let (state, text) = line(&settings, Err("there are none".into()));
        assert_eq!(
            (state, &*text),
            (State::Note, "no DNS checks: there are none")
        );
    }
}
