//! Rows on their way to standard output.

use std::borrow::Cow;
use std::io::{self, BufWriter, IsTerminal as _, Write};

use jiff::Timestamp;

use super::table::{self, Column, MEASURED};
use super::value::without_formula;
use super::{Chosen, Field, Listed, facts};
use crate::cli::args::Show;
use crate::cli::error::CliError;
use crate::config::Env;

/// What standard output leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) struct Screen {
    /// Cells of a line, where it is a terminal.
    pub(super) width: Option<usize>,
    /// Whether headings may stand out.
    pub(super) is_styled: bool,
}

impl Screen {
    /// A line of a terminal that does not say how wide it is.
    const WIDTH: usize = 80;

    /// What standard output leads to here.
    pub(in crate::cli) fn of(env: &Env) -> Self {
        let stdout = io::stdout();
        if !stdout.is_terminal() {
            return Self {
                width: None,
                is_styled: false,
            };
        }
        let size = rustix::termios::tcgetwinsize(&stdout);
        let told = size.ok().map(|size| usize::from(size.ws_col));
        let is_plain = env.get("NO_COLOR").is_some_and(|value| !value.is_empty())
            || env.get("TERM").is_none_or(|term| term == "dumb");
        Self {
            width: Some(told.filter(|width| *width > 0).unwrap_or(Self::WIDTH)),
            is_styled: !is_plain,
        }
    }
}

/// How rows are written.
enum Form {
    /// Each with a tab between its fields.
    Lines,
    Table {
        /// Cells of a line.
        width: usize,
        is_styled: bool,
        columns: Vec<Column>,
        /// Rows by which the columns are still measured; none once they stand.
        measured: Option<Vec<Vec<String>>>,
    },
    Json,
    Csv,
}

/// Where rows go.
enum Out<'o> {
    Plain(BufWriter<Box<dyn Write + 'o>>),
    Csv(Box<csv::Writer<Box<dyn Write + 'o>>>),
}

impl Out<'_> {
    fn text(&mut self, text: &str) -> io::Result<()> {
        match self {
            Self::Plain(out) => out.write_all(text.as_bytes()),
            Self::Csv(_) => Ok(()),
        }
    }

    fn end(self) -> io::Result<()> {
        match self {
            Self::Plain(mut out) => out.flush(),
            Self::Csv(mut out) => out.flush(),
        }
    }
}

/// Rows on their way out.
pub(in crate::cli) struct Sheet<'o, L: Listed> {
    chosen: Chosen<L>,
    form: Form,
    /// Whether one thing is shown in full, where a person reads it.
    is_facts: bool,
    has_headers: bool,
    out: Out<'o>,
    count: usize,
    line: String,
}

impl<'o, L: Listed> Sheet<'o, L> {
    /// A sheet as the options have it. Nothing is written before [`begin`](Self::begin).
    pub(in crate::cli) fn new(
        show: &Show,
        screen: Screen,
        out: impl Write + 'o,
    ) -> Result<Self, CliError> {
        let chosen = Chosen::<L>::of(show)?;
        let form = match screen.width {
            _ if show.json => Form::Json,
            _ if show.csv => Form::Csv,
            Some(width) if !show.numbers => Form::Table {
                width,
                is_styled: screen.is_styled,
                columns: chosen.fields.iter().map(|field| column(field)).collect(),
                measured: Some(Vec::new()),
            },
            _ => Form::Lines,
        };
        let out: Box<dyn Write + 'o> = Box::new(out);
        let out = match form {
            Form::Csv => Out::Csv(Box::new(csv::Writer::from_writer(out))),
            _ => Out::Plain(BufWriter::new(out)),
        };
        Ok(Self {
            chosen,
            form,
            is_facts: false,
            has_headers: !show.no_headers && !show.numbers,
            out,
            count: 0,
            line: String::new(),
        })
    }

    /// The same for one thing, which a person reads as facts below each other.
    pub(in crate::cli) fn of_one(mut self) -> Self {
        let is_read = matches!(self.form, Form::Lines | Form::Table { .. });
        self.is_facts = is_read && self.has_headers;
        self
    }

    /// Whether rows can be written as they come.
    pub(in crate::cli) fn streams(&self) -> bool {
        self.chosen.sort.is_none()
    }

