//! How much one request may ask for.

/// The limits of one request. All are settings; `Default` holds the documented numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a request's body, and of a query's text.
    pub body: usize,
    /// Lexical tokens of a query.
    pub tokens: usize,
    /// Selections after every fragment is expanded, over all operations; an operation itself counts as one.
    pub selections: u64,
    /// Aliases in a query.
    pub aliases: usize,
    /// Directives in a query.
    pub directives: usize,
    /// Brackets of any kind open at once, and levels of selections after fragments are expanded.
    pub nesting: usize,
    /// Lists and objects nested in one literal, one variable, or one variable's type.
    pub literal_nesting: usize,
    /// Fields inside fields.
    pub depth: usize,
    /// Fields at the root of a mutation; a field that takes credentials always stands alone.
    pub root_mutation_fields: usize,
    /// Operations in a query.
    pub operations: usize,
    /// Fragments in a query.
    pub fragments: usize,
    /// What `first` and `last` may ask for.
    pub page: u64,
    /// Items of one list given as input.
    pub input_list: usize,
    /// The most that an operation may cost, in objects.
    pub cost: u64,
    /// Keys in the JSON of a body, variables included.
    pub json_keys: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 256 << 10,
            tokens: 2_000,
            selections: 1_000,
            aliases: 60,
            directives: 50,
            nesting: 40,
            literal_nesting: 12,
            depth: 15,
            root_mutation_fields: 4,
            operations: 5,
            fragments: 60,
            page: 100,
            input_list: 250,
            cost: 10_000,
            json_keys: 10_000,
        }
    }
}

impl Limits {
    /// How deep the JSON of a whole body may nest: a variable's own levels, the object of variables,
    /// the body around it, and one more for `extensions`.
    pub fn json_nesting(&self) -> usize {
        self.literal_nesting + 3
    }
}
