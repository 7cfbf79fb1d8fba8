//! One call, taken apart: path, query, what the client accepts, who asks.

use bytes::Bytes;
use jiff::Timestamp;
use percent_encoding::percent_decode_str;

use super::body::Body;
use super::endpoint::Endpoint;
use super::error::ApiError;
use crate::sandbox::faults::Quirks;
use crate::sandbox::rules::{Actor, Refusal};

/// A call that found its endpoint and its user.
#[derive(Debug)]
pub struct Call {
    pub endpoint: Endpoint,
    /// Segments that stand for `{}`, decoded.
    pub params: Vec<String>,
    pub query: Query,
    /// Whether the client wants CSV.
    pub csv: bool,
    /// The body as it came.
    pub body: Bytes,
    pub actor: Actor,
    pub now: Timestamp,
    /// Faults that change the answer.
    pub quirks: Quirks,
}

impl Call {
    /// A segment; empty if the pattern has fewer.
    pub fn param(&self, at: usize) -> &str {
        self.params.get(at).map_or("", String::as_str)
    }

    /// A segment as an id; anything else is "not found".
    pub fn id(&self, at: usize, what: &'static str) -> Result<u64, ApiError> {
        self.param(at)
            .parse()
            .map_err(|_| ApiError::Refused(Refusal::NotFound(what)))
    }

    /// The body as a JSON object; an empty body is an empty object.
    pub fn json(&self) -> Result<Body, ApiError> {
        Body::read(&self.body)
    }
}

/// A query, decoded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads a raw query. Brackets may be raw or encoded, `+` is a blank.
    pub fn read(raw: &str) -> Self {
        Self(
            raw.split('&')
                .filter(|pair| !pair.is_empty())
                .map(|pair| {
                    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                    (decode(name), decode(value))
                })
                .collect(),
        )
    }

    /// A parameter that is there and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// A number; what is none is refused by the parameter's name.
    pub fn number(&self, name: &str) -> Result<Option<u64>, ApiError> {
        self.meant(name, |text| text.parse().ok())
    }

    /// `true` or `1`, and their opposites; false where it is left out.
    pub fn flag(&self, name: &str) -> Result<bool, ApiError> {
        Ok(self.flag_if_said(name)?.unwrap_or(false))
    }

    /// As [`Query::flag`], for what is no opposite of "yes" where it is left out.
    pub fn flag_if_said(&self, name: &str) -> Result<Option<bool>, ApiError> {
        self.meant(name, |text| match text.to_ascii_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        })
    }

    fn meant<T>(
        &self,
        name: &str,
        meaning: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, ApiError> {
        match self.get(name).map(str::trim) {
            None | Some("") => Ok(None),
            Some(text) => meaning(text)
                .map(Some)
                .ok_or_else(|| ApiError::Refused(Refusal::InvalidValue(name.to_owned()))),
        }
    }

    /// The values of `filters[name]`, `filters[name][0]`, `filters[name][]`; blanks are dropped.
    pub fn filter(&self, name: &str) -> Vec<&str> {
        let plain = format!("filters[{name}]");
        self.0
            .iter()
            .filter(|(key, value)| {
                !value.is_empty() && key.strip_prefix(&plain).is_some_and(is_index)
            })
            .map(|(_, value)| value.as_str())
            .collect()
    }

    /// Everything but paging, as one text: two queries with the same text find the same things.
    pub fn fingerprint(&self) -> String {
        let mut parts: Vec<String> = self
            .0
            .iter()
            .filter(|(key, _)| key != "limit" && key != "offset")
            .map(|(key, value)| format!("{key}={value}"))
            .collect();
        parts.sort_unstable();
        parts.join("&")
    }
}

fn is_index(rest: &str) -> bool {
    rest.is_empty() || (rest.starts_with('[') && rest.ends_with(']') && !rest[1..].contains('['))
}

fn decode(text: &str) -> String {
    percent_decode_str(&text.replace('+', " "))
        .decode_utf8_lossy()
        .into_owned()
}

/// The segments of a path below `/services/v2`: doubled and trailing slashes do not matter.
pub fn segments(path: &str) -> Option<Vec<String>> {
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    if parts.next() != Some("services") || parts.next() != Some("v2") {
        return None;
    }
    Some(
        parts
            .map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned())
            .collect(),
    )
}

/// What the `Accept` header allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accept {
    /// JSON, or anything.
    Json,
    /// CSV before JSON.
    Csv,
    Neither,
}

/// Reads an `Accept` header; none at all means JSON. The first type that the server knows wins.
pub fn accept(header: Option<&str>) -> Accept {
    let Some(header) = header.map(str::trim).filter(|text| !text.is_empty()) else {
        return Accept::Json;
    };
    for range in header.split(',') {
        let kind = range
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        match kind.as_str() {
            "application/json" | "*/*" | "*" | "application/*" | "text/json" => {
                return Accept::Json;
            }
            "text/csv" => return Accept::Csv,
            _ => {}
        }
    }
    Accept::Neither
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_queries_are_forgiving() {
        assert_eq!(
            segments("//services/v2//order/certificate/").unwrap(),
            ["order", "certificate"]
        );
        assert_eq!(segments("/services/v1/order"), None);
        let raw = "filters%5Bstatus%5D=issued&filters[id][0]=1&filters[id][1]=2&sort=+status&limit=&filters[search]=%25abc";
        let query = Query::read(raw);
        assert_eq!(query.filter("status"), ["issued"]);
        assert_eq!(query.filter("id"), ["1", "2"]);
        assert_eq!(query.filter("search"), ["%abc"]);
        assert_eq!(query.get("sort"), Some(" status"));
        assert_eq!(query.number("limit"), Ok(None));
    }

    #[test]
    fn a_parameter_of_another_type_is_refused_by_its_name() {
        let query = Query::read("limit=many&offset=-1&seconds=1.5&show=perhaps&archived=True");
        let refused = |name: &str| Err(ApiError::Refused(Refusal::InvalidValue(name.to_owned())));
        for name in ["limit", "offset", "seconds"] {
            assert_eq!(query.number(name), refused(name).map(|()| None));
        }
        assert_eq!(query.flag("show"), refused("show").map(|()| false));
        assert_eq!(query.flag("archived"), Ok(true));
        assert_eq!(query.flag("absent"), Ok(false));
    }

    #[test]
    fn accept_takes_the_first_type_it_knows() {
        assert_eq!(accept(None), Accept::Json);
        assert_eq!(
            accept(Some("application/json, text/plain, */*")),
            Accept::Json
        );
        assert_eq!(accept(Some("text/csv")), Accept::Csv);
        assert_eq!(accept(Some("application/xml")), Accept::Neither);
        assert_eq!(accept(Some("text/html;q=0.9, */*;q=0.1")), Accept::Json);
    }
}
