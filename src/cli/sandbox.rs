//! `certdeck sandbox`: a CertCentral of our own as a server, until it is told to end.
//!
//! Standard output is for programs: one line, when it is ready. Standard error is for people.

use std::process::ExitCode;

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::args;
use super::error::CliError;
use super::print;
use crate::sandbox::{Sandbox, SandboxOptions};

/// Serves until SIGINT, SIGTERM or SIGHUP, then writes its state and ends.
pub(super) fn run(arguments: args::Sandbox) -> Result<ExitCode, CliError> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(CliError::Runtime)?
        .block_on(serve(arguments))
}

async fn serve(arguments: args::Sandbox) -> Result<ExitCode, CliError> {
    // Before it is ready: whoever reads the line may send a signal at once.
    let mut end = End::new().map_err(CliError::Runtime)?;
    let key_given = arguments.key.is_some();
    let options = SandboxOptions {
        orders: arguments.orders,
        seed: arguments.seed,
        key: arguments.key,
        faults: arguments.faults,
        state_file: arguments.state,
        limits: !arguments.no_limits,
        gzip: !arguments.no_gzip,
        ica_selection: arguments
            .ica_selection
            .map(|switch| switch == args::Switch::On),
        provisioning: arguments.provisioning,
        ..SandboxOptions::default()
    };
    let sandbox = Sandbox::start(arguments.listen, options).await?;
    if !arguments.listen.ip().is_loopback() {
        let port = arguments.listen.port();
        print::err(&format!(
            "certdeck: this sandbox is open to the network: anyone who reaches {} and has the key can use it, over \
             plain http. --listen 127.0.0.1:{port} keeps it on this machine.",
            arguments.listen.ip()
        ));
    }
    for line in hints(&sandbox.url(), sandbox.key(), key_given) {
        print::err(&line);
    }
    print::out(&format!("listening on {}", sandbox.url()));
    end.wait().await;
    sandbox.stop().await?;
    Ok(ExitCode::SUCCESS)
}

/// What a person does next.
fn hints(url: &str, key: &str, key_given: bool) -> Vec<String> {
    // Every address of this machine is none that one can call.
    let url = url
        .replace("//0.0.0.0:", "//127.0.0.1:")
        .replace("//[::]:", "//[::1]:");
    let how = if key_given {
        ""
    } else {
        " (generated; --key KEY sets it)"
    };
    vec![
        format!("API key: {key}{how}"),
        format!("try:     curl -H 'X-DC-DEVKEY: {key}' {url}/user/me"),
        format!("open:    CERTDECK_URL={url} CERTDECK_API_KEY={key} certdeck"),
        "Press Ctrl-C to stop it.".to_owned(),
    ]
}

/// The signals that end a server.
struct End {
    interrupt: Signal,
    terminate: Signal,
    hang_up: Signal,
}

impl End {
    fn new() -> std::io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            _ = self.hang_up.recv() => {}
        }
    }
}
