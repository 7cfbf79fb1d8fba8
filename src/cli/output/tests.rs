//! Each form of output, with rows of a list that is none.

use std::fmt::Write as _;

use jiff::Timestamp;
use proptest::prelude::*;
use rstest::rstest;

use super::value::{push_json_text, without_formula};
use super::*;

/// What a test lists.
#[derive(Debug)]
struct Things;

struct Thing {
    number: u64,
    text: String,
    names: Vec<String>,
    day: Option<jiff::civil::Date>,
}

impl Listed for Things {
    type Row<'a> = Thing;
    const NAME: &'static str = "things";
    const FIELDS: &'static [Field<Self>] = &[
        Field::shown("thing", Kind::Number, "its number", |row| {
            Value::number(row.number)
        }),
        Field::shown("common_name", Kind::Text, "its name", |row| {
            Value::text(&*row.text)
        }),
        Field::shown("expires", Kind::Day, "its last day", |row| {
            Value::maybe(row.day, Value::Day)
        }),
        Field::more("names", Kind::List, "its names", |row| {
            Value::list(row.names.iter().map(String::as_str))
        }),
        Field::more("made", Kind::Time, "when it was made", |_| {
            Value::Time(Timestamp::UNIX_EPOCH)
        }),
        Field::more("old", Kind::Flag, "whether it is old", |_| {
            Value::Flag(true)
        }),
    ];
}

fn thing(number: u64, text: &str) -> Thing {
    Thing {
        number,
        text: text.to_owned(),
        names: vec!["a.example".into(), "b.example".into()],
        day: (number != 3).then(|| jiff::civil::date(2026, 12, number as i8)),
    }
}

fn written(show: &Show, width: Option<usize>, rows: Vec<Thing>) -> String {
    let mut out = Vec::new();
    let screen = Screen {
        width,
        is_styled: false,
    };
    let mut sheet = Sheet::<Things>::new(show, screen, &mut out).unwrap();
    sheet.begin(Some(Timestamp::UNIX_EPOCH)).unwrap();
    sheet.rows(rows).unwrap();
    sheet.end().unwrap();
    String::from_utf8(out).unwrap()
}

fn three() -> Vec<Thing> {
    vec![
        thing(2, "two with a name that is long"),
        thing(3, "Three"),
        thing(1, "=1+1"),
    ]
}

fn show(set: impl FnOnce(&mut Show)) -> Show {
    let mut show = Show::default();
    set(&mut show);
    show
}

#[test]
fn each_form_has_the_same_rows() {
    let all = [
        ("lines", show(|_| {}), None),
        ("table", show(|_| {}), Some(36)),
        ("narrow", show(|_| {}), Some(20)),
        ("json", show(|show| show.json = true), Some(20)),
        ("csv", show(|show| show.csv = true), None),
        ("numbers", show(|show| show.numbers = true), Some(20)),
    ];
    let mut told = String::new();
    for (name, show, width) in all {
        let _ = write!(told, "-- {name}\n{}", written(&show, width, three()));
    }
    assert_eq!(told, FORMS);
}

const FORMS: &str = r#"-- lines
thing	common_name	expires
2	two with a name that is long	2026-12-02
3	Three	
1	=1+1	2026-12-01
-- table
THING  COMMON NAME        EXPIRES
    2  two with a name …  2026-12-02
    3  Three
    1  =1+1               2026-12-01
-- narrow
THING  COMMON NAME
    2  two with a n…
    3  Three
    1  =1+1
-- json
{"schema":"certdeck.things","version":1,"as_of":"1970-01-01T00:00:00Z","rows":[
{"thing":2,"common_name":"two with a name that is long","expires":"2026-12-02","names":["a.example","b.example"],"made":"1970-01-01T00:00:00Z","old":true},
{"thing":3,"common_name":"Three","expires":null,"names":["a.example","b.example"],"made":"1970-01-01T00:00:00Z","old":true},
{"thing":1,"common_name":"=1+1","expires":"2026-12-01","names":["a.example","b.example"],"made":"1970-01-01T00:00:00Z","old":true}
]}
-- csv
thing,common_name,expires,names,made,old
2,two with a name that is long,2026-12-02,a.example b.example,1970-01-01T00:00:00Z,true
3,Three,,a.example b.example,1970-01-01T00:00:00Z,true
1,'=1+1,2026-12-01,a.example b.example,1970-01-01T00:00:00Z,true
-- numbers
2
3
1
"#;

