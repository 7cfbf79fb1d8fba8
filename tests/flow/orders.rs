//! Renewals against the sandbox: each variant of the answer leads to its end, and a lost one is found by the reference.

use certdeck::app::form::Form;
use certdeck::app::popups::Popup;
use certdeck::app::popups::renewing;
use certdeck::domain::draft::FieldId;
use certdeck::domain::ids::RequestId;
use certdeck::domain::write::Stage;
use certdeck::sandbox::SandboxOptions;
use certdeck::sandbox::model::{Approval, RequestStatus};
use rstest::rstest;

use crate::account::Server;
use crate::desk::Desk;
use crate::openssl::{Kind, request};

/// An account in which every container has an order to renew.
fn large() -> Server {
    Server::with(SandboxOptions {
        orders: 2000,
        ..SandboxOptions::default()
    })
}

fn renewed<'a>(server: &'a Server, order: &crate::account::Pick) -> Desk<'a> {
    let mut desk = Desk::open(server);
    renew(&mut desk, order);
    desk
}

fn renew(desk: &mut Desk<'_>, order: &crate::account::Pick) {
    desk.open_order(order.id);
    desk.press("n");
    desk.settle();
    desk.paste(&request(Kind::Ec, &order.names).csr);
    desk.press("ctrl-s enter");
}

/// The five variants of the answer (page *Order Secure Site SSL*).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Variant {
    OneStep,
    TwoSteps,
    Automatic,
    Skipped,
    Immediate,
}

/// A new order in a container with this approval, for a name that is validated or one that is not.
fn placed(server: &Server, approval: Approval, validated: bool) -> Desk<'_> {
    let order = server.pick_to_renew(approval);
    let (container, organization) = server.sandbox().with_account(|account| {
        let order = account.order(order.id).unwrap();
        let container = account.container(order.container_id).unwrap();
        let organization = account.organization(order.organization_id.unwrap());
        (container.name.clone(), organization.unwrap().name.clone())
    });
    let name = if validated {
        order.common_name
    } else {
        "not-validated-yet.example".into()
    };
    let mut desk = Desk::open(server);
    desk.press("N");
    desk.settle();
    desk.paste(&request(Kind::Ec, std::slice::from_ref(&name)).csr);
    reach(&mut desk, FieldId::CommonName);
    desk.type_text(&name);
    reach(&mut desk, FieldId::Organization);
    desk.type_text(&organization);
    reach(&mut desk, FieldId::Container);
    desk.type_text(&container);
    desk.settle();
    desk.press("ctrl-s enter");
    desk.settle();
    desk
}

fn told(desk: &Desk<'_>) -> String {
    let told = desk.model.status.as_ref();
    told.map(|told| told.words.clone()).unwrap_or_default()
}

#[rstest]
#[case(Variant::OneStep, Approval::OneStep, true)]
#[case(Variant::TwoSteps, Approval::TwoStep, true)]
#[case(Variant::Automatic, Approval::Automatic, false)]
#[case(Variant::Skipped, Approval::Off, false)]
#[case(Variant::Immediate, Approval::Off, true)]
fn each_variant_of_the_answer_leads_to_the_right_screen(
    #[case] variant: Variant,
    #[case] approval: Approval,
    #[case] validated: bool,
) {
    let server = large();
    // One order in three takes its time; of three in a row one is issued at once.
    let mut desk = placed(&server, approval, validated);
    if variant == Variant::Immediate
        && matches!(
            desk.model.engine.writes.all[0].stage,
            Stage::AwaitsCertificate(_)
        )
    {
        drop(desk);
        desk = placed(&server, approval, validated);
    }
    let watch = &desk.model.engine.writes.all[0];
    let order = watch.order.expect("the order has its number").0;
    let requests = server.requests(order);
    let of_request = requests.first().map(|request| request.status);
    match variant {
        Variant::OneStep => {
            assert_eq!(of_request, Some(RequestStatus::Pending));
            assert_eq!(
                watch.stage,
                Stage::AwaitsApproval(RequestId(requests[0].id))
            );
            assert!(
                told(&desk).ends_with("is waiting for approval."),
                "{}",
                told(&desk)
            );
        }
        Variant::TwoSteps => {
            assert_eq!(of_request, Some(RequestStatus::Submitted));
            assert_eq!(
                watch.stage,
                Stage::AwaitsApproval(RequestId(requests[0].id))
            );
            assert!(told(&desk).contains("first of two"), "{}", told(&desk));
        }
        Variant::Automatic => {
            assert_eq!(of_request, Some(RequestStatus::Approved));
            assert!(
                matches!(watch.stage, Stage::AwaitsCertificate(Some(_))),
                "{watch:?}"
            );
        }
        Variant::Skipped => {
            assert_eq!(of_request, None);
            assert!(
                matches!(watch.stage, Stage::AwaitsCertificate(Some(_))),
                "{watch:?}"
            );
        }
        Variant::Immediate => {
            assert_eq!(of_request, None);
            let Stage::Issued { problems, .. } = &watch.stage else {
                panic!("it is not there at once: {watch:?}");
            };
            assert!(problems.is_empty(), "{problems:?}");
        }
    }
    assert!(
        matches!(desk.model.popups.last(), Some(Popup::Watches(_))),
        "what was sent is on the screen"
    );
}

