//! The terminal as the loop holds it: modes, screen and keyboard together, so that they are given away
//! and taken back in the right order.
//!
//! Giving away: keyboard first (nobody else's keys are read), then the modes. Taking back: modes, then
//! a repaint that knows nothing of the screen, then the keyboard.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use rustix::process::Signal;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::UnboundedSender;

use super::ending;
use super::frame::{Screen, Tty};
use super::input::{Arrived, Input};
use super::terminal::{self, Guard, Modes};

/// Makes the loop's message of what arrives.
type Map<M> = Arc<dyn Fn(Arrived) -> M + Send + Sync>;

/// The terminal, taken until dropped.
pub struct Console<M> {
    // Dropped first: the keyboard is let go before the modes.
    input: Option<Input>,
    screen: Screen<Tty>,
    guard: Guard,
    tx: UnboundedSender<M>,
    map: Map<M>,
    /// True after our own stop: its SIGCONT is answered already.
    resumed: bool,
}

impl<M> std::fmt::Debug for Console<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Console")
            .field("screen", &self.screen.area())
            .finish_non_exhaustive()
    }
}

impl<M: Send + 'static> Console<M> {
    /// Takes the terminal and starts reading; events are sent to `tx` as `map` makes them.
    /// Needs a tokio runtime.
    pub fn open(
        tx: UnboundedSender<M>,
        map: impl Fn(Arrived) -> M + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let guard = Guard::enter()?;
        let map: Map<M> = Arc::new(map);
        let input = start(&tx, &map)?;
        Ok(Self {
            input: Some(input),
            screen: Screen::new(Tty, terminal::size()),
            guard,
            tx,
            map,
            resumed: false,
        })
    }

    /// The whole screen.
    pub fn area(&self) -> Rect {
        self.screen.area()
    }

    /// Draws a frame; see [`Screen::draw`].
    pub fn draw(
        &mut self,
        view: impl FnOnce(Rect, &mut Buffer) -> Option<Position>,
    ) -> io::Result<bool> {
        self.screen.draw(view)
    }

    /// Takes the size that the terminal has now. The next frame is a full one, also where the size is what it was: a
    /// terminal that went through another one shows something else.
    pub fn resized(&mut self) {
        self.screen.resize(terminal::size());
        self.screen.invalidate();
    }

    /// Makes the next frame a full one (Ctrl-L).
    pub fn invalidate(&mut self) {
        self.screen.invalidate();
    }

    /// Sends bytes that draw nothing, such as a clipboard sequence, in one write between two frames.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.screen.send(bytes)
    }

    /// Stops the program as Ctrl-Z does, and returns when it runs again; the loop then draws.
    ///
    /// The whole job is stopped, so that a wrapper (a script, `cargo run`) is stopped with us and the shell
    /// sees it. Returns false, and does nothing, where no shell could continue us: certdeck was started
    /// as the terminal's first program, as `ssh -t host certdeck` does.
    pub async fn suspend(&mut self) -> io::Result<bool> {
        if rustix::process::getsid(None).is_ok_and(|leader| leader == rustix::process::getpid()) {
            return Ok(false);
        }
        let mut continued = signal(SignalKind::from_raw(Signal::CONT.as_raw()))?;
        self.give_away();
        rustix::process::kill_current_process_group(Signal::STOP)?;
        // The stop takes effect a moment after the call, so running on does not mean being continued.
        continued.recv().await;
        self.resumed = true;
        if ends_instead().await {
            return Ok(true);
        }
        self.take_back()?;
        Ok(true)
    }

    /// After SIGCONT: takes the terminal back from whoever had it while we were stopped from outside.
    /// Returns false if there was nothing to do; after true the loop draws.
    pub async fn continued(&mut self) -> io::Result<bool> {
        if std::mem::take(&mut self.resumed) {
            return Ok(false);
        }
        if ends_instead().await {
            return Ok(false);
        }
        terminal::reassert()?;
        self.resized();
        Ok(true)
    }

    /// Gives the terminal to another program while `body` runs, then takes it back; the loop then draws. Where the end has
    /// begun meanwhile, what came of it counts even if the terminal is gone.
    pub async fn hand_off<T>(&mut self, body: impl Future<Output = T>) -> io::Result<T> {
        self.give_away();
        let modes = Modes::now();
        let result = body.await;
        if !ending::has_begun() {
            modes.put_back();
            self.take_back()?;
        } else if terminal::is_in_front() {
            modes.put_back();
            let _ = self.take_back();
        }
        Ok(result)
    }

    /// Stops reading and gives the terminal back for good; what a normal way out ends with.
    pub fn close(mut self) {
        self.give_away();
    }

    fn give_away(&mut self) {
        self.input = None;
        self.guard.leave();
    }

    fn take_back(&mut self) -> io::Result<()> {
        terminal::reassert()?;
        self.input = Some(start(&self.tx, &self.map)?);
        self.resized();
        Ok(())
    }
}

/// How long a signal that ends the program may take to be heard after a continue: a machine may be busy, and who continues
/// it in the background (`bg`) does not look at it.
const IN_BACK: Duration = Duration::from_secs(3);

/// After a continue in the background: whether a signal ends the program, which is waited for a moment.
///
/// A shell's `kill %1` continues a stopped job so that it sees its SIGTERM. Taking the terminal there would
/// stop it again (SIGTTOU), for good.
async fn ends_instead() -> bool {
    !terminal::is_in_front() && tokio::time::timeout(IN_BACK, ending::wait()).await.is_ok()
}

/// Starts reading.
fn start<M: Send + 'static>(tx: &UnboundedSender<M>, map: &Map<M>) -> io::Result<Input> {
    let map = Arc::clone(map);
    Input::start(tx.clone(), move |arrived| map(arrived))
}
