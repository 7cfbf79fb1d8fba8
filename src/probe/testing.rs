//! A DNS server of our own on loopback: what stands in it, what it fails at, and what it was asked.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use hickory_resolver::proto::op::{Message, MessageType, OpCode, ResponseCode};
use hickory_resolver::proto::rr::rdata::{A, CAA, CNAME, NS, SOA, TXT};
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, UdpSocket};
use tokio::task::JoinSet;

/// What a server does in place of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    Code(ResponseCode),
    /// Nothing comes back.
    Silence,
    /// Over UDP only that there is more.
    Truncated,
    /// Over TCP too.
    TruncatedEver,
    /// An alias is told without what it leads to.
    Short,
    /// Bytes that are no message.
    Noise,
    /// Points to other servers, as those do that do not look up for others.
    Referral,
}

/// What a server knows.
#[derive(Debug, Clone, Default)]
pub(super) struct Zone {
    records: Vec<Record>,
    faults: Vec<(Name, Option<RecordType>, Fault)>,
    is_authority: bool,
}

pub(super) fn name(text: &str) -> Name {
    Name::from_ascii(format!("{text}.")).unwrap()
}

impl Zone {
    /// What resolves for others.
    pub(super) fn resolving() -> Self {
        Self::default()
    }

    /// What has a zone itself.
    pub(super) fn authority() -> Self {
        Self {
            is_authority: true,
            ..Self::default()
        }
    }

    pub(super) fn with(mut self, at: &str, data: RData) -> Self {
        self.records.push(Record::from_rdata(name(at), 60, data));
        self
    }

    pub(super) fn txt(self, at: &str, strings: &[&str]) -> Self {
        let strings = strings.iter().map(|text| (*text).to_owned()).collect();
        self.with(at, RData::TXT(TXT::new(strings)))
    }

    pub(super) fn cname(self, at: &str, target: &str) -> Self {
        self.with(at, RData::CNAME(CNAME(name(target))))
    }

    pub(super) fn caa(self, at: &str, issuer: &str) -> Self {
        let issuer = Some(Name::from_ascii(issuer).unwrap());
        self.with(at, RData::CAA(CAA::new_issue(false, issuer, Vec::new())))
    }

    pub(super) fn address(self, at: &str) -> Self {
        self.with(at, RData::A(A(Ipv4Addr::LOCALHOST)))
    }

    /// A zone whose server is on loopback.
    pub(super) fn served(self, zone: &str, server: &str) -> Self {
        self.with(zone, RData::NS(NS(name(server)))).address(server)
    }

    /// A fault at a name; of one kind of record, or of all.
    pub(super) fn fault(mut self, at: &str, kind: Option<RecordType>, fault: Fault) -> Self {
        self.faults.push((name(at), kind, fault));
        self
    }

    /// Answers from now on.
    pub(super) async fn serve(self) -> Server {
        let (udp, tcp) = loop {
            let udp = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
            // The same number may be taken for the other protocol.
            if let Ok(tcp) = TcpListener::bind(udp.local_addr().unwrap()).await {
                break (udp, tcp);
            }
        };
        let asked = Arc::new(Mutex::new(Vec::new()));
        let mut server = Server {
            address: udp.local_addr().unwrap(),
            asked: Arc::clone(&asked),
            tasks: JoinSet::new(),
        };
        let (zone, log) = (self.clone(), Arc::clone(&asked));
        server.tasks.spawn(async move {
            let mut bytes = [0; 4096];
            loop {
                let (count, from) = udp.recv_from(&mut bytes).await.unwrap();
                if let Some(answer) = zone.answer(&bytes[..count], "udp", &log) {
                    let _ = udp.send_to(&answer, from).await;
                }
            }
        });
        server.tasks.spawn(async move {
            loop {
                let (mut stream, _) = tcp.accept().await.unwrap();
                let length = stream.read_u16().await.unwrap_or_default();
                let mut bytes = vec![0; usize::from(length)];
                if stream.read_exact(&mut bytes).await.is_err() {
                    continue;
                }
                if let Some(answer) = self.answer(&bytes, "tcp", &asked) {
                    let length = u16::try_from(answer.len()).unwrap();
                    let _ = stream.write_u16(length).await;
                    let _ = stream.write_all(&answer).await;
                }
            }
        });
        server
    }

