//! Rows come out as they went in, and damage is told.

use super::*;

fn order() -> OrderSummary {
    OrderSummary {
        id: OrderId(1),
        certificate_id: Some(CertificateId(1_000_001)),
        status: OrderStatus::Issued,
        common_name: "host.example.net".into(),
        dns_names: vec!["host.example.net".into(), "www.host.example.net".into()],
        serial: Some("0A1B".into()),
        valid_from: Some(jiff::civil::date(2026, 2, 1)),
        valid_till: Some(jiff::civil::date(2026, 8, 18)),
        order_valid_till: Some(jiff::civil::date(2027, 2, 1)),
        created: Some("2026-01-30T08:12:45.5Z".parse().unwrap()),
        is_renewed: true,
        product: ProductRef {
            name_id: "ssl_plus".into(),
            name: "Standard SSL".into(),
            kind: "ssl_certificate".into(),
            validation: Some("ov".into()),
        },
        organization: Some(Organization {
            id: Some(OrganizationId(445_566)),
            name: "Müller 株式会社".into(),
            place: Some("Köln, DE".into()),
        }),
        container: Some(Container {
            id: Some(ContainerId(77)),
            name: "Web shop".into(),
        }),
        duplicates: 2,
        reissues: 300,
    }
}

fn summary(bytes: &[u8]) -> Result<OrderSummary, Unreadable> {
    read(OrderId(1), bytes).map(|row| row.summary())
}

#[test]
fn a_row_cut_short_or_changed_is_told_and_never_read_past_its_end() {
    let order = order();
    let mut bytes = Vec::new();
    pack(&Row::from(&order), &mut bytes);
    assert_eq!(summary(&bytes), Ok(order.clone()));
    for length in 0..bytes.len() {
        assert_eq!(summary(&bytes[..length]), Err(Unreadable));
    }
    for index in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[index] ^= 0xff;
        assert_ne!(summary(&changed), Ok(order.clone()));
    }
    bytes.push(0);
    assert_eq!(summary(&bytes), Err(Unreadable), "more than a row");
}

#[test]
fn rows_that_are_left_out_leave_the_others_as_they_are() {
    let orders: Vec<OrderSummary> = (1..=5)
        .map(|id| OrderSummary {
            id: OrderId(id),
            common_name: format!("n{id}.example.net"),
            ..order()
        })
        .collect();
    let mut rows = Rows::from_iter(&orders);
    rows.retain(|id| id.0 % 2 == 1);
    assert_eq!(rows.len(), 3);
    let odd: Rows = orders.iter().filter(|order| order.id.0 % 2 == 1).collect();
    assert_eq!(rows, odd);
    let back: Vec<OrderSummary> = rows.iter().map(|row| row.summary()).collect();
    assert_eq!(back[1], orders[2]);
}
