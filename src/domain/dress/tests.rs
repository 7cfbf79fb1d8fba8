//! How much is looked at, and what is not looked through.

use super::*;

/// Bytes of every layer that is shown, the ways of reading it included.
fn looked_at(text: &str) -> (usize, bool) {
    let mut all = 0;
    let looked = look(text.as_bytes(), |layer| {
        let ways: usize = layer.streams.iter().map(|way| way.chars.len()).sum();
        all += layer.bytes.len() + ways / 2;
        None::<()>
    });
    (all, looked.is_err())
}

#[test]
fn no_text_makes_more_work_than_a_few_times_its_length() {
    let size = 1 << 16;
    for piece in [
        "\\n%2B&#43;=3D",
        "MIIE",
        "TUlJ",
        "30 82 ",
        "308204",
        "48, 130, ",
        "\"ab+cd/ef\" + '0x30' - \\x30_\n",
        "begin 644 x\nM30820130820130820130820130820130820130820130820130820130820\n",
        "<a href=x>&lt;b&gt; &amp;#43;</a>",
        "eJzLSM3JyVcozy/KSVHIKM1LycxLBwA=\n",
        "H4sIAAAAAAAAA8tIzcnJBwCGphA2BQAAAA==\n",
        "GCCAUQFCAAGCCAUQ\n",
        "@@ -1 +1 @@\n-MIIEowIBAAKCAQEA\n+MIIEowIBAAKCAQEB\n",
        "MIIEowIBAAKCAQEAMIIEowIB\n1\nMIIEowIBAAKCAQEAMIIEowIC\nL2\nMIIEow==\nQUJDREVG\n",
        "{\\rtf1 MIIEow\\par IBAA#012}\n",
        "<~9jqo^BlbD-BleB1DJ+*+F(f,q~>\n",
    ] {
        let mut text = piece.repeat(size / piece.len());
        text.push_str(piece);
        let (all, _) = looked_at(&text);
        // The text itself and its ways, then what lies underneath.
        let most = text.len() * (1 + 5 + TIMES) + FLOOR;
        assert!(all <= most, "{piece:?}: {all} of {most} bytes");
    }
}

#[test]
fn what_people_paste_is_looked_through_to_its_end() {
    let (csr, _) = crate::domain::testing::csr("/CN=shop.example.net", &["rsa:2048"]);
    let many = csr.repeat((1 << 17) / csr.len());
    for text in [
        &many,
        &many.replace('\n', "\r\n"),
        &many.replace('\n', "\\n"),
    ] {
        assert!(!looked_at(text).1);
    }
    for (dress, text) in crate::domain::testing::dresses(&csr.repeat(8)) {
        assert!(!looked_at(&text).1, "{dress}: {} bytes", text.len());
    }
}

/// As much as a field takes, of a dump whose column of characters reads as escapes of every kind.
#[test]
fn a_dump_that_reads_as_escapes_is_looked_through_to_its_end() {
    let columns = [
        r"..\\n.%41.&#43;.",
        r"=3D.\u002b.=3F..",
        ".<b>.`n.^[[0m...",
        r"#012.\x41.%2541.",
        r"&amp;lt;.=\r.\t..",
        r"{\rtf1.\par.\'41",
    ];
    let mut dump = String::new();
    for at in 0.. {
        let line = format!(
            "{:08x}: 3082 0260 3082 0148 0201 0030 1b31 1930  {}
",
            at * 16,
            columns[at % columns.len()]
        );
        if dump.len() + line.len() > 1 << 16 {
            break;
        }
        dump.push_str(&line);
    }
    let (all, too_much) = looked_at(&dump);
    assert!(!too_much, "{all} of {} bytes", dump.len());
}

/// What stands in its frame is no escape: `=3F` and `%41` are four sixths of three bytes there.
#[test]
fn what_is_uuencoded_is_not_unescaped_before() {
    let text = "begin 600 key\n#=3F%41\n#=3F%\n`\nend\n=41 behind\n".repeat(9);
    let (_, around) = super::alphabets::of_uuencode(text.as_bytes()).expect("a frame");
    let around = String::from_utf8(around.to_vec()).unwrap();
    assert!(!around.contains("3F"), "{around}");
    assert!(around.contains("=41 behind"), "{around}");
}
