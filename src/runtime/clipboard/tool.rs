//! Programs that take text on standard input: the machine's own tools, or one of the operator's.
//!
//! `wl-copy` and `xclip` go on in the background to serve what they hold. Their output is thrown away: a
//! pipe they inherit would never end. They get a process group of their own, so that the end of our terminal
//! is not theirs.

use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};

use super::super::child::child;
use super::plan::Tool;
use super::{ClipboardError, CopyReport};
use crate::domain::text::bytes;

/// Longest wait for a program.
const LIMIT: Duration = Duration::from_secs(2);

/// Pauses between looks at what the clipboard holds.
const READ_BACK: [Duration; 5] = [
    Duration::from_millis(20),
    Duration::from_millis(50),
    Duration::from_millis(100),
    Duration::from_millis(300),
    Duration::from_millis(700),
];

/// Sets the clipboard with `tool` and reads it back.
pub(super) async fn copy(tool: Tool, text: &str) -> Result<CopyReport, ClipboardError> {
    let set: &[&str] = match tool {
        Tool::WlCopy => &["--type", "text/plain"],
        Tool::Xclip => &["-selection", "clipboard", "-in"],
        Tool::Xsel => &["--clipboard", "--input"],
    };
    feed(tool.program(), set, text).await?;
    let (program, get): (&str, &[&str]) = match tool {
        Tool::WlCopy => ("wl-paste", &["--no-newline"]),
        Tool::Xclip => ("xclip", &["-selection", "clipboard", "-out"]),
        Tool::Xsel => ("xsel", &["--clipboard", "--output"]),
    };
    let verified = read_back(text, || read(program, get, None)).await?;
    let size = bytes(text.len());
    let words = if verified {
        format!("Copied {size}, read back by {program}")
    } else {
        format!("Handed {size} to {}", tool.program())
    };
    Ok(CopyReport {
        words,
        verified,
        bytes: text.len(),
        warnings: Vec::new(),
    })
}

/// Whether the clipboard holds the text. `xclip` returns before it owns the clipboard, so for a moment there is nothing
/// to read, or what was there before.
async fn read_back<F>(text: &str, mut ask: impl FnMut() -> F) -> Result<bool, ClipboardError>
where
    F: Future<Output = Result<Vec<u8>, ClipboardError>>,
{
    let mut pauses = READ_BACK.into_iter();
    loop {
        let seen = ask().await;
        if matches!(&seen, Ok(seen) if seen == text.as_bytes()) {
            return Ok(true);
        }
        let pause = match &seen {
            // It hung once, and would again.
            Err(ClipboardError::NoAnswer { .. }) => None,
            Ok(_) | Err(_) => pauses.next(),
        };
        match (pause, seen) {
            (Some(pause), _) => tokio::time::sleep(pause).await,
            (None, Err(_)) => return Ok(false),
            (None, Ok(_)) => {
                return Err(ClipboardError::Different {
                    what: "The clipboard".to_owned(),
                });
            }
        }
    }
}

/// Runs the operator's own program: no shell, the text on standard input.
pub(super) async fn command(argv: &[String], text: &str) -> Result<CopyReport, ClipboardError> {
    let Some((program, arguments)) = argv.split_first() else {
        return Err(ClipboardError::NotStarted {
            program: "copy_command".into(),
            reason: "it is empty".to_owned(),
        });
    };
    feed(program, arguments, text).await?;
    Ok(CopyReport {
        words: format!("Handed {} to {program}", bytes(text.len())),
        verified: false,
        bytes: text.len(),
        warnings: Vec::new(),
    })
}

/// What a program and those that it started are: ended when dropped, unless its work is done.
struct Group(Option<Pid>);

impl Group {
    fn of(running: &Child) -> Self {
        let pid = running.id().and_then(|pid| i32::try_from(pid).ok());
        Self(pid.and_then(Pid::from_raw))
    }

    /// Its work is done: what it left in the background may stay.
    fn release(mut self) {
        self.0 = None;
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(group) = self.0
            && let Err(error) = kill_process_group(group, Signal::KILL)
        {
            tracing::debug!(%error, "a clipboard program could not be ended");
        }
    }
}

