//! A program in a pseudo terminal, watched through a terminal emulator.
//!
//! Tests say what they wait for and get it as soon as it is there: nothing sleeps. A wait that is not
//! fulfilled in time fails with a picture of the screen. What is compared is never half a frame: while a
//! synchronized update is open, no question is asked.
//!
//! ```text
//! test --send--> [master | slave] --> program        waiter thread --exit code--> test
//! test <--chunks-- reader thread <-- bytes
//!      \--> vt100 (screen, clipboard), log (bytes, frames)
//! ```

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};

pub use super::keys::{ENTER, ctrl, key};
use super::line;

/// How long a person looks at a question before answering; the program takes no answer within 300 ms.
const LOOK: Duration = Duration::from_millis(330);
/// No hand is faster from command to command: what is counts as a paste.
const PACE: Duration = Duration::from_millis(20);
/// How long a program that runs may take to read a key; one that is stopped reads none.
const SLOWEST: Duration = Duration::from_secs(2);

/// How long a wait may take. Only a test that fails ever waits so long.
const LIMIT: Duration = Duration::from_secs(30);

/// What a program asked of the terminal besides drawing.
#[derive(Debug, Default)]
struct Asked {
    clipboard: Vec<(Vec<u8>, Vec<u8>)>,
    bells: usize,
    /// Sequences the emulator does not know; a query would be among them.
    unknown: Vec<String>,
}

impl vt100::Callbacks for Asked {
    fn audible_bell(&mut self, _: &mut vt100::Screen) {
        self.bells += 1;
    }

    fn copy_to_clipboard(&mut self, _: &mut vt100::Screen, selection: &[u8], data: &[u8]) {
        self.clipboard.push((selection.to_vec(), data.to_vec()));
    }

    fn unhandled_csi(
        &mut self,
        _: &mut vt100::Screen,
        i1: Option<u8>,
        _: Option<u8>,
        params: &[&[u16]],
        c: char,
    ) {
        // Synchronized updates, which the emulator does not know and certdeck always makes.
        if params == [[2026]] {
            return;
        }
        let intermediate = i1.map_or(String::new(), |i| char::from(i).to_string());
        self.unknown
            .push(format!("CSI {intermediate}{params:?}{c}"));
    }
}

/// What to start, and where.
#[derive(Debug, Clone)]
pub struct Setup {
    program: PathBuf,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    size: (u16, u16),
}

impl Setup {
    /// certdeck with these arguments, at 120x40.
    pub fn certdeck(arguments: &[&str]) -> Self {
        Self::program(env!("CARGO_BIN_EXE_certdeck"), arguments)
    }

    /// Any program, at 120x40.
    pub fn program(program: impl AsRef<Path>, arguments: &[&str]) -> Self {
        Self {
            program: program.as_ref().to_owned(),
            arguments: arguments.iter().map(|a| (*a).to_owned()).collect(),
            environment: Vec::new(),
            size: (120, 40),
        }
    }

    /// Started by another program, which gets these arguments, then the program and its own.
    #[cfg(target_os = "linux")]
    pub fn through(mut self, program: &str, arguments: &[&str]) -> Self {
        let inner = std::mem::replace(&mut self.program, program.into());
        let mut all: Vec<String> = arguments.iter().map(|a| (*a).to_owned()).collect();
        all.push(inner.display().to_string());
        all.append(&mut self.arguments);
        self.arguments = all;
        self
    }

    /// At another size, in columns and rows.
    pub fn size(mut self, columns: u16, rows: u16) -> Self {
        self.size = (columns, rows);
        self
    }

    /// With a variable more. The environment is empty but for PATH, TERM, HOME and LANG.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Starts it.
    pub fn start(self) -> Pty {
        Pty::start(&self)
    }
}

/// How a program ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// By itself.
    Code(u32),
    /// By a signal it did not handle.
    Killed(String),
}

/// Bytes and frames since a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traffic {
    /// All bytes.
    pub bytes: usize,
    /// Synchronized updates; certdeck sends each in one write.
    pub frames: usize,
}

/// A running program and its terminal.
pub struct Pty {
    emulator: vt100::Parser<Asked>,
    log: Vec<u8>,
    mark: usize,
    chunks: Receiver<Vec<u8>>,
    exit: Receiver<Ended>,
    ended: Option<Ended>,
    stop_reading: Arc<AtomicBool>,
    reader: Option<thread::JoinHandle<()>>,
    writer: Option<Box<dyn std::io::Write + Send>>,
    master: Option<Box<dyn MasterPty + Send>>,
    modes: String,
    pid: Pid,
    home: tempfile::TempDir,
    /// When something was typed, or seen that was waited for.
    seen: Instant,
}

