//! What an answer is, found out before anything of it is kept: how much it holds, what it says went wrong, and whether
//! it bears the marks of what was asked for.
//!
//! An answer that lacks them says nothing, least of all that there is nothing: a proxy's `{}`, an empty body or a list
//! of another kind is no empty list. And an answer that holds more than any account has is dropped while it is counted,
//! since nine bytes of JSON can become a kilobyte of memory.

use std::cell::Cell;
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;

/// What an answer has to hold to be one of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marks {
    /// A thing: one of these fields has a value.
    Thing(&'static [&'static str]),
    /// A thing that something is decided by: of each of these groups one field has a value.
    Whole(&'static [&'static [&'static str]]),
    /// A page of a list: how many there are, or rows under this name. Source: "Pagination" of the Services API.
    Page(&'static str),
    /// A whole list: rows under this name.
    Rows(&'static str),
    /// A whole list: rows under this name, or `{}` for none, as is documented for it.
    RowsOrNone(&'static str),
    /// A change: one of these fields has a value, or `{}`, where there is nothing to say.
    ThingOrNone(&'static [&'static str]),
}

/// Values in one answer. A page of 1,000 orders with 250 names each has fewer than 300,000.
const VALUES: usize = 500_000;
/// Objects among them. A page of 1,000 orders with thirty custom fields each has about 40,000.
const OBJECTS: usize = 100_000;
/// Objects of one list: a page is 1,000, and whole lists are shorter than ten of them.
const ROWS: usize = 10_000;
/// Objects and lists within each other; documented are six.
const DEPTH: usize = 32;
/// Bytes of one text; a chain as PEM has about 10,000.
const TEXT: usize = 1024 * 1024;

/// What one value is, as far as it is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// `null`, a blank text or 0: nothing is said.
    Blank,
    /// `false`.
    Off,
    /// Any other text, number or flag.
    Scalar,
    /// A list of so many elements, of which some are objects that hold something.
    List { all: usize, objects: usize },
    /// An object of so many fields.
    Object(usize),
}

/// Why a body is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unread {
    /// It ends in the middle.
    Cut,
    /// Anything else, in words.
    Wrong(String),
}

/// What a body is and what its top holds.
#[derive(Debug)]
pub(super) struct Survey {
    shape: Shape,
    fields: Vec<(String, Shape)>,
}

/// Fields of the top that are remembered; every documented answer has fewer.
const FIELDS: usize = 256;

impl Survey {
    /// Looks a JSON text over, without keeping more of it than the names of its top.
    pub fn of(text: &str) -> Result<Self, Unread> {
        if text.is_empty() {
            return Err(Unread::Wrong("it is empty".to_owned()));
        }
        let budget = Budget::default();
        let mut fields = Vec::new();
        let mut reader = serde_json::Deserializer::from_str(text);
        let look = Look {
            budget: &budget,
            depth: 0,
            fields: Some(&mut fields),
        };
        let looked = look
            .deserialize(&mut reader)
            .and_then(|shape| reader.end().map(|()| shape));
        match looked {
            Ok(shape) => Ok(Self { shape, fields }),
            Err(error) => Err(match (budget.over.get(), error.classify()) {
                (Some(what), _) => Unread::Wrong(format!("it contains {what} and was discarded")),
                (None, Category::Eof) => Unread::Cut,
                // Only the position: the library's own words can quote the body.
                (None, _) => Unread::Wrong(format!(
                    "not the JSON of this call at line {}, column {}",
                    error.line(),
                    error.column()
                )),
            }),
        }
    }

    /// What a field of the top holds.
    pub fn field(&self, name: &str) -> Option<Shape> {
        let mut fields = self.fields.iter();
        fields.find_map(|(field, shape)| (field == name).then_some(*shape))
    }

    /// Whether the whole is a list, which no documented answer is.
    pub fn is_list(&self) -> bool {
        matches!(self.shape, Shape::List { .. })
    }

    /// What is missing for an answer of a kind, in words.
    pub fn lacks(&self, marks: Marks) -> Option<String> {
        let fields = match self.shape {
            Shape::Object(fields) => fields,
            Shape::List { .. } => return Some("a bare list is not a response to it".to_owned()),
            Shape::Blank | Shape::Off | Shape::Scalar => {
                return Some("it is not a JSON object".to_owned());
            }
        };
        let said = |names: &[&str]| {
            let mut names = names.iter();
            names.any(|name| self.field(name).is_some_and(|shape| shape != Shape::Blank))
        };
        let none = fields == 0;
        match marks {
            Marks::Whole(groups) => {
                let lacks = groups.iter().find(|names| !said(names));
                lacks.map(|names| format!("it has no `{}`", names.join("`, no `")))
            }
            Marks::Thing(names) if !said(names) => {
                Some(format!("it has no `{}`", names.join("`, no `")))
            }
            Marks::ThingOrNone(names) if !none && !said(names) => {
                Some(format!("it has no `{}`", names.join("`, no `")))
            }
            Marks::Page(rows) => match (self.field("page"), self.field(rows)) {
                (Some(Shape::Object(1..)), None | Some(Shape::Blank)) => None,
                // The others of a page are shown; those that are missing keep the list from being whole.
                (_, Some(Shape::List { objects: 1.., .. })) => None,
                (page, found) if page.is_some() || found.is_some() => rows_lack(found, rows),
                _ => Some(format!("it has neither `{rows}` nor `page`")),
            },
            Marks::Rows(rows) => rows_lack(self.field(rows), rows),
            Marks::RowsOrNone(rows) if !none => rows_lack(self.field(rows), rows),
            Marks::Thing(_) | Marks::ThingOrNone(_) | Marks::RowsOrNone(_) => None,
        }
    }
}

/// What is wrong with the rows of a list. `{}` stands for none, and one object for a list of one.
fn rows_lack(found: Option<Shape>, name: &str) -> Option<String> {
    match found {
        Some(Shape::Object(_)) => None,
        Some(Shape::List { all, objects }) if all == objects => None,
        Some(Shape::List { .. }) => Some(format!("not everything in `{name}` is a row")),
        Some(Shape::Blank | Shape::Off | Shape::Scalar) => {
            Some(format!("its `{name}` is not a list"))
        }
        None => Some(format!("it has no `{name}`")),
    }
}

/// What may still come, and what there was too much of.
struct Budget {
    values: Cell<usize>,
    objects: Cell<usize>,
    over: Cell<Option<&'static str>>,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            values: Cell::new(VALUES),
            objects: Cell::new(OBJECTS),
            over: Cell::new(None),
        }
    }
}

