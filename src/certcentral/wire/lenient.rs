//! Reading a JSON value as what was meant, whatever shape it came in.
//!
//! The API sends ids as numbers and as strings, flags in four spellings, `{}` for an empty list, one object for a list
//! of one, and blank strings for nothing. A value of the wrong shape is absent, never an error: one odd field must not
//! hide a thousand orders. Nothing is buffered on the way, since a page holds a thousand rows.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use crate::domain::order::CsrText;

/// A type that can be read from any JSON value; what does not fit becomes the default.
pub trait Lenient<'de>: Default {
    /// Reads one value. Fails only when the text is no JSON.
    fn lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

/// Marks the types made by the `wire!` macro: a JSON object whose every field is lenient.
pub trait WireObject<'de>: Deserialize<'de> + Default {}

/// The function that every field of a wire type names as its `deserialize_with`.
pub fn read<'de, D: Deserializer<'de>, T: Lenient<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::lenient(deserializer)
}

/// Any JSON value that is no list and no object.
enum Scalar<'de> {
    Absent,
    Flag(bool),
    Int(i128),
    Float(f64),
    Text(Cow<'de, str>),
}

/// Whether a text says nothing; nearly all do at their first letter.
fn is_blank(text: &str) -> bool {
    let first = text.bytes().next();
    !first.is_some_and(|byte| byte.is_ascii_graphic()) && text.trim().is_empty()
}

impl<'de> Scalar<'de> {
    #[expect(clippy::inline_always, reason = "once a field of each order of a list")]
    #[inline(always)]
    fn text(self) -> Option<Cow<'de, str>> {
        match self {
            Scalar::Absent => None,
            Scalar::Flag(flag) => Some(flag.to_string().into()),
            Scalar::Int(int) => Some(int.to_string().into()),
            Scalar::Float(float) => Some(float.to_string().into()),
            Scalar::Text(text) if is_blank(&text) => None,
            Scalar::Text(text) => Some(text),
        }
    }

    #[expect(clippy::inline_always, reason = "once a field of each order of a list")]
    #[inline(always)]
    fn int(&self) -> Option<i128> {
        match self {
            Scalar::Absent => None,
            Scalar::Flag(flag) => Some(i128::from(*flag)),
            Scalar::Int(int) => Some(*int),
            Scalar::Float(float) => whole(*float),
            Scalar::Text(text) => {
                let text = text.trim();
                text.parse()
                    .ok()
                    .or_else(|| text.parse().ok().and_then(whole))
            }
        }
    }

    fn float(&self) -> Option<f64> {
        match self {
            Scalar::Absent | Scalar::Flag(_) => None,
            Scalar::Int(int) => Some(*int as f64),
            Scalar::Float(float) => Some(*float),
            Scalar::Text(text) => text.trim().parse().ok(),
        }
        .filter(|float: &f64| float.is_finite())
    }

    #[inline]
    fn flag(&self) -> Option<bool> {
        match self {
            Scalar::Absent => None,
            Scalar::Flag(flag) => Some(*flag),
            // `auto_renew` was once a number of days: anything but zero is on.
            Scalar::Int(int) => Some(*int != 0),
            Scalar::Float(float) => Some(*float != 0.0),
            Scalar::Text(text) => match text.trim().to_ascii_lowercase().as_str() {
                "1" | "true" | "yes" | "y" | "on" => Some(true),
                "0" | "false" | "no" | "n" | "off" => Some(false),
                other => other.parse::<i64>().ok().map(|int| int != 0),
            },
        }
    }
}

impl<'de> Lenient<'de> for Option<CsrText> {
    fn lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        scalar(deserializer, |scalar| {
            scalar.text().map(|text| CsrText(text.into_owned()))
        })
    }
}

/// A float that is a whole number within the range where floats are exact.
fn whole(float: f64) -> Option<i128> {
    (float.fract() == 0.0 && float.abs() < 9.0e15).then_some(float as i128)
}

/// Reads one value as a scalar, and gives what is made of it: for each shape of it at once, since a list of orders has millions.
#[inline]
fn scalar<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    make: impl FnOnce(Scalar<'de>) -> T,
) -> Result<T, D::Error> {
    deserializer.deserialize_any(ScalarVisitor(make))
}

