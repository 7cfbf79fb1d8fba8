//! What the terminal may be drawn with: read off the environment and the settings, for the first frame waits for no
//! terminal. Its background is then asked for, once; the answer is an event like any other, and none may come.

use crate::app::look::{Colours, Ground, Look};
use crate::config::{Env, Theme};
use crate::runtime::clipboard::plan::in_screen;

/// OSC 11: what is your background?
const ASK: &str = "\x1b]11;?\x1b\\";
/// The same past GNU screen, which answers nothing itself; it ends with BEL, since an ST would end the string around it.
const ASK_PAST_SCREEN: &str = "\x1bP\x1b]11;?\x07\x1b\\";

/// The colours and the background to draw for.
///
/// `COLORFGBG` is what rxvt, Konsole and others say of themselves: numbers of the terminal's own colours, of which the
/// last is the background's.
pub fn look(env: &Env, theme: Theme) -> Look {
    Look {
        colours: match theme {
            Theme::Mono => Colours::None,
            _ if env.get("NO_COLOR").is_some() => Colours::None,
            _ => depth(env),
        },
        ground: match theme {
            Theme::Dark => Ground::Dark,
            Theme::Light => Ground::Light,
            Theme::Auto if env.text("TERM").is_some_and(|term| term == "linux") => Ground::Dark,
            Theme::Auto | Theme::Mono => ground(env.text("COLORFGBG").as_deref()),
        },
    }
}

/// The question for the background, where its answer would change what is drawn. Nothing for a Linux console, which is
/// black and prints what it does not know.
pub fn question(env: &Env, theme: Theme) -> Option<&'static str> {
    let drawn = look(env, theme);
    let asks = theme == Theme::Auto && drawn.colours != Colours::None;
    let console = env.text("TERM").is_some_and(|term| term == "linux");
    (asks && !console).then(|| if in_screen(env) { ASK_PAST_SCREEN } else { ASK })
}

/// What a colour is as a background: by how bright it looks (ITU-R BT.601).
pub fn ground_of([red, green, blue]: [u8; 3]) -> Ground {
    let brightness = 299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue);
    if brightness >= 128_000 {
        Ground::Light
    } else {
        Ground::Dark
    }
}

fn depth(env: &Env) -> Colours {
    let told = env.text("COLORTERM");
    let term = env.text("TERM").unwrap_or_default();
    if matches!(told.as_deref(), Some("truecolor" | "24bit")) {
        Colours::True
    } else if term.contains("256color") {
        Colours::Fixed
    } else {
        Colours::Sixteen
    }
}

fn ground(told: Option<&str>) -> Ground {
    match told.and_then(|told| told.rsplit(';').next()) {
        Some("7" | "15") => Ground::Light,
        Some("0" | "1" | "2" | "3" | "4" | "5" | "6" | "8") => Ground::Dark,
        _ => Ground::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen<const N: usize>(theme: Theme, variables: [(&str, &str); N]) -> (Colours, Ground) {
        let look = look(&Env::fixed(variables), theme);
        (look.colours, look.ground)
    }

    #[test]
    fn colours_are_as_many_as_the_terminal_says() {
        let auto = |variables| seen(Theme::Auto, variables).0;
        assert_eq!(auto([("TERM", "xterm")]), Colours::Sixteen);
        assert_eq!(auto([("TERM", "tmux-256color")]), Colours::Fixed);
        assert_eq!(auto([("COLORTERM", "truecolor")]), Colours::True);
        let both = [("COLORTERM", "24bit"), ("NO_COLOR", "1")];
        assert_eq!(seen(Theme::Light, both).0, Colours::None);
        assert_eq!(seen(Theme::Mono, [("COLORTERM", "24bit")]).0, Colours::None);
    }

    #[test]
    fn the_background_is_the_settings_or_what_the_terminal_tells() {
        let told = |told| seen(Theme::Auto, [("COLORFGBG", told)]).1;
        assert_eq!(told("0;15"), Ground::Light);
        assert_eq!(told("15;default;0"), Ground::Dark);
        assert_eq!(told("15;default"), Ground::Unknown);
        assert_eq!(seen(Theme::Auto, []).1, Ground::Unknown);
        assert_eq!(seen(Theme::Dark, [("COLORFGBG", "0;15")]).1, Ground::Dark);
        assert_eq!(seen(Theme::Light, []).1, Ground::Light);
        assert_eq!(seen(Theme::Auto, [("TERM", "linux")]).1, Ground::Dark);
    }

    #[test]
    fn a_terminal_is_asked_where_its_answer_counts() {
        let asked = |theme, variables: &[(&str, &str)]| {
            let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).into());
            question(&Env::Fixed(variables.iter().map(owned).collect()), theme)
        };
        let term = ("TERM", "xterm-256color");
        assert_eq!(asked(Theme::Auto, &[term]), Some(ASK));
        // tmux answers by itself, whatever it calls itself.
        let tmux = [("TERM", "screen-256color"), ("TMUX", "/tmp/x,1,0")];
        assert_eq!(asked(Theme::Auto, &tmux), Some(ASK));
        for screen in [&[term, ("STY", "1.x")][..], &[("TERM", "screen")]] {
            assert_eq!(asked(Theme::Auto, screen), Some(ASK_PAST_SCREEN));
        }
        // What the variable says is what was so when the shell began.
        assert_eq!(asked(Theme::Auto, &[("COLORFGBG", "15;0")]), Some(ASK));
        for (theme, variables) in [
            (Theme::Dark, &[term][..]),
            (Theme::Light, &[term]),
            (Theme::Mono, &[term]),
            (Theme::Auto, &[term, ("NO_COLOR", "1")]),
            (Theme::Auto, &[("TERM", "linux")]),
        ] {
            assert_eq!(asked(theme, variables), None, "{variables:?}");
        }
    }

    #[test]
    fn a_background_is_light_or_dark() {
        for (colour, ground) in [
            ([0, 0, 0], Ground::Dark),
            ([0x1e, 0x1e, 0x2e], Ground::Dark),
            ([0, 0x2b, 0x36], Ground::Dark),
            ([0, 0, 255], Ground::Dark),
            ([255, 255, 255], Ground::Light),
            ([0xfd, 0xf6, 0xe3], Ground::Light),
            ([0xee, 0xee, 0xd0], Ground::Light),
        ] {
            assert_eq!(ground_of(colour), ground, "{colour:?}");
        }
    }
}
