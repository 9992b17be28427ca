//! JSON read strictly: no key twice, no deep nesting, not too many values, no NUL character.
//!
//! It owns the reading of untrusted JSON into [`serde_json::Value`]. It never keeps going after the first fault, and
//! its faults name no part of the text. To add a rule, add it to [`Node`]'s visitor and a [`Refusal`].

use std::{cell::Cell, fmt};

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::refusal::Refusal;

/// How large a JSON document may be once read.
#[derive(Clone, Copy, Debug)]
pub struct JsonLimits {
    /// Arrays and objects in each other.
    pub nesting: usize,
    /// Values of all kinds, the containers included.
    pub values: usize,
}

/// Reads one JSON document.
///
/// # Errors
/// [`Refusal::NotUtf8`], [`Refusal::NotJson`] (lone surrogates and numbers beyond a 64-bit float included),
/// [`Refusal::NestedTooDeep`], [`Refusal::TooManyValues`], [`Refusal::DuplicateKey`] and [`Refusal::NulCharacter`].
pub fn parse(bytes: &[u8], limits: JsonLimits) -> Result<Value, Refusal> {
    let text = std::str::from_utf8(bytes).map_err(|_| Refusal::NotUtf8)?;
    let fault = Cell::new(None);
    let mut reader = serde_json::Deserializer::from_str(text);
    let values_left = Cell::new(limits.values);
    let value = Node { levels_left: limits.nesting, values_left: &values_left, fault: &fault }
        .deserialize(&mut reader)
        .map_err(|_| fault.get().unwrap_or(Refusal::NotJson))?;
    reader.end().map_err(|_| Refusal::NotJson)?;
    Ok(value)
}

/// One value at some depth; carries what went wrong past serde's own error type.
#[derive(Clone, Copy)]
struct Node<'a> {
    levels_left: usize,
    values_left: &'a Cell<usize>,
    fault: &'a Cell<Option<Refusal>>,
}

impl Node<'_> {
    fn refuse<E: serde::de::Error>(&self, refusal: Refusal) -> E {
        self.fault.set(Some(refusal));
        E::custom("refused")
    }

    fn inner<E: serde::de::Error>(&self) -> Result<Self, E> {
        match self.levels_left.checked_sub(1) {
            Some(levels_left) => Ok(Self { levels_left, ..*self }),
            None => Err(self.refuse(Refusal::NestedTooDeep)),
        }
    }

    fn text<E: serde::de::Error>(&self, text: String) -> Result<String, E> {
        if text.contains('\0') { Err(self.refuse(Refusal::NulCharacter)) } else { Ok(text) }
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        match self.values_left.get().checked_sub(1) {
            Some(left) => self.values_left.set(left),
            None => return Err(self.refuse(Refusal::TooManyValues)),
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("not a finite number"))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Value, E> {
        self.text(value.to_owned()).map(Value::String)
    }

    fn visit_string<E: serde::de::Error>(self, value: String) -> Result<Value, E> {
        self.text(value).map(Value::String)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut values = Vec::new();
        while let Some(value) = items.next_element_seed(inner)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut values = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let key = self.text::<A::Error>(key)?;
            if values.contains_key(&key) {
                return Err(self.refuse(Refusal::DuplicateKey));
            }
            let value = entries.next_value_seed(inner)?;
            values.insert(key, value);
        }
        Ok(Value::Object(values))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(bytes: &[u8], nesting: usize) -> Result<Value, Refusal> {
        parse(bytes, JsonLimits { nesting, values: 100 })
    }

    #[test]
    fn reads_what_json_allows() {
        let text = r#" {"a": [1, -2, 3.5, true, null, "é\n😀"], "b": {"c": {}}} "#;
        assert_eq!(read(text.as_bytes(), 3), Ok(json!({"a": [1, -2, 3.5, true, null, "é\n😀"], "b": {"c": {}}})));
    }

    #[test]
    fn attack_g13_nesting_is_refused_at_the_level_set() {
        assert!(read(b"[[[]]]", 3).is_ok());
        assert_eq!(read(b"[[[[]]]]", 3), Err(Refusal::NestedTooDeep));
        let bomb = [b"{\"a\":".repeat(10_000), b"1".to_vec(), b"}".repeat(10_000)].concat();
        assert_eq!(read(&bomb, 14), Err(Refusal::NestedTooDeep));
    }

    #[test]
    fn attack_h04_one_key_is_one_value_at_any_depth() {
        assert_eq!(read(br#"{"a":1,"a":2}"#, 9), Err(Refusal::DuplicateKey));
        assert_eq!(read(br#"{"a":{"b":[{"c":1,"\u0063":2}]}}"#, 9), Err(Refusal::DuplicateKey));
    }

    #[test]
    fn attack_h09_no_nul_and_no_lone_surrogate_gets_in() {
        assert_eq!(read(br#"{"a":"x\u0000y"}"#, 9), Err(Refusal::NulCharacter));
        assert_eq!(read(br#"{"x\u0000":1}"#, 9), Err(Refusal::NulCharacter));
        assert_eq!(read(br#"{"a":"\ud800"}"#, 9), Err(Refusal::NotJson));
        assert_eq!(read(b"{\"a\":\"\xff\"}", 9), Err(Refusal::NotUtf8));
        assert_eq!(read(b"[1e400]", 9), Err(Refusal::NotJson));
        assert_eq!(read(b"{} {}", 9), Err(Refusal::NotJson));
    }

    #[test]
    fn attack_g13_values_are_counted() {
        assert!(read(format!("[{}0]", "0,".repeat(98)).as_bytes(), 9).is_ok());
        assert_eq!(read(format!("[{}0]", "0,".repeat(99)).as_bytes(), 9), Err(Refusal::TooManyValues));
        let objects = format!("[{}0]", "{\"a\":{}},".repeat(50));
        assert_eq!(read(objects.as_bytes(), 9), Err(Refusal::TooManyValues));
    }
}
