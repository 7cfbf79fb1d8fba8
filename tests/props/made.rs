//! What all cases share: making keys is most of what a case would take by itself.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Mutex;

use certdeck::sandbox::SandboxOptions;
use certdeck::sandbox::model::Approval;
use tempfile::TempDir;

use crate::account::{Pick, Server, is_good, pick};
use crate::desk::Desk;
use crate::openssl::{Kind, request};

/// Orders that are worked on.
pub const ORDERS: usize = 4;

/// Orders in the account, so that so many are good to work on.
const ALL_ORDERS: usize = 32;

/// An account from which each case has its own, CSRs, and another account, on which nobody wants anything.
pub struct Made {
    /// In memory where the system has a place there.
    folder: TempDir,
    /// The orders that are worked on.
    pub orders: Vec<Pick>,
    /// CSRs for the names of each order. A case uses each once.
    csrs: Mutex<HashMap<(u64, usize), String>>,
    /// The other account.
    pub other: Server,
}

impl Made {
    /// Makes them.
    pub fn new() -> Self {
        let folder = in_memory();
        let options = SandboxOptions {
            orders: ALL_ORDERS,
            state_file: Some(folder.path().join("account")),
            ..SandboxOptions::default()
        };
        let server = Server::with(options);
        let now = server.sandbox().now();
        let orders: Vec<Pick> = server.sandbox().with_account(|account| {
            let all = account.orders().iter();
            let good = all.filter(|order| is_good(account, order, Approval::Off, now));
            good.take(ORDERS).map(pick).collect()
        });
        assert_eq!(orders.len(), ORDERS);
        // What is made when it is first read is made here.
        let mut desk = Desk::open(&server);
        for order in &orders {
            desk.open_order(order.id);
            desk.home();
        }
        drop(desk);
        server.stop();
        Self {
            folder,
            orders,
            csrs: Mutex::default(),
            other: Server::with(SandboxOptions {
                orders: 3,
                seed: 2,
                ..SandboxOptions::default()
            }),
        }
    }

    /// The account as it was at the beginning.
    pub fn account(&self, folder: &Path) -> Server {
        let kept = folder.join("account");
        std::fs::copy(self.folder.path().join("account"), &kept).unwrap();
        Server::with(SandboxOptions {
            state_file: Some(kept),
            ..SandboxOptions::default()
        })
    }

    /// A CSR that nobody else in this case has.
    pub fn csr(&self, order: &Pick, number: usize) -> String {
        let mut csrs = self.csrs.lock().unwrap();
        let csr = csrs.entry((order.id, number));
        csr.or_insert_with(|| request(Kind::Ec, &order.names).csr)
            .clone()
    }
}

/// A folder whose files need no disk, where the system has a place for such.
pub fn in_memory() -> TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}
