//! What can be asked, whatever the database holds.

use super::AppError;
use crate::gate::access::AccessRules;
use crate::gate::schema_index::SchemaIndex;
use crate::schema::{self, StoaSchema};

/// The schema, with its index and its access rules. Reading it takes a processor some tens of milliseconds, and nothing
/// else: a start does it while the database is opened.
pub struct Surface {
    pub(super) schema: StoaSchema,
    pub(super) index: SchemaIndex,
    pub(super) rules: AccessRules,
    pub(super) introspection: bool,
}

impl Surface {
    /// Puts the schema together, and reads its access rules back from its own SDL. Without `introspection` nobody is
    /// told of it beyond what they ask.
    ///
    /// # Errors
    /// A root field without an access rule, or a schema that can't be read.
    pub fn read(introspection: bool) -> Result<Self, AppError> {
        let mut builder = schema::builder();
        if !introspection {
            builder = builder.disable_introspection().disable_suggestions();
        }
        let schema = builder.finish();
        let index = SchemaIndex::read(&schema.sdl())?;
        let rules = AccessRules::read(&index).map_err(AppError::Rules)?;
        Ok(Self { schema, index, rules, introspection })
    }
}
