//! What the terminal may be drawn with: read off the environment and the settings, since asking a terminal takes seconds
//! on some links.

use crate::app::model::{Colours, Ground, Look};
use crate::config::{Env, Theme};

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
            Theme::Auto | Theme::Mono => ground(env.text("COLORFGBG").as_deref()),
        },
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
    }
}
