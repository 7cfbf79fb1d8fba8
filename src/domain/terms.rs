//! What an order was placed with besides its names and its certificate: a renewal takes it over (documentation page *Order
//! info*).

use super::draft::contact::{Contact, ContactField};

/// Somebody who stands on an order, in full.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OnOrder {
    pub first_name: String,
    pub last_name: String,
    /// Job title, if told.
    pub job_title: String,
    pub telephone: String,
    pub email: String,
}

impl OnOrder {
    /// A part of it; nothing for [`ContactField::Who`], which names a user of the account.
    pub fn part(&self, part: ContactField) -> &str {
        match part {
            ContactField::Who => "",
            ContactField::FirstName => &self.first_name,
            ContactField::LastName => &self.last_name,
            ContactField::JobTitle => &self.job_title,
            ContactField::Telephone => &self.telephone,
            ContactField::Email => &self.email,
        }
    }

    /// Whether it has all that an order needs of a contact.
    pub fn is_whole(&self) -> bool {
        let mut needed = ContactField::TYPED
            .into_iter()
            .filter(|part| part.is_needed());
        needed.all(|part| !self.part(part).is_empty())
    }

    /// In words for a person.
    pub fn words(&self) -> String {
        format!("{} {} <{}>", self.first_name, self.last_name, self.email)
    }
}

/// How long an order was asked to last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lasted {
    Years(u32),
    /// So many days.
    Days(u32),
}

/// What an order was placed with; nothing where it is not told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Terms {
    /// Who answers for the organisation.
    pub organization_contact: Option<OnOrder>,
    /// Who gets the certificate.
    pub technical_contact: Option<OnOrder>,
    /// Who confirms an EV order; the first, where there are several.
    pub verified_contact: Option<OnOrder>,
    /// How long it was to last; nothing where it was until a day.
    pub lasted: Option<Lasted>,
    /// How it was paid, in the API's words.
    pub payment: Option<String>,
    /// Whether no renewal notices are sent.
    pub no_notices: bool,
    /// Whether no mail is sent when a certificate is issued.
    pub no_issuance_mail: bool,
    /// Whether its certificates are kept out of CT logs.
    pub no_ct: bool,
}

impl Terms {
    /// The contact of this kind that an order which renews this one takes over. The account copies the organisation's
    /// contact where no technical one was named: that copy follows by itself.
    pub fn contact(&self, contact: Contact) -> Option<&OnOrder> {
        let own = self.organization_contact.as_ref();
        let found = match contact {
            Contact::Organization => own,
            Contact::Technical => self
                .technical_contact
                .as_ref()
                .filter(|one| Some(*one) != own),
            Contact::Verified => self.verified_contact.as_ref(),
        };
        found.filter(|one| one.is_whole())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn somebody(name: &str) -> OnOrder {
        OnOrder {
            first_name: name.into(),
            last_name: "Example".into(),
            email: format!("{name}@example.net"),
            ..OnOrder::default()
        }
    }

    #[test]
    fn a_technical_contact_that_copies_the_organisations_is_none_of_its_own() {
        let mut terms = Terms {
            organization_contact: Some(somebody("Ada")),
            technical_contact: Some(somebody("Ada")),
            ..Terms::default()
        };
        assert_eq!(terms.contact(Contact::Technical), None);
        terms.technical_contact = Some(somebody("Tom"));
        assert_eq!(terms.contact(Contact::Technical), Some(&somebody("Tom")));
        assert_eq!(terms.contact(Contact::Organization), Some(&somebody("Ada")));
    }

    #[test]
    fn a_contact_that_lacks_what_an_order_needs_is_not_taken_over() {
        let mut ada = somebody("Ada");
        ada.email.clear();
        let terms = Terms {
            organization_contact: Some(ada),
            ..Terms::default()
        };
        assert_eq!(terms.contact(Contact::Organization), None);
    }
}