impl Budget {
    fn over<E: de::Error>(&self, what: &'static str) -> E {
        self.over.set(Some(what));
        E::custom(what)
    }

    fn spend<E: de::Error>(&self, left: &Cell<usize>, what: &'static str) -> Result<(), E> {
        match left.get().checked_sub(1) {
            Some(less) => {
                left.set(less);
                Ok(())
            }
            None => Err(self.over(what)),
        }
    }

    fn value<E: de::Error>(&self) -> Result<(), E> {
        self.spend(&self.values, "more than 500,000 values")
    }

    fn object<E: de::Error>(&self) -> Result<(), E> {
        self.spend(&self.objects, "more than 100,000 objects")
    }

    fn text<E: de::Error>(&self, text: &str) -> Result<(), E> {
        if text.len() > TEXT {
            return Err(self.over("a text of more than 1 MiB"));
        }
        Ok(())
    }
}

/// Looks at one value.
struct Look<'a> {
    budget: &'a Budget,
    depth: usize,
    /// Where the names of the top go; nothing below it.
    fields: Option<&'a mut Vec<(String, Shape)>>,
}

impl<'a> Look<'a> {
    fn below(&self) -> Look<'a> {
        Look {
            budget: self.budget,
            depth: self.depth + 1,
            fields: None,
        }
    }

    fn enter<E: de::Error>(&self) -> Result<(), E> {
        if self.depth >= DEPTH {
            return Err(self.budget.over("more than 32 levels"));
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Look<'_> {
    type Value = Shape;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Shape, D::Error> {
        self.budget.value()?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Look<'_> {
    type Value = Shape;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("any JSON value")
    }
    fn visit_unit<E>(self) -> Result<Shape, E> {
        Ok(Shape::Blank)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Shape, E> {
        Ok(if value { Shape::Scalar } else { Shape::Off })
    }
    fn visit_i64<E>(self, value: i64) -> Result<Shape, E> {
        Ok(scalar(value != 0))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Shape, E> {
        Ok(scalar(value != 0))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Shape, E> {
        Ok(scalar(value != 0.0))
    }
    fn visit_str<E: de::Error>(self, value: &str) -> Result<Shape, E> {
        self.budget.text(value)?;
        Ok(scalar(!value.trim().is_empty()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Shape, A::Error> {
        self.enter()?;
        let (mut all, mut objects) = (0, 0);
        while let Some(shape) = seq.next_element_seed(self.below())? {
            all += 1;
            objects += usize::from(matches!(shape, Shape::Object(1..)));
            if objects > ROWS {
                return Err(self.budget.over("a list of more than 10,000"));
            }
        }
        Ok(Shape::List { all, objects })
    }
    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Shape, A::Error> {
        self.enter()?;
        self.budget.object()?;
        let mut count = 0;
        while let Some(name) = map.next_key_seed(Name {
            budget: self.budget,
            keep: self.fields.is_some(),
        })? {
            let shape = map.next_value_seed(self.below())?;
            count += 1;
            if let (Some(fields), Some(name)) = (&mut self.fields, name)
                && fields.len() < FIELDS
            {
                fields.push((name, shape));
            }
        }
        Ok(Shape::Object(count))
    }
}

fn scalar(says: bool) -> Shape {
    if says { Shape::Scalar } else { Shape::Blank }
}

/// The name of a field, kept only where it is asked for.
struct Name<'a> {
    budget: &'a Budget,
    keep: bool,
}

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("the name of a field")
    }
    fn visit_str<E: de::Error>(self, name: &str) -> Result<Self::Value, E> {
        self.budget.value()?;
        self.budget.text(name)?;
        Ok((self.keep && name.len() <= 64).then(|| name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lacks(text: &str, marks: Marks) -> Option<String> {
        Survey::of(text).unwrap().lacks(marks)
    }

    #[test]
    fn each_kind_is_told_by_its_marks_and_by_nothing_else() {
        let (thing, page) = (Marks::Thing(&["id"]), Marks::Page("orders"));
        let (rows, none) = (Marks::Rows("products"), Marks::RowsOrNone("certificates"));
        let done = Marks::ThingOrNone(&["dcv_random_value"]);
        let whole = Marks::Whole(&[&["id"], &["status"], &["certificate", "product"]]);
        for (marks, is_one, is_none) in [
            (
                whole,
                &[
                    r#"{"id":1,"status":"issued","product":{"name_id":"x"}}"#,
                    r#"{"id":1,"status":"pending","certificate":{}}"#,
                ][..],
                &[
                    "{}",
                    r#"{"id":1}"#,
                    r#"{"id":1,"status":"issued"}"#,
                    r#"{"id":1,"status":"","product":{}}"#,
                    r#"{"id":1,"status":"issued","product":null}"#,
                    r#"{"status":"issued","product":{}}"#,
                ][..],
            ),
            (
                thing,
                &[r#"{"id":1}"#, r#"{"id":"1","x":[]}"#][..],
                &["{}", r#"{"id":null}"#, r#"{"id":0}"#, r#"{"id":" "}"#][..],
            ),
            (
                page,
                &[
                    r#"{"page":{"total":0}}"#,
                    r#"{"orders":null,"page":{"total":0}}"#,
                    r#"{"orders":{},"page":{"total":0}}"#,
                    r#"{"orders":[{"id":1}]}"#,
                ],
                &[
                    "{}",
                    r#"{"page":{}}"#,
                    r#"{"page":[]}"#,
                    r#"{"page":7}"#,
                    r#"{"orders":null}"#,
                    r#"{"orders":"none"}"#,
                    r#"{"orders":[null,7,{}],"page":{"total":3}}"#,
                    r#"{"orders":7,"page":{"total":0}}"#,
                    r#"{"requests":[{"id":1}]}"#,
                ],
            ),
            (
                rows,
                &[r#"{"products":[]}"#, r#"{"products":{"name_id":"a"}}"#],
                &["{}", r#"{"products":null}"#, r#"{"products":[[]]}"#],
            ),
            (
                none,
                &["{}", r#"{"certificates":{}}"#, r#"{"certificates":[]}"#],
                &[r#"{"certificates":null}"#, r#"{"status":"error"}"#],
            ),
            (
                done,
                &["{}", r#"{"dcv_random_value":"x"}"#],
                &[r#"{"message":"no"}"#],
            ),
        ] {
            for text in is_one {
                assert_eq!(lacks(text, marks), None, "{text} for {marks:?}");
            }
            for text in is_none.iter().chain(&["null", "[]", "7", "\"x\"", "true"]) {
                assert!(lacks(text, marks).is_some(), "{text} for {marks:?}");
            }
        }
    }

    #[test]
    fn what_no_account_holds_is_dropped_by_its_count() {
        let list = |element: &str, count: usize| {
            let mut text = format!("{{\"orders\":[{element}");
            for _ in 1..count {
                text.push(',');
                text.push_str(element);
            }
            text.push_str("]}");
            text
        };
        let dropped = |text: &str| match Survey::of(text) {
            Err(Unread::Wrong(why)) => why,
            other => panic!("{other:?}"),
        };
        assert!(Survey::of(&list("{\"id\":7}", 10_000)).is_ok());
        assert!(dropped(&list("{\"id\":7}", 10_001)).contains("10,000"));
        assert!(Survey::of(&list("1", 400_000)).is_ok());
        assert!(dropped(&list("1", 600_000)).contains("500,000 values"));
        assert!(dropped(&list("[]", 600_000)).contains("500,000 values"));
        assert!(dropped(&list("{\"x\":[{},{},{}]}", 30_000)).contains("discarded"));
        let names: Vec<String> = (0..300_000).map(|n| format!("\"{n}\":1")).collect();
        let names = names.join(",");
        assert!(dropped(&format!("{{{names}}}")).contains("500,000 values"));
        let deep = format!("{}1{}", "[".repeat(40), "]".repeat(40));
        assert!(dropped(&deep).contains("32 levels"));
        let deeper = "[".repeat(1_000_000);
        assert!(dropped(&deeper).contains("32 levels"));
        let long = format!("{{\"id\":\"{}\"}}", "x".repeat(TEXT + 1));
        assert!(dropped(&long).contains("1 MiB"));
    }

    #[test]
    fn what_is_no_json_is_told_by_its_place_and_what_breaks_off_as_such() {
        assert_eq!(Survey::of(r#"{"id":1,"#).unwrap_err(), Unread::Cut);
        for text in ["", "OK", "{]", "<html>", "{} {}"] {
            assert!(matches!(Survey::of(text), Err(Unread::Wrong(_))), "{text}");
        }
    }
}