impl Pty {
    fn start(setup: &Setup) -> Self {
        let (columns, rows) = setup.size;
        let pair = native_pty_system()
            .openpty(pty_size(columns, rows))
            .expect("a pseudo terminal");
        let modes = line::modes(&*pair.master);
        let home = tempfile::tempdir().expect("a home folder");

        let mut command = CommandBuilder::new(&setup.program);
        command.args(&setup.arguments);
        command.env_clear();
        command.cwd(home.path());
        command.env("HOME", home.path());
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        for (name, value) in &setup.environment {
            command.env(name, value);
        }
        let mut child = pair
            .slave
            .spawn_command(command)
            .expect("the program starts");
        // While we hold the slave, the reader would never see the end.
        drop(pair.slave);
        let pid = child
            .process_id()
            .and_then(|pid| Pid::from_raw(pid as i32))
            .expect("its id");

        let (exited, exit) = channel();
        thread::spawn(move || {
            let ended = match child.wait() {
                Ok(status) => match status.signal() {
                    Some(signal) => Ended::Killed(signal.to_owned()),
                    None => Ended::Code(status.exit_code()),
                },
                Err(error) => Ended::Killed(error.to_string()),
            };
            let _ = exited.send(ended);
        });

        let mut source = pair.master.try_clone_reader().expect("a reader");
        let stop_reading = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&stop_reading);
        let (sender, chunks) = channel();
        let reader = thread::spawn(move || {
            let mut buffer = vec![0; 64 * 1024];
            while let Ok(n) = source.read(&mut buffer) {
                let over = n == 0 || stop.load(Ordering::SeqCst);
                if over || sender.send(buffer[..n].to_vec()).is_err() {
                    return;
                }
            }
        });

