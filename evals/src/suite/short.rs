//! Entries that people may write as one word or text, or in full as a mapping. Serde's untagged enums would do, but
//! they lose the place and the reason of an error. It must not know what the entries mean.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Reads `T` from its full form, or from a text by `short`.
pub(crate) fn short_or_full<'de, D, T, F, E>(deserializer: D, short: F) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
    F: FnOnce(&str) -> Result<T, E>,
    E: fmt::Display,
{
    struct Either<T, F>(F, PhantomData<T>);
    impl<'de, T: Deserialize<'de>, F: FnOnce(&str) -> Result<T, E>, E: fmt::Display> Visitor<'de>
        for Either<T, F>
    {
        type Value = T;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a text, or a mapping")
        }
        fn visit_str<R: Error>(self, text: &str) -> Result<T, R> {
            self.0(text).map_err(R::custom)
        }
        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
            T::deserialize(MapAccessDeserializer::new(map))
        }
    }
    deserializer.deserialize_any(Either(short, PhantomData))
}
