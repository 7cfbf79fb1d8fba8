//! What a write is answered with: only what is documented for it is a success, only a 4xx may be a refusal, and
//! everything else leaves open what was done.

use certdeck::certcentral::endpoints::Answered;
use certdeck::certcentral::{ApiError, Fate, Writes};
use certdeck::domain::ids::OrderId;
use certdeck::domain::write::{Method, Outgoing, WriteKind};

use crate::client_odd::{SAYS, odd, once};
use crate::client_support::{Reply, Server, client, json, write};

/// Each kind of write, with the answers that the documentation has for it (status and body).
fn writes() -> Vec<(Outgoing, Vec<(u16, &'static str)>)> {
    let created = vec![
        (201, r#"{"id": 123, "requests": [{"id": 7}]}"#),
        (
            201,
            r#"{"id": 123, "requests": [{"id": 7, "status": "submitted"}]}"#,
        ),
        (201, r#"{"id": "123", "certificate_id": "9"}"#),
        (
            201,
            r#"{"id": 123, "certificate_id": 9, "certificate_chain": [{"pem": "x"}]}"#,
        ),
    ];
    let revoked = vec![
        (204, ""),
        (
            201,
            r#"{"id": 5501, "type": "revoke", "status": "pending"}"#,
        ),
    ];
    let quiet = vec![(204, ""), (200, ""), (200, "{}"), (201, r#"{"id": 4}"#)];
    let value = vec![(
        200,
        r#"{"dcv_random_value": "rnd", "expiration_date": "2026-03-03T16:25:52+00:00"}"#,
    )];
    let post =
        |kind, path: &str, body: &str| (kind, Method::Post, path.to_owned(), body.to_owned());
    let put = |kind, path: &str, body: &str| (kind, Method::Put, path.to_owned(), body.to_owned());
    let token = r#"{"dcv_method": "dns-txt-token"}"#;
    let mail = r#"{"dcv_method": "email"}"#;
    let kinds = [
        (
            post(
                WriteKind::Duplicate,
                "/order/certificate/123/duplicate",
                "{}",
            ),
            created.clone(),
        ),
        (
            post(WriteKind::Reissue, "/order/certificate/123/reissue", "{}"),
            created.clone(),
        ),
        (
            post(
                WriteKind::ReissueAsDuplicate,
                "/order/certificate/123/reissue",
                "{}",
            ),
            created.clone(),
        ),
        (
            post(WriteKind::Renew, "/order/certificate/ssl_plus", "{}"),
            created.clone(),
        ),
        (
            post(WriteKind::NewOrder, "/order/certificate/ssl_plus", "{}"),
            created,
        ),
        (
            put(WriteKind::RevokeCertificate, "/certificate/9/revoke", "{}"),
            revoked.clone(),
        ),
        (
            put(
                WriteKind::RevokeOrder,
                "/order/certificate/123/revoke",
                "{}",
            ),
            revoked,
        ),
        (
            put(WriteKind::Approve, "/request/5/status", "{}"),
            quiet.clone(),
        ),
        (
            put(WriteKind::Reject, "/request/5/status", "{}"),
            quiet.clone(),
        ),
        (
            put(
                WriteKind::CancelOrder,
                "/order/certificate/123/status",
                "{}",
            ),
            quiet.clone(),
        ),
        (
            put(
                WriteKind::CancelReissue,
                "/order/certificate/123/status",
                "{}",
            ),
            quiet.clone(),
        ),
        (
            put(WriteKind::Archive, "/certificate/9/archive", ""),
            quiet.clone(),
        ),
        (
            post(WriteKind::Note, "/order/certificate/123/note", "{}"),
            quiet.clone(),
        ),
        (
            put(
                WriteKind::AutoReissue,
                "/order/certificate/123/auto-reissue",
                "{}",
            ),
            quiet.clone(),
        ),
        (
            put(
                WriteKind::NamesEmails,
                "/order/certificate/123/resend-emails",
                "",
            ),
            quiet.clone(),
        ),
        (
            put(WriteKind::DomainEmails, "/domain/4/dcv/emails", ""),
            quiet,
        ),
        (
            put(
                WriteKind::CheckNames,
                "/order/certificate/123/check-dcv",
                "",
            ),
            vec![(
                200,
                r#"{"order_status": "pending", "dcv_status": "pending", "dns_name_validations": []}"#,
            )],
        ),
        (
            put(WriteKind::CheckDomain, "/domain/4/dcv/validate-token", ""),
            vec![(200, r#"{"token": "t", "status": "active"}"#)],
        ),
        (
            put(
                WriteKind::NamesToken,
                "/order/certificate/123/dcv-random-value",
                "",
            ),
            value.clone(),
        ),
        (
            put(
                WriteKind::NamesMethod,
                "/order/certificate/123/dcv-method",
                token,
            ),
            value,
        ),
        (
            put(
                WriteKind::NamesMethod,
                "/order/certificate/123/dcv-method",
                mail,
            ),
            vec![(200, ""), (204, ""), (200, "{}")],
        ),
        (
            put(WriteKind::DomainMethod, "/domain/4/dcv/method", token),
            vec![(200, r#"{"dcv_token": {"token": "t"}}"#)],
        ),
        (
            put(WriteKind::DomainMethod, "/domain/4/dcv/method", mail),
            vec![
                (200, r#"{"validation_emails": {"name_scope": "x"}}"#),
                (200, "{}"),
            ],
        ),
        (
            post(WriteKind::DomainToken, "/domain/4/dcv/token", ""),
            vec![
                (201, r#"{"token": "t", "expiration_date": "x"}"#),
                (200, r#"{"token": "t"}"#),
            ],
        ),
    ];
    kinds
        .into_iter()
        .map(|((kind, method, path, body), answers)| {
            let outgoing = Outgoing {
                order: Some(OrderId(123)),
                ..write(kind, method, &path, &body)
            };
            (outgoing, answers)
        })
        .collect()
}

async fn sent(outgoing: &Outgoing, reply: Reply) -> Result<Answered, ApiError> {
    let server = Server::start(vec![reply]).await;
    let writes: Writes = client(&server.url(), once()).writes();
    let answered = writes.answer(outgoing).await;
    let seen = server.seen();
    assert_eq!(seen.len(), 1, "a write is sent once");
    assert_eq!(seen[0].method, outgoing.method.as_str());
    let target = seen[0].target.strip_prefix("/services/v2").unwrap();
    assert_eq!(target, outgoing.path);
    assert_eq!(seen[0].body, outgoing.body);
    answered
}

fn with_status(status: u16, body: &str) -> Reply {
    if status == 204 {
        return Reply::Bytes(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n".to_vec());
    }
    json(status, body)
}

#[tokio::test]
async fn every_documented_success_of_a_write_is_one() {
    for (outgoing, answers) in writes() {
        for (status, body) in answers {
            let answered = sent(&outgoing, with_status(status, body)).await;
            assert!(
                answered.is_ok(),
                "{:?}: {status} {body}: {answered:?}",
                outgoing.kind
            );
        }
    }
}

#[tokio::test]
async fn no_write_takes_another_answer_for_a_success_or_for_a_refusal() {
    for (outgoing, answers) in writes() {
        let is_quiet = |name: &str| {
            let body = name.trim().trim_start_matches('\u{feff}');
            answers.contains(&(200, body))
        };
        let mut odd = odd();
        odd.push(("{}", json(200, "{}")));
        odd.push(("{}", json(201, "{}")));
        odd.push(("", json(201, "")));
        for (name, reply) in odd {
            if is_quiet(name) {
                continue;
            }
            let answered = sent(&outgoing, reply).await;
            let error = match answered {
                Err(error) => error,
                Ok(answered) => panic!("{:?}: {name} is taken for {answered:?}", outgoing.kind),
            };
            assert_eq!(
                error.fate(),
                Fate::Unknown,
                "{:?}: {name}: {error}",
                outgoing.kind
            );
            if name.contains(SAYS) {
                assert!(error.to_string().contains(SAYS), "{name}: {error}");
            }
        }
        // 204 where the documents have a body.
        let empty = sent(&outgoing, with_status(204, "")).await;
        let documented = answers.contains(&(204, "")) || is_quiet("");
        assert_eq!(empty.is_ok(), documented, "{:?}: {empty:?}", outgoing.kind);
    }
}

#[tokio::test]
async fn a_certificate_that_was_made_names_its_order_and_what_came_of_it() {
    for (outgoing, _) in writes() {
        let stays = matches!(
            outgoing.kind,
            WriteKind::Duplicate | WriteKind::Reissue | WriteKind::ReissueAsDuplicate
        );
        if !stays && !outgoing.kind.makes_order() {
            continue;
        }
        for body in [
            r#"{"id": 123}"#,
            r#"{"id": 123, "requests": []}"#,
            r#"{"id": 123, "requests": [{"status": "pending"}]}"#,
            r#"{"id": 123, "certificate_id": 0}"#,
            r#"{"id": null, "certificate_id": 9}"#,
            r#"{"certificate_id": 9}"#,
            r#"{"requests": [{"id": 7}]}"#,
        ] {
            let answered = sent(&outgoing, json(201, body)).await;
            let error = answered.expect_err(body);
            assert_eq!(error.fate(), Fate::Unknown, "{body}: {error}");
        }
        let other = sent(
            &outgoing,
            json(201, r#"{"id": 124, "requests": [{"id": 7}]}"#),
        )
        .await;
        assert_eq!(other.is_err(), stays, "{other:?}");
    }
}

#[tokio::test]
async fn only_a_4xx_may_say_that_nothing_was_done() {
    let errors = r#"{"errors": [{"code": "no", "message": "No."}]}"#;
    let good = r#"{"id": 123, "requests": [{"id": 7}], "dcv_random_value": "r", "token": "t", "status": "active", "dcv_status": "pending",
        "dcv_token": {"token": "t"}}"#;
    for (outgoing, _) in writes() {
        for status in 100..=999 {
            // One kind with every status there is, the others with those that differ.
            let differs = [200, 201, 408, 425, 460, 499].contains(&status) || status % 10 < 2;
            if outgoing.kind != WriteKind::Duplicate && !differs {
                continue;
            }
            // Interim ones after which the answer still has to come.
            if matches!(status, 100 | 102..=199 | 204 | 205 | 304) {
                continue;
            }
            let success = matches!(status, 200 | 201);
            let body = if (200..300).contains(&status) {
                good
            } else {
                errors
            };
            let answered = match status {
                101 => {
                    let switched = "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n";
                    sent(&outgoing, Reply::Bytes(switched.into())).await
                }
                _ => sent(&outgoing, json(status, body)).await,
            };
            if success {
                assert!(
                    answered.is_ok(),
                    "{:?} {status}: {answered:?}",
                    outgoing.kind
                );
                continue;
            }
            let error = answered.expect_err("no success");
            let expected = match status {
                // What a proxy wants before it passes anything on.
                407 => Fate::NotSent,
                408 | 425 | 460 | 499 => Fate::Unknown,
                400..=499 => Fate::Refused,
                _ => Fate::Unknown,
            };
            assert_eq!(
                error.fate(),
                expected,
                "{:?} {status}: {error}",
                outgoing.kind
            );
        }
        for status in [205, 304] {
            let bare =
                format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
            let error = sent(&outgoing, Reply::Bytes(bare.into()))
                .await
                .expect_err("no success");
            assert_eq!(error.fate(), Fate::Unknown, "{status}: {error}");
        }
        // Interim answers before the real one change nothing, and one after which nothing comes says nothing.
        for interim in [100, 102, 103, 199] {
            let then = format!(
                "HTTP/1.1 {interim} X\r\n\r\nHTTP/1.1 400 X\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{errors}",
                errors.len()
            );
            let error = sent(&outgoing, Reply::Bytes(then.into()))
                .await
                .expect_err("refused");
            assert_eq!(error.fate(), Fate::Refused, "{interim}: {error}");
            let only = format!("HTTP/1.1 {interim} X\r\n\r\n");
            let error = sent(&outgoing, Reply::Bytes(only.into()))
                .await
                .expect_err("no answer");
            assert_eq!(error.fate(), Fate::Unknown, "{interim}: {error}");
        }
    }
}
