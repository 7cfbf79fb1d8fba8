//! Things that go wrong, on request: a small language, and the decision which of them strikes a call.

mod plan;
mod spec;

pub use plan::{FaultPlan, Strike};
pub use spec::{Failure, Fault, FaultSpecError, Kind, When};

/// Faults that change what an endpoint answers rather than how it gets there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Quirks {
    /// Request info goes on showing the request as it was created.
    pub stale_requests: bool,
    /// The second and later certificates of an order come with the primary's PEM.
    pub wrong_pem: bool,
    /// List filters are ignored.
    pub filter_ignored: bool,
    /// The list writes an empty list for the organization that a DV order has not.
    pub empty_organization: bool,
}

/// The fault language, for `--help`.
pub const FAULTS_HELP: &str = "\
SPEC is a list of faults, separated by commas:

  KIND[=VALUE][@ENDPOINT][#N | #N+ | #N-M][ p=P]

KIND      what happens
  latency=200ms   the response is delayed
  hang            no response at all
  reset           the connection is reset before any work is done
  lost            the work is done, then the connection is reset
  429             request_limit_exceeded
  500 502 503 504 that status, with a JSON error
  html, html502   an HTML page, with status 502 or the one named
  late500, late…  the work is done, then what follows \"late\" is sent:
                  late502, late503, late504, latehtml, latehtml504 …
  truncate        JSON that is cut off
  cut             a body that is shorter than its Content-Length
  slowbody=2s     the body trickles for that long
  stale-requests  request info shows the request as it was created
  wrong-pem       an order's second certificate comes with the first one's PEM
  filter-ignored  lists ignore filters[...]
  empty-organization  DV rows of the list have \"organization\": []
@ENDPOINT where: orders, order, place, duplicate, duplicates, reissue, reissues,
          requests, request, approve, chain, download, status-changes, products,
          me, account, ...; without it everywhere. Several: orders|order
#N        at the N-th such call; #N+ from there on; #N-M from N to M
p=P       with probability P (0.05 is one in twenty); without # and p: always

Examples:
  latency=200ms,429 p=0.1
  reset@duplicate#2,lost@reissue#1
  html502@orders p=0.05,truncate@order p=0.05,slowbody=3s@orders
";
