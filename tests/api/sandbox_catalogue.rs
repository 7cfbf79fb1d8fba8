//! What a product takes and makes of it: addresses among the names, and each product that is documented.

use std::time::Duration;

use serde_json::{Value, json};

use super::sandbox_support::{Api, MAIN, duplicate, pem_blocks, tls_order};

/// The addresses among a certificate's names, as octets.
async fn addresses(api: &Api, id: &Value) -> Vec<Vec<u8>> {
    let pem = api
        .get(&format!("certificate/{id}/download/format/pem_all"))
        .await;
    assert_eq!(pem.status, 200, "{}", pem.text());
    let der = pem_blocks(&pem.text()).remove(0);
    let (_, leaf) = x509_parser::parse_x509_certificate(&der).unwrap();
    let names = leaf.subject_alternative_name().unwrap().unwrap();
    let of_ip = |name: &x509_parser::extensions::GeneralName| match name {
        x509_parser::extensions::GeneralName::IPAddress(octets) => Some(octets.to_vec()),
        _ => None,
    };
    names.value.general_names.iter().filter_map(of_ip).collect()
}

#[tokio::test]
async fn a_public_address_is_a_name_that_a_file_proves() {
    let api = Api::empty().await;
    for (product, names, method) in [
        ("ssl_multi_domain", &["example.net", "8.8.8.8"][..], None),
        ("ssl_plus", &["8.8.8.8"], None),
        ("ssl_basic", &["8.8.8.8", "*.example.net"], None),
        ("ssl_basic", &["8.8.8.8"], Some("http-token-dynamic")),
        ("ssl_dv_geotrust", &["8.8.8.8"], Some("http-token")),
    ] {
        let mut body = tls_order(MAIN, names);
        if product.contains("_dv_") {
            body.as_object_mut().unwrap().remove("organization");
        }
        for wrong in ["email", "dns-txt-token", "dns-cname-token"] {
            body["dcv_method"] = json!(wrong);
            api.post(&format!("order/certificate/{product}"), &body)
                .await
                .refused(400, "invalid_value:dcv_method");
        }
        body["dcv_method"] = json!(method);
        let placed = api
            .post(&format!("order/certificate/{product}"), &body)
            .await
            .expect(201);
        assert!(
            placed["dcv_random_value"].is_string(),
            "{product}: {placed}"
        );
        let order = placed["id"].as_u64().unwrap();
        let path = |call: &str| format!("order/certificate/{order}/{call}");
        api.put(&path("dcv-random-value"), &json!({}))
            .await
            .expect(200);
        api.put(
            &path("dcv-method"),
            &json!({ "dcv_method": "dns-txt-token" }),
        )
        .await
        .refused(400, "invalid_value:dcv_method");
        api.put(&path("check-dcv"), &json!({}))
            .await
            .refused(400, "file_random_value_not_found");
        api.put(&path("check-dcv"), &json!({})).await.expect(200);
        api.sandbox.advance(Duration::from_secs(10));
        let issued = api.order(order).await["certificate"].clone();
        assert_eq!(issued["status"], "issued", "{product} {names:?}");
        assert_eq!(addresses(&api, &issued["id"]).await, [vec![8, 8, 8, 8]]);
    }
    let no_domain = api.get("domain?filters[search]=8.8.8.8").await.expect(200);
    assert_eq!(no_domain["page"]["total"], 0);
}

#[tokio::test]
async fn reissues_and_duplicates_carry_addresses_and_some_products_none() {
    let api = Api::empty().await;
    let (order, _) = api.issued(&["shop.example.net"]).await;
    let names = ["shop.example.net", "2001:4860:4860:0::8888"];
    let path = |call: &str| format!("order/certificate/{order}/{call}");
    api.post(&path("reissue"), &duplicate(&names))
        .await
        .expect(201);
    assert_eq!(api.order(order).await["status"], "reissue_pending");
    for _ in 0..2 {
        api.put(&path("check-dcv"), &json!({})).await;
    }
    api.sandbox.advance(Duration::from_secs(10));
    let issued = api.order(order).await["certificate"].clone();
    assert_eq!(
        issued["dns_names"],
        json!(["shop.example.net", "2001:4860:4860::8888"])
    );
    assert_eq!(addresses(&api, &issued["id"]).await[0].len(), 16);
    // Another spelling of the same address.
    let other = ["shop.example.net", "2001:4860:4860::8888"];
    let made = api
        .post(&path("duplicate"), &duplicate(&other))
        .await
        .expect(201);
    api.sandbox.advance(Duration::from_secs(10));
    assert_eq!(addresses(&api, &made["certificate_id"]).await.len(), 1);
    api.post(
        &path("duplicate"),
        &duplicate(&["shop.example.net", "8.8.8.8"]),
    )
    .await
    .refused(400, "duplicate_names_differ");
    for (product, name) in [
        ("ssl_multi_domain", "10.0.0.7"),
        ("ssl_multi_domain", "203.0.113.7"),
        ("ssl_basic", "fd00::1"),
        ("ssl_basic", "2001:db8::1"),
        ("ssl_ev_basic", "8.8.8.8"),
    ] {
        let path = format!("order/certificate/{product}");
        api.post(&path, &tls_order(MAIN, &[name]))
            .await
            .refused(400, "invalid_value:certificate.common_name");
        api.post(&path, &tls_order(MAIN, &["shop.example.net", name]))
            .await
            .refused(400, "invalid_value:certificate.dns_names");
    }
}

