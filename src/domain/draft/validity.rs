//! The end that is asked for, and the end that will come of it. The account cuts what is too long without a word; the
//! form says so before.

use super::super::dates;
use super::super::product::Family;
use super::super::rules::reissue::Validity;
use super::super::rules::{duplicate, reissue};
use super::super::validity::{self, End, Industry, Reason};
use super::common::{problem, sentence};
use super::{Context, Draft, FieldId, Note, Problem, Tone, ValidityForm};
use crate::domain::text::counted;

/// What will come of the end date of a duplicate; `None` when nothing is known to bound it.
pub fn of_duplicate(draft: &Draft, ctx: &Context<'_>) -> Result<Option<End>, String> {
    let asked = draft.given(FieldId::EndDate).map(dates::parse);
    let asked = asked.transpose().map_err(|error| error.to_string())?;
    validity::end(asked, duplicate::bounds(ctx.order, ctx.today)).map_err(|error| error.to_string())
}

/// The validity that a reissue asks for, in its form; an error when it cannot be read.
pub fn asked(draft: &Draft) -> Result<Option<Validity>, String> {
    match draft.validity() {
        ValidityForm::Longest => Ok(None),
        ValidityForm::Year => Ok(Some(Validity::Years(1))),
        ValidityForm::Days => {
            let text = draft.text(FieldId::Days);
            if text.is_empty() {
                return Err("enter a number of days, such as 90".to_owned());
            }
            text.parse::<u16>()
                .map(|days| Some(Validity::Days(u32::from(days))))
                .map_err(|_| format!("{text:?} is not a number of days: enter one such as 90"))
        }
        ValidityForm::Until if !draft.is_given(FieldId::Until) => {
            Err("the expiration date is required".into())
        }
        ValidityForm::Until => dates::parse(draft.text(FieldId::Until))
            .map(|end| Some(Validity::End(end)))
            .map_err(|error| error.to_string()),
    }
}

/// What will come of the validity of a reissue.
pub fn of_reissue(draft: &Draft, ctx: &Context<'_>) -> Result<Option<End>, String> {
    let asked = asked(draft)?.map(|asked| asked.last_day(ctx.today));
    validity::end(asked, reissue::bounds(ctx.order, ctx.today)).map_err(|error| error.to_string())
}

/// What is asked for beyond the longest certificate that the account offers of the product (`allowed_validity_years` of product
/// info, without what `allowed_lifetimes` of the product limits takes away), and that no shorter limit of the CA cuts. What the
/// account does then is not documented.
pub(super) fn beyond_offer(draft: &Draft, ctx: &Context<'_>) -> Option<Problem> {
    let asked = asked(draft).ok().flatten()?.last_day(ctx.today);
    let years = *ctx.product?.validity_years.iter().max()?;
    let most = Validity::Years(years).last_day(ctx.today);
    let industry = Industry::of(ctx.order.product.family()).and_then(|of| of.days(ctx.today));
    let is_cut = industry.is_some_and(|days| validity::last_of(ctx.today, days) < most);
    (asked > most && !is_cut).then(|| {
        let years = counted(years as usize, "year", "years");
        let text = format!(
            "the account offers {years} at most for a certificate of this product: longer may be refused or shortened"
        );
        problem(draft.validity_field(), &text)
    })
}

