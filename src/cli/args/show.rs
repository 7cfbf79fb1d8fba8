//! How a command prints what it lists.

use clap::Args;

/// How rows are printed.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Output")]
pub struct Show {
    /// Print JSON with every field
    #[arg(long, conflicts_with = "csv")]
    pub json: bool,
    /// Print CSV with every field
    #[arg(long)]
    pub csv: bool,
    /// Fields to print, separated by commas
    #[arg(long, value_name = "FIELDS", value_delimiter = ',')]
    pub columns: Vec<String>,
    /// Field to sort by; -FIELD for the reverse order
    #[arg(long, value_name = "FIELD", allow_hyphen_values = true)]
    pub sort: Option<String>,
    /// Leave the headings away
    #[arg(long)]
    pub no_headers: bool,
    /// Print only the first field, usually the number
    #[arg(short = 'q', long, conflicts_with_all = ["json", "csv", "columns"])]
    pub numbers: bool,
}
