//! Which sets of CAA records let DigiCert issue, and what is said of those that do not.

use super::*;
use rstest::rstest;

/// Records as they are written: `!` before a property makes it critical.
fn set(records: &[(&str, &str)]) -> CaaSet {
    let record = |(tag, value): &(&str, &str)| {
        let plain = tag.trim_start_matches('!');
        CaaRecord::new(plain != *tag, plain, value.as_bytes())
    };
    CaaSet {
        at: "example.com".into(),
        records: records.iter().map(record).collect(),
    }
}

fn verdict(name: &str, records: &[(&str, &str)]) -> CaaVerdict {
    CaaVerdict::of(name, &Ok(Some(set(records))))
}

#[rstest]
#[case::only_a_report(&[("iodef", "mailto:pki@example.com")])]
#[case::only_mail(&[("issuemail", "other.example")])]
#[case::unknown_and_not_critical(&[("tbs", "anything")])]
#[case::known_and_critical(&[("!issue", "digicert.com"), ("!iodef", "mailto:a@b.example")])]
#[case::contacts(&[("!contactemail", "a@example.com"), ("contactphone", "1")])]
#[case::its_name(&[("issue", "digicert.com")])]
#[case::among_others(&[("issue", "letsencrypt.org"), ("issue", "digicert.com")])]
#[case::nobody_and_it(&[("issue", ";"), ("issue", "digicert.com")])]
#[case::in_capitals(&[("ISSUE", "DigiCert.COM")])]
#[case::blanks(&[("issue", " \t digicert.com \t ")])]
#[case::bound_to_an_account(&[("issue", "digicert.com; account=0123456789")])]
#[case::parameters_without_sense(&[("issue", "digicert.com;;=;\u{1}")])]
#[case::only_for_wildcards(&[("issuewild", ";")])]
#[case::a_brand(&[("issue", "rapidssl.com")])]
#[case::a_partner(&[("issue", "amazonaws.com")])]
fn digicert_may_issue(#[case] records: &[(&str, &str)]) {
    let verdict = verdict("www.example.com", records);
    assert_eq!(
        verdict,
        CaaVerdict::Allowed {
            at: "example.com".into()
        }
    );
    assert_eq!(verdict.words(), "CAA at example.com allows DigiCert");
    assert!(!verdict.forbids());
}

#[rstest]
#[case::another(&[("issue", "letsencrypt.org")], "names letsencrypt.org only")]
#[case::two_others(&[("issue", "sectigo.com"), ("issue", "letsencrypt.org")], "names letsencrypt.org and sectigo.com only")]
#[case::one_twice(&[("issue", "sectigo.com"), ("issue", "sectigo.com; a=b")], "names sectigo.com only")]
#[case::nobody(&[("issue", ";")], "authorizes no CA")]
#[case::nobody_in_words(&[("issue", "")], "authorizes no CA")]
#[case::blanks(&[("issue", "  ")], "authorizes no CA")]
#[case::parameters_alone(&[("issue", "; account=1")], "authorizes no CA")]
#[case::below_it(&[("issue", "sub.digicert.com")], "names sub.digicert.com only")]
#[case::above_it(&[("issue", "com")], "names com only")]
#[case::what_is_not_on_the_list(&[("issue", "1and1.com")], "names 1and1.com only")]
#[case::a_final_dot(&[("issue", "digicert.com.")], "names digicert.com. only")]
#[case::two_in_one(&[("issue", "digicert.com letsencrypt.org")], "names digicert.com letsencrypt.org only")]
#[case::a_comma(&[("issue", "digicert,com")], "names digicert,com only")]
#[case::a_url(&[("issue", "https://digicert.com")], "names https://digicert.com only")]
#[case::quotes(&[("issue", "\"digicert.com\"")], "names \"digicert.com\" only")]
#[case::another_script(&[("issue", "dıgıcert.com")], "names dıgıcert.com only")]
#[case::hidden(&[("issue", "digicert\u{200b}.com")], "names digicert<U+200B>.com only")]
#[case::parameters_first(&[("issue", "account=1; digicert.com")], "names account=1 only")]
#[case::critical(&[("issue", "digicert.com"), ("!tbs", "x")], "has the unknown critical property tbs")]
#[case::many(
    &[("issue", "a.example"), ("issue", "b.example"), ("issue", "c.example"), ("issue", "d.example"), ("issue", "e.example")],
    "names a.example, b.example, c.example, and 2 more only"
)]
fn digicert_may_not_issue(#[case] records: &[(&str, &str)], #[case] why: &str) {
    let verdict = verdict("www.example.com", records);
    assert!(verdict.forbids());
    assert_eq!(
        verdict.words(),
        format!("CAA at example.com {why}: DigiCert may not issue")
    );
}

#[rstest]
#[case(&[("issue", "digicert.com")], "*.example.com", true)]
#[case(&[("issue", "letsencrypt.org"), ("issuewild", "digicert.com")], "*.example.com", true)]
#[case(&[("issue", "letsencrypt.org"), ("issuewild", "digicert.com")], "example.com", false)]
#[case(&[("issue", "digicert.com"), ("issuewild", ";")], "*.example.com", false)]
#[case(&[("issue", "digicert.com"), ("issuewild", ";")], "example.com", true)]
#[case(&[("IssueWild", "letsencrypt.org")], " *.example.com", false)]
fn wildcard_names_have_records_of_their_own(
    #[case] records: &[(&str, &str)],
    #[case] name: &str,
    #[case] allowed: bool,
) {
    assert_eq!(!verdict(name, records).forbids(), allowed);
}

#[test]
fn a_refusal_for_wildcard_names_alone_says_so() {
    let words = |value| verdict("*.example.com", &[("issuewild", value)]).words();
    assert_eq!(
        words("letsencrypt.org"),
        "CAA at example.com names letsencrypt.org only for wildcard names: DigiCert may not issue"
    );
    assert_eq!(
        words(";"),
        "CAA at example.com authorizes no CA for wildcard names: DigiCert may not issue"
    );
}

#[test]
fn no_answer_is_not_an_open_door() {
    let looked = Err("SERVFAIL from 192.0.2.53".to_owned());
    let unknown = CaaVerdict::of("example.com", &looked);
    assert_eq!(unknown.words(), "CAA unknown: SERVFAIL from 192.0.2.53");
    let open = CaaVerdict::of("example.com", &Ok(None));
    assert_eq!(open, CaaVerdict::Open);
    assert_eq!(open.words(), "no CAA records: any CA may issue");
}

#[test]
fn blanks_before_a_name_hide_nothing() {
    let value = format!("{}digicert.com;{}", " ".repeat(400), "x".repeat(400));
    assert!(!verdict("example.com", &[("issue", &value)]).forbids());
}

#[test]
fn each_identifier_counts_alone() {
    for own in IDENTIFIERS {
        assert!(
            !verdict("example.com", &[("issue", own)]).forbids(),
            "{own}"
        );
    }
}
