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
    // Without its head it shows by lines of both kinds.
    let headless = signed(b'+') && signed(b'-');
    let mut new = Zeroizing::new(text.to_vec());
    let mut old = Zeroizing::new(text.to_vec());
    // How many signs stand in front of each line: one for each file that the new one is compared with.
    let mut signs = None;
    let mut start = 0;
    for line in lines() {
        let here = start..start + line.len();
        start += line.len() + 1;
        if let Some(columns) = head(line) {
            signs = Some(columns);
            new[here.clone()].fill(b' ');
            old[here].fill(b' ');
            continue;
        }
        let armour = [b"+-----BEGIN".as_slice(), b"------BEGIN", b"+-----END"];
        if signs.is_none()
            && (armour.iter().any(|armour| line.starts_with(armour))
                || headless && (is_signed(line, b'+') || is_signed(line, b'-')))
        {
            signs = Some(1);
        }
        let Some(columns) = signs else { continue };
        // An armour whose space in front was lost.
        if line.starts_with(b"-----") && line.get(5) != Some(&b'-') {
            continue;
        }
        let front = &line[..columns.min(line.len())];
        let (added, removed) = (front.contains(&b'+'), front.contains(&b'-'));
        let sign = here.start..here.start + front.len();
        for (side, is_there) in [(&mut new, !removed), (&mut old, !added)] {
            let blank = if is_there { sign.clone() } else { here.clone() };
            if added || removed {
                side[blank].fill(b' ');
            }
        }
    }
    signs.map(|_| Sides { new, old })
}

/// How many signs the lines below the head of a piece have: `@@ -1,2 +1,3 @@` has one, that of a merge one for each parent.
fn head(line: &[u8]) -> Option<usize> {
    let signs = line.iter().take_while(|byte| **byte == b'@').count();
    let is_head = signs >= 2 && line[signs..].starts_with(b" -");
    is_head.then(|| signs - 1)
}

/// Whether nothing but base64 stands behind this sign.
fn is_signed(line: &[u8], sign: u8) -> bool {
    let base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
    line.strip_prefix(&[sign])
        .map(<[u8]>::trim_ascii_end)
        .is_some_and(|rest| rest.len() >= LONG && rest.iter().all(base64))
}