struct ScalarVisitor<F>(F);

impl<'de, T, F: FnOnce(Scalar<'de>) -> T> Visitor<'de> for ScalarVisitor<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("any JSON value")
    }
    fn visit_unit<E>(self) -> Result<T, E> {
        Ok((self.0)(Scalar::Absent))
    }
    fn visit_bool<E>(self, value: bool) -> Result<T, E> {
        Ok((self.0)(Scalar::Flag(value)))
    }
    fn visit_i64<E>(self, value: i64) -> Result<T, E> {
        Ok((self.0)(Scalar::Int(value.into())))
    }
    fn visit_u64<E>(self, value: u64) -> Result<T, E> {
        Ok((self.0)(Scalar::Int(value.into())))
    }
    fn visit_f64<E>(self, value: f64) -> Result<T, E> {
        Ok((self.0)(Scalar::Float(value)))
    }
    fn visit_str<E>(self, value: &str) -> Result<T, E> {
        Ok((self.0)(Scalar::Text(value.to_owned().into())))
    }
    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<T, E> {
        Ok((self.0)(Scalar::Text(value.into())))
    }
    fn visit_string<E>(self, value: String) -> Result<T, E> {
        Ok((self.0)(Scalar::Text(value.into())))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<T, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok((self.0)(Scalar::Absent))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok((self.0)(Scalar::Absent))
    }
}

impl<'de> Deserialize<'de> for Scalar<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Scalar<'de>, D::Error> {
        scalar(deserializer, |scalar| scalar)
    }
}

macro_rules! lenient_scalar {
    ($($ty:ty => |$scalar:ident| $read:expr;)*) => { $(
        impl<'de> Lenient<'de> for Option<$ty> {
            fn lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                scalar(deserializer, |$scalar| $read)
            }
        }
        impl<'de> Lenient<'de> for $ty {
            fn lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Option::<$ty>::lenient(deserializer).map(Option::unwrap_or_default)
            }
        }
    )* };
}

lenient_scalar! {
    String => |scalar| scalar.text().map(Cow::into_owned);
    u64 => |scalar| scalar.int().and_then(|int| int.try_into().ok());
    i64 => |scalar| scalar.int().and_then(|int| int.try_into().ok());
    f64 => |scalar| scalar.float();
    bool => |scalar| scalar.flag();
}

/// The part of a visitor for which a scalar is not what was asked for, and therefore absent.
macro_rules! absent_unless_list_or_object {
    () => {
        fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
            f.write_str("any JSON value")
        }
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
        fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
    };
}

pub(in crate::certcentral) use absent_unless_list_or_object;

/// Reads an object, and gives what is made of it where it stands; nothing when the value is no object or an empty one.
pub(in crate::certcentral) struct Object<T, F>(F, PhantomData<T>);

impl<T, F> Object<T, F> {
    pub(in crate::certcentral) fn new<R>(make: F) -> Self
    where
        F: FnOnce(T) -> R,
    {
        Self(make, PhantomData)
    }
}

impl<'de, T: WireObject<'de>, R, F: FnOnce(T) -> R> DeserializeSeed<'de> for Object<T, F> {
    type Value = Option<R>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<R>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: WireObject<'de>, R, F: FnOnce(T) -> R> Visitor<'de> for Object<T, F> {
    type Value = Option<R>;

    absent_unless_list_or_object!();

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Option<R>, A::Error> {
        ScalarVisitor(|_| None).visit_seq(seq)
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Option<R>, A::Error> {
        let mut entries = 0;
        let counting = Counting {
            map,
            entries: &mut entries,
        };
        let object = T::deserialize(MapAccessDeserializer::new(counting))?;
        Ok((entries > 0).then(|| (self.0)(object)))
    }
}

impl<'de, T: WireObject<'de>> Lenient<'de> for Option<T> {
    fn lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Object::new(|object| object).deserialize(deserializer)
    }
}

/// Counts the entries of an object as they pass, to tell `{}` from an object with fields.
struct Counting<'a, A> {
    map: A,
    entries: &'a mut usize,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Counting<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        let key = self.map.next_key_seed(seed)?;
        *self.entries += usize::from(key.is_some());
        Ok(key)
    }
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}