/// The end in words.
pub fn note(end: Result<Option<End>, String>, family: Family) -> Note {
    match end {
        Err(why) => Note::new(Tone::Bad, sentence(&why)),
        Ok(None) => Note::new(Tone::Dim, "The account sets its validity."),
        Ok(Some(end)) if end.cut_from.is_some() => Note::new(Tone::Warn, format!("{end}.")),
        // As long as an order or a plan, with no limit that is known here: the CA has some for such products too.
        Ok(Some(end)) if Industry::of(family).is_none() && end.reason != Reason::OriginalEnd => {
            let words = format!("It expires on {end}; the CA may have a shorter limit.");
            Note::new(Tone::Plain, words)
        }
        Ok(Some(end)) => Note::new(Tone::Plain, format!("It expires on {end}.")),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::catalogue;
    use crate::domain::draft::offer::Offer;
    use crate::domain::order::Order;
    use crate::domain::product::{Product, ProductRef};

    fn draft(validity: ValidityForm, days: &str, until: &str) -> Draft {
        Draft {
            texts: [
                (FieldId::Validity, validity.id()),
                (FieldId::Days, days),
                (FieldId::Until, until),
            ]
            .map(|(field, text)| (field, text.to_owned()))
            .into(),
            ..Draft::default()
        }
    }

    #[test]
    fn each_form_of_a_validity_is_read_or_says_what_is_missing() {
        let end = Validity::End(date(2027, 3, 1));
        for (form, days, until, read) in [
            (ValidityForm::Longest, "x", "x", Ok(None)),
            (ValidityForm::Year, "x", "x", Ok(Some(Validity::Years(1)))),
            (ValidityForm::Days, " 90 ", "", Ok(Some(Validity::Days(90)))),
            (
                ValidityForm::Days,
                " ",
                "",
                Err("enter a number of days, such as 90"),
            ),
            (
                ValidityForm::Days,
                "9x",
                "",
                Err("\"9x\" is not a number of days: enter one such as 90"),
            ),
            (ValidityForm::Until, "", "2027-03-01", Ok(Some(end))),
            (
                ValidityForm::Until,
                "",
                " ",
                Err("the expiration date is required"),
            ),
        ] {
            let read = read.map_err(str::to_owned);
            assert_eq!(
                asked(&draft(form, days, until)),
                read,
                "{form:?} {days:?} {until:?}"
            );
        }
        assert!(asked(&draft(ValidityForm::Until, "", "soon")).is_err());
    }

    #[test]
    fn what_is_longer_than_the_account_offers_is_said_where_no_limit_of_the_ca_cuts_it() {
        let today = date(2026, 11, 30);
        let known = |name: &str| {
            let known = catalogue::PRODUCTS
                .iter()
                .find(|known| known.name_id == name);
            ProductRef::from(known.unwrap())
        };
        for (product, years, form, days, until, is_told) in [
            (
                "private_ssl_plus",
                vec![1, 2],
                ValidityForm::Days,
                "800",
                "",
                true,
            ),
            (
                "private_ssl_plus",
                vec![1, 2],
                ValidityForm::Days,
                "700",
                "",
                false,
            ),
            (
                "private_ssl_plus",
                vec![1],
                ValidityForm::Until,
                "",
                "2027-12-01",
                true,
            ),
            (
                "private_ssl_plus",
                vec![1],
                ValidityForm::Until,
                "",
                "2027-11-30",
                false,
            ),
            (
                "private_ssl_plus",
                vec![1],
                ValidityForm::Year,
                "",
                "",
                false,
            ),
            // Not told by the account, or cut by the CA before.
            (
                "private_ssl_plus",
                vec![],
                ValidityForm::Days,
                "5000",
                "",
                false,
            ),
            ("ssl_plus", vec![1], ValidityForm::Days, "500", "", false),
        ] {
            let order = Order::blank(known(product));
            let product = Product {
                validity_years: years.clone(),
                ..Product::default()
            };
            let ctx = Context {
                order: &order,
                product: Some(&product),
                siblings: &[],
                offer: &Offer::default(),
                reference: "",
                today,
            };
            let told = beyond_offer(&draft(form, days, until), &ctx);
            assert_eq!(told.is_some(), is_told, "{years:?} {form:?} {days} {until}");
        }
    }

    #[test]
    fn an_end_is_told_with_what_is_known_of_its_limit() {
        let day = date(2027, 3, 1);
        let end = |reason, cut_from| {
            Ok(Some(End {
                date: day,
                reason,
                cut_from,
            }))
        };
        let (public, private) = (Family::PublicTls, Family::PrivateTls);
        let shorter = "the CA may have a shorter limit";
        for (end, family, tone, has_limit) in [
            (Err("no date".to_owned()), public, Tone::Bad, false),
            (Ok(None), private, Tone::Dim, false),
            (end(Reason::OrderEnd, Some(day)), private, Tone::Warn, false),
            (end(Reason::OrderEnd, None), private, Tone::Plain, true),
            (end(Reason::Asked, None), private, Tone::Plain, true),
            (end(Reason::OriginalEnd, None), private, Tone::Plain, false),
            (end(Reason::OrderEnd, None), public, Tone::Plain, false),
            (end(Reason::OriginalEnd, None), public, Tone::Plain, false),
        ] {
            let told = note(end.clone(), family);
            assert_eq!(told.tone, tone, "{end:?} {family:?}");
            assert_eq!(told.text.contains(shorter), has_limit, "{end:?} {family:?}");
        }
    }
}