        let writer = pair.master.take_writer().expect("a writer");
        Self {
            emulator: vt100::Parser::new_with_callbacks(
                cells(rows),
                cells(columns),
                0,
                Asked::default(),
            ),
            log: Vec::new(),
            mark: 0,
            chunks,
            exit,
            ended: None,
            stop_reading,
            reader: Some(reader),
            writer: Some(writer),
            master: Some(pair.master),
            modes,
            pid,
            home,
            seen: Instant::now(),
        }
    }

    // --- what the operator does ---

    /// Types bytes as they are. One call is one write, so keep it to what one key sends, or wait in between:
    /// much at once looks like a paste. Enter comes as late as a person's who has looked at what is asked.
    ///
    /// The pause counts from when the program has read what was typed before: on a machine where it waits for
    /// its turn longer than the pause, it would read two keys at once.
    pub fn send(&mut self, keys: &str) {
        while line::is_unread(self.master.as_deref()) && self.seen.elapsed() < SLOWEST {
            self.pump(Duration::from_millis(1));
            if !line::is_unread(self.master.as_deref()) {
                self.seen = Instant::now();
            }
        }
        let pause = if keys == ENTER { LOOK } else { PACE };
        while let Some(left) = pause.checked_sub(self.seen.elapsed()) {
            self.pump(left);
        }
        self.write(keys);
        self.seen = Instant::now();
    }

    /// Types bytes at once.
    pub fn write(&mut self, keys: &str) {
        self.write_bytes(keys.as_bytes());
    }

    /// The same, of bytes that need not be text.
    pub fn write_bytes(&mut self, bytes: &[u8]) {
        let writer = self.writer.as_mut().expect("the terminal is there");
        writer.write_all(bytes).expect("typing");
        writer.flush().expect("typing");
    }

    /// Pastes as a terminal does: lines end in CR, in brackets if the program asked for them.
    pub fn paste(&mut self, text: &str) {
        let text = text.replace('\n', "\r");
        if self.screen().bracketed_paste() {
            self.send(&format!("\x1b[200~{text}\x1b[201~"));
        } else {
            self.send(&text);
        }
    }

    /// Changes the window's size.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.emulator
            .screen_mut()
            .set_size(cells(rows), cells(columns));
        self.master
            .as_ref()
            .expect("the terminal is there")
            .resize(pty_size(columns, rows))
            .expect("a new size");
    }

    /// Sends a signal to the program.
    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid, signal).expect("the program is there");
    }

    /// Closes the terminal, as a window that is closed or a connection that is lost does.
    pub fn hang_up(&mut self) {
        self.stop_reading.store(true, Ordering::SeqCst);
        // The reader holds the terminal open until it reads once more: a new size makes the program draw.
        self.resize(97, 31);
        let start = Instant::now();
        while self
            .reader
            .as_ref()
            .is_some_and(|reader| !reader.is_finished())
        {
            self.pump(Duration::from_millis(5));
            assert!(
                start.elapsed() < LIMIT,
                "the reader did not let go\n{}",
                self.picture()
            );
        }
        self.writer = None;
        self.master = None;
    }

    // --- what the operator sees ---

    /// The screen as of the last wait.
    pub fn screen(&self) -> &vt100::Screen {
        self.emulator.screen()
    }

    /// The screen's text, a line a row.
    pub fn text(&self) -> String {
        let (_, columns) = self.screen().size();
        self.screen()
            .rows(0, columns.get())
            .map(|row| row.trim_end().to_owned())
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// Waits until the screen fulfils `seen`; `what` is for the message.
    pub fn wait(&mut self, what: &str, mut seen: impl FnMut(&vt100::Screen) -> bool) {
        self.wait_until(what, |pty| seen(pty.screen()));
    }

    /// Waits for a text anywhere on the screen.
    pub fn wait_for(&mut self, text: &str) {
        self.wait_until(&format!("the text {text:?}"), |pty| {
            pty.text().contains(text)
        });
    }

    /// Says yes to what is asked, and waits for what comes of it. Where it changed at that very moment, as more was read
    /// of it, it is read once more, as a person does.
    pub fn say_yes(&mut self, then: &str) {
        const CHANGED: &str = "just changed. Read it, then press Enter.";
        self.send(ENTER);
        self.wait_until(&format!("the text {then:?}"), |pty| {
            let text = pty.text();
            text.contains(then) || text.contains(CHANGED)
        });
        if self.text().contains(CHANGED) {
            // What changed less than a second ago was not read.
            std::thread::sleep(Duration::from_millis(1100));
            self.send(ENTER);
            self.wait_for(then);
        }
    }

    /// Waits until a text is nowhere on the screen.
    pub fn wait_gone(&mut self, text: &str) {
        self.wait_until(&format!("no text {text:?}"), |pty| {
            !pty.text().contains(text)
        });
    }

    /// Waits until something outside of the terminal is so.
    pub fn wait_condition(&mut self, what: &str, mut is_so: impl FnMut() -> bool) {
        self.wait_until(what, |_| is_so());
    }

    /// Waits until the line has the modes of before.
    #[cfg(target_os = "linux")]
    pub fn wait_restored(&mut self) {
        self.wait_until("the line's modes", |pty| {
            let master = pty.master.as_ref().expect("the terminal is there");
            line::modes(&**master) == pty.modes
        });
    }

    /// Waits for a frame after the mark.
    pub fn wait_frame(&mut self) {
        self.wait_until("a frame", |pty| pty.since_mark().frames > 0);
    }

    /// Waits for the next text in the clipboard, and takes it.
    pub fn wait_clipboard(&mut self) -> String {
        self.wait_until("a clipboard sequence", |pty| {
            !pty.emulator.callbacks().clipboard.is_empty()
        });
        let (selection, data) = self.emulator.callbacks_mut().clipboard.remove(0);
        assert_eq!(selection, b"c", "the selection");
        let bytes = BASE64_STANDARD.decode(data).expect("base64");
        String::from_utf8(bytes).expect("text")
    }

    /// Sequences so far that the emulator does not know. Terminal queries would be here.
    pub fn unknown_sequences(&self) -> &[String] {
        &self.emulator.callbacks().unknown
    }

    /// Everything that was written so far.
    pub fn written(&self) -> &[u8] {
        &self.log
    }

    /// The program's home folder, empty at the start and gone at the end.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The program's process.
    pub fn pid(&self) -> Pid {
        self.pid
    }

    // --- what is measured ---

    /// Starts counting.
    pub fn mark(&mut self) {
        self.mark = self.log.len();
    }

    /// What came since the mark.
    pub fn since_mark(&self) -> Traffic {
        let part = &self.log[self.mark..];
        Traffic {
            bytes: part.len(),
            frames: count(part, END),
        }
    }

    /// Waits for a stretch of `long` in which nothing is written.
    pub fn wait_quiet(&mut self, long: Duration) {
        let start = Instant::now();
        let mut since = start;
        while since.elapsed() < long {
            let before = self.log.len();
            self.pump(long.saturating_sub(since.elapsed()));
            if self.log.len() != before {
                since = Instant::now();
            }
            assert!(
                start.elapsed() < LIMIT,
                "it never falls silent\n{}",
                self.picture()
            );
        }
    }

    // --- how it ends ---

    /// Waits for the end.
    pub fn wait_exit(&mut self) -> Ended {
        let start = Instant::now();
        while self.ended.is_none() {
            self.pump(Duration::from_millis(5));
            self.ended = self.exit.try_recv().ok();
            assert!(
                start.elapsed() < LIMIT,
                "the program does not end\n{}",
                self.picture()
            );
        }
        // What it wrote last may still be on its way.
        while self.chunks_are_open() && start.elapsed() < LIMIT {
            self.pump(Duration::from_millis(5));
        }
        self.pump(Duration::ZERO);
        self.ended.clone().expect("just set")
    }

    /// Asserts that the terminal is as it was before the program.
    pub fn assert_restored(&self) {
        let screen = self.screen();
        assert!(!screen.alternate_screen(), "still on the alternate screen");
        assert!(!screen.hide_cursor(), "the cursor is still hidden");
        assert!(!screen.bracketed_paste(), "bracketed paste is still on");
        let master = self.master.as_ref().expect("the terminal is there");
        assert_eq!(line::modes(&**master), self.modes, "the line's modes");
    }

    // --- inside ---

    fn wait_until(&mut self, what: &str, mut seen: impl FnMut(&Self) -> bool) {
        let start = Instant::now();
        let mut open = true;
        loop {
            if self.frame_is_whole() && seen(self) {
                self.seen = Instant::now();
                return;
            }
            assert!(
                open && start.elapsed() < LIMIT,
                "waited for {what}\n{}",
                self.picture()
            );
            open = self.pump(Duration::from_millis(50));
        }
    }

    /// Takes what came, waiting up to `long` for the first chunk; false when the program's side is closed.
    fn pump(&mut self, long: Duration) -> bool {
        let mut next = self.chunks.recv_timeout(long);
        loop {
            match next {
                Ok(chunk) => {
                    self.emulator.process(&chunk);
                    self.log.extend_from_slice(&chunk);
                }
                Err(RecvTimeoutError::Timeout) => return true,
                Err(RecvTimeoutError::Disconnected) => return false,
            }
            next = self.chunks.recv_timeout(Duration::ZERO);
        }
    }

    fn chunks_are_open(&self) -> bool {
        self.reader
            .as_ref()
            .is_some_and(|reader| !reader.is_finished())
    }

    fn frame_is_whole(&self) -> bool {
        let last = |mark: &[u8]| self.log.windows(mark.len()).rposition(|part| part == mark);
        last(BEGIN) <= last(END)
    }

    /// The screen in a box, for a message.
    fn picture(&self) -> String {
        let (rows, columns) = self.screen().size();
        let mut out = format!(
            "{columns}x{rows}, {} bytes so far, ended: {:?}\n",
            self.log.len(),
            self.ended
        );
        let edge = format!("+{}+\n", "-".repeat(usize::from(columns.get())));
        out.push_str(&edge);
        for row in self.screen().rows(0, columns.get()) {
            let _ = writeln!(out, "|{row}");
        }
        out.push_str(&edge);
        let tail = &self.log[self.log.len().saturating_sub(300)..];
        let _ = writeln!(out, "last bytes: {}", tail.escape_ascii());
        out
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        if self.ended.is_none() && self.exit.try_recv().is_err() {
            let _ = kill_process(self.pid, Signal::KILL);
        }
    }
}

const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";

fn count(bytes: &[u8], mark: &[u8]) -> usize {
    bytes
        .windows(mark.len())
        .filter(|part| *part == mark)
        .count()
}

fn cells(n: u16) -> NonZeroU16 {
    NonZeroU16::new(n).unwrap_or(NonZeroU16::MIN)
}

fn pty_size(columns: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols: columns,
        pixel_width: 0,
        pixel_height: 0,
    }
}
