//! A duplicate from intent to verified certificate without a screen: where the answer comes, where it is lost, and where
//! the program ends in between.

use std::collections::BTreeMap;

use certdeck::app::writes::{Send, Watch};
use certdeck::domain::csr;
use certdeck::domain::draft::offer::Offer;
use certdeck::domain::draft::{Context, Draft, FieldId, duplicate, lists};
use certdeck::domain::ids::OrderId;
use certdeck::domain::write::Stage;
use certdeck::sandbox::model::Approval;
use rstest::rstest;

use crate::account::Server;
use crate::openssl::{Kind, request};
use crate::script::Script;

/// Asks for a duplicate, as a script would: by the rules, with the order as it is now.
fn duplicate(script: &mut Script<'_>, order: OrderId, pem: &str) {
    script.does(|engine, turn| engine.read_order(order, turn));
    script.settle();
    let engine = &script.engine;
    let data = &engine.account.known[&order];
    let info = data.order.value().expect("the order");
    let product = engine.account.products.get(&info.product.name_id);
    let ctx = Context {
        order: info,
        product: product.and_then(|product| product.value()),
        siblings: data.certificates(),
        offer: &Offer::default(),
        reference: "",
        today: engine.today(),
    };
    let common = info.certificate.common_name.clone();
    let draft = Draft {
        csr: Some(csr::read(pem).unwrap()),
        names: lists::without(&ctx.order_names(), std::slice::from_ref(&common)),
        texts: BTreeMap::from([
            (FieldId::CommonName, common),
            (FieldId::Hash, "sha256".to_owned()),
        ]),
        ..Draft::default()
    };
    let checked = duplicate::check(&draft, &ctx);
    let outgoing = duplicate::outgoing(&draft, &ctx);
    let outgoing = outgoing.unwrap_or_else(|| panic!("{:?}", checked.problems));
    let name = outgoing.named();
    script.does(|engine, turn| {
        engine.send(Send::new(outgoing, name), turn);
    });
}

#[rstest]
#[case::answered("", true)]
#[case::answer_lost("lost@duplicate", true)]
#[case::never_arrived("reset@duplicate", false)]
fn a_duplicate_is_there_once_and_verified_or_is_known_not_to_be(
    #[case] faults: &str,
    #[case] arrives: bool,
    #[values(false, true)] restarts: bool,
) {
    let server = Server::start();
    let order = server.pick(Approval::Off);
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.sqlite");
    let made = request(Kind::Ec, &order.names);
    let before = server.certificates(order.id);
    server.sandbox().set_faults(faults).unwrap();
    let mut script = Script::start(&server, &store, "one");
    duplicate(&mut script, OrderId(order.id), &made.csr);
    script.until_answered();
    if restarts {
        // Killed once it is answered, or lost, before anything came of it.
        drop(script);
        script = Script::start(&server, &store, "two");
    }
    let is_over = |watch: &Watch| match &watch.stage {
        Stage::Issued { problems, .. } => arrives && problems.is_empty(),
        Stage::NotFound(_) => !arrives,
        _ => false,
    };
    script.until(is_over);
    assert_eq!(server.certificates(order.id), before + usize::from(arrives));
    assert_eq!(server.sandbox().calls_of("duplicate"), 1);
    let wanted = if arrives {
        "issued and verified"
    } else {
        "nothing with this CSR"
    };
    let said = |words: &String| words.contains(wanted);
    assert!(script.said.iter().any(said), "{:?}", script.said);
}