/// A list of objects; one bare object is a list of one, everything else is empty.
struct ObjectsVisitor<T>(PhantomData<T>);

impl<'de, T: WireObject<'de>> Visitor<'de> for ObjectsVisitor<T> {
    type Value = Vec<T>;

    absent_unless_list_or_object!();

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
        let mut list = Vec::with_capacity(seq.size_hint().unwrap_or(0).min(1000));
        while let Some(element) = seq.next_element_seed(Object::new(|object: T| object))? {
            list.extend(element);
        }
        Ok(list)
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Vec<T>, A::Error> {
        let one = Object::new(|object| object).visit_map(map)?;
        Ok(one.into_iter().collect())
    }
}

impl<'de, T: WireObject<'de>> Lenient<'de> for Vec<T> {
    fn lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ObjectsVisitor(PhantomData))
    }
}

/// A list of scalars, each read in some way; one bare scalar is a list of one, what cannot be read is dropped.
struct ScalarsVisitor<F>(F);

impl<F> ScalarsVisitor<F> {
    fn one<'de, T>(self) -> ScalarVisitor<impl FnOnce(Scalar<'de>) -> Vec<T>>
    where
        F: Fn(Scalar<'de>) -> Option<T>,
    {
        ScalarVisitor(move |scalar| (self.0)(scalar).into_iter().collect())
    }
}

impl<'de, T, F: Fn(Scalar<'de>) -> Option<T>> Visitor<'de> for ScalarsVisitor<F> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("any JSON value")
    }
    fn visit_unit<E>(self) -> Result<Vec<T>, E> {
        Ok(Vec::new())
    }
    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Vec<T>, E> {
        self.one().visit_bool(value)
    }
    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Vec<T>, E> {
        self.one().visit_i64(value)
    }
    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Vec<T>, E> {
        self.one().visit_u64(value)
    }
    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Vec<T>, E> {
        self.one().visit_f64(value)
    }
    fn visit_str<E: de::Error>(self, value: &str) -> Result<Vec<T>, E> {
        self.one().visit_str(value)
    }
    fn visit_borrowed_str<E: de::Error>(self, value: &'de str) -> Result<Vec<T>, E> {
        self.one().visit_borrowed_str(value)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(scalar) = seq.next_element::<Scalar>()? {
            list.extend((self.0)(scalar));
        }
        Ok(list)
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Vec<T>, A::Error> {
        ScalarVisitor(|_| Vec::new()).visit_map(map)
    }
}

impl<'de> Lenient<'de> for Vec<String> {
    fn lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = |scalar: Scalar<'de>| scalar.text().map(Cow::into_owned);
        deserializer.deserialize_any(ScalarsVisitor(read))
    }
}

impl<'de: 'a, 'a> Lenient<'de> for Option<Cow<'a, str>> {
    fn lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        scalar(deserializer, Scalar::text)
    }
}

impl<'de: 'a, 'a> Lenient<'de> for Vec<Cow<'a, str>> {
    fn lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = |scalar: Scalar<'de>| -> Option<Cow<'a, str>> { scalar.text() };
        deserializer.deserialize_any(ScalarsVisitor(read))
    }
}

impl<'de> Lenient<'de> for Vec<u64> {
    fn lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = |scalar: Scalar<'de>| scalar.int()?.try_into().ok();
        deserializer.deserialize_any(ScalarsVisitor(read))
    }
}

impl<'de> Lenient<'de> for Vec<f64> {
    fn lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = |scalar: Scalar<'de>| scalar.float();
        deserializer.deserialize_any(ScalarsVisitor(read))
    }
}

/// An object from name to text, such as `verification` or `caa_status_message`.
struct TextMapVisitor;

impl<'de> Visitor<'de> for TextMapVisitor {
    type Value = BTreeMap<String, String>;

    absent_unless_list_or_object!();

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        ScalarVisitor(|_| BTreeMap::new()).visit_seq(seq)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut texts = BTreeMap::new();
        while let Some((name, scalar)) = map.next_entry::<String, Scalar>()? {
            if let Some(text) = scalar.text() {
                texts.insert(name, text.into_owned());
            }
        }
        Ok(texts)
    }
}

impl<'de> Lenient<'de> for BTreeMap<String, String> {
    fn lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextMapVisitor)
    }
}
