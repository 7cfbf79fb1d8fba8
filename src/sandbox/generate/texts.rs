//! What people write: comments, notes, answers. Some of it is hostile to terminals, since remote text may be.

/// Comments of requesters.
pub(super) const COMMENTS: &[&str] = &[
    "New load balancer goes live on Monday",
    "Key rotation, as every half year",
    "Server moved to the second data center",
    "Old key was on a shared machine",
    "Ticket OPS-4711",
    "Please approve before the weekend, the old one ends on Sunday",
    "Second node of the cluster needs its own key",
    "Replaces the self-signed one on staging",
    "Added the shop's new name",
    "Bitte freigeben, das alte läuft am Freitag ab",
    "検証環境の更新です。よろしくお願いします。",
    "Срочно: сертификат заканчивается завтра",
    "للاستخدام في بيئة الاختبار",
];

/// Answers of approvers.
pub(super) const ANSWERS: &[&str] = &[
    "ok",
    "Approved, as discussed",
    "Fine, but use ECDSA next time",
    "Freigegeben",
    "承認しました",
];

/// Why a request was refused.
pub(super) const REFUSALS: &[&str] = &[
    "Wrong division, please order it again under Web shop",
    "We have a wildcard for this",
    "Nobody could tell me who runs this host",
    "Key is too old, make a new CSR",
];

/// Notes on orders.
pub(super) const NOTES: &[&str] = &[
    "Installed on both nodes",
    "Owner left, ask the platform team",
    "Do not renew, the host goes away in spring",
    "Key lives in the HSM of rack 12",
    "Renewal discussed with finance",
];

/// Text that must not reach a terminal as it is. Every one is something the field has seen.
pub(super) fn hostile() -> Vec<String> {
    [
        "\u{1b}[31mred\u{1b}[0m \u{1b}[2J\u{1b}[H and a cleared screen",
        "\u{1b}]52;c;Y2VydGRlY2s=\u{7}writes a clipboard",
        "\u{1b}]0;new title\u{7}\u{1b}]8;;http://phish.invalid\u{1b}\\a link\u{1b}]8;;\u{1b}\\",
        "\u{9b}31mC1 bytes\u{9c} \u{90}q\u{9c}",
        "invoice\u{202e}fdp.exe\u{202c} and \u{2066}isolates\u{2069}",
        "line one\r\nline two\rover\u{b}\u{c}tab\there",
        "nul \u{0} bell \u{7} backspaces \u{8}\u{8}\u{8} delete \u{7f}",
        "zero\u{200b}width\u{feff} and soft\u{ad}hyphens\u{2060}",
        "👩‍👩‍👧‍👦 🏳️‍🌈 🇺🇳 👍🏽 family, flag, flag, thumb",
        "z\u{351}\u{36b}\u{343}\u{36a}\u{302}a\u{30d}\u{311}\u{312}\u{326}l\u{33f}\u{329}g\u{310}\u{359}o\u{346}\u{331}",
        "\u{2028}separators\u{2029}of lines \u{85} and paragraphs",
        "<script>alert(1)</script> & \"quotes\" %s %n ${HOME} `id` '; DROP TABLE orders; --",
        "",
        "   ",
    ]
    .into_iter()
    .map(str::to_owned)
    .chain([
        "A very long note. ".repeat(280),
        "nobreaks".repeat(120),
        "长".repeat(600),
    ])
    .collect()
}
