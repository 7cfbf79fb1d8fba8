//! What styles mean: good, warn, bad, dim, selected. The terminal's own 16 colours where it has no more, those of the
//! palette of 256 that are the same everywhere where it has; no colours at all where none are wanted. Where the background
//! is known, by the settings or by what the terminal says of itself, colours that are easy to read on it; until then
//! such as can be read on either.

use ratatui::style::{Color, Modifier, Style};

use crate::app::look::{Colours, Ground, Look};
use crate::app::status::Tone;
use crate::domain::coverage::Coverage;
use crate::domain::status::{CertificateStatus, OrderStatus, RequestStatus};

/// Days before its end from which a certificate is urgent.
const URGENT_DAYS: i32 = 7;

/// Styles by meaning.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Theme {
    pub text: Style,
    /// What matters less: labels, hints, what is over.
    pub dim: Style,
    /// What has the focus.
    pub accent: Style,
    pub good: Style,
    pub warn: Style,
    /// It is not well.
    pub bad: Style,
    /// The row under the cursor. One style for the whole row: a move repaints two rows and little else.
    pub selected: Style,
    /// The row under the cursor while another pane has the focus.
    pub rested: Style,
    pub title: Style,
    pub border: Style,
    pub key: Style,
    /// Headings of columns and sections.
    pub heading: Style,
    pub header: Style,
    /// The badge that says that nothing here is real.
    pub sandbox: Style,
    /// The tab that is shown.
    pub tab: Style,
}

/// What a theme with colours chooses.
#[derive(Clone, Copy)]
struct Tones {
    dim: Style,
    border: Style,
    accent: Style,
    good: Style,
    warn: Style,
    bad: Style,
    selected: Style,
    sandbox: Style,
}

/// A colour of the palette of 256; those from 16 on are the same in every terminal.
fn fixed(colour: u8) -> Style {
    Style::new().fg(Color::Indexed(colour))
}

impl Theme {
    /// The theme for what the terminal may be drawn with.
    pub fn for_look(look: Look) -> Self {
        match (look.colours, look.ground) {
            (Colours::None, _) => Self::mono(),
            (Colours::Sixteen, Ground::Dark) => Self::sixteen(),
            (Colours::Sixteen, Ground::Light) => Self::sixteen_on_light(),
            (Colours::Sixteen, Ground::Unknown) => Self::sixteen_on_either(),
            (_, Ground::Unknown) => Self::on_either(),
            (_, Ground::Dark) => Self::on_dark(),
            (_, Ground::Light) => Self::on_light(),
        }
    }

    fn mono() -> Self {
        let plain = Style::new();
        let bold = plain.add_modifier(Modifier::BOLD);
        let dim = plain.add_modifier(Modifier::DIM);
        let reversed = plain.add_modifier(Modifier::REVERSED);
        Self {
            text: plain,
            dim,
            accent: bold,
            good: plain,
            warn: bold,
            bad: bold.add_modifier(Modifier::UNDERLINED),
            selected: reversed,
            rested: bold.add_modifier(Modifier::UNDERLINED),
            title: bold,
            border: dim,
            key: bold,
            heading: dim,
            header: bold,
            sandbox: reversed.add_modifier(Modifier::BOLD),
            tab: bold.add_modifier(Modifier::UNDERLINED),
        }
    }

    /// Dim is a modifier and no colour: "bright black" is the background itself in some palettes.
    fn sixteen() -> Self {
        let plain = Style::new();
        let dim = plain.add_modifier(Modifier::DIM);
        Self::of(Tones {
            dim,
            border: dim,
            accent: plain.fg(Color::Cyan),
            good: plain.fg(Color::Green),
            warn: plain.fg(Color::Yellow),
            bad: plain.fg(Color::Red),
            selected: plain.fg(Color::White).bg(Color::Blue),
            sandbox: plain.fg(Color::Black).bg(Color::Yellow),
        })
    }

    /// The terminal's own yellow, cyan and green are next to invisible on white.
    fn sixteen_on_light() -> Self {
        let plain = Style::new();
        let dim = plain.add_modifier(Modifier::DIM);
        Self::of(Tones {
            dim,
            border: dim,
            accent: plain.fg(Color::Blue),
            good: plain.fg(Color::Green),
            warn: plain.fg(Color::Magenta),
            bad: plain.fg(Color::Red),
            selected: plain.fg(Color::White).bg(Color::Blue),
            sandbox: plain.fg(Color::Black).bg(Color::Yellow),
        })
    }

