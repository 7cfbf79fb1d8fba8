//! Orders, requests, certificates, CSRs, products and their rules. Pure.
