//! Looks at what is outside the account, a few at a time: each asks several servers.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::config::Settings;
use crate::domain::caa::CaaSet;
use crate::domain::dcv::Placement;
use crate::domain::sighting::Sighting;
use crate::probe::{Probe, ProbeOptions};

/// Looks at the same time.
const AT_ONCE: usize = 8;

/// Looks at what is outside the account.
#[derive(Debug, Clone)]
pub(super) struct Outside {
    probe: Probe,
    turns: Arc<Semaphore>,
}

impl Outside {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            probe: Probe::new(ProbeOptions {
                dns_servers: settings.dns_servers.clone(),
                ..ProbeOptions::default()
            }),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// What stands at a place.
    pub(super) async fn sightings(&self, place: &Placement) -> Vec<Sighting> {
        let _turn = self.turns.acquire().await;
        self.probe.sightings(place).await
    }

    /// What CAA says of a name.
    pub(super) async fn caa(&self, name: &str) -> Result<Option<CaaSet>, String> {
        let _turn = self.turns.acquire().await;
        self.probe.caa(name).await
    }
}
