//! Looks at what is outside the account, a few at a time: each asks several servers.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::sync::mpsc::UnboundedSender;

use super::effects::{Event, say};
use crate::app::msg::Msg;
use crate::config::Settings;
use crate::domain::dcv::Placement;
use crate::domain::endpoint::Target;
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

    /// Looks what stands at a place.
    pub(super) fn look_at(&self, place: Placement, tx: &UnboundedSender<Event>) {
        let (outside, tx) = (self.clone(), tx.clone());
        tokio::spawn(async move {
            let _turn = outside.turns.acquire().await;
            let sightings = outside.probe.sightings(&place).await;
            say(&tx, Msg::Seen { place, sightings });
        });
    }

    /// Looks up what CAA says of a name.
    pub(super) fn look_up_caa(&self, name: String, tx: &UnboundedSender<Event>) {
        let (outside, tx) = (self.clone(), tx.clone());
        tokio::spawn(async move {
            let _turn = outside.turns.acquire().await;
            let looked = outside.probe.caa(&name).await;
            say(&tx, Msg::Caa { name, looked });
        });
    }

    /// Looks which certificate is served. How many of these go on at once is the desk's own business.
    pub(super) fn look_served(&self, target: Target, tx: &UnboundedSender<Event>) {
        let (outside, tx) = (self.clone(), tx.clone());
        tokio::spawn(async move {
            let served = outside.probe.served(&target).await;
            say(&tx, Msg::Served { target, served });
        });
    }
}
