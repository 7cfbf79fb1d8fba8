//! What styles mean: good, warn, bad, dim, selected. The terminal's own 16 colours, so that it looks at home; 24-bit
//! colours only where they are known to work; no colours at all where none are wanted. Where the background is known,
//! by the settings or by what the terminal says of itself, colours that are easy to read on it.

use ratatui::style::{Color, Modifier, Style};

use crate::app::model::{Colours, Ground, Look, Tone};
use crate::domain::coverage::Coverage;
use crate::domain::status::{CertificateStatus, OrderStatus, RequestStatus};

/// Days before its end from which a certificate is urgent.
const URGENT_DAYS: i32 = 7;

/// Styles by meaning.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Theme {
    /// Words.
    pub text: Style,
    /// What matters less: labels, hints, what is over.
    pub dim: Style,
    /// What has the focus.
    pub accent: Style,
    /// It is well.
    pub good: Style,
    /// Worth a look.
    pub warn: Style,
    /// It is not well.
    pub bad: Style,
    /// The row under the cursor. One style for the whole row: a move repaints two rows and little else.
    pub selected: Style,
    /// The row under the cursor while another pane has the focus.
    pub rested: Style,
    /// Titles.
    pub title: Style,
    /// Lines between things.
    pub border: Style,
    /// Keys in hints.
    pub key: Style,
    /// Headings of columns and sections.
    pub heading: Style,
    /// The program's name.
    pub header: Style,
    /// The badge that says that nothing here is real.
    pub sandbox: Style,
    /// The tab that is shown.
    pub tab: Style,
}

/// Colours of the palette of 256, by meaning; those from 16 on are the same in every terminal.
struct Tones {
    dim: u8,
    border: u8,
    accent: u8,
    good: u8,
    warn: u8,
    bad: u8,
}

impl Theme {
    /// The theme for what the terminal may be drawn with.
    pub fn for_look(look: Look) -> Self {
        match (look.colours, look.ground) {
            (Colours::None, _) => Self::mono(),
            (Colours::Sixteen, Ground::Light) => Self::sixteen_on_light(),
            (Colours::Sixteen, _) | (Colours::Fixed, Ground::Unknown) => Self::sixteen(),
            (Colours::True, Ground::Unknown) => Self::true_colours(),
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
        let bold = plain.add_modifier(Modifier::BOLD);
        let dim = plain.add_modifier(Modifier::DIM);
        Self {
            text: plain,
            dim,
            accent: plain.fg(Color::Cyan),
            good: plain.fg(Color::Green),
            warn: plain.fg(Color::Yellow),
            bad: plain.fg(Color::Red),
            selected: plain.fg(Color::White).bg(Color::Blue),
            rested: bold.fg(Color::Cyan),
            title: bold,
            border: dim,
            key: plain.fg(Color::Cyan),
            heading: dim,
            header: bold.fg(Color::Cyan),
            sandbox: bold.fg(Color::Black).bg(Color::Yellow),
            tab: bold.fg(Color::Cyan).add_modifier(Modifier::UNDERLINED),
        }
    }

    /// The terminal's own yellow, cyan and green are next to invisible on white.
    fn sixteen_on_light() -> Self {
        let plain = Style::new();
        let accent = plain.fg(Color::Blue);
        Self {
            accent,
            warn: plain.fg(Color::Magenta),
            bad: plain.fg(Color::Red).add_modifier(Modifier::BOLD),
            rested: accent.add_modifier(Modifier::BOLD),
            key: accent,
            header: accent.add_modifier(Modifier::BOLD),
            tab: accent.add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
            ..Self::sixteen()
        }
    }

    fn on_dark() -> Self {
        Self::fixed(&Tones {
            dim: 246,
            border: 240,
            accent: 74,
            good: 114,
            warn: 179,
            bad: 203,
        })
    }

    fn on_light() -> Self {
        Self::fixed(&Tones {
            dim: 241,
            border: 246,
            accent: 25,
            good: 22,
            warn: 94,
            bad: 124,
        })
    }

    fn fixed(tones: &Tones) -> Self {
        let of = |colour| Style::new().fg(Color::Indexed(colour));
        let bold = Style::new().add_modifier(Modifier::BOLD);
        let accent = of(tones.accent);
        Self {
            text: Style::new(),
            dim: of(tones.dim),
            accent,
            good: of(tones.good),
            warn: of(tones.warn),
            bad: of(tones.bad),
            selected: of(231).bg(Color::Indexed(24)),
            rested: accent.add_modifier(Modifier::BOLD),
            title: bold,
            border: of(tones.border),
            key: accent,
            heading: of(tones.dim),
            header: accent.add_modifier(Modifier::BOLD),
            sandbox: bold.fg(Color::Indexed(234)).bg(Color::Indexed(178)),
            tab: accent.add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
        }
    }

    /// Middle tones that read on dark and on light; where the background counts, both colours are set.
    fn true_colours() -> Self {
        let rgb = |r, g, b| Style::new().fg(Color::Rgb(r, g, b));
        let bold = Style::new().add_modifier(Modifier::BOLD);
        // The greys of the palette of 256 are fixed, and half as long to name.
        let dim = Style::new().fg(Color::Indexed(244));
        let accent = rgb(0x2f, 0x95, 0xc8);
        Self {
            text: Style::new(),
            dim,
            accent,
            good: rgb(0x3f, 0xa0, 0x5f),
            warn: rgb(0xc9, 0x8a, 0x1a),
            bad: rgb(0xdb, 0x4b, 0x4b),
            // A row of the list is painted in these at every move: short names for colours that are fixed or as good.
            selected: Style::new()
                .fg(Color::White)
                .bg(Color::Rgb(0x2b, 0x5b, 0x84)),
            rested: accent.add_modifier(Modifier::BOLD),
            title: bold,
            border: Style::new().fg(Color::Indexed(241)),
            key: accent,
            heading: dim,
            header: accent.add_modifier(Modifier::BOLD),
            sandbox: bold
                .fg(Color::Rgb(0x1d, 0x1a, 0x10))
                .bg(Color::Rgb(0xd9, 0xa5, 0x21)),
            tab: accent.add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
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
