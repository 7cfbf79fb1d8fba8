//! The demo's own sandbox.

use secrecy::SecretString;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::AbortHandle;

use super::connecting::unconnected;
use super::effects::Event;
use super::failure::failure;
use super::options::DemoOptions;
use crate::app::msg::Connection;
use crate::certcentral::{Client, ClientOptions};
use crate::domain::failure::Failure;
use crate::sandbox::{Sandbox, SandboxOptions};

/// Starts it: inside this process, on a port of its own, on loopback.
pub fn start(demo: DemoOptions, tx: UnboundedSender<Event>) -> AbortHandle {
    let task = tokio::spawn(async move {
        let options = SandboxOptions {
            orders: demo.orders,
            seed: demo.seed,
            faults: demo.faults,
            ..SandboxOptions::default()
        };
        let listen = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
        let sandbox = match Sandbox::start(listen, options).await {
            Ok(sandbox) => sandbox,
            Err(error) => {
                let why = Failure::local(error.to_string(), "");
                unconnected(&tx, "demo".into(), String::new(), why);
                return;
            }
        };
        let key = SecretString::from(sandbox.key().to_owned());
        // This sandbox keeps no rate windows, so there are none to keep.
        let unhurried = ClientOptions {
            windows: Vec::new(),
            ..ClientOptions::default()
        };
        match Client::with_options(&sandbox.url(), &key, unhurried) {
            Ok(client) => {
                let connection = Connection {
                    profile: "demo".into(),
                    account: sandbox.url(),
                    url: sandbox.url(),
                    sandbox: true,
                    key: Ok("the sandbox".into()),
                };
                let _ = tx.send(Event::Client { client, connection });
            }
            Err(error) => unconnected(&tx, "demo".into(), sandbox.url(), failure(&error)),
        }
        // The sandbox serves as long as this task lives.
        std::future::pending::<()>().await;
        drop(sandbox);
    });
    task.abort_handle()
}
