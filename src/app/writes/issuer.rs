//! Whether the issuing CA that was asked for is the one that signed: an account that may not choose ignores the choice
//! without a word (documentation page *Duplicate certificate*).

use super::Watch;
use crate::app::account::Account;
use crate::app::remote::Remote;
use crate::domain::certificate;
use crate::domain::ids::CertificateId;
use crate::domain::product::Ica;

/// What holds (`Ok`) or does not (`Err`); `None` when no CA was asked for.
pub(super) fn check(
    account: &Account,
    watch: &Watch,
    id: CertificateId,
    text: &str,
) -> Option<Result<String, String>> {
    let asked = watch.outgoing.ca_cert_id()?;
    let data = watch.order.and_then(|order| account.known.get(&order));
    let row = data.and_then(|data| data.certificate(id));
    let came = row.and_then(|row| row.ca_id.clone());
    let info = data.and_then(|data| data.order.value());
    let product = info.map(|info| info.product.name_id.as_str());
    // An order that was issued with the answer is not known yet; its product is where it was sent to.
    let product = product.or_else(|| watch.outgoing.product());
    let offered = product
        .and_then(|product| account.products.get(product))
        .and_then(Remote::value)
        .map_or(&[][..], |product| &product.icas);
    let signer = certificate::read_all(text)
        .ok()
        .and_then(|chain| chain.into_iter().next())
        .and_then(|leaf| leaf.issuer.common_name)
        .unwrap_or_else(|| "a CA without a name".to_owned());
    let wanted = offered.iter().find(|ica| ica.id == asked);
    let name = wanted.map_or(asked.as_str(), |ica| ica.name.as_str());
    let is = |ica: &Ica| ica.name.eq_ignore_ascii_case(&signer);
    // By its number where the account tells it; else by name, which proves something only if it is that of one offered.
    let same = match (&came, wanted) {
        (Some(came), _) => Some(came.eq_ignore_ascii_case(&asked)),
        (None, Some(wanted)) if is(wanted) => Some(true),
        (None, _) if offered.iter().any(is) => Some(false),
        (None, _) => None,
    };
    Some(match same {
        Some(true) => Ok(format!("{name} issued it, as requested")),
        Some(false) => Err(format!(
            "{signer} issued it, not {name} as requested: CertCentral ignored the choice"
        )),
        None => Ok(format!(
            "{signer} issued it; whether that is the requested CA, {name}, is not reported"
        )),
    })
}
