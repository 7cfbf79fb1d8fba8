//! What may be typed behind the commands that read.

use clap::Args;

use super::Show;
use crate::domain::ids::OrderId;

/// Options of `orders`.
#[derive(Debug, Args)]
pub struct Orders {
    /// Filter in certdeck's own language, such as `status:issued expires<30d`; quote it for the shell, and put `--` before a leading `-`
    #[arg(value_name = "QUERY")]
    pub query: Vec<String>,
    /// List the orders as stored here; ask CertCentral nothing
    #[arg(long)]
    pub cached: bool,
    /// How it is printed.
    #[command(flatten)]
    pub show: Show,
}

/// What is about one order.
#[derive(Debug, Args)]
pub struct OneOrder {
    /// The order number
    #[arg(value_name = "ORDER", value_parser = order)]
    pub order: OrderId,
    /// How it is printed.
    #[command(flatten)]
    pub show: Show,
}

/// Options of `journal`.
#[derive(Debug, Args)]
pub struct Journal {
    /// Only what has no final outcome yet
    #[arg(long)]
    pub unfinished: bool,
    /// Only what is about this order
    #[arg(long, value_name = "ORDER", value_parser = order)]
    pub order: Option<OrderId>,
    /// How it is printed.
    #[command(flatten)]
    pub show: Show,
}

/// The number of an order, as people write it.
pub(super) fn order(text: &str) -> Result<OrderId, String> {
    let digits = text.trim().trim_start_matches('#');
    digits
        .parse()
        .map(OrderId)
        .map_err(|_| "an order number consists of digits; `certdeck orders` lists them".to_owned())
}
