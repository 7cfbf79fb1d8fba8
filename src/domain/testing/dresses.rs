//! What mails, consoles, manifests and programs make of a PEM text.

use std::fmt::Write as _;
use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

/// A PEM text in every dress, each with its name.
pub(crate) fn dresses(pem: &str) -> Vec<(&'static str, String)> {
    let pem = pem.trim_end();
    let body: String = pem
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .collect();
    let der = STANDARD.decode(&body).unwrap_or_default();
    let lines = |dress: &dyn Fn(usize, &str) -> String| -> String {
        let dressed = pem.lines().enumerate().map(|(n, line)| dress(n + 1, line));
        dressed.collect::<Vec<_>>().join("\n")
    };
    let twice = STANDARD.encode(STANDARD.encode(pem));
    let once = STANDARD.encode(pem);
    let utf16: Vec<u8> = pem.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let json = serde_json::to_string(pem).unwrap();
    let html = pem
        .replace('+', "&#43;")
        .replace('/', "&#x2F;")
        .replace('=', "&#61;");
    let mut all = vec![
        ("as it is", pem.to_owned()),
        ("Windows line ends", pem.replace('\n', "\r\n")),
        ("Mac line ends", pem.replace('\n', "\r")),
        ("no line ends", pem.replace('\n', "")),
        ("spaces for line ends", pem.replace('\n', " ")),
        ("two characters for a line end", pem.replace('\n', "\\n")),
        ("escaped twice", pem.replace('\n', "\\\\n")),
        ("PowerShell", pem.replace('\n', "`r`n")),
        ("blank lines", pem.replace('\n', "\n\n")),
        ("byte order mark", format!("\u{feff}{pem}")),
        ("full width dashes", pem.replace('-', "\u{ff0d}")),
        ("long dashes", pem.replace("-----", "\u{2014}\u{2013}")),
        (
            "ideographic spaces",
            pem.replace(' ', "\u{3000}").replace('\n', "\n\u{3000}"),
        ),
        (
            "zero width",
            pem.replace('\n', "\u{200b}\n\u{2060}")
                .replace('M', "M\u{200d}"),
        ),
        ("variation selectors", pem.replace('\n', "\u{fe0f}\n")),
        ("quoted mail", lines(&|_, line| format!("> > {line}"))),
        (
            "quoted mail, no space",
            lines(&|_, line| format!(">{line}")),
        ),
        ("table", lines(&|_, line| format!("| {line} |"))),
        ("numbers", lines(&|n, line| format!("{n:>3} {line}"))),
        (
            "numbers and tabs",
            lines(&|n, line| format!("{n:>6}\t{line}")),
        ),
        (
            "numbers and colons",
            lines(&|n, line| format!("{n}: {line}")),
        ),
        ("numbers alone", lines(&|n, line| format!("{n}{line}"))),
        (
            "numbers with zeros alone",
            lines(&|n, line| format!("{:04}{line}", n + 96)),
        ),
        (
            "bare, numbers alone",
            format!(
                "It is this one:\n{}",
                lines_of(&wrapped(&body, 64), |n, line| format!("{n}{line}"))
            ),
        ),
        ("grep", lines(&|n, line| format!("shop.csr:{n}:{line}"))),
        (
            "bracketed numbers",
            lines(&|n, line| format!("[{n:04}] {line}")),
        ),
        ("comparison", lines(&|_, line| format!("+{line}"))),
        (
            "log",
            lines(&|n, line| format!("Nov 28 06:00:{n:02} host1 app[{n}]: {line}")),
        ),
        (
            "ISO log",
            lines(&|n, line| format!("2026-11-28T06:00:{n:02}.123Z INFO {line}")),
        ),
        ("shell comment", lines(&|_, line| format!("# {line}"))),
        ("line ends marked", lines(&|_, line| format!("{line} \\"))),
        (
            "remarks behind",
            lines(&|n, line| format!("{line}   # line {n}")),
        ),
        ("Java", lines(&|_, line| format!("    \"{line}\\n\" +"))),
        (
            "Java, one line",
            lines(&|_, line| format!("\"{line}\\n\"")).replace('\n', " + "),
        ),
        ("C", lines(&|_, line| format!("\"{line}\\r\\n\""))),
        (
            "C++",
            lines(&|_, line| format!("out << \"{line}\" << std::endl;")),
        ),
        (
            "Visual Basic",
            lines(&|_, line| format!("s = s & \"{line}\" & vbCrLf")),
        ),
        (
            "PHP",
            lines(&|_, line| format!("$csr .= '{line}' . \"\\n\";").replace("\"\\n\"", "PHP_EOL")),
        ),
        ("Python", lines(&|_, line| format!("    '{line}\\n'"))),
        ("shell", lines(&|_, line| format!("echo {line} >> file"))),
        (
            "list",
            format!("[{}]", lines(&|_, line| format!("\"{line}\","))),
        ),
        ("list of YAML", lines(&|_, line| format!("  - {line}"))),
        (
            "block of YAML",
            format!("csr: |\n{}", lines(&|_, line| format!("    {line}"))),
        ),
        (
            "folded YAML",
            format!("csr: \"{}\"", pem.replace('\n', "\\n\\\n  ")),
        ),
        ("JSON", format!("{{\"a\": 1, \"pem\": {json}}}")),
        (
            "JSON in JSON",
            serde_json::to_string(&format!("{{\"pem\": {json}}}")).unwrap(),
        ),
        ("JSON in JSON in JSON", {
            let inner = serde_json::to_string(&format!("{{\"pem\": {json}}}")).unwrap();
            serde_json::to_string(&format!("{{\"o\": {inner}}}")).unwrap()
        }),
        ("JSON, slashes escaped", json.replace('/', "\\/")),
        (
            "JSON, code points",
            json.replace('+', "\\u002b")
                .replace('=', "\\u003D")
                .replace('-', "\\u002d"),
        ),
        ("bare", body.clone()),
        ("bare, wrapped at 76", wrapped(&body, 76)),
        ("bare, wrapped at 20", wrapped(&body, 20)),
        (
            "bare, in words",
            format!("please sign this: {body} thanks, Ada"),
        ),
        (
            "bare, in JSON",
            format!("{{\"csr\": \"{body}\", \"status\": \"inProgress\"}}"),
        ),
        ("bare, a setting", format!("csr={body}")),
        ("bare base64url", URL_SAFE_NO_PAD.encode(&der)),
        ("base64 of it", once.clone()),
        ("base64 of it, wrapped", wrapped(&once, 76)),
        (
            "base64 of it, in a manifest",
            format!("data:\n  tls.key: {once}\n  other: eHl6\n"),
        ),
        (
            "base64 of it, wrapped in a manifest",
            format!(
                "data:\n  tls.key: >-\n    {}\n",
                wrapped(&once, 60).replace('\n', "\n    ")
            ),
        ),
        (
            "base64 of it, numbered",
            lines_of(&wrapped(&once, 30), |n, line| format!("{n:>4}  {line}")),
        ),
        (
            "base64 of it, a Java string",
            lines_of(&wrapped(&once, 36), |_, line| format!("\"{line}\" +")),
        ),
        ("base64url of it", URL_SAFE_NO_PAD.encode(pem)),
        (
            "base64 of it with a line before",
            STANDARD.encode(format!("\n{pem}\n")),
        ),
        (
            "base64 of it among others",
            STANDARD.encode(format!("Bag Attributes: <none>\n{pem}\n")),
        ),
        ("base64 twice", twice.clone()),
        ("base64 twice, wrapped", wrapped(&twice, 64)),
        (
            "base64 of base64url",
            STANDARD.encode(URL_SAFE_NO_PAD.encode(pem)),
        ),
        ("base64 of UTF-16", STANDARD.encode(&utf16)),
        (
            "a data URL",
            format!("data:application/x-pem-file;base64,{once}"),
        ),
        (
            "base64 in XML",
            format!("<?xml version=\"1.0\"?><a><b>{once}</b></a>"),
        ),
        (
            "base64 in JSON in base64",
            STANDARD.encode(format!("{{\"k\":\"{once}\"}}")),
        ),
        ("quoted printable", quoted_printable(pem)),
        (
            "quoted printable, one line",
            quoted_printable(&pem.replace('\n', "")),
        ),
        (
            "HTML breaks",
            format!("<p>{}</p>", pem.replace('\n', "<br>\n")),
        ),
        ("HTML breaks alone", pem.replace('\n', "<br/>")),
        (
            "HTML lines",
            lines(&|_, line| format!("<div class=\"line\">{line}</div>")),
        ),
        (
            "HTML rows without line ends",
            lines(&|n, line| format!("<tr><td>{n}</td><td>{line}</td></tr>")).replace('\n', ""),
        ),
        (
            "HTML rows of a code viewer",
            lines(&|n, line| {
                format!(
                    "<TR><TD ID=\"L{n}\" class='n' data-line-number=\"{n}\"></TD><TD><code>{line}</code></TD></TR>"
                )
            }),
        ),
        (
            "HTML with numbers in elements",
            format!(
                "<pre>{}</pre>",
                lines(&|n, line| format!("<span class=\"ln\">{n}</span>{line}"))
            ),
        ),
        (
            "HTML with words in colours",
            lines(&|_, line| {
                let (one, two) = line.split_at(line.len() / 2);
                format!("<span class=\"k\">{one}</span><i>{two}</i>")
            }),
        ),
        ("HTML entities", html.clone()),
        (
            "HTML named entities",
            pem.replace('+', "&plus;")
                .replace('/', "&sol;")
                .replace('\n', "&NewLine;"),
        ),
        ("HTML entities twice", html.replace('&', "&amp;")),
        ("XML line ends", pem.replace('\n', "&#xD;\n")),
        ("CDATA", format!("<csr><![CDATA[{pem}]]></csr>")),
        ("URL", percent(pem, false)),
        ("URL, spaces as plus", percent(pem, true)),
        ("URL twice", percent(&percent(pem, false), false)),
        ("a form", format!("csr={}&x=1", percent(pem, true))),
        (
            "colours",
            lines(&|_, line| format!("\u{1b}[32m{line}\u{1b}[0m")),
        ),
        (
            "colours without their first byte",
            lines(&|_, line| format!("[01;32m[K{line}[m[K")),
        ),
        (
            "colours as they are shown",
            lines(&|_, line| format!("^[[32m{line}^[[0m")),
        ),
        ("hex", hex(&der, "")),
        ("hex, capitals", hex(&der, "").to_uppercase()),
        ("hex, 0x", format!("0x{}", hex(&der, ""))),
        ("hex, colons", hex(&der, ":")),
        ("hex, spaces", hex(&der, " ")),
        ("hex, wrapped", wrapped(&hex(&der, ":"), 54)),
        ("hex of the text", hex(pem.as_bytes(), "")),
        (
            "hex with a digit too many in front",
            format!("a{}", hex(&der, "")),
        ),
        ("base64 of hex", STANDARD.encode(hex(&der, ""))),
        (
            "base64 of hex, no padding",
            STANDARD.encode(hex(&der, "")).replace('=', ""),
        ),
        ("base32", base32(&der)),
        ("base32, small letters", base32(&der).to_lowercase()),
        ("base32, wrapped", wrapped(&base32(&der), 64)),
        (
            "base32, named",
            format!("KEY={}", base32(&der).trim_end_matches('=')),
        ),
        ("base32 of the text", base32(pem.as_bytes())),
        ("base64 of base32", STANDARD.encode(base32(&der))),
        (
            "Ascii85",
            format!("<~{}~>", base85(&der, &|value| value + b'!')),
        ),
        (
            "Ascii85, wrapped",
            wrapped(&base85(&der, &|value| value + b'!'), 75),
        ),
        ("base85", base85(&der, &|value| BASE85[usize::from(value)])),
        (
            "base85 of the text",
            base85(pem.as_bytes(), &|value| BASE85[usize::from(value)]),
        ),
        ("Z85", base85(&der, &|value| Z85[usize::from(value)])),
        ("uuencode", uuencode(&der)),
        ("gzip", STANDARD.encode(gzip(pem.as_bytes()))),
        (
            "gzip, wrapped",
            wrapped(&STANDARD.encode(gzip(pem.as_bytes())), 76),
        ),
        (
            "gzip in a manifest",
            format!(
                "release: {}\n",
                STANDARD.encode(STANDARD.encode(gzip(format!("{{\"x\":\"{once}\"}}").as_bytes())))
            ),
        ),
        ("gzip of DER, in hex", hex(&gzip(&der), "")),
        ("zlib", STANDARD.encode(zlib(pem.as_bytes()))),
        (
            "bytes of C",
            der.iter().fold(String::from("{"), |mut out, byte| {
                let _ = write!(out, "0x{byte:02x}, ");
                out
            }),
        ),
        (
            "string of C",
            der.iter().fold(String::new(), |mut out, byte| {
                let _ = write!(out, "\\x{byte:02x}");
                out
            }),
        ),
        ("bytes of Go", format!("{der:?}")),
        ("bytes of the text", format!("{:?}", pem.as_bytes())),
        (
            "bytes of Java",
            format!(
                "{:?}",
                der.iter().map(|byte| *byte as i8).collect::<Vec<_>>()
            ),
        ),
        (
            "xxd",
            dump(&der, |at, bytes, shown| {
                format!("{at:08x}: {}  {shown}", hex_pairs(bytes))
            }),
        ),
        (
            "hexdump",
            dump(&der, |at, bytes, shown| {
                let (a, b) = bytes.split_at(bytes.len().min(8));
                format!("{at:08x}  {}  {} |{shown}|", hex(a, " "), hex(b, " "))
            }),
        ),
        (
            "od",
            dump(&der, |at, bytes, _| format!("{at:07o} {}", hex(bytes, " "))),
        ),
        ("od -b", octal(&der, 1)),
        ("od", octal(&der, 2)),
        ("od -t o4", octal(&der, 4)),
        (
            "od -x",
            dump(&der, |at, bytes, _| {
                format!("{at:07o} {}", words(bytes, 2, |word| format!("{word:04x}")))
            }),
        ),
        (
            "od -t x4, without addresses",
            dump(&der, |_, bytes, _| {
                format!(" {}", words(bytes, 4, |word| format!("{word:08x}")))
            }),
        ),
        (
            "hexdump of the text",
            dump(pem.as_bytes(), |at, bytes, _| {
                format!("{at:07x} {}", words(bytes, 2, |word| format!("{word:04x}")))
            }),
        ),
        (
            "xxd -e",
            dump(&der, |at, bytes, shown| {
                let words = words(bytes, 4, |word| format!("{word:08x}"));
                format!("{at:08x}: {words}  {shown}")
            }),
        ),
        (
            "xxd -b, without characters",
            dump(&der, |at, bytes, _| {
                let bits = words(bytes, 1, |byte| format!("{byte:08b}"));
                format!("{at:08x}: {bits}")
            }),
        ),
        (
            "od -t u1",
            dump(&der, |at, bytes, _| {
                let numbers = bytes.iter().fold(String::new(), |mut out, byte| {
                    let _ = write!(out, " {byte:3}");
                    out
                });
                format!("{at:07o}{numbers}")
            }),
        ),
        (
            "od -c",
            dump(&der, |at, bytes, _| {
                let cells = bytes.iter().fold(String::new(), |mut out, byte| {
                    let _ = match byte {
                        b'\n' => write!(out, "  \\n"),
                        0 => write!(out, "  \\0"),
                        b' '..=b'~' => write!(out, "{:>4}", char::from(*byte)),
                        byte => write!(out, " {byte:03o}"),
                    };
                    out
                });
                format!("{at:07o}{cells}")
            }),
        ),
    ];
    all.extend(super::strangers::dresses(pem, &body));
    // Three dresses over one another, as a manifest in a console in a mail.
    all.push(("manifest in JSON in a mail", {
        let manifest = format!("data:\n  tls.key: {once}\n");
        let json = serde_json::to_string(&manifest).unwrap();
        lines_of(&json, |_, line| format!("> {line}"))
    }));
    all
}

