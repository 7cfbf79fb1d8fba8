//! A time of the week in which something may be done, by the local clock: `Sun 02:00-04:00`.

use std::fmt;

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use thiserror::Error;

/// The days as a window names them, Monday first.
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Minutes of a day.
const DAY: u16 = 24 * 60;

/// Why a text is no window.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WindowError {
    #[error(
        "`{0}` is not a day: use Mon, Tue, Wed, Thu, Fri, Sat, Sun, or a range such as Mon-Fri"
    )]
    Day(String),
    #[error("`{0}` is not a time from 00:00 to 24:00")]
    Time(String),
    #[error("it begins and ends at the same time")]
    Empty,
    #[error("write it as \"Sun 02:00-04:00\", \"Mon-Fri 22:00-06:00\" or \"02:00-04:00\"")]
    Form,
}

/// Hours of some days of the week. Where the end is not behind the begin, it is on the next day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Days on which it begins, Monday first.
    days: [bool; 7],
    /// Minutes of the day.
    from: u16,
    /// Minutes of the day; up to 24:00.
    to: u16,
    /// As it was written.
    words: String,
}

impl Window {
    /// Reads days and hours; without days it is every day.
    pub fn parse(text: &str) -> Result<Self, WindowError> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let (hours, days) = words.split_last().ok_or(WindowError::Form)?;
        let (from, to) = hours.split_once('-').ok_or(WindowError::Form)?;
        let (from, to) = (minutes(from)?, minutes(to)?);
        if from == to || from == DAY {
            return Err(WindowError::Empty);
        }
        let mut marked = [days.is_empty(); 7];
        for named in days.iter().flat_map(|days| days.split(',')) {
            let (first, last) = match named.split_once('-') {
                Some((first, last)) => (day(first)?, day(last)?),
                None if named.is_empty() => continue,
                None => (day(named)?, day(named)?),
            };
            let mut at = first;
            marked[at] = true;
            while at != last {
                at = (at + 1) % 7;
                marked[at] = true;
            }
        }
        Ok(Self {
            days: marked,
            from,
            to,
            words: words.join(" "),
        })
    }

    /// Whether it is open at a time of the local clock.
    pub fn is_open(&self, at: DateTime) -> bool {
        let minute =
            u16::from(at.hour().unsigned_abs()) * 60 + u16::from(at.minute().unsigned_abs());
        let today = self.begins_on(at.weekday());
        if self.from < self.to {
            return today && (self.from..self.to).contains(&minute);
        }
        let yesterday = self.begins_on(at.weekday().previous());
        (today && minute >= self.from) || (yesterday && minute < self.to)
    }

    /// When it opens next: now, where it is open.
    pub fn opens(&self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let local = zone.to_datetime(now);
        if self.is_open(local) {
            return Some(now);
        }
        (0..=7).find_map(|days| {
            let date: Date = local.date().checked_add(Span::new().days(days)).ok()?;
            let time = Time::new((self.from / 60) as i8, (self.from % 60) as i8, 0, 0).ok()?;
            // Where a clock change skips that time, it is the one behind the gap.
            let opens = zone.to_zoned(date.to_datetime(time)).ok()?.timestamp();
            (self.begins_on(date.weekday()) && opens > now).then_some(opens)
        })
    }

    fn begins_on(&self, day: Weekday) -> bool {
        self.days[day.to_monday_zero_offset().unsigned_abs() as usize]
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

fn day(text: &str) -> Result<usize, WindowError> {
    let known = DAYS.iter().position(|day| day.eq_ignore_ascii_case(text));
    known.ok_or_else(|| WindowError::Day(text.to_owned()))
}

fn minutes(text: &str) -> Result<u16, WindowError> {
    let wrong = || WindowError::Time(text.to_owned());
    let (hours, minutes) = text.split_once(':').ok_or_else(wrong)?;
    let number = |text: &str| {
        let is_number = matches!(text.len(), 1 | 2) && text.bytes().all(|b| b.is_ascii_digit());
        is_number.then(|| text.parse::<u16>().ok()).flatten()
    };
    let (hours, minutes) = number(hours).zip(number(minutes)).ok_or_else(wrong)?;
    let all = hours * 60 + minutes;
    if minutes < 60 && all <= DAY {
        Ok(all)
    } else {
        Err(wrong())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    // 2026-11-29 is a Sunday.
    #[case("Sun 02:00-04:00", "2026-11-29T01:59", false)]
    #[case("Sun 02:00-04:00", "2026-11-29T02:00", true)]
    #[case("sun 2:00-04:00", "2026-11-29T03:59", true)]
    #[case("Sun 02:00-04:00", "2026-11-29T04:00", false)]
    #[case("Sun 02:00-04:00", "2026-11-30T03:00", false)]
    #[case("Sun 22:00-06:00", "2026-11-29T23:00", true)]
    #[case("Sun 22:00-06:00", "2026-11-30T05:59", true)]
    #[case("Sun 22:00-06:00", "2026-11-29T05:59", false)]
    #[case("Mon-Fri 22:00-24:00", "2026-11-30T23:59", true)]
    #[case("Fri-Mon 00:00-24:00", "2026-11-29T12:00", true)]
    #[case("Fri-Mon 00:00-24:00", "2026-12-02T12:00", false)]
    #[case("Sat, Mon 01:00-02:00", "2026-11-30T01:30", true)]
    #[case("02:00-04:00", "2026-12-02T02:30", true)]
    fn it_is_open_at_its_hours(#[case] window: &str, #[case] at: DateTime, #[case] open: bool) {
        assert_eq!(Window::parse(window).unwrap().is_open(at), open);
    }

    #[rstest]
    #[case("Sun 02:00-04:00", "2026-11-29T00:00:00Z", "2026-11-29T01:00:00Z")]
    #[case("Sun 02:00-04:00", "2026-11-29T02:30:00Z", "2026-11-29T02:30:00Z")]
    #[case("Sun 02:00-04:00", "2026-11-29T03:00:00Z", "2026-12-06T01:00:00Z")]
    // On 2026-03-29 the clock goes from 02:00 to 03:00 there.
    #[case("02:30-04:00", "2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z")]
    fn it_opens_by_the_local_clock(
        #[case] window: &str,
        #[case] now: Timestamp,
        #[case] opens: Timestamp,
    ) {
        let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        let window = Window::parse(window).unwrap();
        assert_eq!(window.opens(now, &zone), Some(opens));
    }

    #[rstest]
    #[case("", WindowError::Form)]
    #[case("Sunday 02:00-04:00", WindowError::Day("Sunday".into()))]
    #[case("Sun 02:00", WindowError::Form)]
    #[case("Sun 02:00-02:00", WindowError::Empty)]
    #[case("Sun 24:00-02:00", WindowError::Empty)]
    #[case("Sun 02:60-04:00", WindowError::Time("02:60".into()))]
    #[case("Sun 2-4", WindowError::Time("2".into()))]
    #[case("Sun 02:00-25:00", WindowError::Time("25:00".into()))]
    fn what_is_no_window_says_why(#[case] text: &str, #[case] why: WindowError) {
        assert_eq!(Window::parse(text), Err(why));
    }
}
