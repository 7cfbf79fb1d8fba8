//! The line between a desk and its account: passes everything on, and keeps what the desk sent.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A line that is listened in on.
pub struct Wire {
    address: SocketAddr,
    sent: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Wire {
    /// A line to the server at `http://ADDR/…`.
    pub fn to(url: &str) -> Self {
        let far: SocketAddr = url
            .trim_start_matches("http://")
            .split('/')
            .next()
            .and_then(|address| address.parse().ok())
            .expect("an address");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let sent = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&sent);
        // Ends with the test's process: a listener cannot be woken without a connection.
        thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                let Ok(far) = TcpStream::connect(far) else {
                    continue;
                };
                let at = {
                    let mut kept = kept.lock().unwrap();
                    kept.push(Vec::new());
                    kept.len() - 1
                };
                let (near_in, far_out) = (near.try_clone().unwrap(), far.try_clone().unwrap());
                let kept = Arc::clone(&kept);
                thread::spawn(move || {
                    pass(near_in, far_out, |bytes| {
                        kept.lock().unwrap()[at].extend_from_slice(bytes);
                    });
                });
                thread::spawn(move || pass(far, near, |_| {}));
            }
        });
        Self { address, sent }
    }

    /// The base URL of the API through this line.
    pub fn url(&self) -> String {
        format!("http://{}/services/v2", self.address)
    }

    /// Everything the desk sent so far, connection by connection.
    pub fn sent(&self) -> Vec<u8> {
        self.sent.lock().unwrap().concat()
    }

    /// The bodies of all requests with this method and path below the base.
    pub fn bodies(&self, method: &str, path: &str) -> Vec<String> {
        let head = format!("{method} /services/v2{path} HTTP/1.1\r\n");
        let sent = self.sent.lock().unwrap();
        sent.iter()
            .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
            .flat_map(|text| {
                text.match_indices(&head)
                    .map(|(at, _)| body(&text[at..]))
                    .collect::<Vec<_>>()
            })
            .collect()
    }
}

fn body(request: &str) -> String {
    let (head, rest) = request.split_once("\r\n\r\n").expect("a whole request");
    let length: usize = head
        .lines()
        .find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length")
                .then(|| value.trim().parse().ok())?
        })
        .unwrap_or(0);
    rest[..length].to_owned()
}

fn pass(mut from: TcpStream, mut to: TcpStream, mut seen: impl FnMut(&[u8])) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(n) = from.read(&mut buffer) {
        if n == 0 {
            break;
        }
        seen(&buffer[..n]);
        if to.write_all(&buffer[..n]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
    let _ = from.shutdown(Shutdown::Read);
}
