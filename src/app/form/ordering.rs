//! What only forms of new orders and renewals do: they take over what the old order has, and offer what the account has.

use crate::app::fields::Input;
use crate::domain::draft::limits::Limit;
use crate::domain::draft::offer::Offer;
use crate::domain::draft::{FieldId, FormKind, Note, Tone, options, order, order_review, validity};
use crate::domain::ids::ContainerId;
use crate::domain::product::{Product, ProductRef};
use crate::domain::terms::Lasted;
use crate::domain::write::Outgoing;

use super::{Form, spec};

impl Form {
    /// The reference by which the order that comes of this form is found again; made once for each form.
    pub fn refer_as(&mut self, reference: String) {
        self.reference = reference;
    }

    /// Takes the fields there are by now; what is in those that were there stays, and what was kept for those that were
    /// not comes into them.
    pub(super) fn take_specs(&mut self) {
        let definitions = match self.kind {
            FormKind::Renew | FormKind::NewOrder => order::definitions(&self.context()),
            FormKind::Duplicate | FormKind::Reissue => Vec::new(),
        };
        self.specs = spec::fields(self.kind, &self.order, &definitions);
        let mut old = std::mem::take(&mut self.fields.all);
        self.fields.all = self
            .specs
            .iter()
            .map(
                |spec| match old.iter().position(|field| field.id == spec.id) {
                    Some(at) => old.swap_remove(at),
                    None => self.fresh(spec),
                },
            )
            .collect();
        // A field that the account no longer defines: what was typed there is not lost.
        for field in old.into_iter().filter(|field| field.touched) {
            if let Input::Text(text) = field.input {
                self.waiting
                    .insert(field.id.key().into_owned(), text.text());
            }
        }
        self.fill_waiting();
    }

    /// What the account has to order with came.
    pub fn take_offer(&mut self, offer: &Offer) {
        if !self.kind.makes_order() {
            return;
        }
        let limits = std::mem::take(&mut self.offer.limits);
        self.offer = offer.clone();
        self.offer.limits = limits;
        self.take_specs();
        self.fill_focus();
        self.refill();
        self.product_chosen();
    }

    /// Another product was chosen: what it offers is not known until it is read.
    pub(super) fn product_chosen(&mut self) {
        let chosen = self.fields.value(FieldId::Product);
        if self.kind != FormKind::NewOrder {
            return;
        }
        let listed = self
            .offer
            .products
            .iter()
            .find(|product| product.product.name_id == chosen)
            .cloned();
        // What the account tells of a product counts as soon as it does.
        let told = listed.as_ref().map(|listed| listed.product.clone());
        let same = chosen == self.order.product.name_id;
        if !same || told.is_some() {
            self.order.product = told.unwrap_or_else(|| ProductRef::named(&chosen));
        }
        if !same {
            self.set_product(listed);
        }
    }

    fn set_product(&mut self, product: Option<Product>) {
        // What is known of it in full is taken again.
        self.seen.product = None;
        self.whole = product;
        self.apply_limits();
        self.refill();
    }

    /// The container that is chosen.
    pub fn container(&self) -> Option<ContainerId> {
        self.fields
            .value(FieldId::Container)
            .parse()
            .ok()
            .map(ContainerId)
    }

    /// What may be ordered in the container that is chosen came; it holds for whoever has these roles.
    pub fn take_limits(&mut self, limits: Vec<Limit>, roles: &[String]) {
        let holds = |limit: &Limit| limit.role == 0 || limit.holds(&limit.product, roles);
        let limits: Vec<Limit> = limits.into_iter().filter(holds).collect();
        if limits == self.offer.limits {
            return;
        }
        self.offer.limits = limits;
        self.apply_limits();
        self.refill();
    }

    /// What the product offers, without what its container's limits take away.
    pub(super) fn apply_limits(&mut self) {
        self.product.clone_from(&self.whole);
        if let Some(product) = &mut self.product {
            let name = &self.order.product.name_id;
            for limit in &self.offer.limits {
                if limit.product == *name {
                    limit.apply(product);
                }
            }
        }
    }

    /// What stands in a text field at first: what the order that is renewed has.
    pub(super) fn ordered_before(&self, id: FieldId) -> String {
        match id {
            FieldId::MoreEmails => self.order.additional_emails.join("\n"),
            FieldId::OrderDays => match self.order.terms.lasted {
                Some(Lasted::Days(days)) => days.to_string(),
                _ => String::new(),
            },
            FieldId::Custom(id) => {
                let own = &self.order.custom_fields;
                let own = own.iter().find(|field| field.metadata_id == id);
                own.map_or_else(String::new, |field| field.value.clone())
            }
            _ => String::new(),
        }
    }

    /// Whether a flag is on at first.
    pub(super) fn turned_on_before(&self, id: FieldId) -> bool {
        match id {
            FieldId::AutoRenew => self.order.auto_renew == Some(true),
            FieldId::NoNotices => self.order.terms.no_notices,
            FieldId::NoIssuanceMail => self.order.terms.no_issuance_mail,
            FieldId::DisableCt => self.order.terms.no_ct,
            FieldId::AutoReissue => {
                self.kind.makes_order() && self.order.auto_reissue == Some(true)
            }
            _ => false,
        }
    }

    /// The field at which is said how long the order will cover.
    pub fn ends_at(&self) -> FieldId {
        [FieldId::OrderDays, FieldId::OrderUntil]
            .into_iter()
            .find(|id| self.has(*id))
            .unwrap_or(FieldId::OrderLength)
    }

    /// What was sent, in a name for people.
    pub fn sent_as(&self, outgoing: &Outgoing) -> String {
        if self.kind == FormKind::NewOrder {
            let name = self.fields.value(FieldId::CommonName);
            return format!("{} for {}", outgoing.kind.label(), name.trim());
        }
        format!("{} of order {}", outgoing.kind.label(), self.order.id)
    }

    /// The products that the list leaves out, and why; said while one is chosen.
    pub fn products_left_out(&self) -> Option<Note> {
        let text = options::not_chosen(&self.offer.products)?;
        Some(Note {
            tone: Tone::Dim,
            text,
        })
    }

    /// How long the order will cover, to be said at its length.
    pub fn length_notes(&self) -> Vec<Note> {
        if !self.kind.makes_order() {
            return Vec::new();
        }
        let mut notes = order_review::how_long(&self.draft(), &self.context());
        // The first certificate has a field of its own.
        notes.truncate(1);
        notes
    }

    /// What will come of the length of the first certificate.
    pub(super) fn first_end(&self) -> Note {
        let at = |id| matches!(id, FieldId::Validity | FieldId::Days | FieldId::Until);
        let mut problems = self.checked.problems.iter();
        if let Some(problem) = problems.find(|problem| at(problem.field)) {
            return Note {
                tone: Tone::Bad,
                text: problem.text.clone(),
            };
        }
        let end = order_review::first_end(&self.draft(), &self.context());
        validity::note(end, self.order.product.family())
    }

    /// The product whose offer the form wants, when it has none.
    pub fn wanted_product(&self) -> Option<&str> {
        let known = self
            .product
            .as_ref()
            .is_some_and(|product| !product.platforms.is_empty());
        (self.kind == FormKind::NewOrder && !known && !self.order.product.name_id.is_empty())
            .then_some(self.order.product.name_id.as_str())
    }
}