    /// Begins: what is written holds as of a time, where that is known.
    pub(in crate::cli) fn begin(&mut self, as_of: Option<Timestamp>) -> Result<(), CliError> {
        match &self.form {
            Form::Json => {
                let as_of = as_of.map_or("null".to_owned(), |at| format!("\"{at}\""));
                self.out.text(&format!(
                    "{{\"schema\":\"certdeck.{}\",\"version\":{},\"as_of\":{as_of},\"rows\":[\n",
                    L::NAME,
                    L::VERSION
                ))?;
            }
            Form::Csv | Form::Lines if self.has_headers && !self.is_facts => {
                let names = self.chosen.fields.iter().map(|field| field.name);
                let names: Vec<String> = names.map(str::to_owned).collect();
                self.write_line(&names)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Writes a row.
    pub(in crate::cli) fn row(&mut self, row: &L::Row<'_>) -> Result<(), CliError> {
        self.count += 1;
        if self.is_facts {
            let text = facts::text(&self.chosen, row);
            self.out.text(&text)?;
            return Ok(());
        }
        let fields = self.chosen.fields.iter();
        match &mut self.form {
            Form::Json => {
                let line = &mut self.line;
                line.clear();
                line.push_str(if self.count > 1 { ",\n{" } else { "{" });
                for (at, field) in fields.enumerate() {
                    if at > 0 {
                        line.push(',');
                    }
                    line.push('"');
                    line.push_str(field.name);
                    line.push_str("\":");
                    (field.value)(row).push_json(line);
                }
                line.push('}');
                self.out.text(line)?;
            }
            Form::Table { measured, .. } => {
                let cells: Vec<String> = fields
                    .map(|field| (field.value)(row).shown().into_owned())
                    .collect();
                match measured {
                    Some(rows) => {
                        rows.push(cells);
                        if rows.len() >= MEASURED {
                            self.settle()?;
                        }
                    }
                    None => self.write_line(&cells)?,
                }
            }
            Form::Csv | Form::Lines => {
                let cells: Vec<String> = fields
                    .map(|field| (field.value)(row).plain().into_owned())
                    .collect();
                self.write_line(&cells)?;
            }
        }
        Ok(())
    }

    /// Writes rows, sorted where they are to be.
    pub(in crate::cli) fn rows(&mut self, mut rows: Vec<L::Row<'_>>) -> Result<(), CliError> {
        if let Some((field, turned)) = self.chosen.sort {
            rows.sort_by_cached_key(|row| (field.value)(row).rank());
            if turned {
                let known = rows
                    .iter()
                    .take_while(|row| (field.value)(row) != super::Value::None);
                let known = known.count();
                rows[..known].reverse();
            }
        }
        for row in &rows {
            self.row(row)?;
        }
        Ok(())
    }

    /// How many rows were written.
    pub(in crate::cli) fn count(&self) -> usize {
        self.count
    }

    /// Ends: until then what was written is not whole.
    pub(in crate::cli) fn end(mut self) -> Result<(), CliError> {
        self.settle()?;
        if matches!(self.form, Form::Json) {
            let before = if self.count > 0 { "\n" } else { "" };
            self.out.text(&format!("{before}]}}\n"))?;
        }
        self.out.end()?;
        Ok(())
    }

    /// The columns stand, and the rows that they were measured by are written.
    fn settle(&mut self) -> Result<(), CliError> {
        let Form::Table {
            width,
            is_styled,
            columns,
            measured,
        } = &mut self.form
        else {
            return Ok(());
        };
        let Some(rows) = measured.take() else {
            return Ok(());
        };
        if rows.is_empty() {
            return Ok(());
        }
        for row in &rows {
            let cells = columns.iter_mut().zip(row);
            cells.for_each(|(column, cell)| column.measure(cell));
        }
        table::fit_into(columns, *width);
        if self.has_headers {
            let headings = columns.iter().map(|column| column.heading.as_str());
            let line = table::line(columns, headings);
            self.out.text(&if *is_styled {
                format!("\x1b[1m{line}\x1b[0m\n")
            } else {
                format!("{line}\n")
            })?;
        }
        rows.iter().try_for_each(|row| self.write_line(row))
    }

    fn write_line(&mut self, cells: &[String]) -> Result<(), CliError> {
        match (&mut self.out, &self.form) {
            (Out::Csv(out), _) => {
                for (cell, field) in cells.iter().zip(&self.chosen.fields) {
                    let cell = Cow::Borrowed(cell.as_str());
                    let cell = if field.kind.may_be_cut() {
                        without_formula(cell)
                    } else {
                        cell
                    };
                    out.write_field(cell.as_ref()).map_err(unwritten)?;
                }
                out.write_record(None::<&[u8]>).map_err(unwritten)?;
            }
            (out, Form::Table { columns, .. }) => {
                let line = table::line(columns, cells.iter().map(String::as_str));
                out.text(&format!("{line}\n"))?;
            }
            (out, _) => out.text(&format!("{}\n", cells.join("\t")))?,
        }
        Ok(())
    }
}

fn column<L: Listed>(field: &Field<L>) -> Column {
    let is_number = field.kind == super::Kind::Number;
    Column::new(field.name, field.kind.may_be_cut(), is_number)
}

/// Why a row of CSV was not written. Its fields are as many as those of the others.
fn unwritten(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