const BASE85: &[u8; 85] =
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";
const Z85: &[u8; 85] =
    b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

fn base32(bytes: &[u8]) -> String {
    let letter = |value: u8| char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[usize::from(value)]);
    let mut out = String::new();
    for five in bytes.chunks(5) {
        let mut whole = [0; 8];
        whole[3..3 + five.len()].copy_from_slice(five);
        let bits = u64::from_be_bytes(whole);
        let used = (five.len() * 8).div_ceil(5);
        out.extend((0..used).map(|at| letter((bits >> (35 - 5 * at) & 31) as u8)));
        out.extend(std::iter::repeat_n('=', 8 - used));
    }
    out
}

fn base85(bytes: &[u8], letter: &dyn Fn(u8) -> u8) -> String {
    let mut out = String::new();
    for four in bytes.chunks(4) {
        let mut whole = [0; 4];
        whole[..four.len()].copy_from_slice(four);
        let bits = u32::from_be_bytes(whole);
        let digits = (0..5).map(|at| (bits / 85u32.pow(4 - at) % 85) as u8);
        out.extend(
            digits
                .take(four.len() + 1)
                .map(|digit| char::from(letter(digit))),
        );
    }
    out
}

fn uuencode(bytes: &[u8]) -> String {
    let char = |value: u32| char::from(if value == 0 { b'`' } else { value as u8 + 0x20 });
    let mut out = String::from("begin 600 key.der\n");
    for line in bytes.chunks(45) {
        out.push(char(line.len() as u32));
        for three in line.chunks(3) {
            let mut whole = [0; 4];
            whole[1..=three.len()].copy_from_slice(three);
            let bits = u32::from_be_bytes(whole);
            out.extend((0..4).map(|at| char(bits >> (18 - 6 * at) & 63)));
        }
        out.push('\n');
    }
    out + "`\nend"
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

pub(super) fn lines_of(text: &str, dress: impl Fn(usize, &str) -> String) -> String {
    let dressed = text.lines().enumerate().map(|(n, line)| dress(n + 1, line));
    dressed.collect::<Vec<_>>().join("\n")
}

pub(super) fn wrapped(text: &str, columns: usize) -> String {
    let lines: Vec<&str> = (0..text.len())
        .step_by(columns)
        .map(|at| &text[at..text.len().min(at + columns)])
        .collect();
    lines.join("\n")
}

fn hex(bytes: &[u8], between: &str) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    pairs.join(between)
}

