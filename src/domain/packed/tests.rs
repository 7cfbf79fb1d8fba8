//! Rows come out as they went in, and damage is told.

use super::*;
use proptest::prelude::*;

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
    let mut rows = Rows::default();
    rows.push_packed(OrderId(1), bytes)?;
    let rows: Vec<OrderSummary> = rows.iter().map(|row| row.summary()).collect();
    assert_eq!(rows.len(), 1, "what is taken can be read");
    Ok(rows[0].clone())
}

fn packed(order: &OrderSummary) -> Vec<u8> {
    let mut text = String::new();
    pack(&Row::from(order), &mut text);
    text.into_bytes()
}

#[test]
fn a_row_cut_short_or_changed_is_told_and_never_read_past_its_end() {
    let order = order();
    let mut bytes = packed(&order);
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

/// [`order`] as it was packed before.
const FORMAT_1: &[u8] = b"\x01\xff?\x06issued\x10host.example.net\x02\x10host.example.net\x14www.host.example.net\x08ssl_plus\
    \x0cStandard SSL\x0fssl_certificate\x02\xac\x02\xc1\x84=\x040A1B\xea\x07\x02\x01\xea\x07\x08\x12\xeb\
    \x07\x02\x01\xfa\x9f\xe3\x97\x0d\x80\x94\xeb\xdc\x03\x14M\xc3\xbcller \xe6\xa0\xaa\xe5\xbc\x8f\xe4\
    \xbc\x9a\xe7\xa4\xbe\xfe\x98\x1b\x09K\xc3\xb6ln, DE\x08Web shopM\x02ov";

#[test]
fn a_row_of_the_format_before_says_the_same_and_its_damage_is_told() {
    assert_eq!(summary(FORMAT_1), Ok(order()));
    for length in 0..FORMAT_1.len() {
        assert_eq!(summary(&FORMAT_1[..length]), Err(Unreadable));
    }
    // Of so little that all of it is text.
    let little = b"\x01\0\x07pending\x05a.exa\0\0\0\0\0\0";
    let read = summary(little).unwrap();
    assert_eq!(
        (read.status, read.common_name.as_str()),
        (OrderStatus::Pending, "a.exa")
    );
}

proptest! {
    #[test]
    fn whatever_is_read_is_told_or_a_row(
        format in 1..=3u8,
        bytes in prop::collection::vec(prop_oneof![0..16u8, any::<u8>()], 0..60),
    ) {
        let row = [&[format], bytes.as_slice()].concat();
        if let Ok(read) = summary(&row) {
            prop_assert_eq!(summary(&packed(&read)), Ok(read));
        }
    }

    #[test]
    fn numbers_days_and_times_come_back(
        id in any::<u64>(),
        duplicates in any::<u32>(),
        days in -4_371_000..2_932_000_i64,
        second in any::<i32>(),
        nanosecond in -999_999_999..1_000_000_000_i32,
    ) {
        let epoch = jiff::civil::date(1970, 1, 1);
        let mut order = order();
        order.certificate_id = Some(CertificateId(id));
        order.duplicates = duplicates;
        order.valid_till = Some(epoch.saturating_add(jiff::ToSpan::days(days)));
        let sign = if second < 0 { -1 } else { 1 };
        order.created = Some(Timestamp::new(i64::from(second), sign * nanosecond.abs()).unwrap());
        prop_assert_eq!(summary(&packed(&order)), Ok(order));
    }
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
