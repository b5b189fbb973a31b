//! What serde asks for, in the words of [`Text`].

use super::{Unreadable, text::Text};
use serde::{
    Deserializer,
    de::{DeserializeSeed, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor},
};

type Read<T> = Result<T, Unreadable>;

macro_rules! numbers {
    ($parsed:ty, $visit:ident, $($name:ident)*) => { $(
        fn $name<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
            visitor.$visit(self.number()?.parse::<$parsed>().map_err(|_| Unreadable)?)
        }
    )* };
}

macro_rules! strings {
    ($($name:ident)*) => { $(
        fn $name<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
            visitor.visit_str(&self.string()?)
        }
    )* };
}

impl<'de> Deserializer<'de> for &mut Text<'_> {
    type Error = Unreadable;

    numbers! { i64, visit_i64, deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 }
    numbers! { u64, visit_u64, deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 }
    numbers! { f64, visit_f64, deserialize_f32 deserialize_f64 }
    strings! { deserialize_char deserialize_str deserialize_string deserialize_identifier }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        match self.peek().ok_or(Unreadable)? {
            b'"' => self.deserialize_str(visitor),
            b'{' => self.deserialize_map(visitor),
            b'[' => self.deserialize_seq(visitor),
            b't' | b'f' => self.deserialize_bool(visitor),
            b'n' => self.deserialize_unit(visitor),
            _ => {
                let number = self.number()?;
                match (number.parse(), number.parse(), number.parse()) {
                    (Ok(whole), _, _) => visitor.visit_u64(whole),
                    (_, Ok(whole), _) => visitor.visit_i64(whole),
                    (_, _, Ok(broken)) => visitor.visit_f64(broken),
                    _ => Err(Unreadable),
                }
            }
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        let yes = self.peek() == Some(b't');
        self.word(if yes { "true" } else { "false" })?;
        visitor.visit_bool(yes)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        if self.peek() != Some(b'n') {
            return visitor.visit_some(self);
        }
        self.word("null")?;
        visitor.visit_none()
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.word("null")?;
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Read<V::Value> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Read<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.expect(b'[')?;
        let mut items = Items { text: self, first: true, closed: false };
        let value = visitor.visit_seq(&mut items)?;
        items.close(b']')?;
        Ok(value)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Read<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(self, _: &'static str, _: usize, visitor: V) -> Read<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.expect(b'{')?;
        let mut items = Items { text: self, first: true, closed: false };
        let value = visitor.visit_map(&mut items)?;
        items.close(b'}')?;
        Ok(value)
    }

    fn deserialize_struct<V: Visitor<'de>>(self, _: &'static str, _: &'static [&'static str], visitor: V) -> Read<V::Value> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(self, _: &'static str, _: &'static [&'static str], visitor: V) -> Read<V::Value> {
        if self.peek() != Some(b'{') {
            return visitor.visit_enum(Variant { text: self, holds: false });
        }
        self.expect(b'{')?;
        let value = visitor.visit_enum(Variant { text: self, holds: true })?;
        self.expect(b'}')?;
        Ok(value)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.skip()?;
        visitor.visit_unit()
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        self.deserialize_seq(visitor)
    }
}

/// What stands between brackets or braces.
struct Items<'t, 'a> {
    text: &'t mut Text<'a>,
    first: bool,
    closed: bool,
}

impl Items<'_, '_> {
    #[inline(never)]
    fn more(&mut self, close: u8) -> Read<bool> {
        let more = self.text.more(&mut self.first, close)?;
        self.closed = !more;
        Ok(more)
    }

    /// A tuple knows its length and does not ask for the end.
    #[inline(never)]
    fn close(&mut self, close: u8) -> Read<()> {
        if self.closed { Ok(()) } else { self.text.expect(close) }
    }
}

impl<'de> SeqAccess<'de> for &mut Items<'_, '_> {
    type Error = Unreadable;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Read<Option<S::Value>> {
        if !self.more(b']')? {
            return Ok(None);
        }
        seed.deserialize(&mut *self.text).map(Some)
    }
}

impl<'de> MapAccess<'de> for &mut Items<'_, '_> {
    type Error = Unreadable;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Read<Option<S::Value>> {
        if !self.more(b'}')? {
            return Ok(None);
        }
        seed.deserialize(&mut *self.text).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Read<S::Value> {
        self.text.expect(b':')?;
        seed.deserialize(&mut *self.text)
    }
}

/// A variant's name, and what it holds if anything.
struct Variant<'t, 'a> {
    text: &'t mut Text<'a>,
    holds: bool,
}

impl Variant<'_, '_> {
    #[inline(never)]
    fn content(&mut self) -> Read<()> {
        if self.holds { self.text.expect(b':') } else { Err(Unreadable) }
    }
}

impl<'de> EnumAccess<'de> for Variant<'_, '_> {
    type Error = Unreadable;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Read<(S::Value, Self)> {
        let name = seed.deserialize(&mut *self.text)?;
        Ok((name, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_, '_> {
    type Error = Unreadable;

    fn unit_variant(self) -> Read<()> {
        if !self.holds {
            return Ok(());
        }
        self.text.expect(b':')?;
        self.text.word("null")
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(mut self, seed: S) -> Read<S::Value> {
        self.content()?;
        seed.deserialize(&mut *self.text)
    }

    fn tuple_variant<V: Visitor<'de>>(mut self, _: usize, visitor: V) -> Read<V::Value> {
        self.content()?;
        self.text.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(mut self, _: &'static [&'static str], visitor: V) -> Read<V::Value> {
        self.content()?;
        self.text.deserialize_map(visitor)
    }
}
