//! Telling whoever looks elsewhere that what was sent has come to its end: the bell, and a notification of the desktop
//! where the terminal knows it (OSC 9). Either can be turned off.

use super::clipboard::Way;
use crate::config::Settings;

/// What the terminal is sent; nothing when both are off.
pub(super) fn bytes(settings: &Settings, way: &Way, text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    if settings.bell {
        bytes.push(7);
    }
    // screen prints a sequence that it does not know.
    if settings.notify && !matches!(way, Way::Screen) {
        let text: String = text.chars().filter(|c| !c.is_control()).collect();
        bytes.extend_from_slice(format!("\x1b]9;{text}\x1b\\").as_bytes());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bell: bool, notify: bool, way: &Way) -> String {
        let settings = Settings {
            bell,
            notify,
            ..Settings::default()
        };
        let bytes = bytes(&settings, way, "certificate 7\x07\x1b]0;x issued");
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn bell_and_notification_are_turned_on_and_off_apart() {
        let osc = "\x1b]9;certificate 7]0;x issued\x1b\\";
        assert_eq!(told(false, false, &Way::Osc52), "");
        assert_eq!(told(true, false, &Way::Osc52), "\x07");
        assert_eq!(told(false, true, &Way::Osc52), osc);
        assert_eq!(told(true, true, &Way::Osc52), format!("\x07{osc}"));
        assert_eq!(
            told(true, true, &Way::Screen),
            "\x07",
            "screen would print it"
        );
    }
}
