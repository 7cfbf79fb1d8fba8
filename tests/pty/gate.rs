//! A way to the account that can be closed: what a program sends, or what comes back for it, is held until the test
//! lets it go or drops it. Reads always pass.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// What happens to writes.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Rule {
    #[default]
    Pass,
    HoldRequests,
    HoldAnswers,
    Drop,
}

#[derive(Debug, Default)]
struct State {
    rule: Rule,
    /// Something is held.
    holding: bool,
    /// A program has read the whole answer to a write and hung up.
    taken: bool,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits as long as this rule holds. Whether to go on then.
    fn pass(&self, held: Rule) -> bool {
        let mut state = self.state();
        while state.rule == held {
            state.holding = true;
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        state.rule != Rule::Drop
    }
}

/// The way, as long as it lives; its threads end with the test.
pub struct Gate {
    url: String,
    shared: Arc<Shared>,
}

impl Gate {
    /// A way to the account at this URL, open.
    pub fn before(url: &str) -> Self {
        let rest = url.strip_prefix("http://").expect("a plain URL");
        let (account, path) = rest.split_once('/').expect("a path");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let here = listener.local_addr().expect("its number");
        let shared = Arc::new(Shared::default());
        let gate = Self {
            url: format!("http://{here}/{path}"),
            shared: Arc::clone(&shared),
        };
        let account = account.to_owned();
        thread::spawn(move || {
            for program in listener.incoming().flatten() {
                let (account, shared) = (account.clone(), Arc::clone(&shared));
                // A connection that breaks is the program's to notice.
                thread::spawn(move || forward(program, &account, &shared));
            }
        });
        gate
    }

    /// The URL of the account through this way.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// From now on no write reaches the account.
    pub fn hold_requests(&self) {
        self.rule(Rule::HoldRequests);
    }

    /// From now on no answer to a write comes back.
    pub fn hold_answers(&self) {
        self.rule(Rule::HoldAnswers);
    }

    /// Lets go what is held, and all that follows.
    pub fn open(&self) {
        self.rule(Rule::Pass);
    }

    /// Drops what is held for good; what follows passes.
    pub fn drop_held(&self) {
        self.rule(Rule::Drop);
    }

    /// Whether something is held.
    pub fn is_holding(&self) -> bool {
        self.shared.state().holding
    }

    /// Whether an answer to a write was read to its end.
    pub fn was_taken(&self) -> bool {
        self.shared.state().taken
    }

    fn rule(&self, rule: Rule) {
        self.shared.state().rule = rule;
        self.shared.changed.notify_all();
    }
}

fn forward(mut program: TcpStream, account: &str, shared: &Arc<Shared>) -> Option<()> {
    let mut first = vec![0; 64 * 1024];
    let read = program.read(&mut first).ok()?;
    let writes = !first.starts_with(b"GET ");
    if writes && shared.state().rule == Rule::HoldRequests && !shared.pass(Rule::HoldRequests) {
        return None;
    }
    let mut server = TcpStream::connect(account).ok()?;
    server.write_all(&first[..read]).ok()?;
    let (mut from, mut to) = (program.try_clone().ok()?, server.try_clone().ok()?);
    let seen = Arc::clone(shared);
    thread::spawn(move || {
        let _ = std::io::copy(&mut from, &mut to);
        if writes {
            seen.state().taken = true;
        }
        let _ = to.shutdown(Shutdown::Both);
    });
    let mut answer = vec![0; 64 * 1024];
    loop {
        let read = server.read(&mut answer).ok()?;
        let held = writes && shared.state().rule == Rule::HoldAnswers;
        if read == 0 || (held && !shared.pass(Rule::HoldAnswers)) {
            let _ = program.shutdown(Shutdown::Both);
            return None;
        }
        program.write_all(&answer[..read]).ok()?;
    }
}
