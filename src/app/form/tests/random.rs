//! Whatever is pressed and pasted in whatever order: nothing panics, nothing is sent unseen, nothing typed is lost.

use proptest::prelude::*;

use super::*;
use crate::domain::draft::FormKind;

/// `None` is an order of TLS names.
const PRODUCTS: &[Option<&str>] = &[
    None,
    Some("code_signing"),
    Some("secure_email_sponsor"),
    Some("client_premium"),
    Some("vmc_basic"),
    Some("brand_new"),
];

#[derive(Debug, Clone)]
enum Step {
    Act(Action),
    Key(KeyCode),
    Paste(String),
}

/// Duplicates and reissues of an order of each family, renewals and new orders.
fn forms() -> impl Strategy<Value = (FormKind, Order)> {
    let of_orders = (
        prop::sample::select(vec![FormKind::Duplicate, FormKind::Reissue]),
        prop::sample::select(PRODUCTS.to_vec()),
    );
    let blank = Order::blank(orders::offer().products[1].product.clone());
    prop_oneof![
        2 => of_orders.prop_map(|(kind, name_id)| {
            (kind, name_id.map_or_else(|| order_for(SHOP), families::order_of))
        }),
        1 => Just((FormKind::Renew, orders::old())),
        1 => Just((FormKind::NewOrder, blank)),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let actions = prop::sample::select(vec![
        Action::NextField,
        Action::PreviousField,
        Action::Review,
        Action::Open,
        Action::Back,
        Action::MakeKey,
        Action::LoadFile,
        Action::Editor,
        Action::Discard,
        Action::Down,
        Action::PageUp,
        Action::Refresh,
    ]);
    let keys = prop::sample::select(vec![
        KeyCode::Enter,
        KeyCode::Left,
        KeyCode::Right,
        KeyCode::Up,
        KeyCode::Backspace,
        KeyCode::Delete,
        KeyCode::Char(' '),
        KeyCode::Char('2'),
        KeyCode::Char('é'),
        KeyCode::Char('n'),
    ]);
    let csr = csr_for(SHOP);
    let pastes = prop_oneof![Just(csr), "[a-z0-9 ,.*\n-]{0,40}", any::<String>()];
    let step = prop_oneof![
        3 => actions.prop_map(Step::Act),
        3 => keys.prop_map(Step::Key),
        1 => pastes.prop_map(Step::Paste),
    ];
    prop::collection::vec(step, 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        // What is drawn holds a CSR made for this run; it means nothing in the next.
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_keys_in_any_order(
        (kind, order) in forms(),
        steps in steps(),
    ) {
        let open = |draft: Option<&str>| {
            let mut form = Form::open(kind, &order, Some(&product()), &[], TODAY, draft);
            form.take_offer(&orders::offer());
            form
        };
        let mut form = open(None);
        for step in steps {
            let seen = matches!(form.layer, Layer::Review(_));
            let before = form.draft_json();
            let out = match step {
                Step::Act(action) => act(&mut form, action),
                Step::Key(code) => press(&mut form, code),
                Step::Paste(text) => paste(&mut form, &text),
            };
            if out.iter().any(|step| matches!(step, FormStep::Send(_))) {
                prop_assert!(seen, "sent without a review");
            }
            let fields = |json: &str| serde_json::from_str::<Value>(json).unwrap()["fields"].clone();
            if kind == FormKind::Reissue {
                // What a list of reissues makes of a form that is kept is what the form itself would send.
                let kept = form.draft_json();
                let (draft, _) = prefill::draft(FormKind::Reissue, &form.context(), Some(&kept), None, &form.known);
                prop_assert_eq!(draft, form.draft());
            }
            if fields(&before) != fields(&form.draft_json()) {
                prop_assert!(out.contains(&FormStep::Changed), "changed and not kept: {out:?}");
            }
        }
        let kept = form.draft_json();
        let again = open(Some(&kept));
        prop_assert_eq!(again.draft_json(), kept);
    }
}
