//! certdeck at the other end of a real SSH connection, to a server of the test's own on loopback.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use super::ports;
use super::support::pty::{Pty, Setup};
use super::tools::{Beside, processes, program, until};
use super::{assert_full_chain, copy_full_chain};

/// A server that lets one key in, as whoever runs the test.
struct Server {
    _daemon: Beside,
    folder: tempfile::TempDir,
    port: u16,
}

impl Server {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["host", "user"] {
            let made = Command::new(program("ssh-keygen"))
                .args(["-q", "-t", "ed25519", "-N", "", "-f"])
                .arg(at(name))
                .status()
                .unwrap();
            assert!(made.success());
        }
        std::fs::copy(at("user.pub"), at("authorized")).unwrap();
        // A server that is root's separates privileges into this folder, and has to find it.
        if rustix::process::geteuid().is_root() {
            std::fs::create_dir_all("/run/sshd").unwrap();
            std::fs::set_permissions("/run/sshd", PermissionsExt::from_mode(0o755)).unwrap();
        }
        let port = ports::free();
        let config = format!(
            "ListenAddress 127.0.0.1:{port}\nHostKey {}\nAuthorizedKeysFile {}\nPidFile none\n\
             StrictModes no\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin yes\nPrintMotd no\n",
            at("host").display(),
            at("authorized").display(),
        );
        std::fs::write(at("config"), config).unwrap();
        let daemon = Beside::start(
            Command::new(program("sshd"))
                .arg("-D")
                .arg("-f")
                .arg(at("config"))
                .stderr(Stdio::null()),
        );
        until("the server", || {
            std::net::TcpStream::connect(("127.0.0.1", port)).ok()
        });
        Self {
            _daemon: daemon,
            folder,
            port,
        }
    }

    /// certdeck with these arguments, in a terminal at this end of a connection.
    fn desk(&self, arguments: &[&str]) -> Pty {
        let key = self.folder.path().join("user");
        let port = self.port.to_string();
        let mut all = vec!["-t", "-q", "-F", "none", "-p", &port, "-i", path(&key)];
        for option in [
            "StrictHostKeyChecking=no",
            "UserKnownHostsFile=/dev/null",
            "BatchMode=yes",
            "IdentitiesOnly=yes",
        ] {
            all.extend(["-o", option]);
        }
        all.push("127.0.0.1");
        all.push(env!("CARGO_BIN_EXE_certdeck"));
        all.extend(arguments);
        Setup::program(program("ssh"), &all).start()
    }
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn what_is_copied_reaches_the_terminal_at_this_end() {
    let server = Server::start();
    let mut desk = server.desk(&["demo"]);
    copy_full_chain(&mut desk);
    assert_full_chain(&desk.wait_clipboard());
    desk.wait_for("to your terminal");
    desk.send("q");
    desk.wait_exit();
    desk.assert_restored();
}

#[test]
fn a_connection_that_is_lost_leaves_nothing_behind() {
    let server = Server::start();
    // A number that no other has, to know the process by.
    let seed = format!("7192{}", std::process::id());
    let mut desk = server.desk(&["demo", "--seed", &seed]);
    desk.wait_for("COVERAGE");
    let there = || processes(&["demo", "--seed", &seed]);
    // The connection's own process names the same words.
    assert_eq!(there(), 2);
    desk.signal(rustix::process::Signal::KILL);
    until("the end of the program", || (there() == 0).then_some(()));
}
