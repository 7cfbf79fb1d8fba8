//! What an administrator allows the users of a container to order (page *Product limits*): it narrows what a product
//! offers.

use super::super::product::Product;

/// The access roles by number (documented with the users of an account).
const ROLES: &[(u64, &str)] = &[
    (1, "Administrator"),
    (2, "Limited User"),
    (3, "Finance Manager"),
    (4, "Manager"),
    (5, "Standard User"),
];

/// The limits of one product in one container; empty lists and `None` leave what the product offers as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Limit {
    /// Identifier of the product.
    pub product: String,
    /// Whose limits these are; `0` is everybody.
    pub role: u64,
    pub hashes: Vec<String>,
    pub icas: Vec<String>,
    /// Lengths of certificates in years.
    pub years: Vec<u32>,
    /// Lengths of orders in years.
    pub order_years: Vec<u32>,
    /// Whether orders may renew themselves.
    pub auto_renew: Option<bool>,
    /// Whether orders may be reissued by themselves.
    pub auto_reissue: Option<bool>,
    /// Whether wildcards may be ordered.
    pub wildcards: Option<bool>,
}

impl Limit {
    /// Whether it holds for a product and somebody with these roles. A role without a known name holds for nobody here:
    /// the account decides.
    pub fn holds(&self, product: &str, roles: &[String]) -> bool {
        let role = ROLES.iter().find(|(id, _)| *id == self.role);
        self.product == product
            && (self.role == 0 || role.is_some_and(|(_, name)| roles.iter().any(|own| own == name)))
    }

    /// The product with what is left of its offer.
    pub fn apply(&self, product: &mut Product) {
        let among = |allowed: &[String], id: &str| {
            allowed.is_empty() || allowed.iter().any(|known| known.eq_ignore_ascii_case(id))
        };
        if product.hashes.is_empty() {
            let allowed = self.hashes.iter();
            product.hashes = allowed
                .map(|id| super::super::product::Choice {
                    id: id.to_lowercase(),
                    name: id.to_uppercase().replace("SHA", "SHA-"),
                })
                .collect();
        }
        product.hashes.retain(|hash| among(&self.hashes, &hash.id));
        product.icas.retain(|ica| among(&self.icas, &ica.id));
        for (offered, allowed) in [
            (&mut product.validity_years, &self.years),
            (&mut product.order_validity_years, &self.order_years),
        ] {
            offered.retain(|years| allowed.is_empty() || allowed.contains(years));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::product::Choice;

    #[test]
    fn a_limit_holds_for_its_product_and_role() {
        let mut limit = Limit {
            product: "ssl_securesite".into(),
            ..Limit::default()
        };
        let standard = ["Standard User".to_owned()];
        assert!(limit.holds("ssl_securesite", &standard));
        assert!(!limit.holds("ssl_plus", &standard));
        limit.role = 5;
        assert!(limit.holds("ssl_securesite", &standard));
        assert!(!limit.holds("ssl_securesite", &["Administrator".to_owned()]));
    }

    #[test]
    fn what_is_not_customised_stays_as_the_product_has_it() {
        let hash = |id: &str| Choice {
            id: id.into(),
            name: id.into(),
        };
        let whole = Product {
            hashes: vec![hash("sha256"), hash("sha384")],
            order_validity_years: vec![1, 2, 3],
            validity_years: vec![1],
            ..Product::default()
        };
        let mut product = whole.clone();
        Limit::default().apply(&mut product);
        assert_eq!(product, whole);
        let limit = Limit {
            hashes: vec!["SHA256".into()],
            order_years: vec![1, 2],
            ..Limit::default()
        };
        limit.apply(&mut product);
        assert_eq!(product.hashes, [hash("sha256")]);
        assert_eq!(product.order_validity_years, [1, 2]);
        assert_eq!(product.validity_years, [1]);
    }
}
