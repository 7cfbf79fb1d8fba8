//! Something between the desk and its account that answers some calls itself, and passes on the others.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What it answers to a method and a path below the base URL: status, more header lines, body; nothing to pass it on.
type Rule = Box<dyn Fn(&str, &str) -> Option<(u16, String, String)> + Send>;

/// A line to an account.
pub struct Between {
    address: SocketAddr,
    rule: Arc<Mutex<Rule>>,
    calls: Arc<Mutex<Vec<String>>>,
}

impl Between {
    /// A line to the server at `http://ADDR/services/v2` that passes everything on.
    pub fn to(url: &str) -> Self {
        let far: SocketAddr = url
            .trim_start_matches("http://")
            .split('/')
            .next()
            .and_then(|address| address.parse().ok())
            .unwrap();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let rule: Arc<Mutex<Rule>> = Arc::new(Mutex::new(Box::new(|_, _| None)));
        let calls = Arc::new(Mutex::new(Vec::new()));
        let (ruled, heard) = (Arc::clone(&rule), Arc::clone(&calls));
        // Ends with the test's process: a listener cannot be woken without a connection.
        thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                let (rule, calls) = (Arc::clone(&ruled), Arc::clone(&heard));
                thread::spawn(move || serve(near, far, &rule, &calls));
            }
        });
        Self {
            address,
            rule,
            calls,
        }
    }

    /// The base URL of the API through this line.
    pub fn url(&self) -> String {
        format!("http://{}/services/v2", self.address)
    }

    /// From now on these calls are answered here.
    pub fn answer(
        &self,
        rule: impl Fn(&str, &str) -> Option<(u16, String, String)> + Send + 'static,
    ) {
        *self.rule.lock().unwrap() = Box::new(rule);
    }

    /// The calls so far, each as method and path with query.
    pub fn calls(&self) -> Vec<String> {
        self.calls.lock().unwrap().clone()
    }
}

fn serve(
    mut near: TcpStream,
    far: SocketAddr,
    rule: &Mutex<Rule>,
    calls: &Mutex<Vec<String>>,
) -> Option<()> {
    let mut request = Vec::new();
    let mut buffer = [0; 16 * 1024];
    let head = loop {
        if let Some(end) = request.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        let count = near.read(&mut buffer).ok().filter(|count| *count > 0)?;
        request.extend_from_slice(&buffer[..count]);
    };
    let text = String::from_utf8(request[..head].to_vec()).ok()?;
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_length = name.eq_ignore_ascii_case("content-length");
        is_length.then(|| value.trim().parse::<usize>().ok())?
    });
    while request.len() < head + length.unwrap_or(0) {
        let count = near.read(&mut buffer).ok().filter(|count| *count > 0)?;
        request.extend_from_slice(&buffer[..count]);
    }
    let (first, rest) = text.split_once("\r\n")?;
    let mut parts = first.split(' ');
    let (method, target) = (parts.next()?, parts.next()?);
    let path = target.strip_prefix("/services/v2")?;
    calls.lock().unwrap().push(format!("{method} {path}"));
    let own = (rule.lock().unwrap())(method, path);
    if let Some((status, headers, body)) = own {
        let answer = format!(
            "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\n{headers}content-length: {}\r\n\
             connection: close\r\n\r\n{body}",
            body.len()
        );
        near.write_all(answer.as_bytes()).ok()?;
        let _ = near.shutdown(Shutdown::Write);
        return Some(());
    }
    let mut far = TcpStream::connect(far).ok()?;
    far.write_all(format!("{first}\r\nconnection: close\r\n{rest}").as_bytes())
        .ok()?;
    far.write_all(&request[head..]).ok()?;
    std::io::copy(&mut far, &mut near).ok()?;
    let _ = near.shutdown(Shutdown::Write);
    Some(())
}