/// A command of ours: without the API key, out of our terminal's reach.
fn prepare(program: &str, arguments: &[impl AsRef<std::ffi::OsStr>]) -> Command {
    let mut command = Command::from(child(program));
    command
        .args(arguments)
        .process_group(0)
        .kill_on_drop(true)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// Gives the text and waits for the program (not for what it leaves in the background).
async fn feed(
    program: &str,
    arguments: &[impl AsRef<std::ffi::OsStr>],
    text: &str,
) -> Result<(), ClipboardError> {
    let mut command = prepare(program, arguments);
    command.stdin(Stdio::piped());
    let (status, _) = run(program, command, Some(text)).await?;
    if status.success() {
        Ok(())
    } else {
        Err(failed(program, status.to_string()))
    }
}

/// What a program writes, given `input` if any; its own words if it fails. For programs that leave nothing
/// behind.
pub(super) async fn read(
    program: &str,
    arguments: &[&str],
    input: Option<&str>,
) -> Result<Vec<u8>, ClipboardError> {
    let mut command = prepare(program, arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    if input.is_some() {
        command.stdin(Stdio::piped());
    }
    let (status, [out, err]) = run(program, command, input).await?;
    if status.success() {
        return Ok(out);
    }
    let words: String = String::from_utf8_lossy(&err)
        .chars()
        .filter(|c| !c.is_control())
        .take(200)
        .collect();
    let words = words.trim();
    Err(failed(
        program,
        if words.is_empty() {
            status.to_string()
        } else {
            words.to_owned()
        },
    ))
}

/// Runs it to its end, and to the end of what it writes where that is wanted. One that takes too long is ended with what
/// it started, and reaped.
async fn run(
    program: &str,
    mut command: Command,
    input: Option<&str>,
) -> Result<(ExitStatus, [Vec<u8>; 2]), ClipboardError> {
    let mut running = command
        .spawn()
        .map_err(|error| not_started(program, &error))?;
    let group = Group::of(&running);
    let pipes = (
        running.stdin.take(),
        running.stdout.take(),
        running.stderr.take(),
    );
    let work = async {
        let (stdin, stdout, stderr) = pipes;
        let give = async {
            if let (Some(mut pipe), Some(text)) = (stdin, input) {
                // A program that ends without reading tells why with its exit code.
                let _ = pipe.write_all(text.as_bytes()).await;
            }
        };
        let ((), out, err, status) =
            tokio::join!(give, all_of(stdout), all_of(stderr), running.wait());
        std::io::Result::Ok((status?, [out?, err?]))
    };
    if let Ok(done) = tokio::time::timeout(LIMIT, work).await {
        group.release();
        return done.map_err(|error| not_started(program, &error));
    }
    drop(group);
    if let Err(error) = running.wait().await {
        tracing::debug!(%error, "a clipboard program could not be reaped");
    }
    Err(ClipboardError::NoAnswer {
        what: program.to_owned(),
        seconds: LIMIT.as_secs(),
    })
}

async fn all_of(pipe: Option<impl AsyncRead + Unpin>) -> std::io::Result<Vec<u8>> {
    let mut all = Vec::new();
    if let Some(mut pipe) = pipe {
        pipe.read_to_end(&mut all).await?;
    }
    Ok(all)
}

fn not_started(program: &str, error: &std::io::Error) -> ClipboardError {
    ClipboardError::NotStarted {
        program: Path::new(program).to_owned(),
        reason: error.to_string(),
    }
}

fn failed(program: &str, reason: String) -> ClipboardError {
    ClipboardError::Failed {
        program: Path::new(program).to_owned(),
        reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn argv(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[tokio::test]
    async fn the_operators_program_gets_the_text_byte_for_byte() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("out");
        let script = format!("cat > '{}'", file.display());
        let text = "line\nünd noch eine\n".repeat(5000);
        let report = command(&argv(&["sh", "-c", &script]), &text).await.unwrap();
        assert_eq!(std::fs::read_to_string(file).unwrap(), text);
        assert!(!report.verified);
        assert!(report.words.starts_with("Handed "), "{}", report.words);
    }

    /// What is seen when the clipboard answers like this, one after another, and then keeps to the last.
    async fn seen(answers: &[Result<&str, &str>]) -> Result<bool, ClipboardError> {
        let mut at = 0;
        read_back("new", || {
            let answer = answers[at.min(answers.len() - 1)];
            at += 1;
            let answer = answer.map(|text| text.as_bytes().to_vec());
            std::future::ready(answer.map_err(|reason| failed("xclip", reason.to_owned())))
        })
        .await
    }

    #[tokio::test(start_paused = true)]
    async fn a_clipboard_that_takes_a_moment_is_looked_at_again() {
        assert!(seen(&[Ok("new")]).await.unwrap());
        let late = [Err("no owner"), Ok("old"), Ok("old"), Ok("new")];
        assert!(seen(&late).await.unwrap());
        assert!(!seen(&[Err("no owner")]).await.unwrap());
        let other = seen(&[Ok("old")]).await.unwrap_err();
        assert!(matches!(other, ClipboardError::Different { .. }));
    }

    #[tokio::test]
    async fn a_program_that_is_missing_or_fails_is_named() {
        let missing = command(&argv(&["certdeck-no-such-program"]), "x")
            .await
            .unwrap_err();
        assert!(matches!(missing, ClipboardError::NotStarted { .. }));
        assert!(missing.to_string().contains("certdeck-no-such-program"));
        let fails = command(&argv(&["sh", "-c", "exit 3"]), "x")
            .await
            .unwrap_err();
        assert!(fails.to_string().contains('3'), "{fails}");
    }

    /// Both kinds hang: one whose text nobody reads, and one whose answer does not end though it has ended itself.
    #[tokio::test]
    #[cfg(target_os = "linux")]
    async fn a_program_that_hangs_is_ended_with_what_it_started_and_reaped() {
        let folder = tempfile::tempdir().unwrap();
        for (name, end) in [("waits", "wait"), ("leaves", "exit 0")] {
            let note = folder.path().join(name);
            let script = format!("sleep 600 & echo $! $$ > {}; {end}", note.display());
            let why = if name == "waits" {
                command(&argv(&["sh", "-c", &script]), "x").await.err()
            } else {
                read("sh", &["-c", &script], None).await.err()
            };
            assert!(
                matches!(why, Some(ClipboardError::NoAnswer { .. })),
                "{why:?}"
            );
            let pids = std::fs::read_to_string(note).unwrap();
            let (orphan, own) = pids.trim().split_once(' ').unwrap();
            // The orphan is init's to reap.
            let about = format!("/proc/{orphan}/stat");
            while std::fs::read_to_string(&about).is_ok_and(|about| !about.contains(") Z ")) {
                tokio::task::yield_now().await;
            }
            assert!(!std::path::Path::new(&format!("/proc/{own}")).exists());
        }
    }

    #[tokio::test]
    async fn a_program_that_stays_in_the_background_is_not_waited_for() {
        let staying = argv(&["sh", "-c", "cat >/dev/null; sleep 30 & exit 0"]);
        assert!(command(&staying, "x").await.is_ok());
    }
}