#[tokio::test]
async fn every_product_that_is_documented_can_be_ordered() {
    let api = Api::empty().await;
    for (product, names) in [
        ("ssl_ev_geotrust_truebizid", &["shop.example.net"][..]),
        (
            "ssl_thawte_webserver",
            &["shop.example.net", "*.example.net"],
        ),
        ("ssl_ev_thawte_webserver", &["shop.example.net"]),
        (
            "ssl_dv_geotrust_flex",
            &["shop.example.net", "*.example.net"],
        ),
        ("ssl_dv_thawte", &["shop.example.net"]),
        ("private_ssl_flex", &["intranet", "10.0.0.7"]),
        ("class1_smime", &[]),
        ("client_authentication_plus", &[]),
        ("ds_individual", &[]),
        ("ds_org_individual", &[]),
        ("ds_org", &[]),
        ("document_signing_org_2", &[]),
        ("mark_certificate", &["example.net"]),
    ] {
        let info = api.get(&format!("product/{product}")).await.expect(200);
        assert_eq!(info["name_id"], product);
        let mut body = tls_order(MAIN, if names.is_empty() { &["Ada"] } else { names });
        body["individual"] = json!({ "first_name": "Ada", "last_name": "Lovelace" });
        match names {
            [] => body["certificate"]["emails"] = json!(["ada@example.net"]),
            names => body["certificate"]["dns_names"] = json!(names),
        }
        if matches!(product, "class1_smime" | "ds_individual") || product.contains("_dv_") {
            body.as_object_mut().unwrap().remove("organization");
        }
        if product.starts_with("ds_") {
            body["certificate"]["usage_designation"] = json!({ "primary_usage": "signing" });
            body["cs_provisioning_method"] = json!("ship_token");
        }
        if product == "mark_certificate" {
            body["certificate"]["common_name"] = Value::Null;
        }
        let path = format!("order/certificate/{product}");
        let placed = api.post(&path, &body).await.expect(201);
        let order = placed["id"].as_u64().unwrap();
        // First who is mailed or called answers, then what waited for it is issued.
        for _ in 0..2 {
            api.sandbox.advance(Duration::from_secs(40));
            api.get("ping").await.expect(200);
        }
        let issued = api.order(order).await["certificate"].clone();
        assert_eq!(issued["status"], "issued", "{product}");
        let pem = api
            .get(&format!(
                "certificate/{}/download/format/pem_nointermediate",
                issued["id"]
            ))
            .await;
        let der = pem_blocks(&pem.text()).remove(0);
        let (_, leaf) = x509_parser::parse_x509_certificate(&der).unwrap();
        let subject = leaf.subject().to_string();
        match product {
            "class1_smime" => assert_eq!(subject, "CN=ada@example.net"),
            "ds_individual" => assert!(subject.contains("CN=Ada"), "{subject}"),
            "client_authentication_plus" => {
                let usage = leaf.extended_key_usage().unwrap().unwrap().value;
                assert!(usage.client_auth && !usage.email_protection);
            }
            _ => assert!(!subject.is_empty(), "{product}"),
        }
    }
}

/// The tables of client and account are written apart, so that a shared mistake cannot hide; they have to agree.
#[test]
fn the_client_knows_each_product_as_the_account_does() {
    use certdeck::domain::catalogue::{self, Names};
    use certdeck::domain::product::{Family, ProductRef};
    use certdeck::sandbox::tables::{self, PRODUCTS, Product, Validation};

    for product in &PRODUCTS {
        let id = product.name_id;
        // No order page read so far names it.
        if id == "secure_email_individual" {
            assert_eq!(catalogue::find(id), None);
            continue;
        }
        let known = ProductRef::named(id);
        assert_eq!(known.name, product.name);
        let family = match (product.family, product.validation) {
            (tables::Family::PublicTls, _) => Family::PublicTls,
            (tables::Family::PrivateTls, _) => Family::PrivateTls,
            (tables::Family::CodeSigning, Validation::EvCs) => Family::EvCodeSigning,
            (tables::Family::CodeSigning, _) => Family::CodeSigning,
            (tables::Family::Client, _) => Family::Client,
            (tables::Family::SecureEmail, _) => Family::SecureEmail,
            (tables::Family::Document, _) => Family::DocumentSigning,
            (tables::Family::Vmc, _) => Family::VerifiedMark,
        };
        assert_eq!(known.family(), family, "{id}");
        if product.is_tls() {
            assert_eq!(known.is_dv(), product.validation == Validation::Dv, "{id}");
            assert_eq!(known.is_ev(), product.validation == Validation::Ev, "{id}");
        }
        let names = match product.names {
            tables::Names::One => Names::One,
            tables::Names::Many => Names::Several,
            tables::Names::Wildcard => Names::Wildcard,
            // Where nothing is documented the account takes whatever comes.
            tables::Names::Flex if known.names() == Names::Untold => Names::Untold,
            tables::Names::Flex => Names::Flex,
            tables::Names::None => Names::None,
        };
        assert_eq!(known.names(), names, "{id}");
    }
    for known in catalogue::PRODUCTS {
        assert!(
            Product::by_name_id(known.name_id).is_some(),
            "{}",
            known.name_id
        );
    }
}