/// A dump in octal numbers of so many bytes, the last first, as `od` makes it.
fn octal(bytes: &[u8], size: usize) -> String {
    let digits = (size * 8).div_ceil(3);
    dump(bytes, |at, bytes, _| {
        let words = words(bytes, size, |word| format!("{word:0digits$o}"));
        format!("{at:07o} {words}")
    })
}

fn words(bytes: &[u8], size: usize, shown: impl Fn(u32) -> String) -> String {
    let words = bytes.chunks(size).map(|word| {
        let bytes = word.iter().rev();
        shown(bytes.fold(0, |word, byte| word << 8 | u32::from(*byte)))
    });
    words.collect::<Vec<_>>().join(" ")
}

fn hex_pairs(bytes: &[u8]) -> String {
    let words: Vec<String> = bytes.chunks(2).map(|two| hex(two, "")).collect();
    words.join(" ")
}

fn dump(bytes: &[u8], line: impl Fn(usize, &[u8], &str) -> String) -> String {
    let lines = bytes.chunks(16).enumerate().map(|(n, chunk)| {
        let shown: String = chunk
            .iter()
            .map(|byte| {
                if byte.is_ascii_graphic() {
                    char::from(*byte)
                } else {
                    '.'
                }
            })
            .collect();
        line(n * 16, chunk, &shown)
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn percent(text: &str, plus: bool) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        match byte {
            b' ' if plus => out.push('+'),
            b'-' | b'_' | b'.' => out.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => out.push(char::from(byte)),
            byte => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
        out
    })
}

fn quoted_printable(text: &str) -> String {
    let lines = text.split('\n').map(|line| {
        let escaped = line.replace('=', "=3D");
        let mut out = String::new();
        let mut column = 0;
        for c in escaped.chars() {
            if column == 75 {
                out.push_str("=\n");
                column = 0;
            }
            out.push(c);
            column += 1;
        }
        out
    });
    lines.collect::<Vec<_>>().join("\n")
}