    fn answer(&self, bytes: &[u8], way: &str, asked: &Mutex<Vec<String>>) -> Option<Vec<u8>> {
        let request = Message::from_vec(bytes).unwrap();
        let query = request.queries[0].clone();
        let (at, kind) = (query.name().clone(), query.query_type());
        let recursion = if request.recursion_desired { " rd" } else { "" };
        let line = format!("{way} {} {kind}{recursion}", at.to_ascii());
        asked.lock().unwrap().push(line);
        let mut response = Message::new(request.id, MessageType::Response, OpCode::Query);
        response.add_query(query);
        response.metadata.recursion_desired = request.recursion_desired;
        response.metadata.recursion_available = !self.is_authority;
        response.metadata.authoritative = self.is_authority;
        let fault = self.faults.iter().find_map(|(on, of, fault)| {
            let fits = *on == at && of.is_none_or(|of| of == kind);
            fits.then_some(*fault)
        });
        let mut is_short = false;
        match fault {
            Some(Fault::Silence) => return None,
            Some(Fault::Noise) => {
                let mut noise = bytes[..2].to_vec();
                noise.extend_from_slice(&[0xff; 40]);
                return Some(noise);
            }
            Some(Fault::Code(code)) => {
                response.metadata.response_code = code;
                return response.to_vec().ok();
            }
            Some(Fault::Truncated) if way == "udp" => {
                response.metadata.truncation = true;
                return response.to_vec().ok();
            }
            Some(Fault::TruncatedEver) => {
                response.metadata.truncation = true;
                return response.to_vec().ok();
            }
            Some(Fault::Referral) => {
                response.metadata.authoritative = false;
                response.metadata.recursion_available = false;
                let server = RData::NS(NS(name("elsewhere.test")));
                response.add_authority(Record::from_rdata(at, 60, server));
                return response.to_vec().ok();
            }
            Some(Fault::Short) => is_short = true,
            Some(Fault::Truncated) | None => {}
        }
        self.fill(&mut response, at, kind, is_short);
        response.to_vec().ok()
    }

    fn fill(&self, response: &mut Message, mut at: Name, kind: RecordType, is_short: bool) {
        for _ in 0..10 {
            let here = |record: &&Record| record.name == at;
            let of = |kind: RecordType| {
                let all = self.records.iter().filter(here);
                all.filter(move |record| record.record_type() == kind)
            };
            let found: Vec<Record> = of(kind).cloned().collect();
            if !found.is_empty() {
                response.add_answers(found);
                return;
            }
            let alias = of(RecordType::CNAME).next().cloned();
            let Some(alias) = alias else {
                if !self.records.iter().any(|record| at.zone_of(&record.name)) {
                    response.metadata.response_code = ResponseCode::NXDomain;
                }
                let root = name("test");
                let soa = RData::SOA(SOA::new(root.clone(), root.clone(), 1, 1, 1, 1, 1));
                response.add_authority(Record::from_rdata(root, 60, soa));
                return;
            };
            if let RData::CNAME(target) = &alias.data {
                at = target.0.clone();
            }
            response.add_answer(alias);
            if is_short {
                return;
            }
        }
    }
}

/// A server that answers until it is dropped.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    tasks: JoinSet<()>,
}

impl Server {
    /// What it was asked, in the order in which that came: `udp example.test. TXT rd`.
    pub(super) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// How often it was asked something of these words.
    pub(super) fn count(&self, words: &str) -> usize {
        let asked = self.asked();
        asked.iter().filter(|line| line.contains(words)).count()
    }
}
