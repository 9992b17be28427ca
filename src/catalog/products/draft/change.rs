//! Fields that stay or change.

use rules::{Problem, Problems};

/// What happens to one field: it stays, or it becomes something else.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// It stays as it is; in something new it gets its default.
    #[default]
    Keep,
    /// It becomes this.
    Set(T),
}

impl<T> Change<T> {
    /// What it becomes, if it changes.
    pub fn set(&self) -> Option<&T> {
        match self {
            Self::Keep => None,
            Self::Set(value) => Some(value),
        }
    }

    /// Puts the new value over an old one.
    pub fn put(&self, over: &mut T)
    where
        T: Clone,
    {
        if let Self::Set(value) = self {
            over.clone_from(value);
        }
    }

    /// Reads the new value; one that can't be read is kept away, and its problem noted.
    pub(super) fn read<U>(self, problems: &mut Problems, read: impl FnOnce(T) -> Result<U, Problem>) -> Change<U> {
        match self {
            Self::Keep => Change::Keep,
            Self::Set(value) => problems.keep(read(value)).map_or(Change::Keep, Change::Set),
        }
    }
}

/// Left out keeps; there is no way to clear.
impl<T> From<Option<T>> for Change<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Keep, Self::Set)
    }
}

/// Left out keeps, null clears.
impl<T> From<async_graphql::MaybeUndefined<T>> for Change<Option<T>> {
    fn from(value: async_graphql::MaybeUndefined<T>) -> Self {
        match value {
            async_graphql::MaybeUndefined::Undefined => Self::Keep,
            async_graphql::MaybeUndefined::Null => Self::Set(None),
            async_graphql::MaybeUndefined::Value(value) => Self::Set(Some(value)),
        }
    }
}