#[rstest]
#[case("thing", "1 2 3")]
#[case("-thing", "3 2 1")]
#[case("common_name", "1 3 2")]
#[case("expires", "1 2 3")]
#[case("-expires", "2 1 3")]
fn sorted_by_a_field_and_what_is_not_there_last(#[case] by: &str, #[case] order: &str) {
    let show = show(|show| {
        show.sort = Some(by.to_owned());
        show.numbers = true;
    });
    assert_eq!(
        written(&show, None, three()).replace('\n', " ").trim(),
        order
    );
}

#[test]
fn chosen_fields_stand_as_they_were_named_and_an_unknown_one_is_told() {
    let chosen = show(|show| show.columns = vec!["names".into(), "thing".into()]);
    let told = written(&chosen, None, vec![thing(1, "a")]);
    assert_eq!(told, "names\tthing\na.example b.example\t1\n");
    let wrong = show(|show| show.columns = vec!["expire".into()]);
    let error = Chosen::<Things>::of(&wrong).err().unwrap().to_string();
    assert!(error.contains("did you mean expires?"), "{error}");
}

#[test]
fn nothing_is_listed_as_nothing() {
    assert_eq!(written(&show(|_| {}), Some(80), Vec::new()), "");
    let json = written(&show(|show| show.json = true), None, Vec::new());
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["rows"], serde_json::json!([]));
}

#[test]
fn one_thing_is_facts_for_a_person_and_a_row_for_a_program() {
    let one = |show: &Show| {
        let mut out = Vec::new();
        let screen = Screen {
            width: Some(80),
            is_styled: false,
        };
        let mut sheet = Sheet::<Things>::new(show, screen, &mut out)
            .unwrap()
            .of_one();
        sheet.begin(None).unwrap();
        sheet.row(&thing(3, "three")).unwrap();
        sheet.end().unwrap();
        String::from_utf8(out).unwrap()
    };
    let facts = one(&Show::default());
    assert_eq!(facts, "Thing        3\nCommon name  three\n");
    let json = one(&show(|show| show.json = true));
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["as_of"], serde_json::Value::Null);
    assert_eq!(json["rows"][0]["made"], "1970-01-01T00:00:00Z");
    assert_eq!(json["rows"][0]["expires"], serde_json::Value::Null);
}

proptest! {
    #[test]
    fn json_reads_back_and_holds_no_control_character(text in any::<String>()) {
        let mut json = String::new();
        push_json_text(&text, &mut json);
        prop_assert!(!json.chars().any(crate::domain::text::is_hidden), "{json:?}");
        prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }

    #[test]
    fn csv_reads_back_and_nothing_in_it_is_a_formula(text in "[-=+@',\"a-c \\t\\r\\n\u{ff1d}\u{202e}]{0,8}") {
        let show = show(|show| {
            show.csv = true;
            show.no_headers = true;
        });
        let told = written(&show, None, vec![thing(1, &text)]);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(told.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
        prop_assert_eq!(rows.len(), 1);
        prop_assert_eq!(rows[0].len(), Things::FIELDS.len());
        let safe = crate::domain::text::sanitise(&text);
        let safe = without_formula(safe);
        prop_assert_eq!(&rows[0][1], safe.as_ref());
        let is_formula = rows[0][1].trim_start().starts_with(['=', '+', '-', '@', '\u{ff1d}']);
        prop_assert!(!is_formula);
    }

    #[test]
    fn a_table_is_never_wider_than_the_terminal(width in 10_usize..90, text in any::<String>()) {
        let show = show(|show| show.columns = vec!["common_name".into(), "names".into()]);
        for line in written(&show, Some(width), vec![thing(1, &text), thing(2, "b")]).lines() {
            prop_assert!(crate::domain::wrap::width(line) <= width, "{line}");
        }
    }
}
