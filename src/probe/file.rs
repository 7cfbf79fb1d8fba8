//! A file on a site, fetched as DigiCert does: plain HTTP, redirects by 301, 302, 307 and 308 to standard ports only, and a
//! 2xx at the end (*file-based domain control validation*). One request at a time, on a connection of its own, without
//! cookies, proxy, or anything that says who asks besides the program's name.

use std::net::{IpAddr, SocketAddr};

use reqwest::header::LOCATION;
use reqwest::{Client, Response, StatusCode, Url};

use super::ProbeOptions;
use super::ask;
use super::resolver::Resolver;
use crate::domain::sighting::{Seen, safe};

/// Redirects in a row, at most.
const MOST_REDIRECTS: usize = 5;

/// Bytes of a file that are read: a random value has 32.
const LARGEST: usize = 8 * 1024;

/// Which host answered, and what it has at that address.
pub(super) async fn look(
    options: &ProbeOptions,
    resolver: Resolver,
    url: &str,
    content: &str,
) -> (String, Seen) {
    let begun = match Url::parse(url) {
        Ok(url) => url,
        Err(error) => return (safe(url), Seen::failed(&format!("not a URL: {error}"))),
    };
    let first = host(&begun);
    let mut url = begun;
    let mut answer = fetch(options, &resolver, &mut url).await;
    for _ in 0..MOST_REDIRECTS {
        match answer {
            Ok(Fetched::Elsewhere(next)) => url = *next,
            _ => break,
        }
        answer = fetch(options, &resolver, &mut url).await;
    }
    let last = host(&url);
    let server = if first == last {
        first
    } else {
        format!("{last} (redirected from {first})")
    };
    let seen = match answer {
        Ok(Fetched::Seen(bytes)) => compare(&bytes, content),
        Ok(Fetched::Missing) => Seen::Nothing,
        Ok(Fetched::Elsewhere(_)) => {
            Seen::failed(&format!("more than {MOST_REDIRECTS} redirects in a row"))
        }
        Err(why) => Seen::failed(&why),
    };
    (server, seen)
}

/// What one request brought.
enum Fetched {
    /// The content, or its beginning.
    Seen(Vec<u8>),
    Missing,
    Elsewhere(Box<Url>),
}

async fn fetch(
    options: &ProbeOptions,
    resolver: &Resolver,
    url: &mut Url,
) -> Result<Fetched, String> {
    let port = match url.scheme() {
        "http" => options.http_port,
        "https" => options.https_port,
        other => return Err(format!("DigiCert does not follow redirects to {other}")),
    };
    if let Some(given) = url.port().filter(|given| *given != port) {
        let host = host(url);
        return Err(format!(
            "DigiCert uses standard ports only, not {host}:{given}"
        ));
    }
    // Neither can fail for these schemes; names and passwords of a redirect are not sent.
    let _ = url.set_port(Some(port));
    let _ = url.set_username("");
    let _ = url.set_password(None);
    let response = client(options, resolver, url)
        .await?
        .get(url.clone())
        .send()
        .await
        .map_err(|error| words(&error, options))?;
    let status = response.status();
    match status {
        StatusCode::NOT_FOUND | StatusCode::GONE => Ok(Fetched::Missing),
        StatusCode::MOVED_PERMANENTLY
        | StatusCode::FOUND
        | StatusCode::TEMPORARY_REDIRECT
        | StatusCode::PERMANENT_REDIRECT => {
            let next = response.headers().get(LOCATION);
            let next = next.and_then(|next| url.join(next.to_str().ok()?).ok());
            let next = next.ok_or_else(|| {
                format!("a redirect without an address (HTTP {})", status.as_u16())
            })?;
            Ok(Fetched::Elsewhere(Box::new(next)))
        }
        _ if status.is_success() => beginning(response)
            .await
            .map(Fetched::Seen)
            .map_err(|error| words(&error, options)),
        _ => Err(format!("the site responded with HTTP {}", status.as_u16())),
    }
}

/// A client for one request: it knows the addresses of its host, and keeps nothing.
async fn client(options: &ProbeOptions, resolver: &Resolver, url: &Url) -> Result<Client, String> {
    let mut builder = Client::builder()
        .user_agent(concat!("certdeck/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_proxy()
        .no_gzip()
        .http1_only()
        .pool_max_idle_per_host(0)
        .timeout(options.limit);
    if url.scheme() == "http" {
        // Nothing will be verified; to load whom to trust takes time.
        builder = builder.tls_certs_only([]);
    }
    let host = url.host_str().unwrap_or_default();
    let literal = host.trim_start_matches('[').trim_end_matches(']');
    if literal.parse::<IpAddr>().is_err() {
        let found = resolver.addresses(&ask::name(host)?).await?;
        if found.is_empty() {
            return Err(format!("{} has no address", safe(host)));
        }
        let all: Vec<SocketAddr> = found.iter().map(|ip| SocketAddr::new(*ip, 0)).collect();
        builder = builder.resolve_to_addrs(host, &all);
    }
    builder.build().map_err(|error| innermost(&error))
}

async fn beginning(mut response: Response) -> Result<Vec<u8>, reqwest::Error> {
    let mut bytes = Vec::new();
    // One more than is allowed shows that it is too many.
    while bytes.len() <= LARGEST
        && let Some(piece) = response.chunk().await?
    {
        let room = LARGEST + 1 - bytes.len();
        bytes.extend_from_slice(&piece[..piece.len().min(room)]);
    }
    Ok(bytes)
}

/// The random value and nothing else, blanks aside. What is too large is something else, whatever it begins with.
fn compare(bytes: &[u8], content: &str) -> Seen {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim();
    if bytes.len() <= LARGEST && text == content.trim() {
        Seen::Found
    } else if text.is_empty() {
        Seen::other(["an empty file"])
    } else {
        Seen::other([text])
    }
}

fn host(url: &Url) -> String {
    safe(url.host_str().unwrap_or_default())
}

fn words(error: &reqwest::Error, options: &ProbeOptions) -> String {
    if error.is_timeout() {
        return ask::no_response(options.limit);
    }
    format!("no response: {}", innermost(error))
}

/// What is at the bottom of an error: those above only say that it happened.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    safe(&error.to_string())
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
