//! Comparisons of two files, as `diff -u`, `git diff` and `git show` write them: a sign in front of each line says which of
//! the two it stands in.

use zeroize::Zeroizing;

use super::Copied;

/// Both files of a comparison, as far as it shows them, each line in its place: what stands in the other alone is blank.
pub(crate) struct Sides {
    /// What stands there after the change.
    pub new: Copied,
    /// What stood there before it.
    pub old: Copied,
}

/// Base64 characters in a row that no sentence of a list begins with.
const LONG: usize = 32;

/// The two sides of the comparison in a text, if there is one.
pub(crate) fn sides(text: &[u8]) -> Option<Sides> {
    let lines = || text.split(|byte| matches!(byte, b'\n' | b'\r'));
    let signed = |sign: u8| lines().any(|line| is_signed(line, sign));
    // Without its head it shows by lines of both kinds; it begins with one that is removed, since no line of base64 begins
    // with that sign.
    let headless = signed(b'+') && signed(b'-');
    let mut new = Zeroizing::new(text.to_vec());
    let mut old = Zeroizing::new(text.to_vec());
    let mut front = None;
    let mut differ = false;
    let mut start = 0;
    for line in lines() {
        let here = start..start + line.len();
        start += line.len() + 1;
        if let Some(head) = head(line) {
            front = Some(head);
            new[here.clone()].fill(b' ');
            old[here].fill(b' ');
            continue;
        }
        if front.is_none() && (is_signed_armour(line) || headless && is_signed(line, b'-')) {
            front = Some(Front {
                margin: margin(line),
                signs: 1,
            });
        }
        let Some(Front { margin, signs }) = front else {
            continue;
        };
        let margin = margin.min(line.len());
        let inside = &line[margin..];
        // An armour without a sign or a space belongs to no comparison, unless a line that is removed follows.
        if inside.starts_with(b"-----BEGIN") {
            front = None;
            continue;
        }
        let signs = &inside[..signs.min(inside.len())];
        let (added, removed) = (signs.contains(&b'+'), signs.contains(&b'-'));
        differ |= added || removed;
        let sign = here.start + margin..here.start + margin + signs.len();
        for (side, is_there) in [(&mut new, !removed), (&mut old, !added)] {
            let blank = if is_there { sign.clone() } else { here.clone() };
            if added || removed {
                side[blank].fill(b' ');
            }
        }
    }
    differ.then_some(Sides { new, old })
}

/// What stands in front of the lines of a comparison.
#[derive(Clone, Copy)]
struct Front {
    /// Characters that a mail or an editor puts in front of all its lines.
    margin: usize,
    /// How many signs there are: one for each file that the new one is compared with.
    signs: usize,
}

fn margin(line: &[u8]) -> usize {
    let in_margin = |byte: &&u8| matches!(**byte, b' ' | b'\t' | b'>' | b'|');
    line.iter().take_while(in_margin).count()
}

/// What stands in front of the lines below the head of a piece: `@@ -1,2 +1,3 @@` has one sign, that of a merge one for each
/// parent.
fn head(line: &[u8]) -> Option<Front> {
    let margin = margin(line);
    let line = &line[margin..];
    let signs = line.iter().take_while(|byte| **byte == b'@').count();
    let is_head = signs >= 2 && line[signs..].starts_with(b" -");
    is_head.then(|| Front {
        margin,
        signs: signs - 1,
    })
}

fn is_signed_armour(line: &[u8]) -> bool {
    let line = &line[margin(line)..];
    [b"+-----BEGIN".as_slice(), b"------BEGIN", b"+-----END"]
        .iter()
        .any(|armour| line.starts_with(armour))
}

/// Whether nothing but base64 stands behind this sign.
fn is_signed(line: &[u8], sign: u8) -> bool {
    let base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
    line[margin(line)..]
        .strip_prefix(&[sign])
        .map(<[u8]>::trim_ascii_end)
        .is_some_and(|rest| rest.len() >= LONG && rest.iter().all(base64))
}
