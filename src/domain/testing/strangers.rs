//! PEM texts among what does not belong to them: comparisons, pagers, pages, logs, rich text.

use super::dresses::{lines_of, wrapped};

/// A PEM text, whose base64 is this, each with the name of its dress.
pub(super) fn dresses(pem: &str, body: &str) -> Vec<(&'static str, String)> {
    let numbered = |text: &str, number: &dyn Fn(usize) -> String| {
        lines_of(text, |n, line| format!("{}\n{line}", number(n)))
    };
    // What stands between the lines of a block behind each so many of them.
    let between = |every: usize, stranger: &str| {
        lines_of(pem, |n, line| {
            let strange = n % every == 0 && n < pem.lines().count();
            let stranger = if strange { stranger } else { "" };
            format!("{line}{stranger}")
        })
    };
    let added = lines_of(pem, |_, line| format!("+{line}"));
    let count = pem.lines().count();
    let head = "diff --git a/shop.csr b/shop.csr\nnew file mode 100644\nindex 0000000..e69de29\n--- /dev/null\n+++ b/shop.csr";
    // What it was before: of the same shape, and no base64 of anything.
    let before: String = pem
        .chars()
        .map(|c| match c {
            'A'..='Z' if !pem.starts_with(c) => c.to_ascii_lowercase(),
            c => c,
        })
        .collect();
    let before: Vec<String> = before
        .lines()
        .filter(|line| !line.starts_with('-'))
        .map(|line| format!("-{line}"))
        .collect();
    let (begin, rest) = pem.split_once('\n').unwrap_or_default();
    let (inside, end) = rest.rsplit_once('\n').unwrap_or_default();
    let changed = format!(
        "@@ -1,{count} +1,{count} @@\n {begin}\n{}\n{}\n {end}\n",
        before.join("\n"),
        lines_of(inside, |_, line| format!("+{line}"))
    );
    let rich = |end: &str| {
        format!(
            "{{\\rtf1\\ansi\\deff0{{\\fonttbl{{\\f0\\fmodern Courier New;}}}}\n\\f0\\fs20 {}}}",
            lines_of(pem, |_, line| format!("{line}{end}"))
        )
    };
    vec![
        (
            "git diff",
            format!("{head}\n@@ -0,0 +1,{count} @@\n{added}\n"),
        ),
        (
            "git show",
            format!(
                "commit 5f2c9d1e8b7a6f5e4d3c2b1a0f9e8d7c6b5a4f3e\nAuthor: Ada <ada@example.net>\n\n    The new key\n\n{head}\n@@ -0,0 +1,{count} @@\n{added}\n\\ No newline at end of file\n"
            ),
        ),
        (
            "git diff, its head cut",
            format!("index 0000000..e69de29\n+++ b/shop.csr\n{added}\n"),
        ),
        ("git diff of a change", format!("{}\n{changed}", head.replace("/dev/null", "a/shop.csr"))),
        ("a change without its head", changed.split_once('\n').unwrap_or_default().1.to_owned()),
        (
            "git diff in a mail",
            lines_of(&format!("{head}\n@@ -0,0 +1,{count} @@\n{added}"), |_, line| {
                format!("> {line}")
            }),
        ),
        (
            "git diff, numbered",
            lines_of(&format!("{head}\n{added}"), |n, line| format!("{n:>4} {line}")),
        ),
        (
            "a merge",
            format!(
                "diff --cc shop.csr\n@@@ -1,3 -1,3 +1,{count} @@@\n{}",
                lines_of(pem, |_, line| format!("++{line}"))
            ),
        ),
        (
            "numbers on lines of their own",
            numbered(pem, &|n| n.to_string()),
        ),
        (
            "numbers behind blank lines",
            numbered(pem, &|n| format!("\n{n}\n")),
        ),
        (
            "names of lines on lines of their own",
            numbered(pem, &|n| format!("L{n}")),
        ),
        (
            "bare, numbers on lines of their own",
            numbered(&wrapped(body, 64), &|n| format!("{n}.")),
        ),
        ("more", between(5, "\n--More--")),
        ("more, every line", between(1, "\n--More-- ")),
        ("more of a firewall", between(4, "\n<--- More --->\n")),
        ("more of a router", between(4, "\n---(more 40%)---")),
        ("more, painted over", between(4, "\n--More-- \u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}         \u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\n").replace("\u{8}\n", "\u{8}")),
        ("less", between(7, "\nlines 1-7/20 38%")),
        (
            "messages of a device",
            between(
                3,
                "\n*Nov 28 06:00:01.123: %LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet0/1, changed state to up",
            ),
        ),
        ("pages", between(6, "\n\nPage 1 of 2\n\u{c}")),
        ("pages with dashes", between(6, "\n- 2 -")),
        (
            "pages with feet",
            between(6, "\nConfidential\n3\nExample Trading GmbH"),
        ),
        ("a remark in a mail", between(6, "\n> is this the end?")),
        ("rsyslog", format!("Nov 28 06:00:01 host1 app[7]: {}", pem.replace('\n', "#012"))),
        ("rsyslog, Windows", pem.replace('\n', "#015#012")),
        ("rsyslog, tabs", pem.replace('\n', "#012#011")),
        ("line ends as they are shown", pem.replace('\n', "^M\n")),
        ("rich text", rich("\\par\n")),
        ("rich text, one line", rich("\\par ").replace('\n', " ")),
        ("rich text, line by line", rich("\\line ").replace("\\line \n", "\\line ")),
        (
            "rich text, each line in its font",
            format!("{{\\rtf1\n{}}}", lines_of(pem, |_, line| format!("{{\\f1\\fs18\\cf2 {line}}}\\par"))),
        ),
    ]
}
