//! Keeps the list of orders in line with the account.
