//! pkilint, the linter of public certificates that shares nothing with this program, in the folder that `./tests/run` makes for it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

/// One thing that the linter says of one certificate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// How bad: `FATAL`, `ERROR`, `WARNING`, `NOTICE`.
    pub severity: String,
    /// The rule.
    pub code: String,
    /// What breaks it.
    pub message: String,
}

/// A running linter.
pub struct Linter {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    folder: tempfile::TempDir,
}

/// Where `./tests/run` puts it: beside what cargo builds.
fn python() -> PathBuf {
    let built = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    built.join("pkilint/bin/python")
}

impl Linter {
    pub fn start() -> Self {
        let python = python();
        assert!(
            python.exists(),
            "pkilint is not installed: {} is not there; ./tests/run installs it",
            python.display()
        );
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real/lint/run.py");
        let mut child = Command::new(python)
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Self {
            input: child.stdin.take().unwrap(),
            output: BufReader::new(child.stdout.take().unwrap()),
            child,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// Lints certificates (PEM); `command` is one of pkilint's command lines and its options.
    pub fn lint(&mut self, command: &[&str], certificates: &[&str]) -> Vec<Finding> {
        let files = certificates.iter().enumerate().map(|(number, pem)| {
            let file = self.folder.path().join(format!("{number}.pem"));
            std::fs::write(&file, pem).unwrap();
            file.to_str().unwrap().to_owned()
        });
        let words: Vec<String> = command
            .iter()
            .map(|word| (*word).to_owned())
            .chain(files)
            .collect();
        writeln!(self.input, "{}", serde_json::to_string(&words).unwrap()).unwrap();
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        let report: Value = serde_json::from_str(&line)
            .unwrap_or_else(|error| panic!("{words:?}: {error}: {line:?}"));
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        report["results"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|result| result["finding_descriptions"].as_array().unwrap())
            .map(|finding| Finding {
                severity: text(&finding["severity"]),
                code: text(&finding["code"]),
                message: text(&finding["message"]),
            })
            .filter(|finding| !matches!(finding.severity.as_str(), "INFO" | "DEBUG"))
            .collect()
    }
}

impl Drop for Linter {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
