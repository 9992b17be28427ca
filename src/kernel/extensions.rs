//! What a build of the product brings beside the product: ways to services outside, by their type.
//!
//! Owns one value of each type, put in when the product is put together and read by the domain that knows the
//! type. Never knows what they are: a domain that can be extended has a type of its own for it, and works
//! without one.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

type Values = HashMap<TypeId, Arc<dyn Any + Send + Sync>>;

/// The values, one of each type.
#[derive(Default)]
pub struct Extensions(RwLock<Values>);

impl Extensions {
    /// Puts a value in the place of the one of its type.
    pub fn put<T: Send + Sync + 'static>(&self, value: T) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(TypeId::of::<T>(), Arc::new(value));
    }

    /// The value of a type.
    pub fn get<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        let values = self.0.read().unwrap_or_else(PoisonError::into_inner);
        values.get(&TypeId::of::<T>()).cloned().and_then(|value| value.downcast().ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_value_of_a_type_is_found_and_none_of_another() {
        let extensions = Extensions::default();
        extensions.put(1_u8);
        extensions.put(2_u8);
        assert_eq!((extensions.get::<u8>().as_deref(), extensions.get::<u16>()), (Some(&2), None));
    }
}