pub(super) fn reach(desk: &mut Desk<'_>, id: FieldId) {
    for _ in 0..100 {
        if desk.model.form.as_ref().map(Form::focus) == Some(id) {
            return;
        }
        desk.press("tab");
    }
    panic!("{id:?} cannot be reached");
}

pub(super) fn successor(server: &Server, order: u64) -> Option<u64> {
    server
        .sandbox()
        .with_account(|account| account.order(order).unwrap().renewed_by)
}

#[rstest]
#[case(Approval::Off)]
#[case(Approval::Automatic)]
fn what_needs_no_approval_ends_with_the_certificate_of_a_new_order(#[case] approval: Approval) {
    let server = large();
    let order = server.pick_to_renew(approval);
    let mut desk = renewed(&server, &order);
    desk.until("the end", |watch| {
        matches!(&watch.stage, Stage::Issued { .. })
    });
    let Stage::Issued { problems, .. } = &desk.model.engine.writes.all[0].stage else {
        panic!("just seen");
    };
    assert!(problems.is_empty(), "{problems:?}");
    let new = successor(&server, order.id).unwrap();
    assert_eq!(
        desk.model.engine.writes.all[0].order.map(|id| id.0),
        Some(new)
    );
    assert!(desk.model.engine.drafts.texts.is_empty());
}

#[test]
fn an_order_that_was_renewed_leads_to_a_duplicate_of_the_order_that_renewed_it() {
    let server = large();
    let order = server.pick_to_renew(Approval::Off);
    let mut desk = renewed(&server, &order);
    desk.until("the end", |watch| {
        matches!(&watch.stage, Stage::Issued { .. })
    });
    let new = successor(&server, order.id).unwrap();
    let before = server.certificates(new);
    for _ in 0..3 {
        desk.press("esc");
    }
    desk.open_order(order.id);
    desk.press("n");
    desk.settle();
    let Some(Popup::Newer(asked)) = desk.model.popups.last() else {
        panic!("no newer order is offered: {:?}", desk.model.popups);
    };
    let found = renewing::found(&desk.model.engine, asked).unwrap();
    assert_eq!((found.id.0, found.why_not()), (new, None));
    desk.press("enter");
    desk.settle();
    desk.paste(&request(Kind::Ec, &order.names).csr);
    desk.press("ctrl-s enter");
    desk.until("the end", |watch| {
        matches!(&watch.stage, Stage::Issued { .. })
    });
    assert_eq!(
        desk.model.engine.writes.all[0].order.map(|id| id.0),
        Some(new)
    );
    assert_eq!(server.certificates(new), before + 1);
}