    fn on_dark() -> Self {
        Self::of(Tones {
            dim: fixed(246),
            border: fixed(240),
            accent: fixed(74),
            good: fixed(114),
            warn: fixed(179),
            bad: fixed(203),
            selected: fixed(231).bg(Color::Indexed(24)),
            sandbox: fixed(234).bg(Color::Indexed(178)),
        })
    }

    fn on_light() -> Self {
        Self::of(Tones {
            dim: fixed(241),
            border: fixed(246),
            accent: fixed(25),
            good: fixed(22),
            warn: fixed(94),
            bad: fixed(124),
            selected: fixed(231).bg(Color::Indexed(24)),
            sandbox: fixed(234).bg(Color::Indexed(178)),
        })
    }

    /// Of the terminal's own colours, red and magenta alone can be read on black and on white.
    fn sixteen_on_either() -> Self {
        let plain = Style::new();
        let dim = plain.add_modifier(Modifier::DIM);
        let bold = plain.add_modifier(Modifier::BOLD);
        Self::of(Tones {
            dim,
            border: dim,
            accent: bold,
            good: plain,
            warn: plain.fg(Color::Magenta),
            bad: bold.fg(Color::Red),
            selected: plain.fg(Color::White).bg(Color::Blue),
            sandbox: plain.fg(Color::Black).bg(Color::Yellow),
        })
    }

    /// Middle tones, as far from black as from white; where the background counts, both colours are set.
    fn on_either() -> Self {
        Self::of(Tones {
            dim: fixed(243),
            border: fixed(243),
            accent: fixed(30),
            good: fixed(28),
            warn: fixed(130),
            bad: fixed(196).add_modifier(Modifier::BOLD),
            selected: fixed(231).bg(Color::Indexed(24)),
            sandbox: fixed(234).bg(Color::Indexed(178)),
        })
    }

    /// What the tones are for, which is the same in every theme with colours.
    fn of(tones: Tones) -> Self {
        let bold = |style: Style| style.add_modifier(Modifier::BOLD);
        Self {
            text: Style::new(),
            dim: tones.dim,
            accent: tones.accent,
            good: tones.good,
            warn: tones.warn,
            // Red is the darkest of the sixteen on black.
            bad: bold(tones.bad),
            selected: tones.selected,
            rested: bold(tones.accent),
            title: bold(Style::new()),
            border: tones.border,
            key: tones.accent,
            heading: tones.dim,
            header: bold(tones.accent),
            sandbox: bold(tones.sandbox),
            tab: bold(tones.accent).add_modifier(Modifier::UNDERLINED),
        }
    }

    /// How loud a line is.
    pub fn tone(&self, tone: Tone) -> Style {
        match tone {
            Tone::Info => self.text,
            Tone::Good => self.good,
            Tone::Warn => self.warn,
            Tone::Bad => self.bad,
        }
    }

    /// The state of an order.
    pub fn order_status(&self, status: &OrderStatus) -> Style {
        match status {
            OrderStatus::Issued => self.good,
            OrderStatus::NeedsApproval | OrderStatus::ReissuePending => self.warn,
            OrderStatus::Pending | OrderStatus::Processing | OrderStatus::WaitingPickup => {
                self.accent
            }
            OrderStatus::Revoked | OrderStatus::Rejected => self.bad,
            OrderStatus::Expired | OrderStatus::Canceled => self.dim,
            OrderStatus::Other(_) => self.text,
        }
    }

    /// The state of a certificate.
    pub fn certificate_status(&self, status: &CertificateStatus) -> Style {
        match status {
            CertificateStatus::Approved | CertificateStatus::Issued => self.good,
            CertificateStatus::Pending => self.accent,
            CertificateStatus::Rejected | CertificateStatus::Revoked => self.bad,
            CertificateStatus::Expired => self.dim,
            CertificateStatus::Other(_) => self.text,
        }
    }

    /// The state of a request.
    pub fn request_status(&self, status: &RequestStatus) -> Style {
        match status {
            RequestStatus::Submitted | RequestStatus::Pending => self.warn,
            RequestStatus::Approved => self.good,
            RequestStatus::Rejected => self.bad,
            RequestStatus::Other(_) => self.text,
        }
    }

    /// What the dates of an order call for.
    pub fn coverage(&self, coverage: Coverage) -> Style {
        match coverage {
            Coverage::Reissue { ends_in, .. } | Coverage::Renew { ends_in }
                if ends_in <= URGENT_DAYS =>
            {
                self.bad
            }
            Coverage::Reissue { .. } | Coverage::Renew { .. } => self.warn,
            Coverage::Over { covers: 0, .. } => self.dim,
            Coverage::Over { .. } => self.bad,
            Coverage::Renewed { .. } => self.good,
            Coverage::Fine { .. } | Coverage::None => self.dim,
        }
    }
}