#[rstest]
#[case(Approval::OneStep)]
#[case(Approval::TwoStep)]
fn what_needs_approval_waits_for_the_request_of_the_new_order(#[case] approval: Approval) {
    let server = large();
    let order = server.pick_to_renew(approval);
    let mut desk = renewed(&server, &order);
    desk.until("a request", |watch| {
        matches!(watch.stage, Stage::AwaitsApproval(_))
    });
    let new = successor(&server, order.id).unwrap();
    let Stage::AwaitsApproval(request) = desk.model.engine.writes.all[0].stage else {
        panic!("just seen");
    };
    assert_eq!(server.requests(new)[0].id, request.0);
    assert_eq!(
        desk.model.engine.writes.all[0].order.map(|id| id.0),
        Some(new)
    );
}

#[rstest]
#[case("lost", true)]
#[case("truncate", true)]
#[case("reset", false)]
fn a_lost_answer_is_looked_up_by_the_reference(#[case] fault: &str, #[case] arrived: bool) {
    let server = large();
    let order = server.pick_to_renew(Approval::Off);
    server
        .sandbox()
        .set_faults(&format!("{fault}@place"))
        .unwrap();
    let mut desk = renewed(&server, &order);
    desk.until("the end", |watch| {
        matches!(&watch.stage, Stage::Issued { .. } | Stage::NotFound(_))
    });
    let done = matches!(desk.model.engine.writes.all[0].stage, Stage::Issued { .. });
    assert_eq!(done, arrived);
    assert_eq!(server.sandbox().calls_of("place"), 1, "sent once");
    assert_eq!(successor(&server, order.id).is_some(), arrived);
    assert_eq!(desk.model.engine.drafts.texts.is_empty(), arrived);
}

/// What came too late: the account has the order by now.
fn arrives(server: &Server, order: u64, reference: &str) {
    server.sandbox().change_account(|account| {
        let order = account.order_mut(order).unwrap();
        order.alternative_order_id = Some(reference.to_owned());
    });
}

#[rstest]
#[case::in_the_same_session(false)]
#[case::after_a_restart(true)]
fn an_order_that_was_given_up_is_looked_for_on(#[case] ends: bool) {
    let server = large();
    let order = server.pick_to_renew(Approval::Off);
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.sqlite");
    server.sandbox().set_faults("reset@place").unwrap();
    let mut desk = Desk::on_disk(&server, &store);
    renew(&mut desk, &order);
    desk.until("nothing found", |watch| {
        matches!(watch.stage, Stage::NotFound(_))
    });
    let reference = desk.model.engine.writes.all[0]
        .outgoing
        .reference()
        .unwrap();
    if ends {
        drop(desk);
        desk = Desk::on_disk(&server, &store);
        desk.until("that nothing was found", |watch| {
            matches!(watch.stage, Stage::NotFound(_))
        });
    }
    arrives(&server, order.id, &reference);
    desk.until("the order", |watch| watch.order.is_some());
    assert_eq!(desk.model.engine.writes.all[0].order.unwrap().0, order.id);
    assert!(
        desk.model.engine.drafts.texts.is_empty(),
        "nothing is left to be sent again"
    );
}

#[test]
fn a_new_order_is_placed_from_the_lists_of_the_account() {
    let server = large();
    let name = server.pick_to_renew(Approval::Off).common_name;
    let orders = || {
        server
            .sandbox()
            .with_account(|account| account.orders().len())
    };
    let before = orders();
    let mut desk = Desk::open(&server);
    desk.press("N");
    desk.settle();
    desk.paste(&request(Kind::Ec, std::slice::from_ref(&name)).csr);
    desk.press("tab");
    desk.type_text(&name);
    reach(&mut desk, FieldId::Organization);
    desk.press("right ctrl-s enter");
    desk.until("an answer", |watch| {
        matches!(
            watch.stage,
            Stage::Issued { .. } | Stage::AwaitsCertificate(_) | Stage::AwaitsApproval(_)
        )
    });
    assert_eq!(orders(), before + 1);
    let watch = &desk.model.engine.writes.all[0];
    let id = watch.order.unwrap().0;
    server.sandbox().with_account(|account| {
        let order = account.order(id).unwrap();
        assert_eq!(order.product.name_id, "ssl_securesite");
        assert_eq!(order.alternative_order_id, watch.outgoing.reference());
        assert_eq!(order.renewal_of, None);
    });
}
